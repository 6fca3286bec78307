"""Inputs that once crashed the reckoning or slipped through it, each by the rule that now answers it."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from msgspec import NODEFAULT, inspect

from gongji.cli.answers import capitation_answer, credit_answer
from gongji.core.engine.capitation import CapitationRequest
from gongji.core.engine.credit import CreditRequest
from gongji.core.problems import Problem
from gongji.core.visits import Visit
from gongji.desk.policies.requests import capitation_text, credit_text
from gongji.desk.visits.quote import quote_text
from gongji.pack_files.library import Library
from tests.support.visits import (
    AREAS,
    INPATIENT,
    PINGLIANG,
    QUJING,
    WAGES,
    YUNFU,
    ZUNYI,
    line,
    quoted,
    refused,
    settled,
    visit,
)


def problems(library: Library, asked: dict[str, Any]) -> list[Problem]:
    """Everything that is wrong with a visit, as `gongji quote --explain` lists it."""
    return list(quote_text(json.dumps(asked).encode(), library, thorough=True).problems)


class TestTexts:
    """A text is what it looks like, to its last character."""

    @pytest.mark.parametrize("month", ["2023-05\n", "2023-05 ", "2023-5", "２０２３-05", "2023-00", "0000-05", ""])
    def test_a_month_that_is_none(self, library: Library, month: str) -> None:
        asked = {"area": PINGLIANG, "month": month, "person": {"status": "retired"}}
        error = credit_answer(credit_text(json.dumps(asked).encode(), library))["error"]
        assert (error["code"], error["field"]) == ("invalid_input", "month")

    @pytest.mark.parametrize(
        ("more", "field"),
        [
            ({"settled_on": "2023-05-04\n"}, "settled_on"),
            ({"person": {"birth_date": "1950-01-01\n"}}, "person.birth_date"),
            ({"lines": [line("1.00\n")]}, "lines.0.unit_price"),
            ({"accumulators": {"general.fund": "1.00\n"}}, "accumulators.general.fund"),
            ({"accumulators": {"general.fund\n": "1.00"}}, "accumulators.general.fund\n"),
            ({"benefit": "general\n"}, "benefit"),
            ({"institution": {"level": "1\n"}}, "institution.level"),
            ({"parameters": {"inpatient_cap": "1.00\n"}}, "parameters.inpatient_cap"),
        ],
    )
    def test_a_line_break_at_the_end(self, library: Library, more: dict[str, Any], field: str) -> None:
        assert refused(library, visit(QUJING, **more)) == ("invalid_input", field)

    def test_a_line_break_after_the_area(self, library: Library) -> None:
        assert refused(library, visit("530300\n")) == ("unknown_area", "area")


class TestDottedNames:
    """A name that looks like a path is a name; what it hides is told all the same."""

    @pytest.mark.parametrize(
        "name", ["lines.x", "lines.0", "lines.²", "lines.99", "person.id", "a.b", ".", "", "lines."]
    )
    def test_an_unknown_name(self, library: Library, name: str) -> None:
        asked = {**visit(QUJING, line("1.00", amount="2.00"), line("x")), name: 1}
        fields = [problem.field for problem in problems(library, asked)]
        assert fields.count(name) == 1
        assert "lines.1.unit_price" in fields
        assert refused(library, {**visit(QUJING), name: 1}) == ("invalid_input", name)

    def test_the_other_lines_keep_their_places(self, library: Library) -> None:
        asked = {**visit(QUJING, line("x"), line("1.00", amount="2.00")), "lines.x": 1}
        assert {problem.field for problem in problems(library, asked)} == {
            "lines.x",
            "lines.0.unit_price",
            "lines.1.amount",
        }


class TestPersons:
    @pytest.mark.parametrize("area", AREAS)
    def test_nobody_is_born_after_the_settlement_date(self, library: Library, area: str) -> None:
        for day, refusal in (("2023-05-03", None), ("2023-05-04", None), ("2023-05-05", "person.birth_date")):
            answer = quoted(library, visit(area, person={"birth_date": day}, parameters=WAGES))
            assert (None if answer["ok"] else answer["error"]["field"]) == refusal
        later = visit(area, person={"birth_date": "9999-12-31"}, institution={"designated": False})
        assert refused(library, later) == ("invalid_input", "person.birth_date")

    @pytest.mark.parametrize("count", [4, 5, 6])
    def test_more_registered_diseases_than_the_cap_has_room_for(self, library: Library, count: int) -> None:
        """QJ4: 2000 with one, 3000 where one is 精神病, 1000 for each further one, at most 5000."""
        names = ["高血压", "糖尿病", "冠心病", "慢性阻塞性肺疾病", "支气管哮喘", "帕金森病"][:count]
        for registered in (names, [*names[1:], "精神病"]):
            if len(registered) == 4 and "精神病" not in registered:
                registered.append("精神病")
            person = {"registrations": {"chronic": registered}}
            used = {"chronic.fund": "4999.00"}
            asked = visit(QUJING, line("100.00"), benefit="chronic", person=person, accumulators=used)
            assert settled(library, asked)["fund"] == "1.00"

    def test_the_same_disease_again_and_again_is_one(self, library: Library) -> None:
        person = {"registrations": {"chronic": ["高血压", " 高血压 ", "高血压"] * 100}}
        used = {"chronic.fund": "1999.00"}
        asked = visit(QUJING, line("100.00"), benefit="chronic", person=person, accumulators=used)
        assert settled(library, asked)["fund"] == "1.00"


class TestManyAccounts:
    FAMILY = [
        {"id": f"F{index}", "relation": "child", "authorised": True, "balance": "0.01"} for index in range(10_000)
    ]

    def test_each_pays_its_fen(self, library: Library) -> None:
        asked = visit(ZUNYI, line("90.00", "C"), line("20.00", "C"), accounts={"family": self.FAMILY})
        (settlement,) = quoted(library, asked)["settlements"]
        assert settlement["amounts"]["account_family"] == "100.00"
        assert settlement["amounts"]["cash"] == "10.00"
        assert settlement["family_payments"] == [{"id": f"F{index}", "amount": "0.01"} for index in range(10_000)]

    def test_the_last_is_the_first_again(self, library: Library) -> None:
        asked = visit(ZUNYI, accounts={"family": [*self.FAMILY, self.FAMILY[0]]})
        assert refused(library, asked) == ("invalid_input", "accounts.family.10000.id")

    def test_none_may_be_used(self, library: Library) -> None:
        family = [{**account, "authorised": False} for account in self.FAMILY]
        (settlement,) = quoted(library, visit(ZUNYI, accounts={"family": family}))["settlements"]
        assert (settlement["amounts"]["cash"], settlement["family_payments"]) == ("100.00", [])
        assert [notice["code"] for notice in settlement["notices"]] == ["family_account_refused"]


class TestUndefinedBenefits:
    """G20: of several benefits an area does not define, the first in order of lines is the refusal."""

    @pytest.mark.parametrize(
        ("benefits", "field", "word"),
        [
            (["chronic", "special"], "lines.0.benefit", "慢性病"),
            (["special", "chronic"], "lines.0.benefit", "特殊病"),
            (["general", "special", "chronic"], "lines.1.benefit", "特殊病"),
            (["general", "emergency", "special"], "lines.1.benefit", "emergency"),
            ([None, "chronic", "special"], "lines.1.benefit", "慢性病"),
        ],
    )
    def test_the_first_line_decides(self, library: Library, benefits: list[str | None], field: str, word: str) -> None:
        asked = visit(ZUNYI, *[line(benefit=benefit) for benefit in benefits])
        error = quoted(library, asked)["error"]
        assert (error["code"], error["field"]) == ("benefit_not_defined", field)
        assert word in error["message"]
        told = [problem for problem in problems(library, asked) if problem.code == "benefit_not_defined"]
        assert [problem.field for problem in told] == [
            f"lines.{index}.benefit" for index, benefit in enumerate(benefits) if benefit not in {None, "general"}
        ]

    def test_the_visits_own_counts_where_its_first_line_stands(self, library: Library) -> None:
        asked = visit(ZUNYI, line(benefit="special"), line(), benefit="chronic")
        assert refused(library, asked) == ("benefit_not_defined", "lines.0.benefit")
        asked = visit(ZUNYI, line(), line(benefit="special"), benefit="chronic")
        assert refused(library, asked) == ("benefit_not_defined", "benefit")


# Nulls: what programs write for what is not there. `#` stands for each place of a list.
LEFT_OUT = [
    *("benefit", "prescriber", "disease", "facts", "accumulators", "accounts", "parameters"),
    *("institution.name", "institution.grade", "prescriber.name", "prescriber.grade"),
    *("person.name", "person.birth_date", "person.supplements", "person.selected_institution", "person.facts"),
    *("person.registrations", "person.registrations.chronic"),
    *("lines.#.name", "lines.#.amount", "lines.#.prepay_ratio", "lines.#.price_ceiling", "lines.#.benefit"),
    "lines.#.drug",
    *("lines.#.facts", "accounts.own", "accounts.own.limit"),
    *("accounts.family", "accounts.family.#.limit", "accounts.family.#.area", "accounts.own.current"),
    *("person.voucher", "care", "care.certificate", "care.certificate.card_sn", "care.doctor"),
    *("care.doctor.department", "care.doctor.department_code", "care.diagnoses", "care.disease_code"),
    *("lines.#.directions", "lines.#.directions.dose", "lines.#.directions.frequency", "lines.#.directions.way"),
    *("lines.#.directions.days", "lines.#.trace_codes", "lines.#.approved"),
    *("lines.#.doctor", "lines.#.doctor.department", "lines.#.doctor.department_code", "care.diagnoses.#.doctor"),
    *("care.diagnoses.#.doctor.department", "care.diagnoses.#.doctor.department_code", "referral_slip"),
    *("prescription", "prescription.doctor", "prescription.long_term_days", "person.selection.reason"),
    "person.selection",
]
CLOSED = [
    *("cause", "referral", "rescue", "inpatient", "full_payment", "institution.designated", "institution.pooled"),
    *("person.employment", "person.entitled", "lines.#.negotiated", "lines.#.use", "accounts.family.#.authorised"),
    *("care.certificate.checked", "lines.#.uncoded"),
]
DOCTOR = {"code": "D2", "name": "王", "department": "外科", "department_code": "A04"}
DIRECTIONS = {"dose": "1 片", "frequency": "每日三次", "way": "口服", "days": 3}
FULL = visit(
    QUJING,
    line(
        "100.00",
        name="药",
        amount="100.00",
        price_ceiling="90.00",
        negotiated=False,
        use="treatment",
        drug="某药",
        benefit="general",
        directions=DIRECTIONS,
        doctor=DOCTOR,
        uncoded=False,
        trace_codes=["81234567890123456789"],
        approved=True,
    ),
    line("100.00", "B", prepay_ratio="0.10", benefit="chronic", facts={}, directions=DIRECTIONS, doctor=DOCTOR),
    benefit="general",
    institution={"name": "医院", "grade": "A", "designated": True, "pooled": True},
    prescriber={"id": "H2", "level": "2", "name": "医院", "grade": "A"},
    person={
        "name": "张",
        "employment": "unit",
        "birth_date": "1950-01-01",
        "supplements": ["civil_servant"],
        "entitled": True,
        "registrations": {"chronic": ["高血压"]},
        "facts": {},
        "voucher": "5303021950010100111234567890",
        "selection": {"year": 2025, "reason": "迁居"},
    },
    care={
        "certificate": {"type": "03", "number": "530302195001010011", "card_sn": "A1", "checked": "seen"},
        "doctor": {"code": "D1", "name": "李", "department": "内科", "department_code": "A03"},
        "diagnoses": [{"code": "J00", "name": "感冒", "doctor": DOCTOR}],
        "disease_code": "M03900",
    },
    disease="感冒",
    prescription={"number": "R1", "issued_on": "2023-05-04", "doctor": "李", "long_term_days": 30},
    cause="illness",
    referral=False,
    rescue=False,
    full_payment=False,
    inpatient=False,
    facts={},
    accumulators={"general.fund": "10.00"},
    accounts={
        "own": {"balance": "50.00", "limit": "20.00", "current": "30.00"},
        "family": [
            {"id": "F", "relation": "child", "balance": "50.00", "limit": "9.00", "authorised": True, "area": QUJING}
        ],
    },
    parameters=INPATIENT,
)

SLIP = {"number": "Z1", "valid_from": "2023-05-01", "valid_until": "2023-05-31"}
REFERRED = {**FULL, "referral": True, "referral_slip": SLIP}
"""A slip is told with a referral alone."""


def optional(kind: inspect.Type, path: str = "") -> Iterator[str]:
    """The paths of everything that may be left out of a record, in all the records in it."""
    match kind:
        case inspect.StructType(fields=fields):
            for one in fields:
                at = f"{path}.{one.encode_name}" if path else one.encode_name
                if one.default is not NODEFAULT or one.default_factory is not NODEFAULT:
                    yield at
                yield from optional(one.type, at)
        case inspect.UnionType(types=types):
            for inner in types:
                yield from optional(inner, path)
        case inspect.Metadata(type=inner):
            yield from optional(inner, path)
        case inspect.VarTupleType(item_type=item):
            yield from optional(item, f"{path}.#")


def changed(value: Any, path: list[str], change: Any) -> Any:
    """A copy in which what stands at a path is changed to null, or taken away."""
    value = copy.deepcopy(value)
    holders = [value]
    for key in path[:-1]:
        holders = [part for one in holders for part in (one if key == "#" else [one[key]])]
    assert any(path[-1] in holder for holder in holders)
    for holder in holders:
        if change is ...:
            holder.pop(path[-1], None)
        else:
            holder[path[-1]] = change
    return value


class TestNulls:
    def test_every_optional_field_is_looked_at(self) -> None:
        assert sorted(optional(inspect.type_info(Visit))) == sorted([*LEFT_OUT, *CLOSED])

    @pytest.mark.parametrize("path", LEFT_OUT)
    def test_null_is_read_as_left_out(self, library: Library, path: str) -> None:
        full = REFERRED if path == "referral_slip" else FULL
        without = quoted(library, changed(full, path.split("."), ...))
        assert quoted(library, changed(full, path.split("."), None)) == without
        needed = {"person.registrations", "person.registrations.chronic", "lines.#.prepay_ratio"}
        needed |= {"person.selected_institution"}  # of which `selection` says the year
        assert without["ok"] == (path not in needed)

    @pytest.mark.parametrize("path", CLOSED)
    def test_null_is_none_of_a_closed_list(self, library: Library, path: str) -> None:
        assert quoted(library, changed(FULL, path.split("."), ...))["ok"]
        field = path.replace("#", "0")
        assert refused(library, changed(FULL, path.split("."), None)) == ("invalid_input", field)

    @pytest.mark.parametrize(
        "path", ["visit_no", "area", "settled_on", "institution", "person", "lines", "person.status", "lines.#.code"]
    )
    def test_null_is_nothing_where_something_is_required(self, library: Library, path: str) -> None:
        field = path.replace("#", "0")
        assert refused(library, changed(FULL, path.split("."), None)) == ("invalid_input", field)

    def test_inside_groups_whose_names_are_the_packs(self, library: Library) -> None:
        used = visit(QUJING, accumulators={"general.fund": None})
        assert refused(library, used) == ("invalid_input", "accumulators.general.fund")
        fact = visit(QUJING, person={"facts": {"family_doctor": None}})
        assert refused(library, fact) == ("invalid_input", "person.facts.family_doctor")
        wages = visit(YUNFU, parameters={"average_wage": {"2021": None}})
        assert refused(library, wages) == ("missing_parameter", "parameters.average_wage.2021")

    def test_other_requests(self, library: Library) -> None:
        asked = {"area": PINGLIANG, "month": "2023-05", "person": {"status": "retired"}}
        assert sorted(optional(inspect.type_info(CreditRequest))) == [
            "base",
            "parameters",
            "person.employment",
            "person.paying_past_retirement_age",
            "person.pension_class",
        ]
        for name in ("base", "parameters"):
            assert credit_answer(credit_text(json.dumps({**asked, name: None}).encode(), library))["credit"] == "90.00"
        for name, credit in (("pension_class", "90.00"), ("employment", None), ("paying_past_retirement_age", None)):
            text = json.dumps({**asked, "person": {"status": "retired", name: None}}).encode()
            answer = credit_answer(credit_text(text, library))
            assert answer.get("credit") == credit
            assert credit or answer["error"]["field"] == f"person.{name}"
        year = {"area": YUNFU, "year": 2023, "headcount": [1000] * 12, "used": "0", "direct_rate": "1"}
        assert sorted(optional(inspect.type_info(CapitationRequest))) == ["manual_claims", "parameters"]
        year |= {"parameters": WAGES, "manual_claims": None}
        assert capitation_answer(capitation_text(json.dumps(year).encode(), library))["use_rate"] == "0.0000"
        error = capitation_answer(capitation_text(json.dumps({**year, "parameters": None}).encode(), library))["error"]
        assert error["code"] == "missing_parameter"
