"""Looking through the manual: every word must stand on the page, a title counts most."""

from gongji.core.manual import Manual, read_page, search

MANUAL = Manual(
    (
        read_page("a", "---\npart: 一\n---\n# 收费\n\n收错了就退费，见下一页。打印机坏了照收。\n"),
        read_page("b", "---\npart: 一\n---\n# 退费\n\n按 **F10**，再打印红字单。\n"),
    )
)


def names(typed: str) -> list[str]:
    return [hit.page.name for hit in search(MANUAL, typed)]


def test_the_title_comes_first() -> None:
    assert names("退费") == ["b", "a"]


def test_every_word_must_be_there() -> None:
    assert names("退费 f10") == ["b"]
    assert names("退费 微信") == []


def test_nothing_typed_finds_nothing() -> None:
    assert names("  ") == []


def test_the_excerpt_shows_the_word() -> None:
    assert "打印机" in search(MANUAL, "打印机")[0].excerpt
