"""An anchor that somebody else kept: it fits a book nobody changed, and no cover-up makes a changed one fit."""

import random

import pytest

from gongji.core.ledger.anchor import read_anchor, written
from gongji.core.ledger.audit import GENESIS, AuditEntry, bound, seal
from gongji.desk.clinic.audit_book import BREAKS, FITS, Review, review
from gongji.desk.clinic.make_anchor import make_anchor
from gongji.desk.session import Session
from gongji.store import db, tally
from gongji.store.engine import Connection
from tests.desk.settlements.test_settle import findings, settle
from tests.store.test_tally import edits, full  # noqa: F401  # a fixture
from tests.support.clinic import visit


def judged(connection: Connection, *lines: str) -> Review:
    return review(connection, lines, random.Random(1))


def results(connection: Connection, *lines: str) -> list[str]:
    return [one.result for one in judged(connection, *lines).anchors]


def covered_up(connection: Connection) -> None:
    """What somebody with the key does after an edit: every seal, root and tally is made anew."""
    for trigger in ("audit_never_update", "audit_root_never_update"):
        connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
    previous = GENESIS
    rows = connection.execute(
        "SELECT audit.serial, at, operator, act, subject, detail, root FROM audit "
        "LEFT JOIN audit_root ON audit = audit.serial ORDER BY audit.serial"
    ).fetchall()
    for serial, at, operator, act, subject, detail, root in rows:
        entry = AuditEntry(serial=serial, at=at, operator=operator, act=act, subject=subject, detail=detail)
        sealed = seal(entry, previous)
        connection.execute("UPDATE audit SET seal = ? WHERE serial = ?", (sealed, serial))
        previous = bound(sealed, root)
    for table in ("audit", "audit_root"):
        connection.execute(
            f"CREATE TRIGGER {table}_never_update BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is only ever added to'); END"
        )
    commits, _ = tally.kept(connection)
    state = tally.state_of(tally.counted(connection))
    connection.execute("UPDATE tally SET commits = ?, state = ?", (commits, state))


class TestAnAnchor:
    def test_it_is_a_line_without_personal_data_that_a_square_code_holds(self, counter: Session) -> None:
        settle(counter, visit("V1"))
        line = make_anchor(counter, "日结")
        one = read_anchor(line)
        assert one is not None
        assert written(one) == line
        assert (one.counter, one.serial, one.no) == ("01", 1, "01-20250610-000001")
        assert one.sums_fen["cash"] == 5450
        assert len(line) < 600
        for secret in ("张秀英", "530399195001010013"):
            assert secret not in repr(one)

    @pytest.mark.parametrize("line", ["", "GJA1.", "GJA1.!!!!", "GJA1.kA", "something else"])
    def test_what_is_none_is_told(self, line: str) -> None:
        assert read_anchor(line) is None

    def test_a_book_nobody_changed_fits_every_one_however_much_came_after(self, counter: Session) -> None:
        lines = []
        for number in range(4):
            settle(counter, visit(f"V{number}"))
            lines.append(make_anchor(counter, "日结"))
        found = judged(counter.store.reader, *reversed(lines))
        assert [one.result for one in found.anchors] == [FITS] * 4
        assert found.is_well
        assert len(found.papers) == 4
        assert findings(counter) == []

    def test_another_counters_does_not(self, counter: Session) -> None:
        settle(counter, visit("V1"))
        one = read_anchor(make_anchor(counter, "日结"))
        assert one is not None
        other = written(type(one)(**{**{name: getattr(one, name) for name in one.__struct_fields__}, "counter": "02"}))
        assert results(counter.store.reader, other) == [BREAKS]


def test_a_covered_edit_of_what_came_before_is_found_and_where(counter: Session) -> None:
    """Money moved from cash to another means, with everything made anew: between two anchors, in which table."""
    settle(counter, visit("V1"))
    first = make_anchor(counter, "日结")
    settle(counter, visit("V2"))
    second = make_anchor(counter, "日结")
    settle(counter, visit("V3"))
    connection = other_tool(counter)
    connection.execute("DROP TRIGGER payment_never_update")
    connection.execute("UPDATE payment SET means = 'wechat' WHERE settlement = 2 AND means = 'cash'")
    connection.execute(
        "CREATE TRIGGER payment_never_update BEFORE UPDATE ON payment "
        "BEGIN SELECT RAISE(ABORT, 'payment is only ever added to'); END"
    )
    covered_up(connection)
    assert findings_of(connection) == []
    found = judged(connection, first, second)
    assert [one.result for one in found.anchors] == [FITS, BREAKS]
    assert "表 payment 与锚不符" in found.anchors[1].text
    read = read_anchor(first)
    assert read is not None
    assert read.at in found.anchors[1].text
    connection.close()


def test_a_covered_edit_of_what_came_after_is_not(counter: Session) -> None:
    settle(counter, visit("V1"))
    line = make_anchor(counter, "日结")
    settle(counter, visit("V2"))
    connection = other_tool(counter)
    connection.execute("DROP TRIGGER payment_never_update")
    connection.execute("UPDATE payment SET means = 'wechat' WHERE settlement = 2 AND means = 'cash'")
    covered_up(connection)
    assert results(connection, line) == [FITS]
    connection.close()


def other_tool(counter: Session) -> Connection:
    path, key = counter.store.path, counter.store.key
    counter.close()
    return db.connect(path, key)


def findings_of(connection: Connection) -> list[str]:
    return [one.table for one in tally.misfits(connection, tally.kept(connection)[1])]


def test_every_covered_edit_is_found_by_an_anchor_of_before(
    full: Session,  # noqa: F811  # the fixture
    request: pytest.FixtureRequest,
) -> None:
    """Each edit of the naive ones, covered up whole: the anchor of this moment no longer fits."""
    assert request is not None
    line = make_anchor(full, "日结")
    with full.store.write() as writer:
        commits, tallies = tally.kept(writer)
    anchor = read_anchor(line)
    assert anchor is not None
    connection = other_tool(full)
    for pragma in ("foreign_keys = 0", "ignore_check_constraints = 1", "recursive_triggers = 0"):
        connection.execute(f"PRAGMA {pragma}")
    made, missed = 0, []
    for statements in list(edits(connection)):
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in statements:
                connection.execute(statement)
            if statements[-1].split()[:2] == ["DELETE", "FROM"] and '"tally"' in statements[-1]:
                continue
            made += 1
            now = tally.counted(connection)
            frozen_same = all(now[name] == tallies[name] for name in tally.FROZEN & tallies.keys())
            if frozen_same and all(now.get(name) == one for name, one in tallies.items()):
                missed.append(statements[-1])
        finally:
            connection.execute("ROLLBACK")
            connection.execute("PRAGMA writable_schema = 0")
    connection.close()
    print(f"{made} covered edits against an anchor of the moment, {made - len(missed)} found; after {commits} commits")
    assert missed == []
    assert made >= 280
