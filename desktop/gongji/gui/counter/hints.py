"""Which notes are shown beside the settlement: on the visit, on the patient, and on what has just happened."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject

from gongji.core.ledger.draft import Draft
from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.core.money import grouped
from gongji.core.problems import Problem
from gongji.errors import GongjiError
from gongji.gui.counter.notes.notes import ALERT, DONE, PLAIN, Note, NoteRequests
from gongji.gui.counter.notes.patient_notes import PatientNotes
from gongji.gui.counter.notes.visit_notes import VisitNotes
from gongji.gui.counter.visit_form import VisitForm

_Act = Callable[[], None]


class Hints(QObject):
    """Keeps the notes on what has happened, and shows them among those of the visit and the patient."""

    def __init__(self, form: VisitForm) -> None:
        super().__init__(form)
        self._form = form
        self.wanted = NoteRequests(self)
        self.of_patient = PatientNotes(form.state, self.wanted, self)
        self._of_visit = VisitNotes(form.state, self.wanted)
        self.last: StoredSettlement | None = None
        self._done: Note | None = None
        self._put_off: dict[str, Note] = {}
        self._unprinted: dict[str, Note] = {}
        self._not_taken: list[Note] = []
        self._passing: Note | None = None
        self._of_tender: Note | None = None
        self._refusals: tuple[Problem, ...] = ()
        self._said_of: Draft | None = None
        form.state.changed.connect(self.show)
        form.state.proposed.connect(self.show)
        form.keeping.not_taken.connect(self._say_not_taken)
        form.keeping.taken.connect(self._clear_not_taken)
        form.panel.tender.refused.connect(self.refuse_tender)
        form.panel.tender.changed.connect(self._tender_changed)
        form.station.notice.connect(self.note)
        self.of_patient.changed.connect(self._put)

    def note(self, text: str, wrong: bool = False, acts: tuple[tuple[str, _Act], ...] = ()) -> None:  # noqa: FBT001, FBT002
        """Show a note until the next edit, with possible actions; also called by a signal."""
        self._passing = Note(kind=ALERT if wrong else PLAIN, text=text, acts=acts)
        self._said_of = self._form.state.draft
        self._put()

    def refuse_tender(self, fault: str) -> None:
        """Note what is wrong with the amount received, until it is changed."""
        self.note(fault, wrong=True)
        self._of_tender = self._passing

    def _tender_changed(self) -> None:
        """Remove that note."""
        if self._passing is not None and self._passing is self._of_tender:
            self._passing = None
            self._put()

    def refuse(self, problems: Sequence[Problem]) -> None:
        """Show why the book refused the visit."""
        self._refusals = tuple(problems)
        self._said_of = self._form.state.draft
        self._put()

    def remember(self, stored: StoredSettlement, name: str, change_fen: int, warnings: Sequence[str]) -> None:
        """Keep the last settlement in sight, above all the change."""
        settling = self._form.settling
        self.last = stored
        due_fen = stored.totals.cash_fen
        money = f"找零 {grouped(change_fen)}" if change_fen else f"收 {grouped(due_fen)}" if due_fen else "不用收钱"
        text = "；".join([f"已结算 {name} {money} · {stored.no}", *warnings])
        acts = (("补打", partial(settling.reprint, stored)), ("打印依据", partial(settling.explain, stored)))
        self._done = Note(kind=DONE, text=text, acts=acts)

    def put_off(self, visit_no: str, text: str) -> None:
        """Note that a visit was not settled and was put aside, until somebody looks for it."""
        self._put_off[visit_no] = Note(kind=ALERT, text=text)
        self._put()

    def clear_put_off(self) -> None:
        """Remove the notes on visits put aside, for they are being looked at."""
        self._put_off.clear()

    def _say_not_taken(self, error: GongjiError) -> None:
        """Note that the book cannot be written: what is being entered and put aside is in this window alone."""
        text = (
            f"账本写不进去：{error.title}。{error.advice}。正在录的和挂起的都还在这个窗口里，写得进去以前不要关闭程序"
        )
        self._not_taken = [Note(kind=ALERT, text=text)]
        self._put()

    def _clear_not_taken(self) -> None:
        """Remove that note: the book can be written again."""
        self._not_taken = []
        self._put()

    def unprinted(self, no: str, text: str, acts: tuple[tuple[str, _Act], ...]) -> None:
        """Note that a settlement's receipt was not printed, with possible actions, until one is taken."""
        offered = tuple((word, partial(self._take_up, no, act)) for word, act in (*acts, ("以后再打", lambda: None)))
        self._unprinted[no] = Note(kind=ALERT, text=text, acts=offered)
        self._put()

    def _take_up(self, no: str, act: _Act) -> None:
        """Do what the note on a settlement that was not printed offers, and remove that note."""
        self._unprinted.pop(no, None)
        self._put()
        act()

    def clear_done(self) -> None:
        """Remove the last visit's note, for the next has begun."""
        self._done = None

    def show(self) -> None:
        """Compose the notes again after an edit."""
        if self._said_of is not self._form.state.draft:
            self._passing = None
            self._refusals = ()
        self._put()

    def say_what_is_missing(self) -> None:
        """Note what is missing before anything can be settled, and focus it."""
        state = self._form.state
        if state.patient is None:
            self.note("请先选病人", wrong=True)
            self._form.patient.field.setFocus()
        elif not state.draft.lines:
            self.note("请先录入项目", wrong=True)
            self._form.lines.field.setFocus()

    def _put(self) -> None:
        passing = [self._passing] if self._passing is not None else []
        done = [*self._not_taken, *self._put_off.values(), *self._unprinted.values()]
        done += [self._done] if self._done is not None else []
        visit = self._of_visit
        self._form.panel.notes.show_notes(
            [
                *visit.refusals(self._refusals or self._form.state.problems),
                *visit.questions(),
                *visit.unprintable(),
                *visit.renewed(),
                *done,
                *passing,
                *visit.proposals(),
                *self.of_patient.notes(is_first=self.last is None),
            ]
        )

    def look_again(self) -> None:
        """Read again what the first day still needs, since something was imported or settled."""
        self.of_patient.forget_steps()
        self._put()
