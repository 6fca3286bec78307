"""Every threshold at one fen below, at it, and one fen above; the expected amounts were worked out by hand."""

import json
from typing import Any

import pytest

from gongji.cli.answers import capitation_answer, quote_answer
from gongji.core.engine.quote import Quote, quote
from gongji.core.visits import Visit, read_visit
from gongji.desk.policies.requests import capitation_text
from gongji.pack_files.library import Library
from tests.support.visits import (
    BAZHONG,
    INPATIENT,
    PINGLIANG,
    QUJING,
    WAGES,
    YUNFU,
    ZUNYI,
    line,
    notices,
    quoted,
    refused,
    settled,
    visit,
)

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
        "曲靖 急诊 一级 200",
        QUJING,
        {"benefit": "emergency", "parameters": INPATIENT},
        [("199.99", "199.99", "0.00"), ("200.00", "200.00", "0.00"), ("200.01", "200.00", "0.01")],
    ),
    (
        "曲靖 急诊 二级 400",
        QUJING,
        {"benefit": "emergency", "institution": {"level": "2"}, "parameters": INPATIENT},
        [("399.99", "399.99", "0.00"), ("400.00", "400.00", "0.00"), ("400.01", "400.00", "0.01")],
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
    (
        "曲靖 日间手术 二级 200",
        QUJING,
        {"benefit": "day_surgery", "institution": {"level": "2"}, "parameters": INPATIENT},
        [("199.99", "199.99", "0.00"), ("200.00", "200.00", "0.00"), ("200.01", "200.00", "0.01")],
    ),
    (
        "曲靖 日间手术 三级 300",
        QUJING,
        {"benefit": "day_surgery", "institution": {"level": "3"}, "parameters": INPATIENT},
        [("299.99", "299.99", "0.00"), ("300.00", "300.00", "0.00"), ("300.01", "300.00", "0.01")],
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


@pytest.mark.parametrize(
    ("used", "one", "deductible", "fund"),
    [
        ("0.00", line("599.99"), "599.99", "0.00"),
        ("0.00", line("600.00"), "600.00", "0.00"),
        ("0.00", line("600.01"), "600.00", "0.01"),  # 0.01 × 90% = 0.009
        # the deductible is taken after the prepaid part: 66.666, 66.667 and 66.668 are all 66.67
        ("0.00", line("666.66", "B", prepay_ratio="0.10"), "599.99", "0.00"),
        ("0.00", line("666.67", "B", prepay_ratio="0.10"), "600.00", "0.00"),
        ("0.00", line("666.68", "B", prepay_ratio="0.10"), "600.00", "0.01"),
        ("599.99", line("0.02"), "0.01", "0.01"),
        ("600.00", line("0.02"), "0.00", "0.02"),  # 0.018
        ("600.01", line("0.02"), "0.00", "0.02"),
    ],
)
def test_the_yearly_deductible_of_one_negotiated_drug(
    library: Library, used: str, one: dict[str, Any], deductible: str, fund: str
) -> None:
    """曲靖 第十三条: 600 for each drug by itself, whatever another drug has used."""
    accumulators = {"negotiated.D1.deductible": used, "negotiated.D2.deductible": "300.00"}
    asked = visit(
        QUJING, {**one, "negotiated": True}, benefit="negotiated", parameters=INPATIENT, accumulators=accumulators
    )
    totals = settled(library, asked)
    assert (totals["deductible"], totals["fund"]) == (deductible, fund)


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
        "曲靖 慢性病两种 3000",
        QUJING,
        {"benefit": "chronic", "person": {"registrations": {"chronic": ["高血压", "糖尿病"]}}},
        "chronic.fund",
        "3000.00",
        "80.00",
    ),
    (
        "曲靖 慢性病四种 5000",
        QUJING,
        {"benefit": "chronic", "person": {"registrations": {"chronic": ["高血压", "糖尿病", "冠心病", "支气管哮喘"]}}},
        "chronic.fund",
        "5000.00",
        "80.00",
    ),
    (
        "曲靖 慢性病精神病及另一种 4000",
        QUJING,
        {"benefit": "chronic", "person": {"registrations": {"chronic": ["高血压", "精神病"]}}},
        "chronic.fund",
        "4000.00",
        "80.00",
    ),
    (
        "曲靖 慢性病精神病及另三种 5000",
        QUJING,
        {"benefit": "chronic", "person": {"registrations": {"chronic": ["高血压", "精神病", "糖尿病", "冠心病"]}}},
        "chronic.fund",
        "5000.00",
        "80.00",
    ),
    (
        "曲靖 慢性病五种 5000",
        QUJING,
        {
            "benefit": "chronic",
            "person": {"registrations": {"chronic": ["高血压", "糖尿病", "冠心病", "支气管哮喘", "帕金森病"]}},
        },
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
    ("general", "inpatient", "fund", "after"),
    [
        # base 70.00; all of it beyond 6000: 70.00 × 90% = 63.00
        ("6000.00", "59936.99", "63.00", "59999.99"),
        ("6000.00", "59937.00", "63.00", "60000.00"),
        ("6000.00", "59937.01", "62.99", "60000.00"),
        ("6000.00", "59999.99", "0.01", "60000.00"),
        ("6000.00", "60000.00", "0.00", "60000.00"),
        ("6000.00", "60000.01", "0.00", "60000.01"),
        # 10.00 of 42.00 is within 6000 and stands for 16.67; 53.33 × 90% = 47.997 → 48.00
        ("5990.00", "59951.99", "58.00", "59999.99"),
        ("5990.00", "59952.00", "58.00", "60000.00"),
        ("5990.00", "59952.01", "57.99", "60000.00"),
        ("5990.00", "60000.00", "10.00", "60000.00"),
    ],
)
def test_beyond_6000_within_the_inpatient_cap(
    library: Library, general: str, inpatient: str, fund: str, after: str
) -> None:
    used = {"general.fund": general, "inpatient.fund": inpatient}
    answer = quoted(library, visit(QUJING, line("100.00"), accumulators=used, parameters=INPATIENT))
    assert answer["totals"]["fund"] == fund
    assert answer["accumulators"] == {"general.fund": "6000.00", "inpatient.fund": after}


@pytest.mark.parametrize(
    ("civil", "large", "paid"),
    [
        # employed, level 1, 400.00: deductible 200, fund 120.00; 280.00 is left
        (["civil_servant"], {}, ("168.00", "0.00")),
        (["large_medical"], {}, ("0.00", "196.00")),
        (["large_medical", "civil_servant"], {}, ("168.00", "78.40")),
        (["civil_servant"], {"civil_servant.fund": "531.99"}, ("168.00", "0.00")),
        (["civil_servant"], {"civil_servant.fund": "532.00"}, ("168.00", "0.00")),
        (["civil_servant"], {"civil_servant.fund": "532.01"}, ("167.99", "0.00")),
        (["civil_servant"], {"civil_servant.fund": "699.99"}, ("0.01", "0.00")),
        (["civil_servant"], {"civil_servant.fund": "700.00"}, ("0.00", "0.00")),
        (["civil_servant"], {"civil_servant.fund": "700.01"}, ("0.00", "0.00")),
        (["large_medical"], {"large_medical.fund": "403.99"}, ("0.00", "196.00")),
        (["large_medical"], {"large_medical.fund": "404.00"}, ("0.00", "196.00")),
        (["large_medical"], {"large_medical.fund": "404.01"}, ("0.00", "195.99")),
        (["large_medical"], {"large_medical.fund": "599.99"}, ("0.00", "0.01")),
        (["large_medical"], {"large_medical.fund": "600.00"}, ("0.00", "0.00")),
        (["large_medical"], {"large_medical.fund": "600.01"}, ("0.00", "0.00")),
    ],
)
def test_supplements(library: Library, civil: list[str], large: dict[str, str], paid: tuple[str, str]) -> None:
    totals = settled(library, visit(BAZHONG, line("400.00"), person={"supplements": civil}, accumulators=large))
    assert (totals["civil_servant"], totals["large_medical"]) == paid


@pytest.mark.parametrize(
    ("supplements", "price", "paid"),
    [
        # deductible and fund used up: all of the price is left
        (["civil_servant"], "1166.65", ("699.99", "0.00")),
        (["civil_servant"], "1166.66", ("700.00", "0.00")),  # 699.996
        (["civil_servant"], "1166.67", ("700.00", "0.00")),  # 700.002
        (["civil_servant"], "1166.68", ("700.00", "0.00")),  # 700.008 → 700.01, cut to 700
        (["large_medical"], "857.13", ("0.00", "599.99")),  # 599.991
        (["large_medical"], "857.14", ("0.00", "600.00")),  # 599.998
        (["large_medical"], "857.15", ("0.00", "600.00")),  # 600.005 → 600.01, cut to 600
        # the second on what the first left: 1557.13 − 700.00 = 857.13, and so on
        (["civil_servant", "large_medical"], "1557.13", ("700.00", "599.99")),
        (["civil_servant", "large_medical"], "1557.14", ("700.00", "600.00")),
        (["civil_servant", "large_medical"], "1557.15", ("700.00", "600.00")),
    ],
)
def test_the_caps_of_supplements(library: Library, supplements: list[str], price: str, paid: tuple[str, str]) -> None:
    used = {"general.deductible": "200.00", "general.fund": "800.00"}
    totals = settled(library, visit(BAZHONG, line(price), person={"supplements": supplements}, accumulators=used))
    assert totals["fund"] == "0.00"
    assert (totals["civil_servant"], totals["large_medical"]) == paid


def cleared(library: Library, used: str, direct_rate: str) -> dict[str, Any]:
    """A year under capitation: cap 85321.55 × 2% = 1706.43, so 1000 × 1706.43 × 30% ÷ 12 = 42660.75 a month."""
    asked = {"area": YUNFU, "year": 2023, "parameters": WAGES, "headcount": [1000] * 12, "used": used}
    text = json.dumps({**asked, "direct_rate": direct_rate}).encode()
    answer = capitation_answer(capitation_text(text, library))
    assert answer["budget"] == "511929.00"
    return answer


@pytest.mark.parametrize(
    ("used", "rate", "share", "kept", "returned", "overage"),
    [
        # 30 % is 153578.70: the rate that is printed says 30 % on both sides, the exact one decides
        ("153578.69", "0.3000", "0.00", "0.00", "358350.31", "0.00"),
        ("153578.70", "0.3000", "0.30", "107505.09", "250845.21", "0.00"),
        ("153578.71", "0.3000", "0.30", "107505.09", "250845.20", "0.00"),  # 107505.087
        # 70 % is 358350.30
        ("358350.29", "0.7000", "0.30", "46073.61", "107505.10", "0.00"),  # 46073.613
        ("358350.30", "0.7000", "0.70", "107505.09", "46073.61", "0.00"),
        ("358350.31", "0.7000", "0.70", "107505.08", "46073.61", "0.00"),  # 107505.083
        # 80 % is 409543.20
        ("409543.19", "0.8000", "0.70", "71670.07", "30715.74", "0.00"),  # 71670.067
        ("409543.20", "0.8000", "1.00", "102385.80", "0.00", "0.00"),
        ("409543.21", "0.8000", "1.00", "102385.79", "0.00", "0.00"),
        ("511928.99", "1.0000", "1.00", "0.01", "0.00", "0.00"),
        ("511929.00", "1.0000", "1.00", "0.00", "0.00", "0.00"),
        ("511929.01", "1.0000", "0.00", "0.00", "0.00", "0.01"),
    ],
)
def test_the_bands_of_the_use_rate(
    library: Library, used: str, rate: str, share: str, kept: str, returned: str, overage: str
) -> None:
    answer = cleared(library, used, "0.90")
    found = [answer[name] for name in ("use_rate", "kept_share", "kept", "returned", "overage")]
    assert found == [rate, share, kept, returned, overage]


@pytest.mark.parametrize(
    ("used", "direct_rate", "share", "kept"),
    [
        # at 80 % all of 102385.80 is kept; each point short of 90 %, or part of one, takes one off
        ("409543.20", "0.91", "1.00", "102385.80"),
        ("409543.20", "0.900000000001", "1.00", "102385.80"),
        ("409543.20", "0.90", "1.00", "102385.80"),
        ("409543.20", "0.899999999999", "0.99", "101361.94"),  # 101361.942
        ("409543.20", "0.89", "0.99", "101361.94"),
        ("409543.20", "0.889999999999", "0.98", "100338.08"),  # 100338.084
        # at 30 % three tenths of 358350.30 are kept: thirty points short leave nothing, and never less
        ("153578.70", "0.61", "0.01", "3583.50"),  # 3583.503
        ("153578.70", "0.600000000001", "0.00", "0.00"),
        ("153578.70", "0.60", "0.00", "0.00"),
        ("153578.70", "0.599999999999", "0.00", "0.00"),
    ],
)
def test_the_direct_rate(library: Library, used: str, direct_rate: str, share: str, kept: str) -> None:
    answer = cleared(library, used, direct_rate)
    assert (answer["kept_share"], answer["kept"]) == (share, kept)


@pytest.mark.parametrize(
    ("day", "paid", "codes"),
    [
        ("2022-09-29", "0.00", ["family_account_refused"]),
        ("2022-09-30", "10.00", []),
        ("2022-10-01", "10.00", []),
    ],
)
def test_the_day_family_accounts_begin(library: Library, day: str, paid: str, codes: list[str]) -> None:
    """遵义 三(一): from 2022-09-30, told by the edition itself, since nothing settles there before 2023."""
    family = [{"id": "F", "relation": "child", "authorised": True, "balance": "10.00"}]
    written = visit(ZUNYI, line("100.00"), accounts={"family": family}, settled_on=day)
    assert refused(library, written) == ("no_policy_in_force", "settled_on")
    asked = read_visit(written)
    assert isinstance(asked, Visit)
    found = quote(asked, library.editions(ZUNYI)[0], library.knows)
    assert isinstance(found, Quote)
    answer = quote_answer(found)
    assert answer["totals"]["account_family"] == paid
    assert [notice["code"] for notice in answer["settlements"][0]["notices"]] == codes
    first = {**written, "settled_on": "2023-01-01"}
    assert (settled(library, first)["account_family"], notices(library, first)) == ("10.00", [[]])
