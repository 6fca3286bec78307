"""Which page explains a sentence: as a whole, with what was put in, or among others; the one that says most wins."""

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
