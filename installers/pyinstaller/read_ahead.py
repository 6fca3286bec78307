"""Runs first of all in a frozen program: reads through what the window opens with, while the program begins.

A disk with a head gives such files several times sooner one after the other than page by page as they are asked for.
What `start.txt` names is read and let go; where it is in memory already that takes some hundredths of a second, beside
the program. Nothing depends on it. On Linux `linux/begin.c` does the same before Python is there, and says so in the
environment: then nothing is done here.
"""

import _thread  # the interpreter's own: a module of a file would have to be read first
import os
import sys

_PIECE = 1 << 21
_NO_FURTHER = getattr(os, "POSIX_FADV_RANDOM", None)
"""Told of a file, the kernel reads what it is asked for and not on from there: on Linux."""


def read(folder: str, told: str) -> int:
    """Read what a list names in a folder, line by line: first byte, length in bytes, place. Return the bytes read."""
    piece = memoryview(bytearray(_PIECE))
    done = 0
    for line in told.splitlines():
        first, length, place = line.split(" ", 2)
        left = int(length)
        try:
            with open(os.path.join(folder, place), "rb", buffering=0) as file:  # noqa: PTH118, PTH123  # as above
                if _NO_FURTHER is not None:
                    os.posix_fadvise(file.fileno(), 0, 0, _NO_FURTHER)
                file.seek(int(first))
                while left > 0 and (came := file.readinto(piece[: min(left, _PIECE)])):
                    done += came
                    left -= came
        except OSError:
            continue  # whoever wants it will say what is wrong with it
    return done


def begin(inside: str) -> None:
    """Begin to read beside the program, where the bundle has a list."""
    try:
        with open(os.path.join(inside, "start.txt"), encoding="utf-8") as file:  # noqa: PTH118, PTH123
            told = file.read()
    except OSError:
        return
    folder = os.path.dirname(inside)  # noqa: PTH120
    if os.name == "nt":
        _thread.start_new_thread(read, (folder, told))
    else:
        _beside(folder, told)


def _beside(folder: str, told: str) -> None:
    """Read in a process of its own: in this one all threads wait while a library is loaded.

    It is the child of a child that has ended, so that the system clears it away and nobody has to wait for it.
    """
    child = os.fork()
    if child:
        os.waitpid(child, 0)
    elif os.fork():
        os._exit(0)
    else:
        try:
            read(folder, told)
        finally:
            os._exit(0)


if (
    hasattr(sys, "_MEIPASS")
    and os.environ.pop("GONGJI_READ_AHEAD", None) is None
    and sys.argv[1:2] in ([], ["window"], ["--practice"])
):
    begin(sys._MEIPASS)  # noqa: SLF001  # PyInstaller's own name for where the bundle lies
