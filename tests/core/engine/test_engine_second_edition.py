"""Worked cases of the second reading of the five documents: every amount is worked out by hand beside it."""

import hashlib
from typing import Any

import pytest

from gongji.cli.answers import capitation_answer, credit_answer
from gongji.core.packs.language import Pack
from gongji.desk.policies.packs import failed_cases
from gongji.desk.policies.requests import capitation_text, credit_text
from gongji.files import resource_folder
from gongji.pack_files.library import Library
from gongji.pack_files.read_pack import parse_pack, parse_stored_pack
from tests.support.visits import (
    BAZHONG,
    INPATIENT,
    PINGLIANG,
    QUJING,
    YUNFU,
    ZUNYI,
    line,
    notices,
    quoted,
    refused,
    settled,
    visit,
)

ALL = (QUJING, ZUNYI, PINGLIANG, BAZHONG, YUNFU)
OWN = {"own": {"balance": "500.00"}}
PHARMACY = {"type": "pharmacy", "level": "unrated", "id": "PH"}
SUPERSEDED = {
    "445300/superseded/2022-09-01.toml": "4698c51556c6bbc867f9a8efecdf33e1cbcdd2d3ab0f5068eb0a3e137a30d5e0",
    "511900/superseded/2023-01-01.toml": "30d1d7a7a424b291b5eb379d8870ac7354a14e919c3d38e2fa985d8160943824",
    "520300/superseded/2023-01-01.toml": "3f4ccf1f5d740cace8c9c1278838f3f1af8a0482204df98a3ad74b8fb893a117",
    "530300/superseded/2022-10-01.toml": "2bb3c62516b6aa2beb0b657e9b329110d82288bf6928303fad33f31fcd34818f",
    "620800/superseded/2023-01-01.toml": "0cc9bdb72fc6a6a752cdb93c6004a28b4e317d20f1d69cc559109df5bb20fa86",
}


def sibling(starts: str | None) -> dict[str, Any]:
    parameters = {} if starts is None else {"near_relatives": starts}
    family = [{"id": "F1", "relation": "sibling", "balance": "10.00", "authorised": True}]
    return {"accounts": {"family": family}, "parameters": {"average_wage": {"2021": "85321.55"}, **parameters}}


@pytest.mark.parametrize("area", ALL)
@pytest.mark.parametrize(("starts", "paid"), [("2023-05-04", "10.00"), ("2023-05-05", "0.00"), (None, "0.00")])
def test_near_relatives_from_the_date_of_the_notice(library: Library, area: str, starts: str | None, paid: str) -> None:
    asked = visit(area, line("1000.00"), settled_on="2023-05-04", **sibling(starts))
    assert settled(library, asked)["account_family"] == paid


@pytest.mark.parametrize("area", ALL)
@pytest.mark.parametrize("value", ["2023-5-4", "2023-02-30", 20230504, {"a": 1}])
def test_a_notice_without_a_date_is_refused(library: Library, area: str, value: Any) -> None:
    asked = visit(area, parameters={"near_relatives": value})
    assert refused(library, asked) == ("invalid_input", "parameters.near_relatives")


@pytest.mark.parametrize("area", ALL)
def test_check_ups_are_nobodys_but_the_patients(library: Library, area: str) -> None:
    asked = visit(area, line("50.00", use="checkup"), accounts=OWN, parameters={"average_wage": {"2021": "80000"}})
    totals = settled(library, asked)
    assert (totals["excluded"], totals["account_own"], totals["cash"]) == ("50.00", "0.00", "50.00")


@pytest.mark.parametrize(
    ("more", "codes"),
    [
        ({"rescue": True}, ["claim_at_agency", "not_designated"]),
        ({"rescue": True, "cause": "work_injury"}, ["cause_not_covered", "claim_at_agency", "not_designated"]),
        ({"benefit": "emergency"}, ["claim_at_agency", "not_designated"]),
        ({"benefit": "emergency", "rescue": True}, ["claim_at_agency", "not_designated"]),
        ({}, ["not_designated"]),
    ],
)
def test_rescue_where_nobody_is_designated(library: Library, more: dict[str, Any], codes: list[str]) -> None:
    asked = visit(QUJING, institution={"designated": False}, **more)  # nothing more is asked: no parameter is given
    assert notices(library, asked) == [codes]


@pytest.mark.parametrize(("day", "fund"), [("2024-12-31", "0.00"), ("2025-01-01", "60.00")])
def test_internet_care_from_its_day(library: Library, day: str, fund: str) -> None:
    """PL10: (300.00 − 200.00) × 60 % = 60.00."""
    place = {"type": "internet_hospital", "level": "2"}
    opened = {"internet_care": "2025-01-01"}
    asked = visit(PINGLIANG, line("300.00"), institution=place, settled_on=day, parameters=opened)
    assert settled(library, asked)["fund"] == fund
    assert notices(library, asked) == [[] if fund != "0.00" else ["internet_care_not_open"]]


def test_a_drug_of_two_codes_has_one_deductible_and_each_is_reckoned_by_itself(library: Library) -> None:
    """QJ10: 700 + 700 of one drug: (1400 − 600) × 80 %; 650 of another: (650 − 600) × 80 % = 40."""
    lines = [
        line("700.00", code="N1", negotiated=True, drug="甲药"),
        line("650.00", code="N2", negotiated=True),
        line("700.00", code="N3", negotiated=True, drug="甲药"),
    ]
    asked = visit(QUJING, *lines, benefit="negotiated", institution={"level": "3"}, parameters=INPATIENT)
    answer = quoted(library, asked)
    assert (answer["totals"]["deductible"], answer["totals"]["fund"]) == ("1200.00", "680.00")
    assert answer["accumulators"] == {
        "negotiated.甲药.deductible": "600.00", "negotiated.N2.deductible": "600.00", "inpatient.fund": "680.00",
    }  # fmt: skip


def test_the_name_of_a_drug_stands_only_on_a_drug(library: Library) -> None:
    assert refused(library, visit(ZUNYI, line(category="service", drug="甲药"))) == ("invalid_input", "lines.0.drug")


@pytest.mark.parametrize(
    ("disease", "fund"),
    [
        ("慢性肾衰竭", "900.00"),  # 90 %
        ("慢性肾功能衰竭(透析)", "900.00"),  # half-width signs
        (" 尿毒症 ", "900.00"),
        ("恶性肿瘤门诊放化疗", "850.00"),  # the inpatient ratio of level 2
        ("器官移植抗排异治疗", "850.00"),
        ("系统性红斑狼疮", "340.00"),  # (1000 − 600) × 85 %
    ],
)
def test_special_diseases_under_all_their_names(library: Library, disease: str, fund: str) -> None:
    place = {"level": "2"}
    asked = visit(QUJING, line("1000.00"), benefit="special", disease=disease, institution=place, parameters=INPATIENT)
    assert settled(library, asked)["fund"] == fund


def test_what_is_on_no_list_is_refused_where_a_rule_reads_it_and_only_there(library: Library) -> None:
    person = {"registrations": {"chronic": ["高血压", "高血亚"]}}
    chronic = visit(QUJING, benefit="chronic", person=person)
    assert refused(library, chronic) == ("invalid_input", "person.registrations.chronic")
    assert "高血压" in quoted(library, chronic)["error"]["message"]
    special = visit(QUJING, benefit="special", disease="肿瘤", parameters=INPATIENT)
    assert refused(library, special) == ("invalid_input", "disease")
    assert "恶性肿瘤" in quoted(library, special)["error"]["message"]
    assert quoted(library, visit(QUJING, disease="肿瘤", person=person))["ok"]
    assert quoted(library, visit(QUJING, benefit="special", disease="肿瘤", institution={"designated": False}))["ok"]
    two = visit(BAZHONG, benefit="diabetes", person=person)
    assert refused(library, two) == ("invalid_input", "person.registrations.chronic")


@pytest.mark.parametrize(("name", "benefit"), [("高血压病", "hypertension"), ("2型糖尿病", "diabetes")])
def test_under_another_name_a_registered_disease_belongs_there_too(library: Library, name: str, benefit: str) -> None:
    asked = visit(BAZHONG, benefit=benefit, person={"registrations": {"chronic": [name]}})
    assert refused(library, asked) == ("benefit_not_defined", "benefit")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, True),
        ({"price_ceiling": "12.00"}, False),
        ({"price_ceiling": None}, False),
        ({"class": "C"}, True),
        ({"category": "consumable"}, False),
    ],
)
def test_a_drug_above_its_listed_price(library: Library, more: dict[str, Any], told: bool) -> None:
    one = line("12.00", **{"price_ceiling": "11.99", **more})
    codes = notices(library, visit(BAZHONG, one, institution=PHARMACY))[0]
    assert ("above_listed_price" in codes) is told
    assert "above_listed_price" not in notices(library, visit(BAZHONG, one))[0]
    assert "above_listed_price" not in notices(library, visit(ZUNYI, one, institution=PHARMACY))[0]


@pytest.mark.parametrize(("kind", "paid"), [("hospital", "60.00"), ("pharmacy", "0.00")])
def test_in_yunfu_accounts_pay_for_prevention_at_medical_institutions(library: Library, kind: str, paid: str) -> None:
    asked = visit(
        YUNFU, line("60.00", use="tcm_prevention"), institution={"type": kind}, accounts=OWN,
        parameters={"average_wage": {"2021": "80000"}},
    )  # fmt: skip
    assert settled(library, asked)["account_own"] == paid


def test_months_before_the_document_began_are_paid_nothing(library: Library) -> None:
    """YF8: 80123.00 × 2 % = 1602.46; 1000 × 1602.46 × 30 % ÷ 12 = 40061.50 from September on."""
    asked = '{"area": "445300", "year": 2022, "parameters": {"average_wage": {"2020": "80123.00"}}, '
    asked += '"headcount": [' + "1000, " * 11 + '1000], "used": "0", "direct_rate": "1"}'
    answer = capitation_answer(capitation_text(asked.encode(), library))
    assert answer["prepayments"] == ["0.00"] * 8 + ["40061.50"] * 4
    assert answer["budget"] == "160246.00"


@pytest.mark.parametrize(
    ("area", "person", "parameters", "credit"),
    [
        (ZUNYI, '"status": "retired", "employment": "flexible"', '"average_pension_2021": "3000"', "90.00"),
        (BAZHONG, '"status": "retired", "paying_past_retirement_age": true', "", "80.00"),
    ],
)
def test_credits(library: Library, area: str, person: str, parameters: str, credit: str) -> None:
    asked = f'{{"area": "{area}", "month": "2023-05", "person": {{{person}}}, "base": "4000", '
    asked += f'"parameters": {{{parameters}}}}}'
    assert credit_answer(credit_text(asked.encode(), library))["credit"] == credit


@pytest.mark.parametrize("name", SUPERSEDED)
def test_the_texts_of_the_first_reading_stand_as_they_were_and_settle_no_more(name: str) -> None:
    text = (resource_folder() / "policies" / name).read_bytes()
    assert hashlib.sha256(text).hexdigest() == SUPERSEDED[name]
    old = parse_stored_pack(text)
    assert isinstance(old, Pack)
    assert failed_cases(old) == []
    assert isinstance(parse_pack(text), list)
