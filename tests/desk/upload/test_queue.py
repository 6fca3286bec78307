"""A long queue: what is asked again and again costs as much as beside a short one, counted in steps of the database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from gongji.desk.clinic.open import open_counter
from gongji.desk.session import Session
from gongji.desk.settlements.settle import settle_text
from gongji.desk.upload.queue import ALL, GROUPS, queued
from gongji.pack_files.library import Library
from gongji.store.upload import legs, payer_answers
from tests.bench.multiply import add_people, multiply_counted
from tests.scenarios.upload.simulate import template
from tests.support.clinic import text, visit
from tests.support.clock import Clock

AT, LATER = "2025-06-10 09:00:00", "2025-06-10 09:15:00"
SHORT, LONG = 300, 3000
PAGE = 50

Asked = Callable[[Session], Any]
ASKED: dict[str, Asked] = {
    "whose turn": lambda counter: legs.due(counter.store.reader, AT, LATER, {"a", "b"}, 4),
    "when the next": lambda counter: legs.next_due(counter.store.reader),
    "whose figures": lambda counter: list(payer_answers.due_inquiries(counter.store.reader, AT, LATER, {"a"}, 4)),
    "when to ask": lambda counter: payer_answers.next_inquiry(counter.store.reader),
    GROUPS[0].name: lambda counter: queued(counter, GROUPS[0].states, PAGE),
    GROUPS[1].name: lambda counter: queued(counter, GROUPS[1].states, PAGE),
    ALL: lambda counter: queued(counter, None, PAGE),
}


@contextmanager
def waiting(library: Library, records: int) -> Iterator[Session]:
    """Yield a counter with so many records that wait, and as many inquiries of people with nothing on its way."""
    with template(library) as folder:
        counter = open_counter(folder / "template", library, Clock(AT))
        settle_text(counter, text(visit("V1")))
        with counter.store.write() as connection:
            add_people(connection)
        multiply_counted(counter.store, 2, records)
        with counter.store.write() as connection:
            for number in range(records):
                payer_answers.want_figures(connection, f"free{number}", "5206", 1)
        yield counter
        counter.close()


def steps(session: Session, asked: Asked) -> int:
    """Return how many steps the database takes over it, in hundreds."""
    found = 0

    def another() -> int:
        nonlocal found
        found += 1
        return 0

    session.store.reader.set_progress_handler(another, 100)
    assert asked(session) is not None
    session.store.reader.set_progress_handler(None, 100)
    return found


@pytest.fixture(scope="module")
def both(library: Library) -> Iterator[tuple[Session, Session]]:
    with waiting(library, SHORT) as short, waiting(library, LONG) as long:
        yield short, long


@pytest.mark.parametrize("name", ASKED)
def test_it_costs_as_much_beside_a_short_queue(name: str, both: tuple[Session, Session]) -> None:
    short, long = (steps(counter, ASKED[name]) for counter in both)
    assert long <= 1.5 * short + 2, (short, long)
