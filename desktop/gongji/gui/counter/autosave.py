"""The visit being entered is stored in the book a moment after each edit, so that a power cut loses nothing.

What the book does not have yet, or refuses, is kept here until it is stored: nobody waits for a slow disk, and a full
one loses no visit.
"""

from PySide6.QtCore import QObject, QTimer, Signal

from gongji.core.ledger.draft import Draft
from gongji.desk.visits.held_visits import HeldVisit, forget, held, interrupted, keep, unfinished
from gongji.errors import GongjiError
from gongji.gui.counter.visit_model import VisitState

_PAUSE_MS = 400
_AGAIN_MS = 2_000
"""Milliseconds after an error until the visit is stored again."""


class Autosave(QObject):
    """Watches the visit and stores it; `not_taken` and `taken` report that the book refuses, and accepts again."""

    not_taken = Signal(object)
    taken = Signal()

    def __init__(self, state: VisitState) -> None:
        super().__init__()
        self._state = state
        self._kept: Draft | None = None
        self._asides: dict[str, HeldVisit] = {}
        self._dropped: set[str] = set()
        self._is_refused = self._is_over = False
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self.keep_now)
        self._again = QTimer(self, singleShot=True, interval=_AGAIN_MS)
        self._again.timeout.connect(self._write_rest)
        state.changed.connect(self._note)
        state.station.leaving.connect(self._leave)

    def _note(self) -> None:
        if self._state.draft != self._kept:
            self._pause.start()

    def keep_now(self) -> None:
        """Store the visit's current state."""
        self._pause.stop()
        draft = self._state.draft
        if draft == self._kept or (self._kept is None and draft.is_empty):
            return
        self._write(draft)

    def stop(self) -> None:
        """Stop storing automatically."""
        self._is_over = True
        self._pause.stop()
        self._again.stop()

    def _leave(self) -> None:
        """Store everything that the book does not have yet: closing waits for it, and nothing comes after."""
        self._write_rest()
        self.stop()

    def put_aside(self) -> None:
        """挂单: store the visit as one put aside."""
        self._pause.stop()
        self.put_back(self._state.draft, self.label)
        self._kept = None

    def put_back(self, draft: Draft, label: str) -> None:
        """Put a visit aside: by F6, or one that could not be settled while another is being entered."""
        at = self._state.station.now
        self._asides[draft.visit_no] = HeldVisit(draft=draft, label=label, at=at, aside=True)
        self._dropped.discard(draft.visit_no)
        self._write_aside(draft.visit_no)

    def take_up(self, visit_no: str) -> None:
        """Take a visit out of those put aside: it is being entered again."""
        self._asides.pop(visit_no, None)

    @property
    def waiting(self) -> list[HeldVisit]:
        """All visits put aside, the oldest first, whether the book has them already or not."""
        found = {one.draft.visit_no: one for one in held(self._state.station.counter)}
        return list((found | self._asides).values())

    def begin_another(self) -> None:
        """Leave the visit that is being settled as stored, and store the next one."""
        self._pause.stop()
        self._kept = None

    def drop(self, visit_no: str) -> None:
        """Delete a visit that was settled or discarded; the one being entered is still stored."""
        if visit_no == self._state.draft.visit_no:
            self._pause.stop()
            self._kept = None
        self._asides.pop(visit_no, None)
        self._dropped.add(visit_no)
        self._forget(visit_no)

    def left_over(self) -> HeldVisit | None:
        """Return the visit that was being entered when the program ended; any before it waits among those put aside."""
        counter = self._state.station.counter
        for one in interrupted(counter):
            self.put_back(one.draft, one.label)
        return unfinished(counter)

    @property
    def label(self) -> str:
        """What the visit being entered is called: by its patient."""
        patient = self._state.patient
        return patient.name if patient is not None else "未选病人"

    def _write(self, draft: Draft) -> None:
        self._kept = draft
        self._dropped.discard(draft.visit_no)
        counter, label = self._state.station.counter, self.label
        self._state.station.jobs.write(
            lambda: keep(counter, draft, label, aside=False), lambda _: self._took(), self._refused, owner=self
        )

    def _write_aside(self, visit_no: str) -> None:
        counter, one = self._state.station.counter, self._asides[visit_no]

        def done() -> None:
            if self._asides.get(visit_no) is one:
                del self._asides[visit_no]
            self._took()

        self._state.station.jobs.write(
            lambda: keep(counter, one.draft, one.label, aside=True), lambda _: done(), self._refused, owner=self
        )

    def _forget(self, visit_no: str) -> None:
        counter = self._state.station.counter

        def done() -> None:
            self._dropped.discard(visit_no)
            self._took()

        self._state.station.jobs.write(lambda: forget(counter, visit_no), lambda _: done(), self._refused, owner=self)

    def _write_rest(self) -> None:
        """Store whatever the book does not have yet, and delete what it still has."""
        for visit_no in list(self._asides):
            self._write_aside(visit_no)
        for visit_no in list(self._dropped):
            self._forget(visit_no)
        self.keep_now()

    def _took(self) -> None:
        """Store what the book refused before, now that it accepts data again."""
        if self._is_refused:
            self._is_refused = False
            self._again.stop()
            self._write_rest()
            self.taken.emit()

    def _refused(self, error: BaseException) -> None:
        """Report it once, without a sheet: somebody is typing, and the keys would go into it."""
        if not isinstance(error, GongjiError):
            self._state.station.fail(error)
            return
        self._kept = None
        if not self._is_over:
            self._again.start()
        if not self._is_refused:
            self._is_refused = True
            self._state.station.counter.log.warning("a visit was not kept", exc_info=error)
            self.not_taken.emit(error)
