"""What the clerk should know now: a refusal, a better benefit, how old the figures are, the last visit."""

from collections.abc import Callable, Sequence
from functools import partial

from msgspec import Struct
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFrame, QWidget

from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.layout import REST, column, label, put, row
from gongji.gui.kit.style import set_role

ALERT, HINT, PLAIN, DONE = "alert", "hint", "note", "done"


class Note(Struct, frozen=True, kw_only=True):
    """A sentence, how urgent it is, and what can be done about it: words and acts."""

    kind: str
    text: str
    acts: tuple[tuple[str, Callable[[], None]], ...] = ()


class NoteRequests(QObject):
    """What the buttons of notes ask for: a sheet, the sheet of a line (its place), a patient (the number), F11."""

    visit = Signal()
    person = Signal()
    year_figures = Signal()
    line = Signal(int)
    patient = Signal(str)
    full_payment = Signal()


class NoteFrame(QFrame):
    """One note. Its buttons do what the note it shows now says, which may be a later one of the same words."""

    def __init__(self, note: Note) -> None:
        super().__init__()
        self.note = note
        set_role(self, note.kind)
        text = label(note.text, "wrong" if note.kind == ALERT else "small" if note.kind == PLAIN else "", wrap=True)
        down = put(column(self, margin=2 * tokens.STEP, spacing=tokens.STEP), text)
        if note.acts:
            acts = [button(word, partial(self._act, place), "link") for place, (word, _) in enumerate(note.acts)]
            put(down, put(row(), *acts, REST))

    def _act(self, place: int) -> None:
        _, act = self.note.acts[place]
        act()


class Notes(QWidget):
    """The notes, the most urgent first."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "inside")
        self._down = column(self, margin=0, spacing=2 * tokens.STEP)
        self._frames: list[NoteFrame] = []

    @property
    def shown(self) -> tuple[Note, ...]:
        """The notes that are shown."""
        return tuple(frame.note for frame in self._frames)

    def show_notes(self, notes: Sequence[Note]) -> None:
        """Show these notes; one with the words of another before takes its place, so that nothing flickers."""
        before = list(self._frames)
        frames = [_taken(before, note) or NoteFrame(note) for note in notes]
        is_same = frames == self._frames
        self._frames = frames
        if is_same:
            return
        while self._down.count():
            self._down.takeAt(0)
        for gone in before:
            gone.hide()
            gone.deleteLater()
        for frame in frames:
            self._down.addWidget(frame)
            frame.show()  # now and not when Qt comes to it, or its height would not count yet
        self._down.addStretch(1)
        self._down.activate()
        self.changed.emit()


def _taken(frames: list[NoteFrame], note: Note) -> NoteFrame | None:
    """Take from frames the first that shows the words of a note, and have it show the note; None where none does."""
    for frame in frames:
        if _words(frame.note) == _words(note):
            frames.remove(frame)
            frame.note = note
            return frame
    return None


def _words(note: Note) -> tuple[str, str, tuple[str, ...]]:
    return note.kind, note.text, tuple(word for word, _ in note.acts)
