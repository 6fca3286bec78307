"""`python -m tests.installers.packages.record`: which parts of its large files the frozen window touches as it opens.

Writes `installers/linux/start_ranges.toml`, from which the next freeze knows what to read ahead: to be run once more
when a library has another size (`start.py` reads such a one whole). The program is started from a file system of its
own on which the kernel reads nothing but what is asked for, page by page; what is in memory afterwards was asked for.
"""

import ctypes
import mmap
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.installers.packages.place import ROOT
from tests.installers.packages.start import FROZEN, PLACE, Seat, call, disk

RANGES = ROOT / "installers" / "linux" / "start_ranges.toml"
_PAGE = mmap.PAGESIZE
_WORTH_A_SEEK = 256 * 1024
"""A worn disk with a head reads on over more bytes than these in the time it would take to go elsewhere."""
_SMALL = 512 * 1024
"""A file under this size is read whole."""
_HEAD = """# Which parts of the bundle's large files a start touches: size in bytes, and ranges of [first byte, bytes].
# Written by `python -m tests.installers.packages.record`.
"""


def in_memory(file: Path) -> list[bool]:
    """Return of each page of a file whether the kernel has it in memory."""
    library = ctypes.CDLL(None, use_errno=True)
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, flags=mmap.MAP_PRIVATE) as mapped:
        pages = (ctypes.c_ubyte * -(-len(mapped) // _PAGE))()
        begin = ctypes.addressof(ctypes.c_char.from_buffer(mapped))
        if library.mincore(ctypes.c_void_p(begin), ctypes.c_size_t(len(mapped)), pages):
            raise OSError(ctypes.get_errno(), "mincore")
        return [bool(one & 1) for one in pages]


def ranges(pages: list[bool], size: int) -> list[tuple[int, int]]:
    """Return the parts of a file of `size` bytes that hold its touched pages, joined over gaps not worth a seek."""
    found: list[tuple[int, int]] = []
    for begin in (number * _PAGE for number, touched in enumerate(pages) if touched):
        end = min(begin + _PAGE, size)
        if found and begin - sum(found[-1]) <= _WORTH_A_SEEK:
            found[-1] = (found[-1][0], end - found[-1][0])
        else:
            found.append((begin, end - begin))
    return found


@contextmanager
def unhurried(device: str, mounted: Path) -> Iterator[Path]:
    """Mount a disk of which only what is asked for is read, without the list of what to read ahead."""
    call("blockdev", "--setra", "0", device)
    call("mount", device, str(mounted))
    try:
        (mounted / "gongji" / "_internal" / "start.txt").unlink()
        call("mount", "-o", "remount,ro", str(mounted))
        Path("/proc/sys/vm/drop_caches").write_text("1", "ascii")
        yield mounted / "gongji"
    finally:
        call("umount", str(mounted))


def main() -> int:
    """Start the window once and write what it touched."""
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir(parents=True)
    data = PLACE / "clinic"
    call(str(FROZEN / "gongji"), "init", "--training", "--area", "530300", "--data", str(data))
    places = {line.split(" ", 2)[2] for line in (FROZEN / "_internal" / "start.txt").read_text("utf-8").splitlines()}
    large = sorted(one for one in places if "/" in one and (FROZEN / one).stat().st_size >= _SMALL)
    seat = Seat(data)
    try:
        with disk() as (device, mounted), unhurried(device, mounted) as folder:
            window, _ = seat.start(str(folder / "gongji"))
            touched = {one: in_memory(folder / one) for one in large}
            seat.end(window)
    finally:
        seat.close()
    written = [_HEAD]
    for place, pages in touched.items():
        size = (FROZEN / place).stat().st_size
        parts = ranges(pages, size)
        print(f"{place}: {sum(length for _, length in parts) / 1e6:.1f} of {size / 1e6:.1f} MB in {len(parts)} parts")
        if parts != [(0, size)]:
            rows = "".join(f"    [{begin}, {length}],\n" for begin, length in parts)
            written.append(f'\n["{place.removeprefix("_internal/")}"]\nsize = {size}\nranges = [\n{rows}]\n')
    RANGES.write_text("".join(written), "ascii")
    return 0


if __name__ == "__main__":
    sys.exit(main())
