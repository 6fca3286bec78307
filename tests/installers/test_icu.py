"""ICU's data without the languages nobody here reads: what stays is what it was."""

import struct

import pytest
from installers.pyinstaller.icu import needed, smaller

ITEMS = {"icudt73l/coll/ja.res": b"japanese" * 2, "icudt73l/root.res": b"root" * 4, "icudt73l/zh.res": b"chinese." * 2}
HEADER = struct.pack("<H2sHHBBBB4s", 32, bytes((0xDA, 0x27)), 20, 0, 0, 0, 2, 0, b"CmnD").ljust(32, b"\0")


def library() -> bytes:
    """A library with a package of three items in it, as ICU's tools lay it out."""
    names = b"".join(name.encode() + b"\0" for name in ITEMS)
    names_at = 4 + 8 * len(ITEMS)
    data_at = -(-(names_at + len(names)) // 16) * 16
    contents, name_offset, data_offset = struct.pack("<I", len(ITEMS)), names_at, data_at
    for name, data in ITEMS.items():
        contents += struct.pack("<II", name_offset, data_offset)
        name_offset, data_offset = name_offset + len(name) + 1, data_offset + len(data)
    return b"ELF..." + HEADER + (contents + names).ljust(data_at, b"\0") + b"".join(ITEMS.values()) + b"...end"


def items(content: bytes) -> dict[str, bytes]:
    (count,) = struct.unpack_from("<I", content, 32)
    found = {}
    for one in range(count):
        name, data = struct.unpack_from("<II", content, 32 + 4 + 8 * one)
        assert data % 16 == 0
        found[content[32 + name : content.index(b"\0", 32 + name)].decode()] = content[32 + data :][:16]
    return found


def test_what_is_needed_stays_as_it_was() -> None:
    made = smaller(library())
    assert made.startswith(HEADER)
    assert items(made) == {name: data for name, data in ITEMS.items() if "ja" not in name}
    assert b"japanese" not in made


def test_a_library_without_data_is_refused() -> None:
    with pytest.raises(ValueError, match="no package"):
        smaller(b"nothing here")


@pytest.mark.parametrize(
    ("name", "stays"),
    [
        ("icudt73l/zh_Hans.res", True),
        ("icudt73l/coll/zh.res", True),
        ("icudt73l/root.res", True),
        ("icudt73l/res_index.res", True),
        ("icudt73l/coll/ucadata.icu", True),
        ("icudt73l/windows-936-2000.cnv", True),
        ("icudt73l/ibm-1047_P100-1995.cnv", False),
        ("icudt73l/coll/ko.res", False),
        ("icudt73l/sr_Latn_RS.res", False),
        ("icudt73l/brkitr/thaidict.dict", False),
    ],
)
def test_languages_and_code_pages(name: str, stays: bool) -> None:
    assert needed(name) is stays
