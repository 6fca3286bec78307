"""A table that was taken for one kind and is rather of another, by its first rows alone."""

import pytest

from gongji.core.imports.headings import kind_instead
from gongji.core.imports.kinds import KINDS

OFFICE_PEOPLE = ["序号", "姓名", "身份证号码", "联系电话", "参保统筹区", "人员类别", "参保日期", "备注"]
OFFICE_CATALOGUE = [
    "序号",
    "国家医保编码",
    "药品名称",
    "类别",
    "规格",
    "生产厂家",
    "单位",
    "医保等级",
    "零售价（元）",
    "启用日期",
]
OFFICE_TOTALS = ["序号", "身份证号码", "参保统筹区", "待遇年度起始", "项目", "累计金额（元）", "截至时间"]


def instead(asked: str, *rows: list[str]) -> str | None:
    found = kind_instead(KINDS[asked], list(enumerate(rows, 1)), KINDS.values())
    return None if found is None else found.name


@pytest.mark.parametrize("asked", KINDS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kinds_own_form(kind: str, asked: str) -> None:
    """The whole form, and its required columns alone, where there are enough of them to tell."""
    columns = KINDS[kind].columns
    needed = [one.heading for one in columns if one.required]
    for headings in ([one.heading for one in columns], needed):
        if "restrictions" in {asked, kind} and len(headings) < 4:
            continue  # a code and a day are in many
        assert instead(asked, headings) == (None if asked == kind else kind)


@pytest.mark.parametrize(
    ("headings", "kind"), [(OFFICE_PEOPLE, "people"), (OFFICE_CATALOGUE, "catalogue"), (OFFICE_TOTALS, "accumulators")]
)
@pytest.mark.parametrize("asked", ["people", "catalogue", "accumulators", "links", "doctors"])
def test_an_offices_own_names_below_a_title(headings: list[str], kind: str, asked: str) -> None:
    assert instead(asked, ["曲水乡名册"], headings) == (None if asked == kind else kind)


def test_a_table_that_lacks_much_is_not_called_another_for_that() -> None:
    assert instead("people", ["姓名", "身份证号", "电话"]) is None
    assert instead("catalogue", ["编码", "名称"]) is None
    assert instead("people", ["甲", "乙", "丙"]) is None
