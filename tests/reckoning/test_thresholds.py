"""Every threshold at one fen below, at it, and one fen above; the expected amounts were worked out by hand."""

from typing import Any

import pytest

from gongji.policies import Library
from tests.visits import BAZHONG, INPATIENT, PINGLIANG, QUJING, WAGES, YUNFU, ZUNYI, line, quoted, settled, visit

# What a settlement is asked to show: eligible expense → (deductible, fund).
DEDUCTIBLES: list[tuple[str, str, dict[str, Any], list[tuple[str, str, str]]]] = [
    ("曲靖 一级 30", QUJING, {}, [("29.99", "29.99", "0.00"), ("30.00", "30.00", "0.00"), ("30.01", "30.00", "0.01")]),
    (
        "曲靖 二级 60",
        QUJING,
        {"institution": {"level": "2"}},
        [("59.99", "59.99", "0.00"), ("60.00", "60.00", "0.00"), ("60.01", "60.00", "0.01")],  # 0.0055 → 0.01
    ),
    (
        "曲靖 三级 90",
        QUJING,
        {"institution": {"level": "3"}},
        [("89.99", "89.99", "0.00"), ("90.00", "90.00", "0.00"), ("90.01", "90.00", "0.01")],  # 0.005 → 0.01
    ),
    (
        "曲靖 特殊病 600",
        QUJING,
        {"benefit": "special", "disease": "再生障碍性贫血", "parameters": INPATIENT},
        [("599.99", "599.99", "0.00"), ("600.00", "600.00", "0.00"), ("600.01", "600.00", "0.01")],
    ),
    (
        "曲靖 急诊 三级 600",
        QUJING,
        {"benefit": "emergency", "institution": {"level": "3"}, "parameters": INPATIENT},
        [("599.99", "599.99", "0.00"), ("600.00", "600.00", "0.00"), ("600.01", "600.00", "0.01")],
    ),
    (
        "曲靖 日间手术 一级 100",
        QUJING,
        {"benefit": "day_surgery", "parameters": INPATIENT},
        [("99.99", "99.99", "0.00"), ("100.00", "100.00", "0.00"), ("100.01", "100.00", "0.01")],
    ),
    ("遵义 150", ZUNYI, {}, [("149.99", "149.99", "0.00"), ("150.00", "150.00", "0.00"), ("150.01", "150.00", "0.01")]),
    (
        "平凉 200",
        PINGLIANG,
        {},
        [("199.99", "199.99", "0.00"), ("200.00", "200.00", "0.00"), ("200.01", "200.00", "0.01")],
    ),
    (
        "巴中 在职 200",
        BAZHONG,
        {},
        [("199.99", "199.99", "0.00"), ("200.00", "200.00", "0.00"), ("200.01", "200.00", "0.01")],
    ),
    (
        "巴中 退休 150",
        BAZHONG,
        {"person": {"status": "retired"}},
        [("149.99", "149.99", "0.00"), ("150.00", "150.00", "0.00"), ("150.01", "150.00", "0.01")],
    ),
    ("云浮 不设起付", YUNFU, {"parameters": WAGES}, [("0.00", "0.00", "0.00"), ("0.01", "0.00", "0.01")]),
]


@pytest.mark.parametrize(
    ("asked", "rows"), [(row[1:3], row[3]) for row in DEDUCTIBLES], ids=[row[0] for row in DEDUCTIBLES]
)
def test_deductibles(library: Library, asked: tuple[str, dict[str, Any]], rows: list[tuple[str, str, str]]) -> None:
    area, more = asked
    for price, deductible, fund in rows:
        totals = settled(library, visit(area, line(price), **more))
        assert (totals["deductible"], totals["fund"]) == (deductible, fund), price


@pytest.mark.parametrize(
    ("area", "used", "price", "deductible"),
    [
        (ZUNYI, "149.99", "0.01", "0.01"),
        (ZUNYI, "149.99", "0.02", "0.01"),
        (ZUNYI, "150.00", "0.02", "0.00"),
        (ZUNYI, "150.01", "0.02", "0.00"),
        (PINGLIANG, "199.99", "5.00", "0.01"),
        (BAZHONG, "199.99", "5.00", "0.01"),
        (BAZHONG, "200.00", "5.00", "0.00"),
    ],
)
def test_what_is_left_of_a_yearly_deductible(
    library: Library, area: str, used: str, price: str, deductible: str
) -> None:
    totals = settled(library, visit(area, line(price), accumulators={"general.deductible": used}))
    assert totals["deductible"] == deductible


# benefit, what the ratio gives, the room left: the fund pays the lesser, to the fen
CAPS: list[tuple[str, str, dict[str, Any], str, str, str]] = [
    # name, area, visit, accumulator, cap, what the ratio alone would give
    ("遵义 2000", ZUNYI, {"accumulators": {"general.deductible": "150.00"}}, "general.fund", "2000.00", "70.00"),
    ("平凉 2500", PINGLIANG, {"accumulators": {"general.deductible": "200.00"}}, "general.fund", "2500.00", "65.00"),
    ("巴中 在职 800", BAZHONG, {"accumulators": {"general.deductible": "200.00"}}, "general.fund", "800.00", "60.00"),
    (
        "巴中 退休 1000",
        BAZHONG,
        {"accumulators": {"general.deductible": "150.00"}, "person": {"status": "retired"}},
        "general.fund",
        "1000.00",
        "70.00",
    ),
    ("巴中 高血压 200", BAZHONG, {"benefit": "hypertension"}, "hypertension.fund", "200.00", "50.00"),
    ("巴中 糖尿病 300", BAZHONG, {"benefit": "diabetes"}, "diabetes.fund", "300.00", "50.00"),
    ("云浮 85321.55 × 2%", YUNFU, {"parameters": WAGES}, "general.fund", "1706.43", "60.00"),
    (
        "曲靖 慢性病一种 2000",
        QUJING,
        {"benefit": "chronic", "person": {"registrations": {"chronic": ["高血压"]}}},
        "chronic.fund",
        "2000.00",
        "80.00",
    ),
    (
        "曲靖 慢性病精神病 3000",
        QUJING,
        {"benefit": "chronic", "person": {"registrations": {"chronic": ["精神病"]}}},
        "chronic.fund",
        "3000.00",
        "80.00",
    ),
    (
        "曲靖 慢性病五种 5000",
        QUJING,
        {"benefit": "chronic", "person": {"registrations": {"chronic": ["甲", "乙", "丙", "丁", "戊"]}}},
        "chronic.fund",
        "5000.00",
        "80.00",
    ),
    (
        "曲靖 住院限额",
        QUJING,
        {"benefit": "special", "disease": "重性精神病", "parameters": INPATIENT},
        "inpatient.fund",
        "60000.00",
        "90.00",
    ),
]


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def fen(yuan_text: str) -> int:
    return int(yuan_text.replace(".", ""))


@pytest.mark.parametrize("case", CAPS, ids=[case[0] for case in CAPS])
def test_caps(library: Library, case: tuple[str, str, dict[str, Any], str, str, str]) -> None:
    _, area, more, name, cap, wanted = case
    for room_fen in (0, 1, fen(wanted) - 1, fen(wanted), fen(wanted) + 1):
        used = {**more.get("accumulators", {}), name: yuan(fen(cap) - room_fen)}
        totals = settled(library, visit(area, line("100.00"), **{**more, "accumulators": used}))
        assert fen(totals["fund"]) == min(fen(wanted), room_fen), room_fen
    over = {**more.get("accumulators", {}), name: yuan(fen(cap) + 1)}
    assert settled(library, visit(area, line("100.00"), **{**more, "accumulators": over}))["fund"] == "0.00"


@pytest.mark.parametrize(
    ("used", "fund", "general", "inpatient"),
    [
        # base 70.00 × 60% = 42.00; what goes beyond is paid at 90 %
        ("5957.99", "42.00", "5999.99", None),
        ("5958.00", "42.00", "6000.00", None),
        ("5958.01", "42.01", "6000.00", "0.02"),  # pays 41.99 ≙ 69.98; 0.02 × 90% = 0.018 → 0.02
        ("5999.99", "62.99", "6000.00", "62.98"),  # pays 0.01 ≙ 0.02; 69.98 × 90% = 62.982
        ("6000.00", "63.00", "6000.00", "63.00"),
        ("6000.01", "63.00", "6000.01", "63.00"),
    ],
)
def test_the_cap_of_6000_and_beyond(
    library: Library, used: str, fund: str, general: str, inpatient: str | None
) -> None:
    asked = visit(QUJING, line("100.00"), accumulators={"general.fund": used}, parameters=INPATIENT)
    answer = quoted(library, asked)
    assert answer["totals"]["fund"] == fund
    assert answer["accumulators"].get("general.fund") == general
    assert answer["accumulators"].get("inpatient.fund") == inpatient


@pytest.mark.parametrize(
    ("civil", "large", "paid"),
    [
        # employed, level 1, 400.00: deductible 200, fund 120.00; 280.00 is left
        (["civil_servant"], {}, ("168.00", "0.00")),
        (["large_medical"], {}, ("0.00", "196.00")),
        (["large_medical", "civil_servant"], {}, ("168.00", "78.40")),
        (["civil_servant"], {"civil_servant.fund": "532.00"}, ("168.00", "0.00")),
        (["civil_servant"], {"civil_servant.fund": "532.01"}, ("167.99", "0.00")),
        (["civil_servant"], {"civil_servant.fund": "700.00"}, ("0.00", "0.00")),
        (["large_medical"], {"large_medical.fund": "404.00"}, ("0.00", "196.00")),
        (["large_medical"], {"large_medical.fund": "404.01"}, ("0.00", "195.99")),
    ],
)
def test_supplements(library: Library, civil: list[str], large: dict[str, str], paid: tuple[str, str]) -> None:
    totals = settled(library, visit(BAZHONG, line("400.00"), person={"supplements": civil}, accumulators=large))
    assert (totals["civil_servant"], totals["large_medical"]) == paid
