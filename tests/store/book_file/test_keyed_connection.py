"""A connection to the book leaves nothing behind of the statements it has done, however many a day has."""

import gc
import weakref

from gongji.desk.session import Session

_STATEMENTS = 5_000
_KEPT = 1_000
"""The library forgets cursors that are gone some hundreds at a time."""


def _gone() -> int:
    """How many references there are to what is there no more."""
    return sum(type(one) is weakref.ref and one() is None for one in gc.get_objects())


def test_cursors_that_are_gone_are_forgotten(session: Session) -> None:
    before = _gone()
    for number in range(_STATEMENTS):
        assert session.store.reader.execute("SELECT ?", (number,)).fetchone() == (number,)
    assert _gone() - before < _KEPT
