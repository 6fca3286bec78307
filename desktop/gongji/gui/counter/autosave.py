"""The visit being entered is kept in the book a moment after each edit, so that a power cut loses nothing."""

from PySide6.QtCore import QObject, QTimer

from gongji.core.ledger.draft import Draft
from gongji.desk.visits.held_visits import HeldVisit, forget, interrupted, keep, unfinished
from gongji.gui.counter.visit_model import VisitState

_PAUSE_MS = 400


class Autosave(QObject):
    """Watches the visit and writes it down."""

    def __init__(self, state: VisitState) -> None:
        """Begin watching."""
        super().__init__()
        self._state = state
        self._kept: Draft | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.keep_now)
        state.changed.connect(self._note)

    def _note(self) -> None:
        if self._state.draft != self._kept:
            self._pause.start()

    def keep_now(self) -> None:
        """Write the visit down as it stands."""
        self._pause.stop()
        draft = self._state.draft
        if draft == self._kept or (self._kept is None and draft.is_empty):
            return
        self._write(draft, aside=False)

    @property
    def is_kept(self) -> bool:
        """Tell whether the book has the visit as it stands now."""
        return self._kept == self._state.draft and self._state.station.jobs.is_idle

    def stop(self) -> None:
        """Write nothing more."""
        self._pause.stop()

    def put_aside(self) -> None:
        """挂单: write the visit down as one that waits."""
        self._pause.stop()
        self._write(self._state.draft, aside=True)
        self._kept = None

    def put_back(self, draft: Draft, label: str) -> None:
        """Let a visit wait that could not be settled, for another is being entered."""
        counter = self._state.station.counter
        self._state.station.jobs.write(
            lambda: keep(counter, draft, label, aside=True),
            owner=self,
        )

    def begin_another(self) -> None:
        """Leave the visit that is being settled as it was kept, and keep the next one."""
        self._pause.stop()
        self._kept = None

    def drop(self, visit_no: str) -> None:
        """Forget a visit that was settled or thrown away; the one being entered goes on being kept."""
        if visit_no == self._state.draft.visit_no:
            self._pause.stop()
            self._kept = None
        counter = self._state.station.counter
        self._state.station.jobs.write(lambda: forget(counter, visit_no), owner=self)

    def left_over(self) -> HeldVisit | None:
        """Return the visit that was being entered when the program ended; any before it waits among those put aside."""
        counter = self._state.station.counter
        for one in interrupted(counter):
            self.put_back(one.draft, one.label)
        return unfinished(counter)

    def _write(self, draft: Draft, *, aside: bool) -> None:
        self._kept = draft
        station, patient = self._state.station, self._state.patient
        label = patient.name if patient is not None else "未选病人"
        counter = station.counter
        station.jobs.write(lambda: keep(counter, draft, label, aside=aside), owner=self)
