"""A child of this program that reads what strangers made: it may take so much memory and time and no more.

It is this very program, called with an option; it sees no book and no key, and whatever becomes of it costs nothing.
"""

import subprocess
import sys

from gongji.errors import GongjiError

_PATIENCE_S = 3
"""So many times the time of computing a child may take by the clock: the machine has others to serve."""


def program(option: str) -> list[str]:
    """Return this program, called as a child."""
    if getattr(sys, "frozen", False):
        return [sys.executable, option]
    return [sys.executable, "-P", "-m", "gongji", option]


def limit(most_memory: int, most_seconds: int) -> None:
    """Take no more memory (bytes) and time (seconds) from here on; what cannot be limited on a system is not."""
    if sys.platform == "win32":
        from gongji.windows_limits import limit_this_process  # noqa: PLC0415  # what only Windows has

        limit_this_process(most_memory, most_seconds)
        return
    import resource  # noqa: PLC0415  # what Windows does not have

    resource.setrlimit(resource.RLIMIT_AS, (most_memory, most_memory))
    resource.setrlimit(resource.RLIMIT_CPU, (most_seconds, most_seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it has nothing to write to a disk


def try_in_child(option: str, name: str, content: bytes, seconds: int) -> None:
    """Have a child read a content first; `GongjiError` where it comes to no end within its limits.

    Any thread may wait for it: it takes nothing that anybody else waits for.
    """
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
