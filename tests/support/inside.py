"""What the window still has to do by itself, and what it holds back: read from inside, for nobody else asks."""

from gongji.gui.counter.notes.patient_notes import PatientNotes
from gongji.gui.counter.screen import CounterScreen
from gongji.gui.counter.visit_model import VisitState
from gongji.gui.shell.scans.scanner import Scanner


def is_thinking(state: VisitState) -> bool:
    """Whether better benefits are still to be searched for."""
    return state._pause.isActive()  # noqa: SLF001


def is_reading(notes: PatientNotes) -> bool:
    """Whether policies are still being read for the notes."""
    return notes._reading is not None  # noqa: SLF001


def is_kept(screen: CounterScreen) -> bool:
    """Whether the book has the visit as it stands on the screen."""
    return screen.keeping._kept == screen.state.draft and screen.station.jobs.is_idle  # noqa: SLF001


def is_holding(scanner: Scanner) -> bool:
    """Whether keys are held back that may turn out to be typed."""
    return scanner._silence.isActive() or scanner._composing._is_taking  # noqa: SLF001


def let_go(scanner: Scanner) -> None:
    """Do at once what a pause does: pass on a scan without an end sign, or deliver what was held back."""
    scanner._finish()  # noqa: SLF001
    scanner._burst.no_more_echo()  # noqa: SLF001
