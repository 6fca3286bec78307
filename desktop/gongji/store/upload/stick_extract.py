"""An extract of the book for a carrier: the lanes that go along and nothing else, in a small encrypted book."""

from contextlib import closing
from pathlib import Path

from gongji.core.outbox.message_ids import MessageNumber
from gongji.core.progress import Progress, tell
from gongji.store import settings
from gongji.store.book_file import db
from gongji.store.book_file.db import Store
from gongji.store.engine import Connection
from gongji.store.upload import messages, outbox_records

_SETTINGS = (
    "counter", "area", "institution", "training", "epoch", "serial_floor", settings.ANCHOR, settings.CARE_AREA,
    settings.OWN_PROFILE,
)  # fmt: skip
# Ordered so that every reference finds its target. What only the counter needs stays behind: the figures of
# people's years, the explanation of each amount, papers, the catalogue, everybody else.
_OF_SERIAL = {
    "settlement": "serial",
    "receipt": "settlement",
    "part": "settlement",
    "fee_line": "settlement",
    "record": "serial",
    "record_state": "serial",
    "acceptance": "serial",
    "leg": "serial",
    "attempt": "serial",
    "platform_figure": "serial",
}


def cut(
    source: Connection,
    path: Path,
    key: bytes,
    lanes: list[str],
    marks: tuple[MessageNumber, MessageNumber],
    progress: Progress | None,
) -> None:
    """Write a new book with these lanes; its messages may use the numbers after one mark up to another.

    `progress` counts lanes. Raises `StoppedError` where it stops.
    """
    first, last = marks
    db.create(path, key)
    with closing(Store(path, key)) as slice_, slice_.write() as target:
        _fill(source, target, lanes, progress)
        settings.put(target, messages.UNTIL, f"{last.at}/{last.number:03d}")
        target.execute("INSERT INTO msgid_mark VALUES (1, ?, ?)", (first.at, first.number))


def _fill(source: Connection, target: Connection, lanes: list[str], progress: Progress | None) -> None:
    for name in _SETTINGS:
        value = settings.get(source, name)
        if value is not None:
            settings.put(target, name, value)
    for done, lane in enumerate(lanes):
        tell(progress, done, len(lanes))
        serials = [serial for (serial,) in source.execute("SELECT serial FROM record WHERE lane = ?", (lane,))]
        for serial in sorted(serials):
            _needed(source, target, serial)
            for table, column in _OF_SERIAL.items():
                _copy(source, target, table, f"{column} = ?", serial)
            _copy(source, target, "answer", "msgid IN (SELECT msgid FROM attempt WHERE serial = ?)", serial)


def _needed(source: Connection, target: Connection, serial: int) -> None:
    """Copy what a settlement refers to, and no more than is needed."""
    person, policy, audit = source.execute(
        "SELECT person_id, policy_sha256, audit FROM settlement WHERE serial = ?", (serial,)
    ).fetchone()
    (rank,) = source.execute("SELECT rank FROM person WHERE id = ?", (person,)).fetchone()
    target.execute("INSERT INTO person (rank, id, name) VALUES (?, ?, '') ON CONFLICT DO NOTHING", (rank, person))
    _copy(source, target, "person_key", "person = ?", rank)
    _copy(source, target, "forgotten", "person = ?", rank)  # a person who came back has contents whose key is gone
    target.execute(
        "INSERT INTO policy_text (sha256, policy, text) VALUES (?, '', x'') ON CONFLICT DO NOTHING", (policy,)
    )
    _copy(source, target, "audit", "serial = ?", audit)
    _copy(source, target, "platform_person", "person_id = ?", person)
    _copy(source, target, "voucher", "person_id = ?", person)
    _copy(source, target, "code_mapping", "code IN (SELECT code FROM fee_line WHERE settlement = ?)", serial)


def _copy(source: Connection, target: Connection, table: str, condition: str, value: object) -> None:
    found = source.execute(f"SELECT * FROM {table} WHERE {condition}", (value,))  # noqa: S608  # our own names
    names = [f'"{one[0]}"' for one in found.description]
    rows = found.fetchall()
    if table == "record":  # whole: the visit that the book reads it with stays behind
        serial, body = names.index('"serial"'), names.index('"body"')
        rows = [(*row[:body], outbox_records.sealed_body_of(source, row[serial]), *row[body + 1 :]) for row in rows]
    places = ", ".join("?" * len(names))
    target.executemany(
        f"INSERT OR IGNORE INTO {table} ({', '.join(names)}) VALUES ({places})",  # noqa: S608  # our own names
        rows,
    )
