"""收费: the counter's screen: patient, lines and settlement of one visit."""

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from gongji.core.engine.without_benefit import pays_nothing
from gongji.core.ledger.draft import Draft
from gongji.core.money import grouped
from gongji.core.scanned_code import ScannedCode
from gongji.desk.changes import Changed
from gongji.desk.visits.search import ItemFound
from gongji.gui.counter import words
from gongji.gui.counter.actions import Asking
from gongji.gui.counter.arriving import Arriving
from gongji.gui.counter.autosave import Autosave
from gongji.gui.counter.entitlement_question import EntitlementQuestion
from gongji.gui.counter.hints import Hints
from gongji.gui.counter.lines_card import LinesCard
from gongji.gui.counter.lines_table import rows_of, wrong_by_place
from gongji.gui.counter.patient_card import PatientCard
from gongji.gui.counter.put_aside import Aside
from gongji.gui.counter.settle_key import SettleKey
from gongji.gui.counter.settlement import SettlementAct
from gongji.gui.counter.settlement_panel import SettlementPanel
from gongji.gui.counter.visit_model import VisitState
from gongji.gui.kit import tokens
from gongji.gui.kit.layout import ScrolledBothWays, column, row
from gongji.gui.kit.shortcut import shortcut
from gongji.gui.kit.style import set_role
from gongji.gui.shell.screen import Screen, ScreenKey
from gongji.gui.shell.workspace import Workspace

_LEFT = (310, 400)
"""The width and height that patient and lines need."""


class CounterScreen(Screen):
    """Patient, lines and settlement of one visit."""

    watches = Changed.SETTLEMENTS | Changed.PEOPLE | Changed.SETTINGS
    least = (0, 0)  # patient and lines are scrolled, the amount due and F9 are always visible

    def __init__(self, station: Workspace) -> None:
        """Begin with the visit that was being entered, if there is one."""
        super().__init__(station)
        self.state = VisitState(station, self)
        self.keeping = Autosave(self.state)
        self.settling = SettlementAct(station)
        self.patient = PatientCard(station)
        self.lines = LinesCard(self.state)
        self.panel = SettlementPanel()
        self.advice = Hints(self)
        self.asking = Asking(self)
        self.aside = Aside(self)
        self.arriving = Arriving(self)
        self.settle_key = SettleKey(self)
        self.entitlement = EntitlementQuestion(self)
        self._is_unread = False  # set where the key about to act has changed the sum itself
        self._keys = self._make_keys()
        self._build()
        self._connect()
        self.aside.take_up_again()

    def _build(self) -> None:
        across = row(self, margin=tokens.EDGE, spacing=tokens.EDGE - 1)
        across.setContentsMargins(tokens.EDGE, tokens.EDGE - 2, tokens.EDGE, tokens.GAP)
        inside = QWidget()
        set_role(inside, "ground")
        inside.setMinimumSize(*_LEFT)
        left = column(inside, margin=0, spacing=tokens.GAP)
        left.addWidget(self.patient)
        left.addWidget(self.lines, 1)
        self._left = ScrolledBothWays(inside)
        across.addWidget(self._left, 1)
        across.addWidget(self.panel)
        self.patient.attach_list(self)

    def _connect(self) -> None:
        self.state.changed.connect(self._show)
        self.state.proposed.connect(self.advice.show)
        self.keeping.not_taken.connect(self.advice.say_not_taken)
        self.keeping.taken.connect(self.advice.clear_not_taken)
        self.patient.chosen.connect(self.arriving.open_patient)
        self.patient.unknown.connect(self.arriving.unknown)
        self.patient.more.connect(self.asking.person)
        self.patient.card_wanted.connect(lambda: self._ask(self.arriving.read_card))
        self.patient.skipped.connect(self._after_patient)
        self.lines.item_entered.connect(self._add_item)
        self.lines.passed.connect(self._after_lines)
        self.lines.table.edited.connect(self._edit_line)
        self.lines.table.refused.connect(lambda fault: self.lines.say(fault, wrong=True))
        self.lines.table.removed.connect(self._remove_line)
        self.panel.why.connect(self.asking.explain)
        self.panel.tender.entered.connect(self.panel.button.setFocus)
        self.panel.tender.means_pressed.connect(self._pay_by)
        self.panel.tender.refused.connect(self.advice.refuse_tender)
        self.panel.tender.changed.connect(self.advice.tender_changed)
        self.panel.button.clicked.connect(self.settle)
        self.station.notice.connect(self.advice.note)
        for place, means in enumerate(words.MEANS, 1):
            shortcut(f"Alt+{place}", self, partial(self._pay_by, means))
        for place in range(3):
            shortcut(f"Alt+{place + len(words.MEANS) + 1}", self, partial(self._hand_over, place))
        asking = self.asking
        for key, act in (
            ("Shift+F2", asking.person),
            ("Shift+F3", self.arriving.read_card),
            ("Shift+F4", asking.visit),
            ("Shift+F5", asking.told),
        ):
            shortcut(key, self, partial(self._ask, act))

    def _make_keys(self) -> tuple[ScreenKey, ...]:
        return (
            ScreenKey("F2", "病人", self._to_patient),
            ScreenKey("F3", "项目", self._to_items),
            ScreenKey("F4", "待遇", self.asking.benefit),
            ScreenKey("F5", "账户", self.asking.accounts),
            ScreenKey("F6", "挂单", self.aside.put),
            ScreenKey("F7", "取单", self.aside.take),
            ScreenKey("F8", "依据", self.asking.explain),
            ScreenKey("F9", "结算并打印", self.settle),
            ScreenKey("F10", "退费", self.asking.refund),
            ScreenKey("F11", "全额垫付", self.toggle_full_payment),
            ScreenKey("F12", "试算", self.asking.compare),
            ScreenKey("Esc", "撤销", self.undo),
        )

    def keys(self) -> tuple[ScreenKey, ...]:
        """Return the counter's keys."""
        return self._keys

    def enter(self) -> None:
        """Focus the next field to fill in."""
        (self.patient.field if self.state.patient is None else self.lines.field).setFocus()

    def go(self) -> None:
        """Store the visit being entered."""
        super().go()
        self.keeping.keep_now()

    def refresh(self) -> None:
        """Read again what is known of the patient, since another settlement may have changed it."""
        self.lines.forget_use()
        self.advice.look_again()
        if self.state.patient is not None:
            self.state.notice()

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
        self.advice.show()

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
        (self.patient.field if self.state.patient is None else self.lines.field).setFocus()

    def _edit_line(self, place: int, field: str, text: str) -> None:
        fault = self.state.edit_line(place, field, text)
        self.lines.say(fault, wrong=bool(fault))

    def _remove_line(self, place: int) -> None:
        self.state.remove_line(place)
        if not self.state.draft.lines:
            self.lines.field.setFocus()

    def _after_lines(self) -> None:
        if self.state.draft.lines:
            self.panel.tender.field.setFocus()
            self.panel.tender.field.selectAll()

    def _after_patient(self) -> None:
        if self.state.patient is not None:
            self.lines.field.setFocus()

    def undo(self) -> None:
        """Clear what is half entered, or undo the last step."""
        if self.patient.field.text():
            self.patient.field.clear()
        elif self.lines.is_busy:
            self.lines.clear()
            self.lines.field.setFocus()
        elif self.panel.tender.field.hasFocus() and self.panel.tender.field.text():
            self.panel.tender.clear()
        elif self.state.is_taken_up and not self.state.can_undo:
            self.aside.ask_to_throw_away()
        elif self.state.undo() or self.panel.tender.field.hasFocus() or self.panel.button.hasFocus():
            self.enter()

    # ---- the visit as a whole ----------------------------------------------------------------------------------------

    def _to_patient(self) -> None:
        self.patient.field.setFocus()
        self.patient.field.selectAll()

    def _to_items(self) -> None:
        self.lines.field.setFocus()
        self.lines.field.selectAll()

    def toggle_full_payment(self) -> None:
        """Switch full payment (to be claimed later) on or off."""
        policy = self.state.policy
        if policy is not None and pays_nothing(policy.id):
            self.advice.note("自费、居民医保的病人本来就全额收取，不用全额垫付")
        elif self.state.patient is not None:
            self.state.set_visit(full_payment=not self.state.draft.full_payment)

    def begin_anew(self, draft: Draft | None = None) -> None:
        """Begin with an empty form, or with a visit that was kept."""
        self.lines.clear()
        self.patient.field.clear()
        self.panel.tender.clear(() if draft is None else draft.paid_before)
        self.panel.tender.forget_last()
        self.settle_key.forget_doubts()
        self.state.reset(draft)
        self.patient.field.setFocus()

    def scanned(self, code: ScannedCode) -> None:
        """Open the patient of a scanned number, or add the item of a scanned barcode."""
        self.arriving.scanned(code)

    def unknown_code(self, code: ScannedCode) -> str:
        """Return a sentence for a scanned code that is unknown; empty where it is known."""
        return self.arriving.unknown_code(code)

    def finish_typing(self) -> str:
        """Commit the cell being edited; return what is wrong with it."""
        before = self.state.draft
        wrong = self.lines.table.finish_typing()
        self._is_unread = self.state.draft is not before
        return wrong

    def refuse_key(self, why: str) -> None:
        """Show why a key does nothing now."""
        self.advice.note(why, wrong=True)

    def _pay_by(self, means: str) -> None:
        """Alt with a digit: pay by a means, once the cell being edited is committed."""
        self._ask(lambda: self.panel.tender.pay_by(means))

    def _hand_over(self, place: int) -> None:
        """Alt with a digit after the means': take a suggested sum of notes as received."""
        self._ask(lambda: self.panel.tender.hand_over(place))

    def _ask(self, act: Callable[[], None]) -> None:
        """Act for a key that is not in the key bar, once the cell being edited is committed."""
        wrong = self.finish_typing()
        if wrong:
            self.refuse_key(wrong)
        else:
            act()

    # ---- settling ----------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """F9: settle for good what is on the screen, if nothing prevents it."""
        unread, self._is_unread = self._is_unread, False
        self.settle_key.settle(unread=unread)

    @property
    def is_untouched(self) -> bool:
        """Return whether nothing of a visit has been entered yet."""
        fields = (self.patient.field, self.lines.field, self.panel.tender.field)
        return self.state.draft.is_empty and not any(one.text() for one in fields)
