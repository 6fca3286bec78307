"""Qt's copy of ICU's data without the languages and code pages that the program never asks for: 32 MB become 8.

The items that stay are those of Qt's library, byte for byte; what is made anew is the list of them and the library
around them. Asked for another language, ICU answers with its general rules.
"""

import re
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

_MAGIC = bytes((0xDA, 0x27))
_FORMAT = b"CmnD"
_HEADER = struct.Struct("<H2sHHBBBB4s")
_COUNT, _ENTRY = struct.Struct("<I"), struct.Struct("<II")
_ALIGNED = 16
_LANGUAGE = re.compile(
    r"icudt\d+l/(?:(?:coll|curr|lang|region|unit|zone|rbnf|brkitr)/)?([a-z]{2,3})(_[A-Za-z0-9_]+)?\.res$"
)
_OURS = {"zh", "en", "res", "icu"}
_NEVER = re.compile(r"/translit/|/brkitr/.*(thai|lao|burmese|khmer|lstm|graphclust)|\.cnv$", re.IGNORECASE)
_CODE_PAGES = re.compile(r"/(gb18030|gb-18030.*|windows-936.*|ibm-1386.*|ibm-1383.*)\.cnv$", re.IGNORECASE)
_SOURCE = """
.section .note.GNU-stack,"",@progbits
.section .rodata
.balign 16
.globl {symbol}
.type {symbol},@object
{symbol}: .incbin "{data}"
.size {symbol}, .-{symbol}
"""


def needed(name: str) -> bool:
    """Tell of an item, such as `icudt73l/coll/ja.res`, whether the program may ask for it."""
    if _CODE_PAGES.search(name):
        return True
    if _NEVER.search(name):
        return False
    language = _LANGUAGE.search(name)
    return language is None or language[1] in _OURS


def smaller(library: bytes, keep: Callable[[str], bool] = needed) -> bytes:
    """Return a library's package of data with the items `keep` wants. Raises ValueError where there is none."""
    start = _package(library)
    contents = start + _HEADER.unpack_from(library, start)[0]
    (count,) = _COUNT.unpack_from(library, contents)
    entries = [_ENTRY.unpack_from(library, contents + _COUNT.size + _ENTRY.size * one) for one in range(count)]
    ends = [later[1] for later in entries[1:]] + [len(library) - contents]  # where the last one ends is not told
    items = [
        (library[contents + name : library.index(b"\0", contents + name) + 1], library[contents + at : contents + end])
        for (name, at), end in zip(entries, ends, strict=True)
    ]
    kept = [(name, data) for name, data in items if keep(name[:-1].decode("ascii"))]
    return library[start:contents] + _laid_out(kept)


def _laid_out(items: list[tuple[bytes, bytes]]) -> bytes:
    names_at = _COUNT.size + _ENTRY.size * len(items)
    data_at = _aligned(names_at + sum(len(name) for name, _ in items))
    entries, names, data = [], bytearray(), bytearray()
    for name, content in items:
        entries.append(_ENTRY.pack(names_at + len(names), data_at + len(data)))
        names += name
        data += content.ljust(_aligned(len(content)), b"\0")
    head = _COUNT.pack(len(items)) + b"".join(entries) + bytes(names)
    return head.ljust(data_at, b"\0") + bytes(data)


def _aligned(size: int) -> int:
    return -(-size // _ALIGNED) * _ALIGNED


def library_of(package: bytes, name: str, folder: Path) -> Path:
    """Return a library of this name, such as `libicudata.so.73`, made of a package of data; gcc makes it."""
    data, source, made = folder / "icu.dat", folder / "icu.s", folder / name
    data.write_bytes(package)
    source.write_text(_SOURCE.format(symbol=f"icudt{name.rpartition('.')[2]}_dat", data=data), "ascii")
    how = ["-shared", "-nostdlib", "-s", f"-Wl,-soname,{name}", "-Wl,--build-id=none"]
    subprocess.run(["gcc", *how, "-o", str(made), str(source)], check=True)  # noqa: S607
    return made


def _package(library: bytes) -> int:
    """Return where ICU's package of data begins in a library."""
    at = -1
    while (at := library.find(_MAGIC, at + 1)) >= 0:
        start = at - 2
        if start >= 0 and len(library) >= start + _HEADER.size and _HEADER.unpack_from(library, start)[-1] == _FORMAT:
            return start
    raise ValueError("no package of ICU's data in this library")
