"""The visit in the form: its number, its lines, what is wrong with what was typed."""

import datetime
import itertools

import pytest

from gongji.core.ledger.draft import Draft, DraftLine
from gongji.desk.imports.by_hand import keep_by_hand
from gongji.desk.session import Session
from gongji.desk.visits.drafts import (
    changed_line,
    has_national_code,
    line_of,
    new_draft,
    price_fault,
    quantity_fault,
    quote_draft,
    with_line,
    with_one_more,
    with_traced,
)
from gongji.desk.visits.patients import look_up
from gongji.desk.visits.quote import Quoted
from gongji.desk.visits.search import find_items
from tests.support.clinic import PERSON
from tests.support.tables import item

AT = "2025-06-10 09:30:00"
DAY = datetime.date(2025, 6, 10)


def from_catalogue(session: Session, code: str = "X1", **cells: str) -> DraftLine:
    keep_by_hand(session, "catalogue", item(code, 起始="2025-01-01", **cells))
    return line_of(find_items(session.store, code, DAY)[0], as_of="2025-06-10")


def quoted(session: Session, draft: Draft) -> Quoted:
    patient = look_up(session, draft, AT)
    assert patient is not None
    return quote_draft(session.library, draft, patient)


def test_no_two_forms_have_one_number(session: Session) -> None:
    numbers = [new_draft(session, AT).visit_no for _ in range(20)]
    assert len(set(numbers)) == len(numbers)
    assert all(one.startswith(f"{session.clinic.counter}20250610093000-") for one in numbers)


@pytest.mark.parametrize(
    ("category", "code", "national"),
    [
        ("drug", "XJ01CAA040E001010101234", True),
        ("drug", "ZA01AAX0001010100001", True),
        ("drug", "T700000001", True),
        ("drug", "XJ01", False),
        ("drug", "阿莫西林", False),
        ("service", "001102000010000-110200001", True),
        ("service", "110200001", False),
        ("consumable", "C0101010010000100001", True),
        ("consumable", "XJ01CAA040E001010101234", False),
    ],
)
def test_national_codes_by_their_shape(category: str, code: str, national: bool) -> None:
    assert has_national_code(category, code) is national  # type: ignore[arg-type]  # as the table has them


def test_a_pharmacy_marks_goods_without_a_national_code(session: Session) -> None:
    """曲靖 第十七条: accounts pay at a pharmacy only for goods with one."""
    draft = Draft(visit_no="V1", person={**PERSON}, lines=(from_catalogue(session, "X1"),))
    at_clinic = quoted(session, draft).visit
    session.clinic.institution["type"] = "pharmacy"
    at_pharmacy = quoted(session, draft).visit
    assert at_clinic is not None
    assert at_pharmacy is not None
    assert [at_clinic.lines[0].uncoded, at_pharmacy.lines[0].uncoded] == [False, True]


def test_one_more_of_an_item_is_on_its_line(session: Session) -> None:
    drug = from_catalogue(session)
    draft, places = Draft(visit_no="V1"), []
    for line in (drug, drug, from_catalogue(session, "X2", 名称="维生素C片"), drug):
        draft, place = with_one_more(draft, line)
        places.append(place)
    assert places == [0, 0, 1, 0]
    assert [(one.code, one.quantity) for one in draft.lines] == [("X1", "3"), ("X2", "1")]


def test_a_line_with_another_price_is_a_line_of_its_own(session: Session) -> None:
    drug = from_catalogue(session)
    typed = DraftLine(code="X1", name=drug.name, category="drug", class_="A", unit_price="11.00", quantity="1")
    draft, _ = with_one_more(with_line(Draft(visit_no="V1"), typed), drug)
    assert [one.unit_price for one in draft.lines] == ["11.00", "12.00"]
    assert changed_line(draft, 0, None).lines == (drug,)


def test_each_scanned_box_counts_once(session: Session) -> None:
    drug = from_catalogue(session)
    counted, _ = with_one_more(with_line(Draft(visit_no="V1"), drug), drug)
    draft = counted
    for box, place in zip(("81000001", "81000002", "81000003"), itertools.repeat(0)):
        draft, found = with_traced(draft, drug, box)
        assert found == place
    (line,) = draft.lines
    assert (line.quantity, line.trace_codes) == ("3", ("81000001", "81000002", "81000003"))
    with pytest.raises(ValueError, match="81000002 这一盒已经扫过（第 1 行）"):
        with_traced(draft, drug, "81000002")


@pytest.mark.parametrize("text", ["1", "0.5", "２", "1.2345", "30"])
def test_quantities_that_can_be(text: str) -> None:
    assert quantity_fault(text) == ""


@pytest.mark.parametrize(
    ("text", "said"), [("0", "大于 0"), ("", "小数最多四位"), ("1.23456", "小数最多四位"), ("1o", "“o”")]
)
def test_quantities_that_cannot_be_are_told(text: str, said: str) -> None:
    assert said in quantity_fault(text)


@pytest.mark.parametrize(("text", "said"), [("0", ""), ("12.5", ""), ("1x2", "“x”"), ("-3", "不小于 0")])
def test_prices(text: str, said: str) -> None:
    assert price_fault(text) == said or (said and said in price_fault(text))


def test_a_form_settles_at_what_the_clerk_sees(session: Session) -> None:
    """曲靖, retired, a first-level clinic: 30.00 each time, then 65 % of the rest."""
    draft = Draft(visit_no="V1", person={**PERSON}, lines=(from_catalogue(session, 单价="130.00"),))
    found = quoted(session, draft)
    assert found.quote is not None, found.problems
    assert (found.quote.totals.deductible_fen, found.quote.totals.fund_fen) == (3000, 6500)
