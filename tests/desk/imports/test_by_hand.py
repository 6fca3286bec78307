"""手工增改: an item, a price, a person told by hand are a new dated edition, logged; nothing earlier changes."""

import datetime

import pytest

from gongji.core.ledger.audit import Act
from gongji.desk.imports.by_hand import item_cells, keep_by_hand, person_cells
from gongji.desk.session import Session
from gongji.desk.visits.search import find_items, find_people
from gongji.store.row_outcomes import RowOutcome
from tests.support.in_the_book import entries_of
from tests.support.tables import item, number, person

DAY = datetime.date(2025, 6, 10)
LATER = datetime.date(2025, 7, 1)


def told(session: Session, kind: str, **cells: str) -> RowOutcome:
    found = keep_by_hand(session, kind, cells)
    assert found.outcome is not None, found.wrong
    return found.outcome


def logged(session: Session) -> list[tuple[str, str]]:
    return [(one.subject, one.detail) for one in entries_of(session.store.reader, Act.BY_HAND)]


def test_an_item_and_then_its_price(session: Session) -> None:
    assert told(session, "catalogue", **item("A1", 起始="2025-01-01", 单价="12")) is RowOutcome.NEW
    cells = item_cells(session, "A1", LATER)
    assert (cells["单价"], cells["起始"]) == ("12.00", "2025-07-01")
    assert told(session, "catalogue", **(cells | {"单价": "13.50元"})) is RowOutcome.NEW
    price = {day: find_items(session.store, "A1", day)[0].unit_price_e4 for day in (DAY, LATER)}
    assert price == {DAY: 120_000, LATER: 135_000}
    assert told(session, "catalogue", **(cells | {"单价": "13.5"})) is RowOutcome.UNCHANGED
    assert logged(session) == [
        ("目录 A1 阿莫西林胶囊", "单价 12.00 → 13.50，2025-07-01 起"),
        ("目录 A1 阿莫西林胶囊", "新增，2025-01-01 起"),
    ]


def test_a_person_and_then_what_changed(session: Session) -> None:
    assert told(session, "people", **person(2, 电话="13800000000")) is RowOutcome.NEW
    cells = person_cells(session, number(2), LATER)
    assert cells["姓名"] == "张秀英"
    assert told(session, "people", **(cells | {"待遇享受": "否", "电话": "13900000000"})) is RowOutcome.CHANGED
    assert person_cells(session, number(2), DAY)["待遇享受"] == "是"
    assert person_cells(session, number(2), LATER)["待遇享受"] == "否"
    assert [one.id for one in find_people(session.store, "139000")] == [number(2)]
    for subject, detail in logged(session):
        assert number(2) not in subject + detail
        assert "139" not in detail
        assert "张秀英" not in detail


@pytest.mark.parametrize(
    ("cells", "column"), [({"单价": "x"}, "单价"), ({"编码": ""}, "编码"), ({"甲乙丙": "丁"}, "甲乙丙")]
)
def test_what_is_wrong_is_named_and_nothing_kept(session: Session, cells: dict[str, str], column: str) -> None:
    found = keep_by_hand(session, "catalogue", item() | cells)
    assert found.outcome is None
    assert [one.column for one in found.wrong] == [column]
    assert logged(session) == []


def test_nobody_knows_what_nobody_told(session: Session) -> None:
    assert item_cells(session, "NONE", DAY) == {}
    assert person_cells(session, number(8), DAY) == {}
