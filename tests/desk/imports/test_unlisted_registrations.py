"""登记病种核对: what old books registered under a name on no list waits for somebody's decision, one record each."""

import pytest

from gongji.core.ledger.audit import Act
from gongji.desk.imports.by_hand import keep_by_hand
from gongji.desk.imports.unlisted_registrations import (
    decide_registration,
    same_name,
    unlisted_registrations,
)
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.store.people import people
from tests.support.in_the_book import entries_of
from tests.support.tables import number, person


def register(session: Session, place: int, diseases: str, area: str = "530300") -> None:
    cells = person(place, 慢特病登记=diseases, 登记起始="2025-01-01", 参保地=area)
    assert keep_by_hand(session, "people", cells).wrong == ()


def diseases(session: Session, place: int, on: str = "2099-01-01") -> tuple[str, ...] | None:
    return people.diseases(session.store.reader, number(place), on)


def test_each_is_shown_with_the_nearest_names_and_nothing_is_changed(session: Session) -> None:
    register(session, 1, "高血压；高血压三级")
    register(session, 2, "高血压三级；冠心病")
    register(session, 3, "糖尿病")
    register(session, 4, "高血压三级", area="445300")
    found = unlisted_registrations(session)
    assert {(one.area, one.name, one.person_id) for one in found} >= {
        ("530300", "高血压三级", number(1)),
        ("530300", "高血压三级", number(2)),
    }
    assert number(3) not in {one.person_id for one in found}
    assert "高血压" in found[0].nearest[0]
    assert number(1) not in repr(found)
    assert diseases(session, 1) == ("高血压", "高血压三级")


def test_a_decision_is_a_new_record_of_that_day_and_logged(session: Session) -> None:
    register(session, 1, "高血压；高血压三级")
    register(session, 2, "高血压三级；冠心病")
    (first, _) = unlisted_registrations(session)
    assert decide_registration(session, first.name, "高血压病", [first.person_id]) == 1
    assert diseases(session, 1) == ("高血压",)
    assert diseases(session, 1, "2025-01-02") == ("高血压", "高血压三级")
    assert diseases(session, 2) == ("高血压三级", "冠心病")
    (entry, *_) = entries_of(session.store.reader, Act.BY_HAND)
    assert "高血压三级 → 高血压" in entry.detail
    assert number(1) not in entry.subject
    rest = unlisted_registrations(session)
    assert decide_registration(session, rest[0].name, "高血压", same_name(rest, rest[0])) == 1
    assert diseases(session, 2) == ("高血压", "冠心病")
    assert unlisted_registrations(session) == []


def test_only_a_name_of_the_list_will_do(session: Session) -> None:
    register(session, 1, "高血压三级")
    with pytest.raises(GongjiError, match="名录"):
        decide_registration(session, "高血压三级", "没有的病", [number(1)])
    assert diseases(session, 1) == ("高血压三级",)
    assert decide_registration(session, "没登记过的", "高血压", [number(1)]) == 0
