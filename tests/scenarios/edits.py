"""Edits by another hand, each looked at by the commands: `gongji verify` finds it and, covered up, `gongji audit`.

`python -m tests.scenarios.edits [PART OF]` makes every edit there is to a book in which most tables hold something,
each in a folder of its own, and says how many each command found and which it did not. `test_edits.py` makes some.
"""

# ruff: noqa: S608  # statements of our own making, about tables of our own names

import contextlib
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from msgspec import Struct

from gongji.cli.main import run
from gongji.desk.clinic.backup.anchors import make_anchor
from gongji.desk.clinic.open import open_counter
from gongji.desk.settlements.settle import settle_text
from gongji.store.book_file import tally, tally_check
from gongji.store.book_file.keyed_connection import connect
from gongji.store.engine import Connection
from tests.desk.clinic.test_audit_book import covered_up
from tests.scenarios.faults import running
from tests.scenarios.faults.child import LIBRARY, now
from tests.scenarios.faults.test_between_commits import ACTS, cheap_here, prepare
from tests.store.book_file.test_tally import _any_value, _changed
from tests.support.clinic import OPERATOR, PASSWORD, text, visit
from tests.support.passwords import passwords_cost_little

FOUND = 2
"""What the commands end with that find something."""
_MORE_ACTS = (
    "hold", "reveal", "import", "pack", "parameter", "decide", "refund", "export", "explain", "files", "years", "lock",
    "gateway", "adopt", "retry", "reader", "print", "reprint", "close", "try key", "driver", "forget",
)  # fmt: skip
_IN_SCHEMA = ("PRAGMA writable_schema = 1", "PRAGMA writable_schema = 0")
_REFUSING = ("update", "delete", "insert")


class Edit(Struct, frozen=True):
    """What somebody does to a book with another tool; `table` where it is to rows, whose triggers are in the way."""

    name: str
    statements: tuple[str, ...]
    table: str = ""


class Lab(Struct, frozen=True):
    """A folder as it was left, the anchor of that moment in a file, and the book's key."""

    data: Path
    anchors: Path
    key: bytes


def begun(place: Path, *, whole: bool) -> Lab:
    """Make a book with something in it, or, `whole`, in as many tables as there are acts for; then take an anchor."""
    prepare(place)
    counter = open_counter(place / "data", LIBRARY, now, OPERATOR, PASSWORD)
    for name in _MORE_ACTS if whole else ("explain",):
        ACTS[name][1](counter)
    for number in range(3):
        accounts = {"family": [{"id": "A9", "relation": "parent", "balance": "50.00", "authorised": True}]}
        assert settle_text(counter, text(visit(f"W{number}", accounts=accounts))).stored is not None
    anchors = place / "anchors.txt"
    anchors.write_text(f"{make_anchor(counter, '日结')}\n{make_anchor(counter, '日结')}\n", encoding="ascii")
    lab = Lab(place / "data", anchors, counter.store.key)
    counter.close()
    return lab


def edits(connection: Connection) -> Iterator[Edit]:
    """Yield every edit: to each column, a row out, in, doubled and exchanged, each setting, and to the schema."""
    for table in tally.tables(connection):
        yield from _of_rows(connection, table)
    for (name,) in connection.execute("SELECT name FROM setting ORDER BY name").fetchall():
        yield Edit(f"the setting {name}", (f"UPDATE setting SET value = value || '1' WHERE name = '{name}'",))
    for kind, name in connection.execute(
        "SELECT type, name FROM sqlite_master WHERE sql IS NOT NULL AND type IN ('trigger', 'index') ORDER BY 1, 2"
    ).fetchall():
        yield Edit(f"{kind} {name} out", (f'DROP {kind} "{name}"',))
    yield from _of_schema()


def _of_rows(connection: Connection, table: str) -> Iterator[Edit]:
    info = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
    kinds = {str(name): str(kind) for _, name, kind, *_ in info}
    keys = [str(name) for _, name, _, _, _, key in info if key] or ["rowid"]
    (count,) = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()
    if not count:
        values = ", ".join(_literal(_any_value(kind, name)) for name, kind in kinds.items())
        yield Edit(f"{table}: a row in", (f'INSERT INTO "{table}" VALUES ({values})',), table)
        return

    def at(place: int) -> str:
        order = ", ".join(keys)
        row = f'FROM "{table}" ORDER BY {order} LIMIT 1 OFFSET {place}'
        return "WHERE " + " AND ".join(f"{one} = (SELECT {one} {row})" for one in keys)

    both = count > 1 and table != "anchor"  # the last of these came with the anchor itself, after what it tells of
    for which, place in {"first": 0, "last": count - 1}.items() if both else (("first", 0),):
        for name, kind in kinds.items():
            changed = f'UPDATE OR REPLACE "{table}" SET "{name}" = {_changed(name, kind)} {at(place)}'
            yield Edit(f"{table}.{name} of the {which}", (changed,), table)
        yield Edit(f"{table}: the {which} row out", (f'DELETE FROM "{table}" {at(place)}',), table)
    if count > 1:
        yield Edit(f"{table}: all rows out", (f'DELETE FROM "{table}"',), table)
        rest = [one for one in kinds if one not in keys]
        if rest:
            yield Edit(f"{table}: two rows exchanged", tuple(_exchanged(table, rest, at(0), at(count - 1))), table)
    like = ", ".join(_another(name, kind) if name in keys else f'"{name}"' for name, kind in kinds.items())
    yield Edit(
        f"{table}: a row doubled", (f'INSERT OR REPLACE INTO "{table}" SELECT {like} FROM "{table}" {at(0)}',), table
    )


def _exchanged(table: str, names: Sequence[str], one: str, other: str) -> Iterator[str]:
    yield f'CREATE TEMP TABLE aside AS SELECT * FROM "{table}" {one}'
    for name in names:
        yield f'UPDATE OR REPLACE "{table}" SET "{name}" = (SELECT "{name}" FROM "{table}" {other}) {one}'
    for name in names:
        yield f'UPDATE OR REPLACE "{table}" SET "{name}" = (SELECT "{name}" FROM temp.aside) {other}'
    yield "DROP TABLE temp.aside"


def _literal(value: object) -> str:
    return f"x'{value.hex()}'" if isinstance(value, bytes) else str(value) if isinstance(value, int) else f"'{value}'"


def _another(name: str, kind: str) -> str:
    if kind == "BLOB":
        return f"CAST(\"{name}\" || x'01' AS BLOB)"
    return f'"{name}" + 100000' if kind == "INTEGER" else f"\"{name}\" || '9'"


def _of_schema() -> Iterator[Edit]:
    more = "AFTER INSERT ON setting BEGIN UPDATE setting SET value = '0' WHERE name = 'gateway'; END"
    for name in ("quiet", "sqliteXstat1", "sqlite-statistics"):
        yield Edit(f"a trigger {name}", (f'CREATE TRIGGER "{name}" {more}',))
    hidden = f"CREATE TRIGGER sqlite_stat9 {more}".replace("'", "''")
    row = f"('trigger', 'sqlite_stat9', 'setting', 0, '{hidden}')"
    by_hand = (_IN_SCHEMA[0], f"INSERT INTO sqlite_master VALUES {row}", _IN_SCHEMA[1])
    yield Edit("a trigger like the optimiser's tables", by_hand)
    for name, sql in {
        "a view": "CREATE VIEW looks AS SELECT 1 AS a",
        "a table": "CREATE TABLE more (a INTEGER)",
        "an index": "CREATE INDEX more_payments ON payment (means)",
        "the version of the file": "PRAGMA user_version = 7",
        "the kind of the file": "PRAGMA application_id = 7",
        **{f"a column of {one}": f"ALTER TABLE {one} ADD COLUMN more TEXT" for one in ("payment", "setting", "person")},
    }.items():
        yield Edit(f"{name} more", (sql,))
    for name, before, after in (
        ("no CHECK counts", "CHECK (", "CHECK (1 OR "),
        ("no type counts", ") STRICT", ")"),
        ("no trigger refuses", "RAISE(ABORT, ", "coalesce(1, "),
    ):
        change = f"UPDATE sqlite_master SET sql = replace(sql, '{before}', '{after}')"
        yield Edit(name, (_IN_SCHEMA[0], change, _IN_SCHEMA[1]))


def copied(lab: Lab, place: Path) -> Path:
    """Return a copy of the folder without what the commands do not look at."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(lab.data, place, ignore=shutil.ignore_patterns("backups", "receipts", "packages", "*.log"))
    return place


def made(lab: Lab, place: Path, edit: Edit) -> bool:
    """Make an edit to a copy as a stranger's tool does; return whether anything is other than before."""
    connection = other_tool(lab, place)
    try:
        before = tally_check.counted(connection), _schema(connection)
        refusing = _out_of_the_way(connection, edit.table)
        for one in edit.statements:
            connection.execute(one)
        for one in refusing:
            connection.execute(one)
    finally:
        connection.close()
    connection = other_tool(lab, place)
    try:
        return (tally_check.counted(connection), _schema(connection)) != before
    finally:
        connection.close()


def cover(lab: Lab, place: Path) -> None:
    """Make every seal and tally anew, as somebody with the key can."""
    connection = other_tool(lab, place)
    try:
        covered_up(connection)
    finally:
        connection.close()


def other_tool(lab: Lab, place: Path) -> Connection:
    connection = connect(place / "book.db", lab.key)
    for pragma in ("foreign_keys = 0", "ignore_check_constraints = 1", "recursive_triggers = 0"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _schema(connection: Connection) -> list[tuple[str, ...]]:
    return connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()


def _out_of_the_way(connection: Connection, table: str) -> list[str]:
    """Drop what refuses changes of a table; return how it is put back."""
    found = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)
    ).fetchall()
    for name, _ in found:
        connection.execute(f'DROP TRIGGER "{name}"')
    return [sql for _, sql in found]


def is_as_before(lab: Lab, place: Path) -> bool:
    """Tell whether covering an edit has undone it, as it does with a seal."""
    left, right = other_tool(lab, place), other_tool(lab, lab.data)
    try:
        return tally_check.counted(left) == tally_check.counted(right)
    finally:
        left.close()
        right.close()


def verified(place: Path) -> int:
    """Return what `gongji verify` ends with."""
    return run(["verify", "--data", str(place), "--operator", OPERATOR], now)


def audited(lab: Lab, place: Path) -> int:
    """Return what `gongji audit` ends with, against the anchor of the moment before."""
    return run(["audit", str(place), str(lab.anchors), "--operator", OPERATOR], now)


def main() -> None:
    """Make every edit, or one part of so many, and tell what was found."""
    part, parts = map(int, sys.argv[1:3] or ("0", "1"))
    running.start_server()
    passwords_cost_little()
    os.environ["GONGJI_PASSWORD"] = PASSWORD
    with tempfile.TemporaryDirectory(dir=running.in_memory()) as folder, pytest.MonkeyPatch.context() as patch:
        cheap_here(patch)
        place = Path(folder)
        lab = begun(place, whole=True)
        connection = other_tool(lab, lab.data)
        every = list(edits(connection))[part::parts]
        connection.close()
        tried, naive, covered, missed = 0, 0, 0, []
        for edit in every:
            work = copied(lab, place / "work")
            try:
                changes = made(lab, work, edit)
            except Exception as error:  # noqa: BLE001  # what another tool cannot do either is no edit
                print(f"not made: {edit.name}: {error}", flush=True)
                continue
            if not changes:
                print(f"changes nothing: {edit.name}", flush=True)
                continue
            tried += 1
            with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO())), contextlib.redirect_stderr(io.StringIO()):
                found = verified(work) == FOUND
                cover(lab, work)
                found_covered = audited(lab, work) == FOUND or is_as_before(lab, work)
            naive, covered = naive + found, covered + found_covered
            if not (found and found_covered):
                missed.append(edit.name)
                print(f"missed: {edit.name}: verify {found}, covered {found_covered}", flush=True)
        print(f"{tried} edits: {naive} found by verify; covered up, {covered} by audit; missed: {missed}")


if __name__ == "__main__":
    main()
