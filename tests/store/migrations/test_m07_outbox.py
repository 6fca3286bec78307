"""A book from before the queue had legs: what waited in it waits still, in the same order."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gongji.core.outbox.states import State
from gongji.desk.clinic.open import open_counter
from gongji.desk.session import Session
from gongji.desk.settlements.settle import settle_text
from gongji.desk.settlements.void import void
from gongji.pack_files.library import Library
from gongji.store.upload import legs, outbox_records
from tests.scenarios.upload.simulate import template
from tests.support.accepted import record_accepted
from tests.support.clinic import PERSON, line, text, visit
from tests.support.clock import Clock

TABLES = (
    "answer", "platform_figure", "attempt", "inquiry", "resolution", "discrepancy", "reconciliation", "msgid_mark",
    "platform_person", "leg",
)  # fmt: skip


@pytest.fixture
def folder(library: Library) -> Iterator[Path]:
    with template(library) as path:
        yield path / "template"


def test_legs_are_made_of_what_is_queued(folder: Path, library: Library, clock: Clock) -> None:
    counter = open_counter(folder, library, clock)
    chronic = {**PERSON, "registrations": {"chronic": ["高血压"]}}
    numbers = [
        _settle(counter, "V0"),
        _settle(counter, "V1"),
        _settle(counter, "V2", line("20.00", code="X2", benefit="chronic"), line("10.00"), person=chronic),
        _settle(counter, "V3", person={**PERSON, "id": "530399196003030036"}),
    ]
    record_accepted(counter, numbers[0], "2025-06-10 09:05:00", "Z1", {})
    void(counter, numbers[1], "退药")
    marks = _told(counter)
    connection = counter.store._writer  # noqa: SLF001  # past the writing that keeps a mark of every act beside the book
    connection.execute("BEGIN")
    for table in TABLES:
        connection.execute(f"DROP TABLE {table}")
    undone = ("m0007_outbox", "m0016_platform_words")
    connection.execute("DELETE FROM _sqlite_migrations WHERE name IN (?, ?)", undone)
    connection.execute("COMMIT")
    counter.close()
    counter = open_counter(folder, library, clock)
    assert _told(counter) == marks
    assert [State(row.state) for row in outbox_records.rows(counter.store.reader)] == [
        State.ACCEPTED,
        *[State.PENDING] * 4,
    ]
    assert [leg.part for leg in legs.of_serial(counter.store.reader, 3)] == [0, 1]
    counter.close()


def _settle(session: Session, number: str, *lines: dict[str, object], **more: object) -> str:
    done = settle_text(session, text(visit(number, *lines, **more)))
    assert done.stored is not None, done.problems
    return done.stored.no


def _told(session: Session) -> list[tuple[object, ...]]:
    rows = session.store.reader.execute(
        "SELECT serial, part, lane, voids, state, step, open, head FROM leg ORDER BY serial, part"
    )
    return rows.fetchall()
