"""A change of the program is an entry in the book, written when the other version first opens it, and once only."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gongji import __version__
from gongji.core.ledger.audit import Act
from gongji.desk.clinic.open import open_counter
from gongji.desk.clinic.upgrade import PROGRAM
from gongji.desk.clinic.verify.verify_book import verify
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.pack_files.library import Library
from tests.support.clinic import OPERATOR, PASSWORD
from tests.support.clock import Clock
from tests.support.in_the_book import entries_of

OTHER = "9.8.7"


@pytest.fixture
def other_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gongji.desk.clinic.upgrade.__version__", OTHER)


def told(session: Session) -> list[tuple[str, str, str]]:
    found = entries_of(session.store.reader, Act.PROGRAM)
    return [(one.operator, one.subject, one.detail) for one in reversed(found)]


def test_a_new_book_knows_the_program_that_made_it_and_has_no_entry(opened: Callable[[], Session]) -> None:
    for _ in range(2):
        counter = opened()
        assert told(counter) == []
        counter.close()


@pytest.mark.usefixtures("other_program")
def test_the_first_start_of_another_version_says_which_was_before_and_which_is_now(
    opened: Callable[[], Session], library: Library
) -> None:
    for _ in range(2):
        counter = opened()
        assert told(counter) == [(OPERATOR, OTHER, f"程序由 {__version__} 换成 {OTHER}")]
        assert list(verify(counter.folder, counter.store, library, lambda *_: None)) == []
        counter.close()


def test_going_back_is_told_too(opened: Callable[[], Session], monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as later:
        later.setattr("gongji.desk.clinic.upgrade.__version__", OTHER)
        opened().close()
    assert told(opened())[-1] == (OPERATOR, __version__, f"程序由 {OTHER} 换成 {__version__}")


def test_of_a_book_that_never_said_its_program_the_one_before_is_not_guessed(opened: Callable[[], Session]) -> None:
    counter = opened()
    with counter.store.write() as connection:
        connection.execute("DELETE FROM setting WHERE name = ?", (PROGRAM,))
    counter.close()
    assert told(opened()) == [(OPERATOR, __version__, f"程序换成 {__version__}，此前的版本没有记下")]


@pytest.mark.usefixtures("other_program")
def test_who_is_refused_changes_nothing(data: Path, library: Library, clock: Clock) -> None:
    with pytest.raises(GongjiError):
        open_counter(data, library, clock, OPERATOR, "别的口令 2025")
    counter = open_counter(data, library, clock, OPERATOR, PASSWORD)
    assert len(told(counter)) == 1
    counter.close()
