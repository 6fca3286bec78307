"""What is wrong with a visit before any rule: papers that contradict it, open parameters that nobody has."""

from typing import Any

import pytest

from gongji.pack_files.library import Library
from tests.support.visits import PINGLIANG, QUJING, WAGES, YUNFU, ZUNYI, line, notices, quoted, refused, settled, visit

SLIP = {"number": "ZZ1", "valid_from": "2023-05-01", "valid_until": "2023-05-04"}
PHARMACY = {"type": "pharmacy", "level": "unrated"}
PRESCRIPTION = {"number": "CF1", "issued_on": "2023-05-04", "doctor": "王某", "long_term_days": 28}


def test_papers_change_no_amount(library: Library) -> None:
    plain = visit(YUNFU, referral=True, parameters=WAGES)
    choice = {"year": 2023, "reason": "居住地迁移"}
    told = visit(
        YUNFU,
        referral=True,
        parameters=WAGES,
        referral_slip=SLIP,
        prescription=PRESCRIPTION,
        person={"selection": choice},
    )
    assert quoted(library, told) == quoted(library, plain)


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("prescription.issued_on", {"prescription": {**PRESCRIPTION, "issued_on": "2023-05-05"}}),
        ("prescription.long_term_days", {"prescription": {**PRESCRIPTION, "long_term_days": 0}}),
        ("prescription.number", {"prescription": {"issued_on": "2023-05-04"}}),
        ("referral_slip", {"referral_slip": SLIP}),
        ("referral_slip.valid_until", {"referral": True, "referral_slip": {**SLIP, "valid_until": "2023-05-03"}}),
        ("referral_slip.valid_until", {"referral": True, "referral_slip": {**SLIP, "valid_from": "2023-05-05"}}),
        ("person.selection", {"person": {"selected_institution": ..., "selection": {"year": 2023}}}),
        ("person.selection.year", {"person": {"selection": {"year": 23}}}),
    ],
)
def test_what_contradicts_the_visit_is_refused(library: Library, field: str, more: dict[str, Any]) -> None:
    assert refused(library, visit(QUJING, **more)) == ("invalid_input", field)


@pytest.mark.parametrize("day", ["2023-05-01", "2023-05-04"])
def test_a_slip_holds_on_its_first_and_last_day(library: Library, day: str) -> None:
    assert settled(library, visit(QUJING, settled_on=day, referral=True, referral_slip=SLIP))


def test_goods_without_a_national_code_are_told_where_accounts_pay_only_coded_ones(library: Library) -> None:
    """曲靖 第十七条(一); elsewhere, and at a hospital, nothing is told."""
    goods = [line(code="自编1", uncoded=True, name="创可贴"), line(code="XN02BEA010")]
    for area, place, told in ((QUJING, PHARMACY, True), (QUJING, {}, False), (YUNFU, PHARMACY, False)):
        asked = visit(area, *goods, institution=place, parameters=WAGES)
        assert ("no_national_code" in notices(library, asked)[0]) is told
    (text,) = [
        one["text"]
        for one in quoted(library, visit(QUJING, *goods, institution=PHARMACY))["settlements"][0]["notices"]
        if one["code"] == "no_national_code"
    ]
    assert text.endswith("：创可贴")


def test_a_refused_family_account_says_where_it_is_authorised(library: Library) -> None:
    """曲靖 第二十条; only of an account that lacks nothing but the authorisation."""
    account = {"id": "F1", "relation": "parent", "balance": "10.00"}
    for more, told in (({}, True), ({"authorised": True, "area": "110000"}, False)):
        asked = visit(QUJING, accounts={"family": [{**account, **more}]})
        (notice,) = quoted(library, asked)["settlements"][0]["notices"]
        assert notice["code"] == "family_account_refused"
        assert ("云南医保" in notice["text"], "第二十条" in notice["article"].split("、")) == (told, told)


@pytest.mark.parametrize("full_payment", [False, True])
def test_a_third_party_who_does_not_pay_leaves_the_right_to_an_advance(library: Library, full_payment: bool) -> None:
    """社会保险法 第三十条, its second paragraph."""
    for cause, told in (("third_party", True), ("work_injury", False), ("overseas", False)):
        asked = visit(QUJING, cause=cause, full_payment=full_payment)
        (text,) = [
            one["text"]
            for one in quoted(library, asked)["settlements"][0]["notices"]
            if one["code"] == "cause_not_covered"
        ]
        assert ("先行支付" in text) is told


@pytest.mark.parametrize(
    "misspelt", ["near_relativs", "Near_relatives", "internet_cares", "average_wages", " inpatient_cap"]
)
def test_a_parameter_no_pack_has_is_refused(library: Library, misspelt: str) -> None:
    """Misspelt, a date would never come: a relative's account stays unused, and nobody is told why."""
    given = visit(PINGLIANG, parameters={misspelt: "2023-01-01"})
    assert refused(library, given) == ("invalid_input", f"parameters.{misspelt}")


def test_another_areas_parameter_changes_nothing(library: Library) -> None:
    assert quoted(library, visit(ZUNYI, parameters=WAGES)) == quoted(library, visit(ZUNYI))


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        (
            {"inpatient_deductible": {"9": "200"}},
            "inpatient_deductible.9",
            "没有“9”这一级别，应为 1、2、3 之一，请改正",
        ),
        (
            {"inpatient_ratio": {"resident": {"1": "0.9"}}},
            "inpatient_ratio.resident",
            "没有“resident”这一人员状态，应为 employed、retired 之一，请改正",
        ),
        ({"inpatient_ratio": {"employd": {"1": "0.9"}}}, "inpatient_ratio.employd", "是不是“employed”，请改正"),
    ],
)
def test_a_group_a_parameter_has_not_is_refused_with_those_it_has(
    library: Library, given: dict[str, Any], field: str, said: str
) -> None:
    error = quoted(library, visit(QUJING, parameters=given))["error"]
    assert error["field"] == f"parameters.{field}"
    assert said in error["message"]


@pytest.mark.parametrize(
    ("level", "seen"), [("", "（空白）"), (" ", "（空白）"), ("1\n", "1〔换行〕"), ("1\u200b", "1〔U+200B〕")]
)
def test_what_nobody_sees_is_shown(library: Library, level: str, seen: str) -> None:
    assert f"现为 {seen}" in quoted(library, visit(QUJING, line(quantity=level)))["error"]["message"]
