"""What a piece of work changed is told from the tables it wrote, whoever asked for it and whatever came of it."""

import pytest

from gongji.desk.changes import TABLES, Changed, take_changes
from gongji.desk.session import Session
from gongji.desk.settlements.settle import settle_text
from gongji.desk.settlements.void import void
from gongji.desk.visits.held_visits import forget
from gongji.store.book_file import tally
from tests.support.clinic import line, text, visit


def test_every_table_of_the_book_has_its_place_once(session: Session) -> None:
    listed = [table for tables in TABLES.values() for table in tables]
    assert len(listed) == len(set(listed))
    assert set(listed) == set(tally.tables(session.store.reader))


def test_a_settlement_and_its_reversal_change_what_screens_show_of_them(session: Session) -> None:
    take_changes(session.store)
    done = settle_text(session, text(visit("V1", line("100.00"))))
    assert done.stored is not None
    everything = Changed.SETTLEMENTS | Changed.PEOPLE | Changed.QUEUE
    assert take_changes(session.store) == everything
    assert take_changes(session.store) == Changed.NOTHING
    void(session, done.stored.no, "录错项目")
    assert take_changes(session.store) == everything


def test_what_is_rolled_back_has_changed_nothing(session: Session) -> None:
    take_changes(session.store)

    def break_off() -> None:
        with session.store.write() as connection:
            connection.execute("INSERT INTO setting (name, value) VALUES ('x', 'y')")
            raise KeyError

    with pytest.raises(KeyError):
        break_off()
    assert take_changes(session.store) == Changed.NOTHING


def test_where_nothing_is_written_nothing_has_changed(session: Session) -> None:
    take_changes(session.store)
    forget(session, "V9")
    assert take_changes(session.store) == Changed.NOTHING
