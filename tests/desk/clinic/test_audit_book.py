"""An anchor that somebody else kept: it fits a book nobody changed, and no cover-up makes a changed one fit."""

import os
import random
from pathlib import Path

import pytest

from gongji.core.ledger.audit import GENESIS, AuditEntry, anchor_line, bound, read_anchor, seal
from gongji.desk.clinic.audit_book import AuditRequest, Review, in_sections, make_reviewer_key, review, reviewed
from gongji.desk.clinic.backup.anchors import BREAKS, FITS, MISSING, make_anchor
from gongji.desk.clinic.operators import admit_reader
from gongji.desk.clinic.payer_list import read_payer_list
from gongji.desk.session import Session
from gongji.desk.settlements.void import void
from gongji.errors import GongjiError
from gongji.payer.stick.package import new_identity, recipient_of
from gongji.store.book_file import keyed_connection, tally, tally_check
from gongji.store.engine import Connection
from tests.desk.settlements.test_settle import findings, settle
from tests.store.book_file.test_tally import edits, full  # noqa: F401  # a fixture
from tests.support.clinic import OPERATOR, PASSWORD, visit

NEVER_UPDATE = (
    "CREATE TRIGGER payment_never_update BEFORE UPDATE ON payment "
    "BEGIN SELECT RAISE(ABORT, 'payment is only ever added to'); END"
)


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
    state = tally.state_of(tally_check.counted(connection))
    connection.execute("UPDATE tally SET commits = ?, state = ?", (commits, state))


class TestAnAnchor:
    def test_it_is_a_line_without_personal_data_that_a_square_code_holds(self, session: Session) -> None:
        settle(session, visit("V1"))
        line = make_anchor(session, "日结")
        one = read_anchor(line)
        assert one is not None
        assert anchor_line(one) == line
        assert (one.counter, one.serial, one.no) == ("01", 1, "01-20250610-000001")
        assert one.sums_fen["cash"] == 5450
        assert len(line) < 600
        for secret in ("张秀英", "530399195001010013"):
            assert secret not in repr(one)

    @pytest.mark.parametrize("line", ["", "GJA1.", "GJA1.!!!!", "GJA1.kA", "something else"])
    def test_what_is_none_is_told(self, line: str) -> None:
        assert read_anchor(line) is None

    def test_a_book_nobody_changed_fits_every_one_however_much_came_after(self, session: Session) -> None:
        lines = []
        for number in range(4):
            settle(session, visit(f"V{number}"))
            lines.append(make_anchor(session, "日结"))
        found = judged(session.store.reader, *reversed(lines))
        assert [one.result for one in found.anchors] == [FITS] * 4
        assert found.is_well
        assert len(found.papers) == 4
        assert findings(session) == []

    def test_another_counters_does_not(self, session: Session) -> None:
        settle(session, visit("V1"))
        one = read_anchor(make_anchor(session, "日结"))
        assert one is not None
        other = anchor_line(
            type(one)(**{**{name: getattr(one, name) for name in one.__struct_fields__}, "counter": "02"})
        )
        assert results(session.store.reader, other) == [BREAKS]


def test_a_covered_edit_of_what_came_before_is_found_and_where(session: Session) -> None:
    """Money moved from cash to another means, with everything made anew: between two anchors, in which table."""
    settle(session, visit("V1"))
    first = make_anchor(session, "日结")
    settle(session, visit("V2"))
    second = make_anchor(session, "日结")
    settle(session, visit("V3"))
    connection = other_tool(session)
    connection.execute("DROP TRIGGER payment_never_update")
    connection.execute("UPDATE payment SET means = 'wechat' WHERE settlement = 2 AND means = 'cash'")
    connection.execute(NEVER_UPDATE)
    covered_up(connection)
    assert findings_of(connection) == []
    found = judged(connection, first, second)
    assert [one.result for one in found.anchors] == [FITS, BREAKS]
    assert "表 payment 与锚不符" in found.anchors[1].text
    read = read_anchor(first)
    assert read is not None
    assert read.at in found.anchors[1].text
    connection.close()


def test_a_covered_edit_of_what_came_after_is_not(session: Session) -> None:
    settle(session, visit("V1"))
    line = make_anchor(session, "日结")
    settle(session, visit("V2"))
    connection = other_tool(session)
    connection.execute("DROP TRIGGER payment_never_update")
    connection.execute("UPDATE payment SET means = 'wechat' WHERE settlement = 2 AND means = 'cash'")
    covered_up(connection)
    assert results(connection, line) == [BREAKS], "the trigger that is not there"
    connection.execute(NEVER_UPDATE)
    covered_up(connection)
    assert results(connection, line) == [FITS]
    connection.close()


MAY_CHANGE = {
    "a person's name": "UPDATE person SET name = '张秀莲'",
    "a setting": "UPDATE setting SET value = '02' WHERE name = 'area'",
    "a row more where rows are only added": (
        "INSERT INTO acceptance VALUES (1, '2025-06-10 09:00:00', '', '2025-06-10 09:00:00')"
    ),
    "a setting more": "INSERT INTO setting VALUES ('more', '1')",
    "what is to be uploaded": "UPDATE leg SET state = 'accepted'",
    "a word by which a person is found": "DELETE FROM person_word",
    "a table's own index": "DROP INDEX leg_state",
    "a trigger more": "CREATE TRIGGER more AFTER INSERT ON setting BEGIN SELECT 1; END",
    "a trigger with the beginning of the optimiser's tables": (
        "CREATE TRIGGER sqliteXstat1 AFTER INSERT ON setting BEGIN SELECT 1; END"
    ),
}


class TestWhatMayBeChanged:
    """Tables that are not only added to, and the schema: covered up, and held against the anchor of that moment."""

    @pytest.mark.parametrize("name", MAY_CHANGE)
    def test_it_is_found_where_nothing_was_written_since(self, session: Session, name: str) -> None:
        settle(session, visit("V1"))
        first = make_anchor(session, "日结")
        settle(session, visit("V2"))
        second = make_anchor(session, "日结")
        connection = other_tool(session)
        assert results(connection, first, second) == [FITS, FITS]
        connection.execute(MAY_CHANGE[name])
        covered_up(connection)
        assert findings_of(connection) == []
        assert results(connection, first, second)[1] == BREAKS
        connection.close()

    def test_the_schema_is_found_whatever_came_after(self, session: Session) -> None:
        line = make_anchor(session, "日结")
        settle(session, visit("V1"))
        connection = other_tool(session)
        assert results(connection, line) == [FITS]
        connection.execute("DROP INDEX leg_state")
        covered_up(connection)
        assert results(connection, line) == [BREAKS]
        connection.close()


def other_tool(session: Session) -> Connection:
    path, key = session.store.path, session.store.key
    session.close()
    return keyed_connection.connect(path, key)


def findings_of(connection: Connection) -> list[str]:
    return [one.table for one in tally_check.misfits(connection, tally.kept(connection)[1])]


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
            now = tally_check.counted(connection)
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


LIST = "就诊号,医疗费总额,基金支付总额\n"


class TestWhatTheAgencyHolds:
    def look(self, session: Session, tmp_path: Path, rows: str) -> tuple[str, ...]:
        path = tmp_path / "list.csv"
        path.write_text(LIST + rows, encoding="utf-8")
        return review(session.store.reader, [], random.Random(1), read_payer_list(path)).payer

    def test_a_list_that_says_what_the_book_says(self, session: Session, tmp_path: Path) -> None:
        settle(session, visit("V1"))
        assert self.look(session, tmp_path, "V1,100.00,45.50\n合计,100.00,45.50\n") == ()

    def test_every_way_in_which_it_may_differ(self, session: Session, tmp_path: Path) -> None:
        settle(session, visit("V1"))
        void(session, settle(session, visit("V2")).no, "录错了人")
        with session.store.write() as connection:
            settle_id = connection.execute("SELECT serial FROM settlement WHERE visit_no = 'V1'").fetchone()[0]
            connection.execute("UPDATE leg SET state = 'accepted' WHERE serial = ?", (settle_id,))
        settle(session, visit("V3"))
        found = self.look(session, tmp_path, "V2,100.00,45.50\nV3,100.00,45.51\nV9,1.00,0\n")
        assert len(found) == 4
        for number, words in (("V2", "已冲销"), ("V3", "45.51"), ("V9", "账上没有"), ("V1", "清单上没有")):
            assert any(one.startswith(number) and words in one for one in found), (number, found)

    @pytest.mark.parametrize("content", ["a,b,c\n1,2,3\n", LIST + "V1,x,1\n"])
    def test_a_file_that_is_no_such_list_is_refused(self, tmp_path: Path, content: str) -> None:
        path = tmp_path / "list.csv"
        path.write_text(content, encoding="utf-8")
        with pytest.raises(GongjiError):
            read_payer_list(path)


class TestAReview:
    def test_an_anchor_the_reviewer_has_not_got_is_named_as_missing(self, session: Session) -> None:
        settle(session, visit("V1"))
        mine, _ = make_anchor(session, "日结"), settle(session, visit("V2"))
        make_anchor(session, "日结")
        found = judged(session.store.reader, mine)
        assert [one.result for one in found.anchors] == [MISSING, FITS]
        assert found.is_well

    def test_a_figure_told_over_the_books_is_an_entry(self, session: Session) -> None:
        settle(session, visit("V1", accounts={"own": {"balance": "100.00"}}))
        assert judged(session.store.reader).overridden == ()  # nobody knew better
        two = settle(session, visit("V2", accounts={"own": {"balance": "9999999.00"}}))
        (told,) = judged(session.store.reader).overridden
        assert two.no in told
        assert "9999999.00" in told
        assert OPERATOR in told

    def test_the_same_dice_draw_the_same_papers(self, session: Session) -> None:
        for number in range(30):
            settle(session, visit(f"V{number}"))
        first, again, other = (
            review(session.store.reader, [], random.Random(seed)).papers for seed in ("甲", "甲", "乙")
        )
        assert first == again != other
        assert len(first) == 20

    def test_it_opens_with_the_reviewers_own_key_and_writes_nothing(
        self, session: Session, data: Path, tmp_path: Path
    ) -> None:
        settle(session, visit("V1"))
        identity = new_identity()
        admit_reader(session, PASSWORD, "审计王芳", recipient_of(identity))
        line = make_anchor(session, "日结")
        session.close()
        kept = tmp_path / "anchors.txt"
        kept.write_text(line, encoding="ascii")
        before = {one: one.read_bytes() for one in data.rglob("*") if one.is_file()}
        found = reviewed(AuditRequest(copy=data, anchors=(kept,), secret=identity))
        assert [one.result for one in found.anchors] == [FITS]
        assert {one: one.read_bytes() for one in data.rglob("*") if one.is_file() and one in before} == before
        headings = [heading for heading, _ in in_sections(found)]
        assert headings[0] == "锚"
        assert headings[-1] == "这样查不出来的"


def test_a_reviewers_key_is_its_owners_alone_and_is_never_written_over(tmp_path: Path) -> None:
    file = tmp_path / "reviewer.txt"
    assert make_reviewer_key(file) in file.read_text(encoding="ascii")
    if os.name != "nt":
        assert not file.stat().st_mode & 0o077
    before = file.read_bytes()
    with pytest.raises(GongjiError, match="可能是还在用的钥匙"):
        make_reviewer_key(file)
    assert file.read_bytes() == before
