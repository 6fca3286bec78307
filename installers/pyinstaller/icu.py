"""Empties Qt's copy of ICU's data of the languages and code pages that the program never asks for.

The library stays as long as it was, and what is left in it stays where it was: what is taken out becomes zeros, which a
package then holds in next to nothing. Asked for another language, ICU answers with its general rules.
"""

import re
import struct
from collections.abc import Callable

_MAGIC = bytes((0xDA, 0x27))
_FORMAT = b"CmnD"
_HEADER = struct.Struct("<H2sHHBBBB4s")
_COUNT, _ENTRY = struct.Struct("<I"), struct.Struct("<II")
_LANGUAGE = re.compile(
    r"icudt\d+l/(?:(?:coll|curr|lang|region|unit|zone|rbnf|brkitr)/)?([a-z]{2,3})(_[A-Za-z0-9_]+)?\.res$"
)
_OURS = {"zh", "en"}
_NEVER = re.compile(r"/translit/|/brkitr/.*(thai|lao|burmese|khmer|lstm|Thai|Burmese|graphclust)|\.cnv$", re.IGNORECASE)
_CODE_PAGES = re.compile(r"/(gb18030|gb-18030.*|windows-936.*|ibm-1386.*|ibm-1383.*)\.cnv$", re.IGNORECASE)


def needed(name: str) -> bool:
    """Tell of an item, such as `icudt73l/coll/ja.res`, whether the program may ask for it."""
    if _CODE_PAGES.search(name):
        return True
    if _NEVER.search(name):
        return False
    language = _LANGUAGE.search(name)
    return language is None or language[1] in _OURS or language[1] in {"res", "icu"}


def emptied(library: bytes, keep: Callable[[str], bool] = needed) -> bytes:
    """Return a library with only the items of data that `keep` wants. Raises ValueError where there are none."""
    content = bytearray(library)
    start = _package(library)
    contents = start + _HEADER.unpack_from(library, start)[0]
    (count,) = _COUNT.unpack_from(library, contents)
    entries = [_ENTRY.unpack_from(library, contents + _COUNT.size + _ENTRY.size * one) for one in range(count)]
    ends = [later[1] for later in entries[1:]]
    kept = []
    for entry, end in zip(entries, [*ends, entries[-1][1]], strict=True):  # the last one's end is not told: it stays
        name = library[contents + entry[0] : library.index(b"\0", contents + entry[0])].decode("ascii")
        if keep(name) or end <= entry[1]:
            kept.append(entry)
        else:
            content[contents + entry[1] : contents + end] = bytes(end - entry[1])
    _COUNT.pack_into(content, contents, len(kept))
    for place, entry in enumerate(kept):
        _ENTRY.pack_into(content, contents + _COUNT.size + _ENTRY.size * place, *entry)
    return bytes(content)


def _package(library: bytes) -> int:
    """Return where ICU's package of data begins in a library."""
    at = -1
    while (at := library.find(_MAGIC, at + 1)) >= 0:
        start = at - 2
        if start >= 0 and len(library) >= start + _HEADER.size and _HEADER.unpack_from(library, start)[-1] == _FORMAT:
            return start
    raise ValueError("no package of ICU's data in this library")
