"""The database itself refuses to change or delete anything about money, and amounts that do not add up."""

import pytest

from gongji.desk.closing.shifts import close_shift
from gongji.desk.session import Session
from gongji.desk.settlements.void import void
from gongji.store.engine import Connection, Error
from tests.desk.settlements.test_settle import settle
from tests.support.clinic import OPERATOR, visit

FROZEN = (
    "settlement", "visit", "fee_line", "part", "step", "notice", "trace", "entry", "payment", "receipt", "closing",
    "policy_text", "record", "acceptance", "audit", "snapshot", "coverage", "registration", "aid_link",
    "open_parameter",
)  # fmt: skip
FAMILY = [{"id": "A9", "relation": "parent", "balance": "1.00", "authorised": True}]


@pytest.fixture
def filled(session: Session) -> Connection:
    """A book with at least a row in every table."""
    person = {"id": "P1", "status": "retired", "registrations": {"chronic": ["糖尿病"]}}
    one = settle(session, visit("V1", person=person, accounts={"family": FAMILY}, accumulators={"general.fund": "1"}))
    not_designated = {"id": "H1", "type": "clinic", "level": "1", "designated": False}
    settle(session, visit("V2", institution=not_designated))
    void(session, one.no, "退药")
    close_shift(session)
    with session.store.write() as connection:
        connection.execute("INSERT INTO acceptance VALUES (1, '2025-06-10 09:00:00', 'S1', '2025-06-10 09:00:00')")
        # as a program before the compressed rows kept them
        connection.execute("INSERT INTO step VALUES (1, 0, 0, 'R', 'A', 't', 1, NULL, 'fund')")
        connection.execute("INSERT INTO notice VALUES (1, 0, 0, 'c', 'A', 't')")
        connection.execute("INSERT INTO open_parameter VALUES (1, 'a', 'b', '1', 'n', 'o', 't')")
    return session.store._writer  # noqa: SLF001  # what a careless or spiteful program with the key would have


@pytest.mark.parametrize("table", FROZEN)
def test_nothing_is_changed_or_taken_out(filled: Connection, table: str) -> None:
    (count,) = filled.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
    assert count > 0
    columns = [row[1] for row in filled.execute(f"PRAGMA table_info({table})")]
    for statement in (
        f"UPDATE {table} SET {columns[-1]} = {columns[-1]}",  # noqa: S608
        f"DELETE FROM {table}",  # noqa: S608
        f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",  # noqa: S608
    ):
        with pytest.raises(Error, match=r"only ever added to|where the last one of its operator ended"):
            filled.execute(statement)
    assert filled.execute(f"SELECT count(*) FROM {table}").fetchone() == (count,)  # noqa: S608


def test_a_record_never_leaves_the_queue(filled: Connection) -> None:
    with pytest.raises(Error, match="never leaves"):
        filled.execute("DELETE FROM record_state")


@pytest.mark.parametrize(
    "change",
    [
        "total_fen = total_fen + 1",
        "fund_total_fen = fund_total_fen + 1",
        "cash_fen = cash_fen + 1",
        "voids = NULL, reason = ''",
        "kind = 'settle'",
        "kind = 'other'",
        "visit_no = NULL",
        "cash_fen = '1.5'",
    ],
)
def test_a_settlement_that_does_not_add_up_is_refused(filled: Connection, change: str) -> None:
    filled.execute("CREATE TEMP TABLE one AS SELECT * FROM settlement WHERE kind = 'void'")
    filled.execute("UPDATE one SET serial = 99, no = 'x', voids = 2, audit = 1")
    filled.execute(f"UPDATE one SET {change}")  # noqa: S608
    with pytest.raises(Error, match=r"CHECK|NOT NULL|cannot store"):
        filled.execute("INSERT INTO settlement SELECT * FROM one")


def test_the_same_row_that_adds_up_is_taken(filled: Connection) -> None:
    """The test above fails for its changes and nothing else."""
    filled.execute("CREATE TEMP TABLE one AS SELECT * FROM settlement WHERE kind = 'void'")
    filled.execute("UPDATE one SET serial = 99, no = 'x', voids = 2, audit = 1")
    filled.execute("INSERT INTO settlement SELECT * FROM one")
    assert filled.execute("SELECT count(*) FROM settlement WHERE serial = 99").fetchone() == (1,)


def test_one_settlement_is_voided_once(filled: Connection) -> None:
    filled.execute("CREATE TEMP TABLE one AS SELECT * FROM settlement WHERE kind = 'void'")
    filled.execute("UPDATE one SET serial = 99, no = 'x', audit = 1")
    with pytest.raises(Error, match="UNIQUE"):
        filled.execute("INSERT INTO settlement SELECT * FROM one")


def test_a_shift_begins_where_the_last_one_ended(filled: Connection) -> None:
    for first in (1, 3, 5):
        with pytest.raises(Error, match="where the last one of its operator ended"):
            filled.execute("INSERT INTO closing VALUES (NULL, ?, 9, ?, 't', 0)", (first, OPERATOR))
