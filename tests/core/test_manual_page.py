"""Pages of the manual as data: their head, what they quote, what fits a sheet."""

import pytest

from gongji.core.manual import Manual, read_page

PAGE = """---
part: 出了问题
screen: counter
windows: 取单；删除操作员“…”
codes: missing_parameter unknown_area
---
# 标题

说「没有票据 …」，按〔作废〕。见[别页](b.md)。

![图](pictures/a.png)
"""


def test_a_page_says_where_it_belongs() -> None:
    page = read_page("a", PAGE)
    assert (page.title, page.part, page.screen) == ("标题", "出了问题", "counter")
    assert page.codes == ("missing_parameter", "unknown_area")
    assert page.said == ["没有票据 …"]
    assert "pictures" not in page.plain
    assert "别页" in page.plain


def test_pages_are_found_by_screen_sheet_and_code() -> None:
    page, other = read_page("a", PAGE), read_page("b", "---\npart: 一\n---\n# 别页\n")
    manual = Manual((other, page))
    assert manual.parts == ["一", "出了问题"]
    assert manual.of_screen("counter") is page
    assert manual.of_window("删除操作员“李红”") is page
    assert manual.of_window("删除") is None
    assert "unknown_area" in page.codes
    assert manual.page("b") is other


@pytest.mark.parametrize(
    "content", ["# 标题\n", "---\npart: 一\n# 标题\n", "---\nscreen: a\n---\n# 标题\n", "---\npart: 一\n---\n正文\n",
                "---\npart: 一\nscrean: a\n---\n# 标题\n"],
)  # fmt: skip
def test_what_is_no_page_is_refused(content: str) -> None:
    with pytest.raises(ValueError, match=r"^a: "):
        read_page("a", content)
