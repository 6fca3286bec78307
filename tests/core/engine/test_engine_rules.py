"""Rules at their edges and in combination: each case names its rule; the amounts were worked out by hand."""

from typing import Any

import pytest

from gongji.pack_files.library import Library
from tests.support.visits import (
    AREAS,
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

PHARMACY = {"type": "pharmacy", "level": "unrated"}
OWN = {"own": {"balance": "1000.00"}}


def shown(totals: dict[str, str], *names: str) -> tuple[str, ...]:
    return tuple(totals[name] for name in names)


class TestLines:
    """G2, G3, G12, G15, G19."""

    def test_class_a_b_and_c(self, library: Library) -> None:
        lines = [
            line("1.25", quantity="24", price_ceiling="1.20"),  # 30.00: over (0.05 × 24) 1.20, eligible 28.80
            line("1.25", "B", quantity="24", price_ceiling="1.20", prepay_ratio="0.10"),  # prepaid 28.80 × 10% = 2.88
            line("30.00", "C", price_ceiling="20.00"),  # wholly self-paid, whatever its ceiling
        ]
        totals = settled(library, visit(QUJING, *lines))
        parts = ("total", "self_paid", "over_price", "prepaid", "excluded", "eligible")
        assert shown(totals, *parts) == ("90.00", "30.00", "2.40", "2.88", "0.00", "54.72")

    def test_each_computed_amount_is_rounded_once(self, library: Library) -> None:
        # 0.3333 × 1.005 = 0.33496… → 0.33; ceiling 1.00: 0.005 × 0.3333 = 0.0016… → 0.00; 0.33 × 50% = 0.165 → 0.17
        one = line("1.005", "B", quantity="0.3333", price_ceiling="1.00", prepay_ratio="0.5", amount="0.33")
        totals = settled(library, visit(QUJING, one))
        assert shown(totals, "total", "over_price", "prepaid", "eligible") == ("0.33", "0.00", "0.17", "0.16")

    @pytest.mark.parametrize(
        ("one", "field"),
        [
            (line("1.25", quantity="24", amount="30.01"), "lines.0.amount"),
            (line("9999999999", quantity="9999999999"), "lines.0.amount"),
            (line("1.00", "A", prepay_ratio="0"), "lines.0.prepay_ratio"),
            (line("1.00", "C", prepay_ratio="0.10"), "lines.0.prepay_ratio"),
            (line("1.00", "B"), "lines.0.prepay_ratio"),
            (line("1.00", "B", use="checkup"), "lines.0.prepay_ratio"),
            (line("1.00", category="service", negotiated=True), "lines.0.negotiated"),
        ],
    )
    def test_lines_that_cannot_be_settled(self, library: Library, one: dict[str, Any], field: str) -> None:
        assert refused(library, visit(QUJING, one)) == ("invalid_input", field)
        assert refused(library, visit(QUJING, one, institution={"designated": False})) == ("invalid_input", field)

    @pytest.mark.parametrize("area", AREAS)
    @pytest.mark.parametrize("use", ["public_health", "fitness", "wellness", "checkup", "tcm_prevention"])
    def test_uses_no_benefit_covers_and_what_accounts_may_not_pay(self, library: Library, area: str, use: str) -> None:
        asked = visit(area, line("50.00", "A", use=use), accounts=OWN, parameters=WAGES)
        totals = settled(library, asked)
        payable = use == "tcm_prevention" and area == YUNFU
        assert shown(totals, "excluded", "eligible", "fund") == ("50.00", "0.00", "0.00")
        assert totals["account_own"] == ("50.00" if payable else "0.00")

    def test_of_an_excluded_line_the_other_parts_count_as_ever(self, library: Library) -> None:
        one = line("10.00", "B", price_ceiling="8.00", prepay_ratio="0.25", use="fitness")
        totals = settled(library, visit(ZUNYI, one))
        assert shown(totals, "over_price", "prepaid", "excluded", "eligible") == ("2.00", "2.00", "6.00", "0.00")

    def test_a_class_c_line_is_self_paid_whatever_its_use(self, library: Library) -> None:
        totals = settled(library, visit(ZUNYI, line("10.00", "C", use="fitness"), accounts=OWN))
        assert shown(totals, "self_paid", "excluded", "cash") == ("10.00", "0.00", "10.00")

    @pytest.mark.parametrize("area", AREAS)
    def test_a_pharmacy_takes_no_services(self, library: Library, area: str) -> None:
        asked = visit(area, line(), line(category="service"), institution={**PHARMACY, "designated": False})
        assert refused(library, asked) == ("invalid_input", "lines.1.category")

    @pytest.mark.parametrize("area", AREAS)
    def test_of_a_pharmacys_lines_only_drugs_can_be_eligible(self, library: Library, area: str) -> None:
        lines = [line("10.00", negotiated=True), line("20.00"), line("40.00", category="consumable")]
        for prescriber in (None, {"id": "H1", "level": "2"}):
            asked = visit(area, *lines, institution=PHARMACY, prescriber=prescriber, parameters=WAGES)
            excluded = {ZUNYI: "60.00", YUNFU: "60.00", PINGLIANG: "50.00"}.get(
                area, "40.00"
            )  # PL4 adds the negotiated
            assert settled(library, asked)["excluded"] == excluded

    def test_the_documents_own_ratio_replaces_a_lines(self, library: Library) -> None:
        """PL3."""
        asked = visit(PINGLIANG, line("400.00", "B", prepay_ratio="0.20"), line("100.00", "B", category="consumable"))
        assert shown(settled(library, asked), "prepaid", "eligible") == ("55.00", "445.00")
        assert notices(library, asked) == [["prepay_ratio_replaced"]]
        same = visit(PINGLIANG, line("400.00", "B", prepay_ratio="0.1"))
        assert notices(library, same) == [[]]


class TestNothingPaid:
    """G10, G14, G15, G17, G18, BZ5, YF3, YF4."""

    @pytest.mark.parametrize(
        ("area", "more", "codes"),
        [
            (QUJING, {"institution": {"designated": False}}, ["not_designated"]),
            (QUJING, {"institution": {"pooled": False}}, ["not_pooled_institution"]),
            (QUJING, {"person": {"entitled": False}}, ["not_entitled"]),
            (QUJING, {"cause": "overseas"}, ["cause_not_covered"]),
            (QUJING, {"institution": PHARMACY}, ["no_prescription"]),
            (QUJING, {"institution": {**PHARMACY, "designated": False, "pooled": False}}, ["not_designated"]),
            (QUJING, {"institution": {**PHARMACY, "pooled": False}}, ["no_prescription", "not_pooled_institution"]),
            (
                ZUNYI,
                {"institution": {"designated": False}, "person": {"entitled": False}, "cause": "work_injury"},
                ["cause_not_covered", "not_designated", "not_entitled"],
            ),
            (BAZHONG, {"institution": PHARMACY, "benefit": "diabetes"}, ["medical_institution_only"]),
            (
                BAZHONG,
                {"institution": {**PHARMACY, "designated": False}, "benefit": "diabetes"},
                ["medical_institution_only", "not_designated"],
            ),
            (YUNFU, {"person": {"selected_institution": "H2"}}, ["not_selected_institution"]),
            (YUNFU, {"person": {"selected_institution": None}}, ["not_selected_institution"]),
            (YUNFU, {"inpatient": True, "rescue": True}, ["inpatient_stay"]),
            (YUNFU, {"institution": {**PHARMACY, "id": "PH"}}, ["no_prescription"]),
            (YUNFU, {"institution": {**PHARMACY, "id": "PH"}, "referral": True}, ["no_prescription"]),
            (
                YUNFU,
                {"institution": {**PHARMACY, "id": "PH"}, "prescriber": {"id": "H2", "level": "1"}},
                ["not_selected_institution"],
            ),
            (
                YUNFU,
                {"institution": {"type": "internet_hospital", "id": "H9"}, "prescriber": {"id": "H1", "level": "1"}},
                ["not_selected_institution"],
            ),
        ],
    )
    def test_every_reason_gives_its_notice(
        self, library: Library, area: str, more: dict[str, Any], codes: list[str]
    ) -> None:
        asked = visit(area, line("100.00", negotiated=area == YUNFU), accounts=OWN, **more)
        answer = quoted(library, asked)
        totals = answer["totals"]
        assert notices(library, asked) == [codes]
        assert shown(totals, "eligible", "deductible", "fund_total") == ("100.00", "0.00", "0.00")
        assert answer["accumulators"] == {}
        assert totals["account_own"] == ("0.00" if "not_designated" in codes else "100.00")

    def test_public_health_is_paid_in_cash(self, library: Library) -> None:
        totals = settled(library, visit(QUJING, cause="public_health", accounts=OWN))
        assert shown(totals, "account_own", "cash") == ("0.00", "100.00")

    @pytest.mark.parametrize("more", [{"referral": True}, {"rescue": True}])
    def test_a_referral_or_a_rescue_opens_another_institution(self, library: Library, more: dict[str, Any]) -> None:
        asked = visit(YUNFU, person={"selected_institution": "H2"}, parameters=WAGES, **more)
        assert settled(library, asked)["fund"] == "60.00"

    def test_nothing_more_is_asked(self, library: Library) -> None:
        closed = {"institution": {"designated": False, "level": "3"}}
        assert settled(library, visit(PINGLIANG, **closed))["fund"] == "0.00"
        assert settled(library, visit(QUJING, benefit="special", **closed))["fund"] == "0.00"
        assert settled(library, visit(QUJING, benefit="chronic", **closed))["fund"] == "0.00"
        assert settled(library, visit(YUNFU, **closed))["fund"] == "0.00"

    def test_what_is_not_pooled_leaves_other_benefits_alone(self, library: Library) -> None:
        lines = [line("100.00"), line("100.00", benefit="chronic")]
        person = {"registrations": {"chronic": ["冠心病"]}}
        asked = visit(QUJING, *lines, institution={"pooled": False}, person=person)
        assert notices(library, asked) == [["not_pooled_institution"], []]
        assert settled(library, asked)["fund"] == "80.00"


class TestLevels:
    """G8, G15, QJ15, QJ16, PL2, BZ2."""

    @pytest.mark.parametrize(
        ("kind", "own", "prescriber", "fund"),
        [
            ("hospital", "unrated", None, "42.00"),
            ("hospital", "3", "1", "5.00"),  # a prescriber means nothing at a hospital
            ("pharmacy", "unrated", "1", "42.00"),
            ("pharmacy", "unrated", "3", "5.00"),
            ("internet_hospital", "1", "3", "5.00"),
            ("internet_hospital", "3", None, "5.00"),
        ],
    )
    def test_whose_level_counts(self, library: Library, kind: str, own: str, prescriber: str | None, fund: str) -> None:
        place = None if prescriber is None else {"id": "H9", "level": prescriber}
        asked = visit(QUJING, institution={"type": kind, "level": own}, prescriber=place)
        assert settled(library, asked)["fund"] == fund

    @pytest.mark.parametrize(
        ("level", "grade", "fund"),
        [
            ("unrated", None, "65.00"),
            ("1", None, "65.00"),
            ("2", "A", "60.00"),
            ("2", None, "60.00"),
            ("3", "B", "60.00"),
            ("3", "C", "60.00"),
            ("3", "A", "55.00"),
            ("3", "special", "55.00"),
        ],
    )
    def test_grades(self, library: Library, level: str, grade: str | None, fund: str) -> None:
        place = {"level": level, "grade": grade}
        asked = visit(PINGLIANG, institution=place, accumulators={"general.deductible": "200.00"})
        assert settled(library, asked)["fund"] == fund

    def test_a_grade_that_is_needed(self, library: Library) -> None:
        pharmacy = visit(PINGLIANG, institution=PHARMACY, prescriber={"id": "H9", "level": "3"})
        assert refused(library, pharmacy) == ("invalid_input", "prescriber.grade")
        hospital = visit(PINGLIANG, institution={"level": "3"}, prescriber={"id": "H9", "level": "1"})
        assert refused(library, hospital) == ("invalid_input", "institution.grade")

    def test_pharmacies_have_their_own_rate(self, library: Library) -> None:
        """BZ2: 50 % whoever prescribed, and no prescription asked."""
        for prescriber in (None, {"id": "H9", "level": "1"}):
            asked = visit(BAZHONG, line("300.00"), institution=PHARMACY, prescriber=prescriber)
            assert settled(library, asked)["fund"] == "50.00"


class TestQujing:
    """QJ3 to QJ11."""

    def test_a_drug_is_reckoned_by_itself_in_order_of_first_lines(self, library: Library) -> None:
        lines = [
            line("400.00", code="N2", negotiated=True),
            line("50.00", code="X"),  # not negotiated: excluded
            line("700.00", code="N1", negotiated=True),
            line("400.00", code="N2", negotiated=True),
        ]
        asked = visit(QUJING, *lines, benefit="negotiated", parameters=INPATIENT)
        answer = quoted(library, asked)
        # N2: (800 − 600) × 90% = 180; N1: (700 − 600) × 90% = 90
        assert shown(answer["totals"], "excluded", "deductible", "fund") == ("50.00", "1200.00", "270.00")
        assert list(answer["accumulators"]) == [
            "negotiated.N2.deductible",
            "inpatient.fund",
            "negotiated.N1.deductible",
        ]

    def test_registered_diseases_count_once(self, library: Library) -> None:
        person = {"registrations": {"chronic": ["冠心病", "冠心病", "支气管哮喘"]}}
        asked = visit(QUJING, line("9000.00"), benefit="chronic", person=person)
        assert settled(library, asked)["fund"] == "3000.00"

    @pytest.mark.parametrize(
        ("more", "field"),
        [
            ({"benefit": "special"}, "disease"),
            ({"benefit": "chronic"}, "person.registrations.chronic"),
            ({"benefit": "emergency", "institution": PHARMACY}, "benefit"),
            ({"benefit": "day_surgery", "institution": PHARMACY}, "benefit"),
            ({"lines": [line(), line(benefit="day_surgery")], "institution": PHARMACY}, "lines.1.benefit"),
        ],
    )
    def test_what_a_benefit_needs(self, library: Library, more: dict[str, Any], field: str) -> None:
        assert refused(library, visit(QUJING, parameters=INPATIENT, **more)) == ("invalid_input", field)

    @pytest.mark.parametrize(
        ("more", "field"),
        [
            ({"benefit": "emergency"}, "parameters.inpatient_deductible.1"),
            ({"benefit": "emergency", "institution": {"level": "3"}}, "parameters.inpatient_ratio.employed.3"),
            ({"benefit": "day_surgery", "institution": {"level": "2"}}, "parameters.inpatient_deductible.2"),
            ({"benefit": "special", "disease": "重性精神病"}, "parameters.inpatient_cap"),
            ({"benefit": "special", "disease": "血友病"}, "parameters.inpatient_ratio.employed.1"),
            ({"benefit": "negotiated"}, "parameters.inpatient_ratio.employed.1"),  # asked though all is excluded
            ({"accumulators": {"general.fund": "6000.00"}}, "parameters.inpatient_ratio.employed.1"),
        ],
    )
    def test_open_parameters_are_asked_for(self, library: Library, more: dict[str, Any], field: str) -> None:
        assert refused(library, visit(QUJING, **more)) == ("missing_parameter", field)

    def test_they_are_not_asked_for_in_vain(self, library: Library) -> None:
        assert (
            settled(library, visit(QUJING, line("30.00"), accumulators={"general.fund": "6000.00"}))["fund"] == "0.00"
        )

    def test_level_3_is_600_whatever_is_supplied(self, library: Library) -> None:
        supplied = {**INPATIENT, "inpatient_deductible": {"3": "900"}}
        asked = visit(QUJING, line("700.00"), benefit="emergency", institution={"level": "3"}, parameters=supplied)
        assert settled(library, asked)["deductible"] == "600.00"

    def test_two_benefits_share_a_pool(self, library: Library) -> None:
        lines = [line("100.00", benefit="special"), line("1000.00", benefit="emergency")]
        asked = visit(
            QUJING,
            *lines,
            disease="重性精神病",
            parameters=INPATIENT,
            accumulators={"inpatient.fund": "59800.00"},
        )
        # special 100 × 90% = 90, leaving 110 of the cap; emergency (1000 − 200) × 90% = 720, cut to 110
        answer = quoted(library, asked)
        assert [one["amounts"]["fund"] for one in answer["settlements"]] == ["90.00", "110.00"]
        assert answer["accumulators"] == {"inpatient.fund": "60000.00"}


class TestAccounts:
    """G13, QJ13, PL6, BZ8."""

    def test_a_limit_holds_over_the_whole_visit(self, library: Library) -> None:
        lines = [line("40.00", "C"), line("40.00", "C", benefit="special")]
        accounts = {
            "own": {"balance": "100.00", "limit": "50.00"},
            "family": [{"id": "F", "relation": "child", "authorised": True, "balance": "100.00", "limit": "20.00"}],
        }
        asked = visit(QUJING, *lines, disease="重性精神病", parameters=INPATIENT, accounts=accounts)
        paid = [
            (one["amounts"]["account_own"], one["amounts"]["account_family"], one["amounts"]["cash"])
            for one in quoted(library, asked)["settlements"]
        ]
        assert paid == [("40.00", "0.00", "0.00"), ("10.00", "20.00", "10.00")]

    @pytest.mark.parametrize(
        ("area", "account", "used"),
        [
            (QUJING, {"relation": "parent", "area": "530100"}, True),
            (QUJING, {"relation": "parent", "area": "510100"}, False),
            (QUJING, {"relation": "parent"}, True),
            (ZUNYI, {"relation": "spouse", "area": "110000"}, True),
            (BAZHONG, {"relation": "spouse_parent"}, True),
            (ZUNYI, {"relation": "spouse_parent"}, False),
            (ZUNYI, {"relation": "cousin"}, False),
            (ZUNYI, {"relation": "child", "authorised": False}, False),
        ],
    )
    def test_which_family_accounts_are_used(
        self, library: Library, area: str, account: dict[str, Any], used: bool
    ) -> None:
        family = [{"id": "F", "balance": "10.00", "authorised": True, **account}]
        asked = visit(area, line("20.00"), accounts={"family": family})
        assert settled(library, asked)["account_family"] == ("10.00" if used else "0.00")
        assert notices(library, asked) == [[] if used else ["family_account_refused"]]

    def test_a_refused_account_is_told_in_each_settlement(self, library: Library) -> None:
        lines = [line("40.00", "C"), line("40.00", "C", benefit="special")]
        accounts = {"family": [{"id": "F", "relation": "child", "balance": "1.00"}]}
        asked = visit(QUJING, *lines, disease="重性精神病", parameters=INPATIENT, accounts=accounts)
        assert notices(library, asked) == [["family_account_refused"]] * 2

    @pytest.mark.parametrize(
        "person", [{"employment": "flexible"}, {"employment": "flexible", "status": "retired"}, {"employment": "unit"}]
    )
    def test_a_flexible_workers_balance_from_before_is_used_as_any_other(
        self, library: Library, person: dict[str, str]
    ) -> None:
        asked = visit(PINGLIANG, person=person, accounts=OWN)
        assert settled(library, asked)["account_own"] == "100.00"
        assert notices(library, asked) == [[]]

    def test_the_same_account_twice_is_refused(self, library: Library) -> None:
        family = [{"id": "F", "relation": "child", "balance": "1.00"}] * 2
        assert refused(library, visit(QUJING, accounts={"family": family})) == ("invalid_input", "accounts.family.1.id")


class TestRefusals:
    """G6, G11, G16, G20."""

    @pytest.mark.parametrize(
        ("asked", "refusal"),
        [
            (visit("110000"), ("unknown_area", "area")),
            (visit(YUNFU, settled_on="2026-01-01"), ("no_policy_in_force", "settled_on")),
            (visit(ZUNYI, benefit="chronic"), ("benefit_not_defined", "benefit")),
            (visit(ZUNYI, line(), line(benefit="chronic")), ("benefit_not_defined", "lines.1.benefit")),
            (visit(PINGLIANG, benefit="emergency"), ("benefit_not_defined", "benefit")),
            (visit(YUNFU), ("missing_parameter", "parameters.average_wage.2021")),
            (visit(ZUNYI, benefit="genral"), ("invalid_input", "benefit")),
            (
                visit(ZUNYI, accumulators={"general.deductable": "1.00"}),
                ("invalid_input", "accumulators.general.deductable"),
            ),
            (visit(ZUNYI, institution={"level": "4"}), ("invalid_input", "institution.level")),
            (visit(ZUNYI, person={"facts": {"family_doctor": True}}), ("invalid_input", "person.facts.family_doctor")),
            (visit(QUJING, parameters={"inpatient_cap": -1}), ("invalid_input", "parameters.inpatient_cap")),
            (
                visit(QUJING, parameters={"inpatient_ratio": {"employed": {"1": "1.01"}}}),
                ("invalid_input", "parameters.inpatient_ratio.employed.1"),
            ),
            (visit(QUJING, parameters={"inpatient_ratio": "0.9"}), ("invalid_input", "parameters.inpatient_ratio")),
        ],
    )
    def test_by_name(self, library: Library, asked: dict[str, Any], refusal: tuple[str, str]) -> None:
        assert refused(library, asked) == refusal

    def test_in_order(self, library: Library) -> None:
        """Mending one refusal after another goes through G20's stages."""
        asked = visit(
            "110000",
            line("1.00", amount="2.00"),
            settled_on="2022-01-01",
            benefit="special",
            accumulators={"general.found": "1.00"},
        )
        mends: list[tuple[tuple[str, str], dict[str, Any]]] = [
            (("invalid_input", "accumulators.general.found"), {"accumulators": {}}),
            (("unknown_area", "area"), {"area": BAZHONG}),
            (("no_policy_in_force", "settled_on"), {"settled_on": "2023-01-01"}),
            (("benefit_not_defined", "benefit"), {"area": QUJING}),
            (("invalid_input", "lines.0.amount"), {"lines": [line("1.00")]}),
            (("invalid_input", "disease"), {"disease": "血友病"}),
            (("missing_parameter", "parameters.inpatient_ratio.employed.1"), {"parameters": INPATIENT}),
        ]
        for refusal, mend in mends:
            assert refused(library, asked) == refusal
            asked |= mend
        assert settled(library, asked)["fund"] == "0.90"

    def test_an_undefined_benefit_nobody_uses_is_not_refused(self, library: Library) -> None:
        assert settled(library, visit(ZUNYI, line(benefit="general"), benefit="chronic"))["total"] == "100.00"

    def test_every_refusal_says_what_to_do(self, library: Library) -> None:
        for asked in (visit("110000"), visit(YUNFU), visit(ZUNYI, benefit="chronic"), visit(QUJING, line("1", "B"))):
            message = quoted(library, asked)["error"]["message"]
            assert "请" in message
            assert message.count("。") == 0
