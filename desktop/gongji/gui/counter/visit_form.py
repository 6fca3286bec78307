"""The counter's form: patient, lines and settlement of one visit, as they are shown and entered."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from gongji.core.ledger.draft import Draft
from gongji.core.money import grouped
from gongji.desk.visits.search import ItemFound
from gongji.gui.counter import words
from gongji.gui.counter.autosave import Autosave
from gongji.gui.counter.lines_card import LinesCard
from gongji.gui.counter.lines_table import rows_of, wrong_by_place
from gongji.gui.counter.patient_card import PatientCard
from gongji.gui.counter.paying.settlement import SettlementAct
from gongji.gui.counter.paying.settlement_panel import SettlementPanel
from gongji.gui.counter.visit_model import VisitState
from gongji.gui.kit import tokens
from gongji.gui.kit.form import begin_in
from gongji.gui.kit.layout import ScrolledBothWays, column, put, row
from gongji.gui.kit.style import set_role
from gongji.gui.shell.screen import Screen
from gongji.gui.shell.workspace import Workspace

_LEFT = (310, 400)
"""The width and height that patient and lines need."""


class VisitForm(Screen):
    """The widgets of one visit and its state; `begun` reports that another visit begins."""

    least = (0, 0)  # patient and lines are scrolled, the amount due and F9 are always visible
    begun = Signal()

    def __init__(self, station: Workspace) -> None:
        super().__init__(station)
        self.state = VisitState(station, self)
        self.keeping = Autosave(self.state)
        self.settling = SettlementAct(station)
        self.patient = PatientCard(station)
        self.lines = LinesCard(self.state)
        self.panel = SettlementPanel()
        self.is_unread = False  # set where the key about to act has changed the sum itself
        self._build()
        self.state.changed.connect(self._show)
        self.patient.field.passed.connect(self._after_patient)
        self.lines.item_entered.connect(self._add_item)
        self.lines.field.passed.connect(self._after_lines)
        self.lines.table.edited.connect(self._edit_line)
        self.lines.table.refused.connect(lambda fault: self.lines.say(fault, wrong=True))
        self.lines.table.removed.connect(self._remove_line)
        self.panel.tender.entered.connect(self.panel.button.setFocus)

    def _build(self) -> None:
        inside = set_role(QWidget(), "ground")
        inside.setMinimumSize(*_LEFT)
        put(column(inside, margin=0), self.patient, (self.lines, 1))
        across = put(row(self, spacing=tokens.EDGE - 1), (ScrolledBothWays(inside), 1), self.panel)
        across.setContentsMargins(tokens.EDGE, tokens.EDGE - 2, tokens.EDGE, tokens.GAP)
        self.patient.attach_list(self)

    def enter(self) -> None:
        """Focus the next field to fill in."""
        (self.patient.field if self.state.patient is None else self.lines.field).setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Close the list over the screen, which would be out of place."""
        super().resizeEvent(event)
        self.patient.list.hide()

    # ---- showing -----------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        state = self.state
        self.patient.show_patient(state.patient, words.certificate(state.draft))
        self.lines.table.show_rows(rows_of(state.draft, state.policy), self.lines.table.place)
        self.lines.table.lines.set_wrong(wrong_by_place(self.state.problems))
        self._show_sum()
        if state.quote is not None and state.policy is not None:
            self.panel.show_quote(state.quote, state.policy, in_full=state.draft.full_payment)
        else:
            self.panel.show_nothing(is_begun=bool(state.draft.lines))
        if not state.draft.is_empty:
            self.panel.tender.forget_last()

    def _show_sum(self) -> None:
        lines = self.state.draft.lines
        total = sum(words.line_amount_fen(one) or 0 for one in lines)
        self.lines.show_sum(f"{len(lines)} 项  {grouped(total)}" if lines else "")

    # ---- lines -------------------------------------------------------------------------------------------------------

    def _add_item(self, item: ItemFound, quantity: str) -> None:
        self.added(self.state.add_item(item, quantity), item)

    def added(self, place: int, item: ItemFound) -> None:
        """Go on after an item was added in a place."""
        self.lines.table.choose(place)
        if not item.unit_price_e4:
            self.lines.say("目录里的单价是 0：要收费的，按 ↑ 再按 F4“本项情况”填单价", wrong=True)
        self.enter()

    def _edit_line(self, place: int, field: str, text: str) -> None:
        fault = self.state.edit_line(place, field, text)
        self.lines.say(fault, wrong=bool(fault))

    def _remove_line(self, place: int) -> None:
        self.state.remove_line(place)
        if not self.state.draft.lines:
            self.lines.field.setFocus()

    def _after_lines(self) -> None:
        if self.state.draft.lines:
            begin_in(self.panel.tender.field)

    def _after_patient(self) -> None:
        if self.state.patient is not None:
            self.lines.field.setFocus()

    # ---- the visit as a whole ----------------------------------------------------------------------------------------

    def begin_anew(self, draft: Draft | None = None) -> None:
        """Begin with an empty form, or with a visit that was kept."""
        self.lines.clear()
        self.patient.field.clear()
        self.panel.tender.clear(() if draft is None else draft.paid_before)
        self.panel.tender.forget_last()
        self.begun.emit()
        self.state.reset(draft)
        self.patient.field.setFocus()

    def finish_typing(self) -> str:
        """Commit the cell being edited; return what is wrong with it."""
        before = self.state.draft
        wrong = self.lines.table.finish_typing()
        self.is_unread = self.state.draft is not before
        return wrong

    @property
    def is_untouched(self) -> bool:
        """Return whether nothing of a visit has been entered yet."""
        fields = (self.patient.field, self.lines.field, self.panel.tender.field)
        return self.state.draft.is_empty and not any(one.text() for one in fields)
