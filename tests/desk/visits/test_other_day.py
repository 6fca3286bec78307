"""A visit of another day has that day's price, class and share; what the clerk changed stays, all of it is told."""

import datetime

from msgspec import structs

from gongji.core.ledger.draft import Draft, DraftLine
from gongji.desk.imports.by_hand import keep_by_hand
from gongji.desk.session import Session
from gongji.desk.visits.drafts import line_of
from gongji.desk.visits.other_day import is_of_day, on_day
from gongji.desk.visits.search import find_items
from tests.support.tables import item

JUNE, JULY = datetime.date(2025, 6, 10), datetime.date(2025, 7, 1)


def two_editions(session: Session) -> DraftLine:
    """An item's line as of June; from July it is of class B, with a share of 10 %, and costs 13.50."""
    keep_by_hand(session, "catalogue", item("X1", 起始="2025-01-01"))
    keep_by_hand(session, "catalogue", item("X1", 起始="2025-07-01", 单价="13.50", 甲乙丙="乙", 先行自付比例="10%"))
    return line_of(find_items(session.store, "X1", JUNE)[0], as_of="2025-06-10")


def test_nothing_changes_on_its_own_day(session: Session) -> None:
    draft = Draft(visit_no="V1", lines=(two_editions(session),))
    assert is_of_day(draft, JUNE)
    assert on_day(session, draft, JUNE) == (draft, ())


def test_another_days_catalogue_is_told_field_by_field(session: Session) -> None:
    draft = Draft(visit_no="V1", lines=(two_editions(session),))
    assert not is_of_day(draft, JULY)
    changed, sentences = on_day(session, draft, JULY)
    (line,) = changed.lines
    assert (line.unit_price, line.class_, line.prepay_ratio, line.as_of) == ("13.50", "B", "0.1", "2025-07-01")
    (said,) = sentences
    for words in ("2025-07-01", "单价 12.00 → 13.50", "甲类 → 乙类", "先行自付 无 → 10%"):
        assert words in said


def test_what_the_clerk_typed_stays(session: Session) -> None:
    line = structs.replace(two_editions(session), unit_price="9.80", quantity="3")
    changed, (said,) = on_day(session, Draft(visit_no="V1", lines=(line,)), JULY)
    assert (changed.lines[0].unit_price, changed.lines[0].quantity, changed.lines[0].class_) == ("9.80", "3", "B")
    assert "单价" not in said


def test_an_item_that_has_gone_stays_and_is_told_once(session: Session) -> None:
    keep_by_hand(session, "catalogue", item("X1", 起始="2025-01-01", 终止="2025-06-30"))
    line = line_of(find_items(session.store, "X1", JUNE)[0], as_of="2025-06-10")
    draft = Draft(visit_no="V1", lines=(line,))
    changed, (said,) = on_day(session, draft, JULY)
    assert changed.lines == (structs.replace(line, as_of="2025-07-01"),)
    assert "目录里没有" in said
    assert on_day(session, changed, JULY) == (changed, ())


def test_a_line_typed_by_hand_has_no_day(session: Session) -> None:
    line = DraftLine(code="X9", name="自制药", category="drug", class_="A", unit_price="5.00", quantity="1")
    draft = Draft(visit_no="V1", lines=(line,))
    assert is_of_day(draft, JULY)
    assert on_day(session, draft, JULY) == (draft, ())
