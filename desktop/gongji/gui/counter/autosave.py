"""The visit being entered is kept in the book a moment after each edit, so that a power cut loses nothing.

What the book does not have yet, or does not take, is kept here until it does: nobody waits for a slow disk, and a full
one loses no visit.
"""

from PySide6.QtCore import QObject, QTimer, Signal

from gongji.core.ledger.draft import Draft
from gongji.desk.visits.held_visits import HeldVisit, forget, held, interrupted, keep, unfinished
from gongji.errors import GongjiError
from gongji.gui.counter.visit_model import VisitState

_PAUSE_MS = 400
_AGAIN_MS = 2_000
"""How long after the book has refused something it is asked again."""


class Autosave(QObject):
    """Watches the visit and writes it down; `not_taken` and `taken` tell when the book refuses, and takes again."""

    not_taken = Signal(object)
    taken = Signal()

    def __init__(self, state: VisitState) -> None:
        super().__init__()
        self._state = state
        self._kept: Draft | None = None
        self._asides: dict[str, HeldVisit] = {}
        self._dropped: set[str] = set()
        self._is_refused = self._is_over = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.keep_now)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_AGAIN_MS)
        self._again.timeout.connect(self._write_rest)
        state.changed.connect(self._note)
        state.station.leaving.connect(self._leave)

    def _note(self) -> None:
        if self._state.draft != self._kept:
            self._pause.start()

    def keep_now(self) -> None:
        """Write the visit down as it stands."""
        self._pause.stop()
        draft = self._state.draft
        if draft == self._kept or (self._kept is None and draft.is_empty):
            return
        self._write(draft)

    @property
    def is_kept(self) -> bool:
        """Return whether the book has the visit as it stands now."""
        return self._kept == self._state.draft and self._state.station.jobs.is_idle

    def stop(self) -> None:
        """Write nothing more by itself."""
        self._is_over = True
        self._pause.stop()
        self._again.stop()

    def _leave(self) -> None:
        """Have everything written that the book does not have yet: closing waits for it, and nothing comes after."""
        self._write_rest()
        self.stop()

    def put_aside(self) -> None:
        """挂单: write the visit down as one that waits."""
        self._pause.stop()
        self.put_back(self._state.draft, self._label)
        self._kept = None

    def put_back(self, draft: Draft, label: str) -> None:
        """Let a visit wait, which was put aside or could not be settled, for another is being entered."""
        at = self._state.station.now
        self._asides[draft.visit_no] = HeldVisit(draft=draft, label=label, at=at, aside=True)
        self._dropped.discard(draft.visit_no)
        self._write_aside(draft.visit_no)

    def take_up(self, visit_no: str) -> None:
        """Let a visit no longer wait: it is being entered again."""
        self._asides.pop(visit_no, None)

    @property
    def waiting(self) -> list[HeldVisit]:
        """Every visit that waits, the oldest first, whether the book has it already or not."""
        found = {one.draft.visit_no: one for one in held(self._state.station.counter)}
        return list((found | self._asides).values())

    def begin_another(self) -> None:
        """Leave the visit that is being settled as it was kept, and keep the next one."""
        self._pause.stop()
        self._kept = None

    def drop(self, visit_no: str) -> None:
        """Forget a visit that was settled or thrown away; the one being entered goes on being kept."""
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
    def _label(self) -> str:
        patient = self._state.patient
        return patient.name if patient is not None else "未选病人"

    def _write(self, draft: Draft) -> None:
        self._kept = draft
        self._dropped.discard(draft.visit_no)
        counter, label = self._state.station.counter, self._label
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
        """Write down whatever the book does not have yet, and forget what it has not forgotten."""
        for visit_no in list(self._asides):
            self._write_aside(visit_no)
        for visit_no in list(self._dropped):
            self._forget(visit_no)
        self.keep_now()

    def _took(self) -> None:
        """Write down what the book has refused before, now that it takes something again."""
        if self._is_refused:
            self._is_refused = False
            self._again.stop()
            self._write_rest()
            self.taken.emit()

    def _refused(self, error: BaseException) -> None:
        """Tell of it once, without a sheet: somebody is typing, and what is typed would go into it."""
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
