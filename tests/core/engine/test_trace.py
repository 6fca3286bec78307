"""A step says how its figure was computed: each sentence was put together by hand from the rule."""

import json
from pathlib import Path
from typing import Any

import pytest

from gongji.cli.answers import capitation_answer, credit_answer
from gongji.core.engine.policy import Policy
from gongji.core.engine.quote import Quote, quote
from gongji.core.visits import Visit, read_visit
from gongji.desk.policies.requests import capitation_text, credit_text
from gongji.pack_files.library import Library
from gongji.pack_files.read_pack import read_pack
from tests.support.visits import BAZHONG, INPATIENT, PINGLIANG, QUJING, WAGES, YUNFU, ZUNYI, line, quoted, visit

SHAPES = Path(__file__).parents[2] / "shapes"


def steps(library: Library, asked: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Rules, text and amount of every step of the first settlement."""
    answer = quoted(library, asked)
    assert answer["ok"], answer
    return [(one["rule"], one["text"], one["amount"]) for one in answer["settlements"][0]["trace"]]


def told(library: Library, asked: dict[str, Any], words: str) -> tuple[str, str]:
    """The rules and the amount of the one step that says these words."""
    (found,) = [(rule, amount) for rule, text, amount in steps(library, asked) if words in text]
    return found


def test_a_cap_that_is_a_share_of_the_average_wage(library: Library) -> None:
    asked = visit(YUNFU, line("100.00"), parameters=WAGES, accumulators={"general.fund": "1700.00"})
    words = "1706.43（2021 年城镇在岗职工年平均工资 85321.55 × 2% = 1706.431，四舍五入 1706.43，按所填的参数），"
    words += "已支付 1700.00，还剩 6.43，限额内支付 6.43，付后还剩 0.00"
    assert told(library, asked, words) == ("YF1、YF2", "6.43")


@pytest.mark.parametrize(
    ("level", "words", "rules", "amount"),
    [
        ("1", "100.00（一级及以下的住院起付标准 200.00 × 50% = 100.00，按所填的参数）", "QJ11", "100.00"),
        ("2", "200.00（二级的住院起付标准 400.00 × 50% = 200.00，按所填的参数）", "QJ11", "200.00"),
        (
            "3",
            "300.00（三级的住院起付标准 600.00 × 50% = 300.00，文件写明）",
            "QJ11、QJ10",
            "300.00",
        ),  # 600 is given by another article
    ],
)
def test_half_a_deductible(library: Library, level: str, words: str, rules: str, amount: str) -> None:
    asked = visit(QUJING, line("1000.00"), benefit="day_surgery", institution={"level": level}, parameters=INPATIENT)
    assert told(library, asked, words) == (rules, amount)


@pytest.mark.parametrize(
    ("diseases", "words"),
    [
        (
            ["精神病", "高血压"],
            "限额 4000.00（慢性病登记：精神病和高血压，3000.00 + 1 × 1000.00），已支付 1990.00，还剩 2010.00",
        ),
        (["高血压", "糖尿病", "冠心病"], "限额 4000.00（2000.00 + 2 × 1000.00），已支付 1990.00，还剩 2010.00"),
        (
            ["高血压", "糖尿病", "冠心病", "支气管哮喘", "帕金森病", "慢性阻塞性肺疾病"],
            "限额 5000.00（2000.00 + 5 × 1000.00，最高 5000.00），已支付 1990.00，还剩 3010.00",
        ),
        (["高血压"], "限额 2000.00，已支付 1990.00，还剩 10.00"),  # nothing was computed
    ],
)
def test_a_cap_that_grows_with_registered_diseases(library: Library, diseases: list[str], words: str) -> None:
    person = {"registrations": {"chronic": diseases}}
    used = {"chronic.fund": "1990.00"}
    rules, _ = told(library, visit(QUJING, line("9000.00"), benefit="chronic", person=person, accumulators=used), words)
    assert rules == "QJ4"


def test_what_flows_over_a_cap(library: Library) -> None:
    asked = visit(QUJING, line("100.00"), accumulators={"general.fund": "5990.00"}, parameters=INPATIENT)
    cut = "(100.00 − 30.00) × 60% = 42.00；普通门诊统筹年度支付限额 6000.00，已支付 5990.00，还剩 10.00"
    assert told(library, asked, cut) == ("QJ2、QJ3", "10.00")
    rest = "限额内已付的 10.00 相当于费用 16.67（10.00 ÷ 60% = 16.6666…，四舍五入 16.67），"
    rest += "其余 70.00 − 16.67 = 53.33；53.33 × 90% = 47.997，四舍五入 48.00"
    assert told(library, asked, rest) == ("QJ3", "48.00")


def test_what_accounts_are_asked_for_is_worked_out_from_the_whole_bill(library: Library) -> None:
    """(100.00 − 30.00) × 60% = 42.00 from the fund; a check-up of 20.00 that no account pays; 58.00 are left."""
    lines = (line("100.00"), line("20.00", code="T1", use="checkup"))
    relative = {"id": "F1", "relation": "parent", "balance": "500.00", "authorised": True}
    due = "应付 120.00 − 42.00 − 20.00 = 58.00"
    own = {"own": {"balance": "8.00"}, "family": [relative]}
    assert told(library, visit(QUJING, *lines, accounts=own), due) == ("G13", "8.00")
    assert told(library, visit(QUJING, *lines, accounts=own), "还应付 50.00") == ("G13", "50.00")
    assert told(library, visit(QUJING, *lines, accounts={"family": [relative]}), due) == ("G13", "58.00")


def test_a_cap_that_was_used_up_before_is_told_without_a_quotient(library: Library) -> None:
    """曲靖 第九条: all of 70.00 goes on to the inpatient ratio of 90 %."""
    asked = visit(QUJING, line("100.00"), parameters=INPATIENT, accumulators={"general.fund": "6000.00"})
    assert told(library, asked, "上述限额已用完，全部费用转按此项：70.00 × 90% = 63.00") == ("QJ3", "63.00")


def test_what_was_taken_out_of_the_bill(library: Library) -> None:
    lines = [
        line("1.25", "B", quantity="24", price_ceiling="1.20", prepay_ratio="0.10"),  # 30.00
        line("30.00", "C"),
        line("50.00", use="fitness"),
    ]
    asked = visit(QUJING, *lines)
    assert told(library, asked, "(1.25 − 1.20) × 24 = 1.20") == ("G2", "1.20")
    assert told(library, asked, "28.80 × 10% = 2.88") == ("G2", "2.88")
    assert told(library, asked, "110.00 − 30.00 − 1.20 − 2.88 − 50.00 = 25.92") == ("G2", "25.92")


def test_a_supplement_on_what_the_fund_and_the_first_left(library: Library) -> None:
    person = {"supplements": ["civil_servant", "large_medical"]}
    asked = visit(BAZHONG, line("500.00"), person=person)
    # (500 − 200) × 60% = 180; 320 × 60% = 192; 128 × 70% = 89.60
    assert told(library, asked, "(500.00 − 统筹基金 180.00) × 60% = 192.00") == ("BZ4", "192.00")
    words = "(500.00 − 统筹基金 180.00 − 公务员医疗补助 192.00) × 70% = 89.60"
    assert told(library, asked, words) == ("BZ4", "89.60")


@pytest.mark.parametrize(
    ("area", "person", "parameters", "words"),
    [
        (PINGLIANG, {"status": "employed"}, {}, "102.47（缴费基数 5123.45 × 2% = 102.469，四舍五入 102.47）"),
        (
            ZUNYI,
            {"status": "retired"},
            {"average_pension_2021": "3456.78"},
            "103.70（2021 年退休人员基本养老金平均水平 3456.78 × 3% = 103.7034，四舍五入 103.70，按所填的参数）",
        ),
        (
            BAZHONG,
            {"status": "retired", "employment": "flexible"},
            {"average_pension_2022": {"enterprise": "2345.67"}},
            "65.68（企业的 2022 年基本养老金平均水平 2345.67 × 2.8% = 65.67876，四舍五入 65.68，",
        ),
        (
            BAZHONG,  # the class that is given counts, flexible or not
            {"status": "retired", "employment": "flexible", "pension_class": "government"},
            {"average_pension_2022": {"enterprise": "2345.67", "government": "3000.00"}},
            "84.00（机关事业单位的 2022 年基本养老金平均水平 3000.00 × 2.8% = 84.00，按所填的参数）",
        ),
        (PINGLIANG, {"status": "retired"}, {}, "每月计入 90.00"),
    ],
)
def test_a_credit(library: Library, area: str, person: dict[str, str], parameters: dict[str, Any], words: str) -> None:
    asked = {"area": area, "month": "2023-05", "person": person, "base": "5123.45", "parameters": parameters}
    answer = credit_answer(credit_text(json.dumps(asked).encode(), library))
    assert words in answer["trace"][0]["text"]


def test_a_year_under_capitation(library: Library) -> None:
    asked = {"area": YUNFU, "year": 2023, "parameters": WAGES, "headcount": [1000] * 12}
    asked |= {"used": "200000.00", "manual_claims": "55964.50", "direct_rate": "0.8950"}
    budget, clearing = capitation_answer(capitation_text(json.dumps(asked).encode(), library))["trace"]
    assert "1706.43（2021 年城镇在岗职工年平均工资 85321.55 × 2% = 1706.431，四舍五入 1706.43，" in budget["text"]
    assert (budget["rule"], budget["amount"]) == ("YF8", "511929.00")
    assert "(200000.00 + 55964.50) ÷ 511929.00 = 0.5000" in clearing["text"]
    assert "1 至 12 月每月 1000 × 1706.43 × 30% ÷ 12 = 42660.75；全年合计 511929.00" in budget["text"]
    assert "直接结算率 89.5% 比 90% 差 1 个百分点，减为 30% − 1% = 29%" in clearing["text"]
    assert "(511929.00 − 255964.50) × 29% = 74229.705，四舍五入 74229.71" in clearing["text"]


def of_shape(name: str, **more: Any) -> list[str]:
    """The texts of a visit to a hospital of level 3 under one of the packs of other shapes."""
    policy = Policy(read_pack(SHAPES / f"{name}.toml"))
    asked = read_visit(visit(policy.pack.area, line("2000.00"), institution={"level": "3"}, **more))
    assert isinstance(asked, Visit)
    found = quote(asked, policy, lambda _kind, _name: False)
    assert isinstance(found, Quote)
    return [step.text for step in found.settlements[0].trace]


def test_a_cap_that_is_rounded_to_whole_tens() -> None:
    # 144288.31 × 6% = 8657.2986
    wages = {"average_wage": {"2021": "144288.31"}}
    texts = of_shape(
        "14-cap-from-wage", person={"status": "retired"}, parameters=wages, accumulators={"general.fund": "8600.00"}
    )
    assert "，四舍五入 8657.30，取整到 10.00 元的整数倍，按所填的参数），已支付 8600.00，还剩 60.00" in texts[-1]


def test_figures_that_are_less_or_more_for_some() -> None:
    contract = {"contract_from": "2023-05-04", "contract_until": "2023-05-04"}
    texts = of_shape("12-family-doctor", person={"facts": contract}, accumulators={"general.fund": "1700.00"})
    assert "年度起付标准 700.00（家庭医生签约已生效、家庭医生签约未到期 1000.00 − 300.00）" in texts[-2]
    # (2000 − 700) × (70% + 5%) = 975
    assert "(2000.00 − 700.00) × 75% = 975.00" in texts[-1]
    assert (
        "限额 1800.00（家庭医生签约已生效、家庭医生签约未到期 1200.00 + 600.00），已支付 1700.00，还剩 100.00"
        in texts[-1]
    )
