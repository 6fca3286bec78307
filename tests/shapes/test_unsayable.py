"""What the language cannot say is refused when the pack is read, at its place and with the reason."""

from pathlib import Path

import pytest

from gongji.core.packs.language import Pack
from gongji.pack_files.read_pack import parse_pack

PACKS = {path.stem: path for path in sorted((Path(__file__).parent / "unsayable").glob("*.toml"))}
RATIO = "benefit.general.pay.0.ratio"

REFUSALS: dict[str, tuple[str, tuple[str, ...]]] = {
    "account-limit-by-relation": ("accounts.relations.0.limit", ("没有“limit”这一项", "改名或删去")),
    "age-not-asked": (RATIO, ("没有一行适用于", "年龄未填")),
    "answered-twice": ("benefit.general.deductible.amount", ("不止一行适用于", "年龄 45")),
    "arithmetic-amount": ("benefit.general.pay.0.cap.0.amount.0.yuan", ("例如 12.50", "average_wage * 2% + 500")),
    "cap-unsaid": ("benefit.general.pay.0.cap", ("uncapped = true", "没有限额")),
    "carry-over": ("accumulator.general.month.carry", ("没有“carry”这一项", "改名或删去")),
    "condition-as-text": (f"{RATIO}.0.when", ("条件应写作 { 事实 = 值 }",)),
    "condition-on-amount": (f"{RATIO}.0.when.eligible", ("没有“eligible”这个事实",)),
    "counted-twice": ("benefit.general.pay.0.cap", ("同一个累计", "记两次")),
    "date-condition": ("benefit.general.pay.0.modify.0.when.settled_on", ("没有“settled_on”这个事实",)),
    "float-amount": ("benefit.general.deductible.amount.0.yuan", ("带引号", "12.5")),
    "float-ratio": (f"{RATIO}.0.ratio", ("带引号", "0.65")),
    "household-deductible": ("benefit.general.deductible.per", ("settlement、year 之一", "household")),
    "layer-after-uncapped": ("benefit.general.pay.0", ("没有限额的一层之后",)),
    "mixed-modifier": ("benefit.general.pay.0.modify.0", ("points、times 中的一个",)),
    "over-the-whole": (RATIO, ("超过 100%", "退休（103%）")),
    "quarterly-counter": ("accumulator.general.quarter.per", ("day、month、year 之一", "quarter")),
    "ratio-formula": (f"{RATIO}.0.ratio", ('例如 "65%"', "50% + eligible / 1000")),
    "somebody-left-out": (RATIO, ("没有一行适用于", "二级", "退休")),
    "two-facts-compared": ("benefit.general.pay.0.modify.0.when.level", ("“级别”不能用这样的条件", "same_as")),
    "unknown-operation": ("benefit.general.minimum_copay", ("没有“minimum_copay”这一项", "改名或删去")),
    "visits-counted": ("accumulator.general.visits.counts", ("deductible、expense、fund 之一", "visits")),
    "without-article": ("benefit.general.pay.0.modify.0.rule", ("没有规则 R9", "[rule]")),
}


def test_every_pack_has_its_refusal_and_every_refusal_its_pack() -> None:
    assert PACKS.keys() == REFUSALS.keys()


@pytest.mark.parametrize("name", REFUSALS)
def test_is_refused_at_its_place_with_the_reason(name: str) -> None:
    problems = parse_pack(PACKS[name].read_bytes())
    assert not isinstance(problems, Pack)
    field, words = REFUSALS[name]
    assert [problem.field for problem in problems] == [field]
    assert [word for word in words if word not in problems[0].message] == []
