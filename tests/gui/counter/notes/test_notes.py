"""The notes beside the settlement: a button does what the note says now, and what stays is not drawn anew."""

from functools import partial

from PySide6.QtWidgets import QPushButton

from gongji.gui.counter.notes.notes import Note, NoteFrame, Notes
from tests.support.clerk import Clerk

CHRONIC = "530399194410303996"
"""The number of somebody in the training data who is registered for a chronic disease."""
FIRST, DRUG = "009910000010000", "XC08CA0107A001010199909"


def frames(notes: Notes) -> list[NoteFrame]:
    """Return the frames that are shown, from above."""
    return sorted(
        (one for one in notes.findChildren(NoteFrame) if not one.isHidden()), key=lambda one: one.geometry().top()
    )


def press(frame: NoteFrame, word: str) -> None:
    (button,) = [one for one in frame.findChildren(QPushButton) if one.text() == word]
    button.click()


def test_a_benefit_is_taken_for_the_line_that_is_meant_after_another_was_removed(clerk: Clerk) -> None:
    clerk.scan(CHRONIC)
    clerk.add_item(FIRST)
    clerk.add_item(DRUG)
    (note,) = [one for one in clerk.screen.panel.notes.shown if "若用于该病" in one.text]
    clerk.screen.state.remove_line(0)
    assert note.text in [one.text for one in clerk.screen.panel.notes.shown]  # as before, of another line
    (frame,) = [one for one in frames(clerk.screen.panel.notes) if one.note.text == note.text]
    press(frame, note.acts[0][0])
    (line,) = clerk.screen.state.draft.lines
    assert (line.name, line.benefit) == ("苯磺酸氨氯地平片", "chronic")


def test_what_a_note_with_the_same_words_does_now_is_done(clerk: Clerk) -> None:
    notes, done = clerk.screen.panel.notes, list[str]()
    for time in ("first", "second"):
        notes.show_notes([Note(kind="hint", text="甲", acts=(("做", partial(done.append, time)),))])
    (frame,) = frames(notes)
    press(frame, "做")
    assert done == ["second"]


def test_a_note_that_stays_keeps_its_frame_and_the_order_is_as_told(clerk: Clerk) -> None:
    notes = clerk.screen.panel.notes
    one, two, three = (Note(kind="note", text=text) for text in "甲乙丙")
    notes.show_notes([one, two, three])
    kept = {frame.note.text: frame for frame in frames(notes)}
    notes.show_notes([three, one, one])
    assert [frame.note.text for frame in frames(notes)] == ["丙", "甲", "甲"]
    assert frames(notes)[0] is kept["丙"]
    assert kept["甲"] in frames(notes)
    assert [one.text for one in notes.shown] == ["丙", "甲", "甲"]


def test_a_better_benefit_is_told_with_the_edit_itself(clerk: Clerk) -> None:
    clerk.scan(CHRONIC)
    clerk.add_item(DRUG)
    told = [one.text for one in clerk.screen.panel.notes.shown if "若用于该病" in one.text]
    assert len(told) == 1
    clerk.screen.state.edit_line(0, "quantity", "3")
    again = [one.text for one in clerk.screen.panel.notes.shown if "若用于该病" in one.text]
    assert len(again) == 1
    assert again != told  # three times as much is saved
