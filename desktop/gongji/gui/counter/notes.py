"""What the clerk should know now: a refusal, a better benefit, how old the figures are, the last visit."""

from collections.abc import Callable, Sequence

from msgspec import Struct
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFrame, QWidget

from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.layout import column, label, row
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
    told = Signal()
    line = Signal(int)
    patient = Signal(str)
    full_payment = Signal()


class NoteFrame(QFrame):
    """One note."""

    def __init__(self, note: Note) -> None:
        super().__init__()
        set_role(self, note.kind)
        down = column(self, margin=2 * tokens.STEP, spacing=tokens.STEP)
        text = label(note.text, wrap=True)
        set_role(text, "wrong" if note.kind == ALERT else "small" if note.kind == PLAIN else "")
        down.addWidget(text)
        if note.acts:
            across = row()
            for word, act in note.acts:
                one = button(word, act, "link")
                across.addWidget(one)
            across.addStretch(1)
            down.addLayout(across)


class Notes(QWidget):
    """The notes, the most urgent first."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "inside")
        self._down = column(self, margin=0, spacing=2 * tokens.STEP)
        self._shown: tuple[Note, ...] = ()
        self._said: tuple[tuple[str, str], ...] = ()

    @property
    def texts(self) -> list[str]:
        """What is said."""
        return [note.text for note in self._shown]

    @property
    def shown(self) -> tuple[Note, ...]:
        """The notes that are shown."""
        return self._shown

    def show_notes(self, notes: Sequence[Note]) -> None:
        """Show these notes; the same as before stay as they are."""
        said = tuple((note.kind, note.text) for note in notes)
        self._shown = tuple(notes)
        if said == self._said:
            return
        self._said = said
        while self._down.count():
            widget = self._down.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for note in notes:
            frame = NoteFrame(note)
            self._down.addWidget(frame)
            frame.show()  # now and not when Qt comes to it, or its height would not count yet
        self._down.addStretch(1)
        self._down.activate()
        self.changed.emit()
