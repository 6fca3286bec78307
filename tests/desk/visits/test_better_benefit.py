"""A line that another benefit would pay more for is suggested with its reason, the sum it saves, and no more."""

from typing import Any

from gongji.core.ledger.draft import Draft, DraftLine
from gongji.desk.session import Session
from gongji.desk.visits.better_benefit import Proposal, propose
from gongji.desk.visits.drafts import quote_draft
from gongji.desk.visits.patients import look_up
from tests.support.clinic import PERSON

AT = "2025-06-10 09:30:00"


def drug(price: str = "130.00", code: str = "XC09AAY001", **more: Any) -> DraftLine:
    made = {"code": code, "name": "依那普利片", "category": "drug", "class_": "A", "unit_price": price, "quantity": "1"}
    return DraftLine(**{**made, **more})


def proposals(
    session: Session, *lines: DraftLine, chronic: tuple[str, ...] = ("高血压",), **more: Any
) -> list[Proposal]:
    person = {**PERSON, "registrations": {"chronic": list(chronic)}} if chronic else {**PERSON}
    draft = Draft(visit_no="V1", person=person, lines=lines, **more)
    patient = look_up(session, draft, AT)
    assert patient is not None
    now = quote_draft(session.library, draft, patient)
    assert now.quote is not None, now.problems
    return propose(session.library, draft, patient, now.quote)


def test_who_is_registered_may_have_the_drug_under_the_chronic_benefit(session: Session) -> None:
    (one,) = proposals(session, drug())
    assert (one.place, one.benefit, one.benefit_name, one.likely) == (0, "chronic", "门诊慢性病", True)
    assert "高血压" in one.why
    assert one.better_fen > 0


def test_nobody_is_told_of_a_benefit_without_a_registration(session: Session) -> None:
    assert proposals(session, drug(), chronic=()) == []


def test_a_drug_for_something_else_is_less_likely_and_comes_later(session: Session) -> None:
    found = proposals(session, drug("300.00", code="XJ01CAA040", name="阿莫西林胶囊"), drug("130.00"))
    assert [(one.place, one.likely) for one in found] == [(1, True), (0, False)]


def test_services_are_not_suggested(session: Session) -> None:
    assert proposals(session, drug(category="service", code="001102000010000")) == []


def test_what_is_paid_in_full_is_not_suggested_anything(session: Session) -> None:
    assert proposals(session, drug(), full_payment=True) == []


def test_what_it_says_it_saves_is_what_it_saves(session: Session) -> None:
    (one,) = proposals(session, drug())
    before = _fund_fen(session, drug())
    after = _fund_fen(session, drug(benefit=one.benefit))
    assert after - before == one.better_fen


def _fund_fen(session: Session, line: DraftLine) -> int:
    person = {**PERSON, "registrations": {"chronic": ["高血压"]}}
    draft = Draft(visit_no="V1", person=person, lines=(line,))
    patient = look_up(session, draft, AT)
    assert patient is not None
    found = quote_draft(session.library, draft, patient).quote
    assert found is not None
    return found.totals.fund_total_fen
