"""The manual on paper: every page of it with its pictures, numbered as the contents say, read back from the PDF."""

import re
from pathlib import Path

import pypdfium2
import pytest

from gongji.core.manual import Manual, read_page
from gongji.desk.manual import manual, manual_folder
from gongji.printing.manual_book import manual_pdf
from gongji.printing.markdown_text import parts_of

TWO = Manual(
    (
        read_page("a", "---\npart: 一\n---\n# 甲页\n\n第一段。\n\n1. 一\n2. 二\n   - 里面\n\n> 引文\n"),
        read_page(
            "b", "---\npart: 二\n---\n# 乙页\n\n![图的说明](pictures/change.png)\n\n## 小标题\n\n**粗** [链](a.md)"
        ),
    )
)


def texts(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def test_parts_of_markdown() -> None:
    kinds = [(one.kind, one.text, one.bullet) for one in parts_of(TWO.pages[0].text)]
    assert kinds == [
        ("heading", "甲页", ""), ("paragraph", "第一段。", ""), ("point", "一", "1."), ("point", "二", "2."),
        ("point", "里面", "·"), ("quotation", "引文", ""),
    ]  # fmt: skip
    picture, _, paragraph = parts_of(TWO.pages[1].text)[1:]
    assert (picture.kind, picture.text, picture.path) == ("picture", "图的说明", "pictures/change.png")
    assert paragraph.text == "粗 链"


def test_cover_contents_and_pages() -> None:
    cover, contents, first, second = texts(manual_pdf(TWO, manual_folder(), "0.9"))
    assert "版本 0.9" in cover
    lines = [re.fullmatch(r"(\S+) \.+ (\d+)", line) for line in contents.splitlines()]
    assert [one.groups() for one in lines if one] == [("甲页", "3"), ("乙页", "4")]
    assert "第一段。" in first
    assert "小标题" in second
    assert "图的说明" in second


def test_the_same_manual_is_the_same_bytes() -> None:
    assert manual_pdf(TWO, manual_folder(), "1") == manual_pdf(TWO, manual_folder(), "1")


def test_the_whole_manual_is_printed() -> None:
    content = manual_pdf(manual(), manual_folder(), "1")
    document = pypdfium2.PdfDocument(content)
    try:
        titles = [one.get_title() for one in document.get_toc()]
        assert [page.title for page in manual().pages if page.title not in titles] == []
        pictures = sum(
            1 for page in document for one in page.get_objects() if one.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE
        )
    finally:
        document.close()
    assert pictures == sum(page.text.count("](pictures/") for page in manual().pages)


def test_a_picture_that_is_gone_is_no_page(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"change\.png"):
        manual_pdf(TWO, tmp_path, "1")
