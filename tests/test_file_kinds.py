"""What a file is that was chosen for a policy pack or a package from a stick: said by each door in its own words."""

import io
import zipfile

import pytest

from gongji.file_kinds import no_pack, no_package
from gongji.files import resource_folder
from gongji.pack_files.read_pack import parse_pack
from gongji.payer.stick.package import PackageError, new_identity, opened
from tests.support.tables import grid, item, person


def _zipped(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return content.getvalue()


def _text(rows: list[list[str]], sign: str, encoding: str) -> bytes:
    return "\r\n".join(sign.join(row) for row in rows).encode(encoding)


OTHERS = {
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "图片"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF 文件"),
    "nothing": (b"", "空的文件"),
    "line ends": (b"\r\n\r\n", "空的文件"),
    "a workbook": (_zipped("[Content_Types].xml", "xl/workbook.xml"), "表格"),
    "a document": (_zipped("[Content_Types].xml", "word/document.xml"), "文字处理程序的文档"),
    "a zipped folder": (_zipped("人员/people.csv"), "压缩包"),
    "people": (_text(grid([person(2)]), ",", "utf-8-sig"), "表格"),
    "a catalogue of an old system": (_text(grid([item()]), "\t", "gb18030"), "表格"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_each_door_says_what_it_is(name: str) -> None:
    content, word = OTHERS[name]
    problems = parse_pack(content)
    assert isinstance(problems, list)
    assert [one.message.startswith(f"这是{word}，不是政策包；") for one in problems] == [True]
    with pytest.raises(PackageError, match=f"^这是{word}，不是收费台和转送机之间带的包"):
        opened(content, new_identity())


def test_what_may_be_one_that_is_wrong_is_left_to_its_reader() -> None:
    packs = [one.read_bytes() for one in (resource_folder() / "policies").rglob("*.toml")]
    assert packs
    assert [one for one in packs if no_pack(one) is not None or no_pack(one[:500]) is not None] == []
    assert no_pack(b"format is 1\n") is None
    assert no_package(b"age-encryption.org/v1\n-> X25519 ") is None
    assert no_package(b"\xffdamaged at its beginning") is None


def test_a_pack_at_the_other_door_is_called_that() -> None:
    pack = next((resource_folder() / "policies").rglob("*.toml")).read_bytes()
    found = no_package(pack)
    assert found is not None
    assert found.word == "政策包"
    assert "政策 → 安装新版" in found.advice
