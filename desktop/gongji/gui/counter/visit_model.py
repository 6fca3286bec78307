"""The visit being entered: every edit makes a new draft and quotes it; each step can be undone."""

import datetime
from typing import Any

from msgspec import structs
from PySide6.QtCore import QObject, QTimer, Signal

from gongji.core.care import Care, Certificate
from gongji.core.engine.policy import Policy
from gongji.core.engine.quote import Quote
from gongji.core.ledger.draft import AccountChoice, Draft, YearFigures
from gongji.core.problems import Problem
from gongji.core.typed import plain_number
from gongji.desk.visits.better_benefit import Proposal, propose
from gongji.desk.visits.care import CareGap, gaps
from gongji.desk.visits.drafts import (
    changed_line,
    line_of,
    new_draft,
    price_fault,
    quantity_fault,
    quote_draft,
    with_accounts,
    with_line,
    with_one_more,
    with_traced,
)
from gongji.desk.visits.other_day import is_of_day, on_day
from gongji.desk.visits.patients import Patient, look_up
from gongji.desk.visits.quote import Quoted
from gongji.desk.visits.search import ItemFound
from gongji.gui.shell.workspace import Workspace

_MOST_UNDONE = 100
_PROPOSE_AFTER_MS = 120
_PROPOSED_AT_ONCE = 8
"""Up to how many lines better benefits are searched for within an edit, so that their notes do not come and go."""
_READ_BY = ("person", "area", "settled_on", "told")
"""The fields of a draft that determine what is known of its patient."""


class VisitState(QObject):
    """A draft, its patient and its quote."""

    changed = Signal()
    proposed = Signal()

    def __init__(self, station: Workspace, parent: QObject) -> None:
        """Begin with nothing entered; nothing is worked out after the screen it belongs to."""
        super().__init__(parent)
        self.station = station
        self.draft: Draft = new_draft(station.counter, station.now)
        self.patient: Patient | None = None
        self.quoted: Quoted | None = None
        self.proposals: list[Proposal] = []
        self.renewed: tuple[str, ...] = ()
        self.is_taken_up = False
        self._before: list[Draft] = []
        self._pause = QTimer(self, singleShot=True, interval=_PROPOSE_AFTER_MS)
        self._pause.timeout.connect(self._propose)

    @property
    def policy(self) -> Policy | None:
        """The policy in force for the patient; where there is none, the one a full payment is settled under."""
        known = None if self.patient is None else self.patient.policy
        return known if known is not None or self.quoted is None else self.quoted.policy

    @property
    def quote(self) -> Quote | None:
        """The quote; None while there is none."""
        return None if self.quoted is None else self.quoted.quote

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems that prevent a quote."""
        return () if self.quoted is None else self.quoted.problems

    @property
    def day(self) -> datetime.date:
        """The day of the visit: today by default."""
        settled_on = self.draft.settled_on
        return self.station.today if settled_on is None else datetime.date.fromisoformat(settled_on)

    @property
    def can_undo(self) -> bool:
        """Return whether there is a step to undo."""
        return bool(self._before)

    def reset(self, draft: Draft | None = None) -> None:
        """Begin again, or with a visit that was put aside."""
        self._before.clear()
        self.is_taken_up = draft is not None
        self.draft = new_draft(self.station.counter, self.station.now) if draft is None else draft
        self.renewed = ()
        self._take_day()
        self.look_again()

    def look_again(self) -> None:
        """Read again what is known of the patient."""
        self.patient = look_up(self.station.counter, self.draft, self.station.now)
        self._settle()

    def turn_day(self) -> bool:
        """Move what was entered on another day to the day of the visit; return whether that changed anything."""
        patient, quote = self.patient, self.quote
        is_known = patient is None or patient.known.settled_on == self.day.isoformat()
        if is_known and is_of_day(self.draft, self.day):
            return False
        before = (quote.totals if quote is not None else None, self.draft.lines)
        self._take_day()
        self.look_again()
        now = self.quote
        changed = before[0] != (now.totals if now is not None else None) or bool(self.renewed)
        if changed and not self.renewed:
            self.renewed = (f"日期已是 {self.day}：病人的参保、累计和政策按这一天，金额有变",)
            self.changed.emit()
        return changed

    def _take_day(self) -> None:
        """Update the lines from the catalogue of the visit's day."""
        self.draft, sentences = on_day(self.station.counter, self.draft, self.day)
        self.renewed = (*self.renewed, *sentences)

    def notice(self) -> None:
        """Read again what is known of the patient; where nothing changed the display stays, and typing goes on."""
        found = look_up(self.station.counter, self.draft, self.station.now)
        if found != self.patient:
            self.patient = found
            self._settle()

    def choose_patient(self, person: dict[str, Any], area: str | None = None) -> None:
        """Take another patient; the lines stay, the previous patient's own data goes.

        `area` is where they are insured, as entered at the counter.
        """
        self._remember()
        self.draft = structs.replace(
            self.draft,
            person=person,
            area=area,
            told=YearFigures(),
            accounts=AccountChoice(),
            disease=None,
            facts={},
            full_payment=False,
            care=Care(doctor=self.draft.care.doctor),
        )
        self.look_again()

    def add_item(self, item: ItemFound, quantity: str = "1") -> int:
        """Add a line for an item of the catalogue; return its place."""
        self._to(with_line(self.draft, line_of(item, quantity, as_of=self.day.isoformat())))
        return len(self.draft.lines) - 1

    def add_one(self, item: ItemFound) -> int:
        """Add one more of a scanned item; return the place of its line."""
        draft, place = with_one_more(self.draft, line_of(item, as_of=self.day.isoformat()))
        self._to(draft)
        return place

    def add_traced(self, item: ItemFound, code: str) -> int:
        """Add a scanned box of a drug by its trace code; return its line's place. Raises ValueError for a repeat."""
        draft, place = with_traced(self.draft, line_of(item, as_of=self.day.isoformat()), code)
        self._to(draft)
        return place

    def answer_limit(self, place: int, *, fits: bool) -> None:
        """Set whether the patient meets a limited drug's condition; where not, it is the patient's own."""
        if fits:
            self.set_line(place, approved=True)
        else:
            self.set_line(place, approved=False, class_="C", prepay_ratio=None)

    @property
    def gaps(self) -> list[CareGap]:
        """What the visit still lacks for the payer."""
        if self.patient is None:
            return []
        return gaps(self.station.counter, self.draft, self.patient.status, self.day)

    def edit_line(self, place: int, field: str, text: str) -> str:
        """Change a field of a line; return what is wrong with the text, and then nothing is changed."""
        fault = quantity_fault(text) if field == "quantity" else price_fault(text)
        text = text if fault else plain_number(text)
        if not fault and text != getattr(self.draft.lines[place], field):
            self._to(changed_line(self.draft, place, structs.replace(self.draft.lines[place], **{field: text})))
        return fault

    def remove_line(self, place: int) -> None:
        """Remove a line."""
        if 0 <= place < len(self.draft.lines):
            self._to(changed_line(self.draft, place, None))

    def set_benefit(self, place: int, benefit: str | None) -> None:
        """Set the benefit of a line."""
        line = self.draft.lines[place]
        usual = self.draft.benefit or (self.policy.pack.default_benefit if self.policy is not None else None)
        self._to(changed_line(self.draft, place, structs.replace(line, benefit=None if benefit == usual else benefit)))

    def set_visit(self, **fields: Any) -> None:
        """Change fields of the visit as a whole; the patient's data are then those of its day and area."""
        draft = structs.replace(self.draft, **fields)
        if draft == self.draft:
            return
        self._remember()
        is_read_anew = any(getattr(draft, name) != getattr(self.draft, name) for name in _READ_BY)
        self.draft = draft
        if is_read_anew:
            self._take_day()
            self.look_again()
        else:
            self._settle()

    def tell_person(self, **facts: Any) -> None:
        """Set data of the patient that were given at the counter."""
        self.set_visit(person={**self.draft.person, **facts})

    def show_certificate(self, one: Certificate | None) -> None:
        """Set the certificate: a card that was read, one that the clerk has looked at, or none."""
        self.set_visit(care=structs.replace(self.draft.care, certificate=one))

    def set_line(self, place: int, **fields: Any) -> None:
        """Change fields of a line."""
        self._to(changed_line(self.draft, place, structs.replace(self.draft.lines[place], **fields)))

    def use_accounts(self, choice: AccountChoice) -> None:
        """Use the accounts as the patient wants."""
        self._to(with_accounts(self.draft, choice))

    def undo(self) -> bool:
        """Undo the last step; return whether there was one."""
        if not self._before:
            return False
        draft = self.draft
        self.draft = self._before.pop()
        if all(getattr(draft, name) == getattr(self.draft, name) for name in _READ_BY):
            self._settle()
        else:
            self.look_again()
        return True

    def _to(self, draft: Draft) -> None:
        self._remember()
        self.draft = draft
        self._settle()

    def _remember(self) -> None:
        self._before.append(self.draft)
        del self._before[:-_MOST_UNDONE]

    def _settle(self) -> None:
        self.proposals = []
        if self.patient is None or not self.draft.lines:
            self.quoted = None
        else:
            self.quoted = quote_draft(self.station.counter.library, self.draft, self.patient)
            if len(self.draft.lines) <= _PROPOSED_AT_ONCE:
                self.proposals = self._better()
            else:
                self._pause.start()
        self.changed.emit()

    def _propose(self) -> None:
        found = self._better()
        if found != self.proposals:
            self.proposals = found
            self.proposed.emit()

    def _better(self) -> list[Proposal]:
        if self.patient is None or self.quote is None:
            return []
        return propose(self.station.counter.library, self.draft, self.patient, self.quote)
