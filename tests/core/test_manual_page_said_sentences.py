"""Which page explains a sentence: as a whole, with what was put in, or among others; the one that says most wins."""

import pytest

from gongji.core.manual import Manual, SaidSentences, read_page

SAID = SaidSentences(
    Manual(
        (
            read_page("a", "---\npart: 一\n---\n# 一\n\n「没有结算 …」「没有结算 … 的第 … 部分」\n"),
            read_page("b", "---\npart: 一\n---\n# 二\n\n「磁盘已满，本次没有记下任何内容」\n"),
        )
    )
)


def quoted(said: str) -> str | None:
    found = SAID.explained(said)
    return None if found is None else f"{found.page.name}: {found.quoted}"


def test_a_whole_sentence() -> None:
    assert quoted("没有结算 01-20261122-000001") == "a: 没有结算 …"
    assert quoted("没有结算 01-20261122-000001 的第 2 部分") == "a: 没有结算 … 的第 … 部分"


def test_one_among_others() -> None:
    assert quoted("磁盘已满，本次没有记下任何内容。请清理磁盘后再试。") == "b: 磁盘已满，本次没有记下任何内容"


def test_what_nobody_quotes() -> None:
    assert quoted("收费") is None


def test_no_text_takes_more_than_one_look_for_each_part() -> None:
    """A page pasted into the manual's search once stopped the window: every place was tried for every …."""
    parts = Manual((read_page("a", "---\npart: 一\n---\n# 一\n\n「… 的 … 部分 … 和 … 不符」\n"),))
    assert SaidSentences(parts).explained("的" + "9" * 100_000 + "部分" + "9" * 100_000) is None


@pytest.mark.parametrize(
    ("said", "is_it"),
    [
        ("甲A乙B丙", True),
        ("甲乙B丙", False),
        ("甲A乙丙", False),
        ("甲A乙乙丙丙", True),
        ("甲A乙B丙C", True),
        ("甲丙", False),
    ],
)
def test_something_stands_in_the_place_of_every_gap(said: str, is_it: bool) -> None:
    (page,) = (read_page("a", "---\npart: 一\n---\n# 一\n\n「甲…乙…丙」\n"),)
    assert (SaidSentences(Manual((page,))).explained(said) is not None) == is_it
