"""Which articles a person means."""

import pytest

from gongji.core.packs.articles import articles_meant

CITED = ["第二条", "第九条", "第十条(一)", "第十条(二)", "第二十条(一)", "第一百零二条", "社会保险法第三十条"]
PARTS = ["一", "二(一)", "二(五)", "二十", "三(二)"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("9", ["第九条"]),
        ("09", ["第九条"]),
        ("九", ["第九条"]),
        ("第9条", ["第九条"]),
        (" 第九条 ", ["第九条"]),
        ("10", ["第十条(一)", "第十条(二)"]),
        ("十(二)", ["第十条(二)"]),
        ("10（2）", ["第十条(二)"]),
        ("第十条（二）", ["第十条(二)"]),
        ("20", ["第二十条(一)"]),
        ("102", ["第一百零二条"]),
        ("30", ["社会保险法第三十条"]),
        ("社会保险法第30条", ["社会保险法第三十条"]),
        ("社会保险法30", ["社会保险法第三十条"]),
        ("劳动法第三十条", []),
        ("社会保险法第九条", []),
        ("9(1)", []),
        ("第十条(三)", []),
        ("0", []),
        ("二二", []),
        ("999", []),
        ("9" * 5000, []),
        ("条", []),
        ("", []),
    ],
)
def test_articles(name: str, found: list[str]) -> None:
    assert articles_meant(name, CITED) == found


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("2", ["二(一)", "二(五)"]),
        ("二", ["二(一)", "二(五)"]),
        ("第二条", ["二(一)", "二(五)"]),
        ("二（五）", ["二(五)"]),
        ("2(5)", ["二(五)"]),
        ("1", ["一"]),
        ("20", ["二十"]),
        ("5", []),
    ],
)
def test_parts(name: str, found: list[str]) -> None:
    assert articles_meant(name, PARTS) == found


def test_a_name_of_another_kind_is_found_as_it_is_written() -> None:
    assert articles_meant("附录甲", ["第一条", "附录甲", "附录乙"]) == ["附录甲"]
