"""Over time and kinds: every visit that can be asked about is answered by one rule or refused by one name."""

import datetime
from itertools import product

import pytest

from gongji.core.engine.policy import Policy
from gongji.core.engine.quote import Quote, quote
from gongji.core.packs.language import Pack
from gongji.core.visits import Visit, read_visit
from gongji.pack_files.library import Library
from tests.support.visits import AREAS, BAZHONG, PARAMETERS, PINGLIANG, QUJING, YUNFU, ZUNYI, line, visit

STATUSES = ("employed", "retired")
LEVELS = ("unrated", "1", "2", "3")
GRADES = (None, "special", "A", "B", "C")
TYPES = (
    "hospital",
    "township_clinic",
    "community_centre",
    "community_station",
    "village_station",
    "clinic",
    "pharmacy",
    "internet_hospital",
)
BENEFITS = (
    "general",
    "chronic",
    "special",
    "emergency",
    "negotiated",
    "day_surgery",
    "hypertension",
    "diabetes",
)
FIRST_AND_LAST = {
    QUJING: ("2022-10-01", None),
    ZUNYI: ("2023-01-01", None),
    PINGLIANG: ("2023-01-01", "2027-12-31"),
    BAZHONG: ("2023-01-01", "2027-12-31"),
    YUNFU: ("2022-09-01", "2025-12-31"),
}


def dates(area: str) -> list[datetime.date]:
    """Days in force: the first and last, year ends, a leap day, and some between."""
    first, last = (None if day is None else datetime.date.fromisoformat(day) for day in FIRST_AND_LAST[area])
    assert first is not None
    days = [first, first + datetime.timedelta(days=1), datetime.date(2023, 12, 31), datetime.date(2024, 1, 1)]
    days += [datetime.date(2024, 2, 29), last or datetime.date(2099, 12, 31)]
    return [day for day in days if day >= first]


def rules_of(pack: Pack, benefit: str) -> set[str]:
    """The rules a benefit's ratios may stand under."""
    layers = pack.benefit[benefit].pay
    return {row.rule or layer.rule for layer in layers for row in layer.ratio}


def expected_refusals(
    area: str, benefit: str, level: str, grade: str | None, kind: str, pack: Pack
) -> set[tuple[str, str]]:
    """The one refusal, if any, that the rules name for these facts, by code and field."""
    if benefit not in pack.benefit:
        return {("benefit_not_defined", "benefit")}
    if kind == "pharmacy" and benefit in {"emergency", "day_surgery"}:
        return {("invalid_input", "benefit")}
    if area == PINGLIANG and level == "3" and grade is None:
        return {
            ("invalid_input", "prescriber.grade" if kind in {"pharmacy", "internet_hospital"} else "institution.grade")
        }
    return set()


@pytest.mark.parametrize("area", AREAS)
def test_every_kind_of_visit_has_one_answer(library: Library, area: str) -> None:
    """dates × statuses × levels × grades × institution types × benefits, each by one rule or one named refusal."""
    answered = refused = 0
    for day in dates(area):
        policy = library.in_force(area, day)
        assert isinstance(policy, Policy)
        for status, level, grade, kind, benefit in product(STATUSES, LEVELS, GRADES, TYPES, BENEFITS):
            place = {"id": "H1", "level": level, "grade": grade}
            asked = read_visit(
                visit(
                    area,
                    line("1000.00", negotiated=True, benefit=benefit)
                    if benefit == "negotiated" or kind == "pharmacy"
                    else line("1000.00"),
                    settled_on=day.isoformat(),
                    benefit=benefit,
                    institution={**place, "type": kind},
                    prescriber=place,
                    person={"status": status, "registrations": {"chronic": ["冠心病"]}},
                    disease="再生障碍性贫血",
                    parameters={
                        **PARAMETERS,
                        "internet_care": "2023-01-01",
                        "average_wage": {str(day.year - 2): "85321.55"},
                    },
                )
            )
            assert isinstance(asked, Visit)
            result = quote(asked, policy, library.knows)
            wanted = expected_refusals(area, benefit, level, grade, kind, policy.pack)
            if not isinstance(result, Quote):
                refused += 1
                found = {(problem.code, problem.field.removeprefix("lines.0.")) for problem in result}
                assert found == wanted, asked
                continue
            answered += 1
            assert not wanted, asked
            (settlement,) = result.settlements
            by = {step.rule.partition("、")[0] for step in settlement.trace} & rules_of(policy.pack, benefit)
            gated = {notice.code for notice in settlement.notices}
            excluded = settlement.amounts.eligible_fen == 0
            assert len(by) == 1 or gated or excluded, (asked, settlement)
            assert policy.id == result.policy
    assert answered > 1_000
    assert refused > 1_000 or area == QUJING


@pytest.mark.parametrize(
    ("area", "day", "code"),
    [
        (QUJING, "2022-09-30", "no_policy_in_force"),
        (QUJING, "2022-10-01", None),
        (QUJING, "9999-12-31", None),
        (ZUNYI, "2022-12-31", "no_policy_in_force"),
        (ZUNYI, "2023-01-01", None),
        (PINGLIANG, "2022-12-31", "no_policy_in_force"),
        (PINGLIANG, "2023-01-01", None),
        (PINGLIANG, "2027-12-31", None),
        (PINGLIANG, "2028-01-01", "no_policy_in_force"),
        (BAZHONG, "2022-12-31", "no_policy_in_force"),
        (BAZHONG, "2023-01-01", None),
        (BAZHONG, "2027-12-31", None),
        (BAZHONG, "2028-01-01", "no_policy_in_force"),
        (YUNFU, "2022-08-31", "no_policy_in_force"),
        (YUNFU, "2022-09-01", None),
        (YUNFU, "2025-12-31", None),
        (YUNFU, "2026-01-01", "no_policy_in_force"),
    ],
)
def test_the_day_before_and_the_day(library: Library, area: str, day: str, code: str | None) -> None:
    policy = library.in_force(area, datetime.date.fromisoformat(day))
    assert (None if isinstance(policy, Policy) else policy.code) == code
    if not isinstance(policy, Policy):
        assert FIRST_AND_LAST[area][0] in policy.message  # the refusal says what there is
