"""Children of this program, which run the same program with an option.

One that reads files from outside the clinic has limits on its memory and time, and sees neither the book nor a key, so
a crash of it does no harm. Others share the work on what is the clinic's own.
"""

import sys
from contextlib import suppress

from gongji.errors import GongjiError

_PATIENCE_S = 3
"""Wall-clock limit as a multiple of the CPU limit: the machine has other work."""


def program(option: str) -> list[str]:
    """Return the command line that starts this program as such a child."""
    if getattr(sys, "frozen", False):
        return [sys.executable, option]
    return [sys.executable, "-P", "-m", "gongji", option]


def limit(most_memory: int, most_seconds: int) -> None:
    """Limit this process's memory (bytes) and CPU time (seconds) from now on, as far as the system can."""
    if sys.platform == "win32":
        from gongji.windows_limits import limit_this_process  # noqa: PLC0415  # what only Windows has

        limit_this_process(most_memory, most_seconds)
        return
    import resource  # noqa: PLC0415  # what Windows does not have

    resource.setrlimit(resource.RLIMIT_AS, (most_memory, most_memory))
    resource.setrlimit(resource.RLIMIT_CPU, (most_seconds, most_seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes nothing to disk


class LineChild:
    """A child that is told lines and answers with lines, without limits, until it is closed.

    Where it has ended, which any system may bring about, it answers nothing more.
    """

    def __init__(self, option: str) -> None:
        """Start it. Raises OSError where the system allows no process."""
        import subprocess  # noqa: PLC0415  # large work alone

        self._process = subprocess.Popen(  # noqa: S603  # this very program
            program(option),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )

    def tell(self, line: bytes) -> None:
        """Send it a line, given without its end."""
        assert self._process.stdin is not None
        with suppress(OSError):  # it has ended: there will be no answer
            self._process.stdin.write(line + b"\n")
            self._process.stdin.flush()

    def heard(self) -> bytes:
        """Return its next line, once there is one; empty where it has ended."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        return line if line.endswith(b"\n") else b""

    def close(self) -> None:
        """End it, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(OSError):
                pipe.close()


def say_line(line: bytes) -> None:
    """Answer a line, given without its end: what such a child does."""
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()


def try_in_child(option: str, name: str, content: bytes, seconds: int) -> None:
    """Have a child process read a content first. Raises `GongjiError` where it does not finish within its limits.

    Any thread may call it: it holds no lock while it waits.
    """
    import subprocess  # noqa: PLC0415  # what is our own is read without a child

    try:
        done = subprocess.run(  # noqa: S603  # this very program
            program(option),
            input=content,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            timeout=_PATIENCE_S * seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        done = None
    if done is None or done.returncode != 0:
        advice = "这不像是正常的文件，请不要使用，并向交来的人核实"
        raise GongjiError(f"读 {name} 要的内存或时间超出了限度，没有读", advice)
