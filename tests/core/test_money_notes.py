"""实收的建议: notes that somebody most likely hands over."""

import pytest

from gongji.core.ledger.drawer import likely_notes


@pytest.mark.parametrize(
    ("due_fen", "notes"),
    [
        (0, ()),
        (-500, ()),
        (850, (1000, 2000, 5000)),
        (1972, (2000, 5000, 10000)),
        (2000, (5000, 10000)),
        (12506, (13000, 15000, 20000)),
        (10000, ()),
        (99999, (100000,)),
    ],
)
def test_notes_above_what_is_due(due_fen: int, notes: tuple[int, ...]) -> None:
    assert likely_notes(due_fen) == notes
    assert all(note > due_fen for note in likely_notes(due_fen))
