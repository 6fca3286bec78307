"""收费: the one screen that matters."""

import datetime

from msgspec import structs
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut

from gongji.core.book.identity import is_identity_number
from gongji.core.money import yuan
from gongji.desk.committing import Committed
from gongji.desk.documents import words_of
from gongji.desk.entering import item_of_barcode, visit_of
from gongji.desk.holding import HeldVisit
from gongji.desk.quoting import Quoted
from gongji.desk.searching import ItemFound, find_people
from gongji.desk.trying import try_all
from gongji.gui import messages, tokens
from gongji.gui.counter import words
from gongji.gui.counter.accounts_sheet import AccountsSheet
from gongji.gui.counter.advice import Advice
from gongji.gui.counter.enrol_sheet import EnrolSheet
from gongji.gui.counter.held_sheet import HeldSheet
from gongji.gui.counter.help_sheet import HelpSheet
from gongji.gui.counter.keeping import Keeping
from gongji.gui.counter.lines import LinesCard
from gongji.gui.counter.lines_table import rows_of
from gongji.gui.counter.panel import SettlementPanel
from gongji.gui.counter.patient import PatientCard
from gongji.gui.counter.reckoning import ReckoningSheet
from gongji.gui.counter.refund_sheet import RefundSheet
from gongji.gui.counter.settling import Settling
from gongji.gui.counter.state import VisitState
from gongji.gui.counter.trying_sheet import TryingSheet
from gongji.gui.counter.visit_sheet import VisitSheet
from gongji.gui.jobs import Changed
from gongji.gui.screens.base import Key, Screen
from gongji.gui.station import Station
from gongji.gui.widgets.basics import column, row
from gongji.gui.widgets.choice import Choice, Option

_LINE_PROBLEM = "lines."


class CounterScreen(Screen):
    """Patient, lines and settlement of one visit."""

    watches = Changed.SETTLEMENTS | Changed.PEOPLE | Changed.SETTINGS

    def __init__(self, station: Station) -> None:
        """Begin with the visit that was being entered, if there is one."""
        super().__init__(station)
        self.state = VisitState(station)
        self.keeping = Keeping(self.state)
        self.settling = Settling(station)
        self.patient = PatientCard(station)
        self.lines = LinesCard(station)
        self.panel = SettlementPanel()
        self.advice = Advice(self)
        self._keys = self._make_keys()
        self._build()
        self._connect()
        self._take_up_again()

    def _build(self) -> None:
        across = row(self, margin=tokens.EDGE, spacing=tokens.EDGE - 1)
        across.setContentsMargins(tokens.EDGE, tokens.EDGE - 2, tokens.EDGE, tokens.GAP)
        left = column(margin=0, spacing=tokens.GAP)
        left.addWidget(self.patient)
        left.addWidget(self.lines, 1)
        across.addLayout(left, 1)
        across.addWidget(self.panel)
        self.patient.attach_list(self)

    def _connect(self) -> None:
        self.state.changed.connect(self._show)
        self.state.proposed.connect(self.advice.show)
        self.patient.chosen.connect(self.open_patient)
        self.patient.unknown.connect(self._unknown_patient)
        self.patient.skipped.connect(self._after_patient)
        self.lines.item_entered.connect(self._add_item)
        self.lines.passed.connect(self._after_lines)
        self.lines.table.edited.connect(self._edit_line)
        self.lines.table.removed.connect(self._remove_line)
        self.panel.why.connect(self.explain)
        self.panel.tender.entered.connect(self.panel.button.setFocus)
        self.panel.button.clicked.connect(self.settle)
        self.settling.settled.connect(self._settled)
        self.settling.refused.connect(self._refused)
        self.station.notice.connect(self.advice.note)
        for place, means in enumerate(words.MEANS, 1):
            QShortcut(QKeySequence(f"Alt+{place}"), self, lambda means=means: self.panel.tender.pay_by(means))

    def _make_keys(self) -> tuple[Key, ...]:
        return (
            Key("F1", "帮助", self._help),
            Key("F2", "病人", self._to_patient),
            Key("F3", "项目", self._to_items),
            Key("F4", "待遇", self.choose_benefit),
            Key("F5", "账户", self._accounts),
            Key("F6", "挂单", self.put_aside),
            Key("F7", "取单", self._take_back),
            Key("F8", "依据", self.explain),
            Key("F9", "结算并打印", self.settle),
            Key("F10", "退费", self._refund),
            Key("F11", "全额垫付", self.toggle_full_payment),
            Key("F12", "试算", self._try),
            Key("Esc", "撤销", self.undo),
        )

    def keys(self) -> tuple[Key, ...]:
        """Return the counter's keys."""
        return self._keys

    def enter(self) -> None:
        """Go on where the visit stands."""
        (self.patient.field if self.state.patient is None else self.lines.field).setFocus()

    def go(self) -> None:
        """Write down what is being entered."""
        super().go()
        self.keeping.keep_now()

    def refresh(self) -> None:
        """Read anew what is known of the patient, for another settlement may have changed it."""
        if self.state.patient is not None and not self.settling.is_busy:
            self.state.look_again()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Close the list over the screen, which would be out of place."""
        super().resizeEvent(event)
        self.patient.list.hide()

    # ---- showing -----------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        state = self.state
        self.patient.show_patient(state.patient)
        self.lines.table.show_rows(rows_of(state.draft, state.policy), self.lines.table.place)
        self.lines.table.lines.set_wrong(self._wrong_lines())
        self._show_sum()
        if state.quote is not None and state.policy is not None:
            self.panel.show_quote(state.quote, state.policy, in_full=state.draft.full_payment)
        else:
            self.panel.show_nothing()
        self.panel.button.setEnabled(not self.settling.is_busy)
        self.advice.show()

    def _show_sum(self) -> None:
        lines = self.state.draft.lines
        total = sum(words.line_amount_fen(one) or 0 for one in lines)
        self.lines.show_sum(f"{len(lines)} 项  {words.grouped(total)}" if lines else "")

    def _wrong_lines(self) -> dict[int, str]:
        found: dict[int, str] = {}
        for problem in self.state.problems:
            if problem.field.startswith(_LINE_PROBLEM):
                place = problem.field.removeprefix(_LINE_PROBLEM).partition(".")[0]
                if place.isdigit():
                    found.setdefault(int(place), problem.message)
        return found

    # ---- patient -----------------------------------------------------------------------------------------------------

    def open_patient(self, person_id: str) -> None:
        """Take a patient and go on to the items."""
        self.advice.clear_done()
        self.patient.field.clear()
        self.state.choose_patient({"id": person_id})
        self.lines.field.setFocus()

    def _unknown_patient(self, text: str) -> None:
        if is_identity_number(text.upper()):
            EnrolSheet(self.window(), text.upper(), self._enrolled)
        else:
            self.advice.note(f"没有找到“{text}”；输入完整的身份证号可登记新病人", wrong=True)

    def _enrolled(self, person: dict[str, object]) -> None:
        self.patient.field.clear()
        self.state.choose_patient(person)
        self.lines.field.setFocus()

    def _after_patient(self) -> None:
        if self.state.patient is not None:
            self.lines.field.setFocus()

    def scanned(self, text: str) -> None:
        """Open the patient of a scanned number, or add the item of a scanned barcode."""
        if is_identity_number(text):
            known = any(one.id == text for one in find_people(self.station.counter.store, text, 1))
            if known:
                self.open_patient(text)
            else:
                self._unknown_patient(text)
            return
        item = item_of_barcode(self.station.counter, text, self._day)
        if item is None:
            self.advice.note(f"目录里没有条码 {text} 的项目", wrong=True)
        else:
            self.lines.clear()
            self._add_item(item, "1")

    @property
    def _day(self) -> datetime.date:
        return self.station.today

    # ---- lines -------------------------------------------------------------------------------------------------------

    def _add_item(self, item: ItemFound, quantity: str) -> None:
        place = self.state.add_item(item, quantity)
        self.lines.table.choose(place)
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

    def undo(self) -> None:
        """Leave what is half entered, or take the last step back."""
        if self.patient.field.text():
            self.patient.field.clear()
        elif self.lines.is_busy:
            self.lines.clear()
            self.lines.field.setFocus()
        elif self.panel.tender.field.hasFocus() and self.panel.tender.field.text():
            self.panel.tender.clear()
        elif self.state.undo():
            self.enter()
        elif self.panel.tender.field.hasFocus() or self.panel.button.hasFocus():
            self.enter()

    def choose_benefit(self) -> None:
        """Ask under which benefit the chosen line stands."""
        policy, place = self.state.policy, self.lines.table.place
        if policy is None or place < 0:
            VisitSheet(self.window(), self.state)
            return
        line = self.state.draft.lines[place]
        mine = line.benefit or self.state.draft.benefit or policy.pack.default_benefit
        options: list[Option] = [
            (one.name, self._better(place, name), lambda name=name: self._put_under(place, name))
            for name, one in policy.pack.benefit.items()
        ]
        options.append(("就诊情况…", "整次待遇、病种、原因、转诊、选定机构", lambda: self._visit()))
        chosen = list(policy.pack.benefit).index(mine) if mine in policy.pack.benefit else 0
        Choice(self.window(), f"第 {place + 1} 行“{line.name}”按什么待遇", options, chosen)

    def _better(self, place: int, benefit: str) -> str:
        found = [one for one in self.state.proposals if (one.place, one.benefit) == (place, benefit)]
        return f"多报 {yuan(found[0].better_fen)}：{found[0].why}" if found else ""

    def _put_under(self, place: int, benefit: str) -> None:
        self.state.set_benefit(place, benefit)
        self.lines.table.choose(place)
        self.lines.field.setFocus()

    # ---- the visit as a whole ----------------------------------------------------------------------------------------

    def _visit(self) -> None:
        VisitSheet(self.window(), self.state)

    def _accounts(self) -> None:
        AccountsSheet(self.window(), self.state)

    def _help(self) -> None:
        HelpSheet(self.window(), self._keys)

    def _to_patient(self) -> None:
        self.patient.field.setFocus()
        self.patient.field.selectAll()

    def _to_items(self) -> None:
        self.lines.field.setFocus()
        self.lines.field.selectAll()

    def toggle_full_payment(self) -> None:
        """Let the patient pay everything now and claim it later, or not."""
        if self.state.patient is not None:
            self.state.set_visit(full_payment=not self.state.draft.full_payment)

    def explain(self) -> None:
        """Show the whole reckoning."""
        quote, policy = self.state.quote, self.state.policy
        if quote is None or policy is None:
            last = self.advice.last
            if last is None:
                self.advice.note("录入病人和项目后，这里说明每个数是怎么来的")
            else:
                self.settling.explain(last)
            return
        ReckoningSheet(self.window(), quote, policy, words_of(policy, self.station.counter.folder.path))

    def _try(self) -> None:
        quote, policy, patient = self.state.quote, self.state.policy, self.state.patient
        if quote is None or policy is None or patient is None:
            self.advice.note("录入病人和项目后，可以比较不同级别、人员和账户的结果")
            return
        visit = visit_of(structs.replace(self.state.draft, full_payment=False), patient)
        if not isinstance(visit, Quoted):
            TryingSheet(self.window(), try_all(self.station.counter.library, visit, policy), quote.totals)

    def _refund(self) -> None:
        RefundSheet(self.window(), self.station)

    # ---- putting aside -----------------------------------------------------------------------------------------------

    def put_aside(self) -> None:
        """挂单: keep this visit for later and make room for the next."""
        if self.state.draft.is_empty:
            self.advice.note("没有可以挂起的内容")
            return
        self.keeping.put_aside()
        self._begin_anew()
        self.advice.note("已挂单，按 F7 取回")

    def _take_back(self) -> None:
        HeldSheet(self.window(), self.station, self._taken_back, self._thrown_away)

    def _taken_back(self, one: HeldVisit) -> None:
        if not self.state.draft.is_empty:
            self.keeping.put_aside()
        self._begin_anew(one)
        self.keeping.keep_now()
        self.enter()

    def _thrown_away(self, one: HeldVisit) -> None:
        messages.ask(
            self.window(),
            f"作废“{one.label}”这一单？",
            (f"其中有 {one.lines} 项，还没有收费。作废后不能取回。",),
            ("作废", lambda: self.keeping.drop(one.draft.visit_no)),
        )

    def _take_up_again(self) -> None:
        left = self.keeping.left_over()
        self._begin_anew(left)
        if left is not None:
            self.advice.note(f"上次没录完的“{left.label}”已恢复（{left.lines} 项）")

    def _begin_anew(self, one: HeldVisit | None = None) -> None:
        self.lines.clear()
        self.patient.field.clear()
        self.panel.tender.clear()
        self.state.reset(None if one is None else one.draft)
        self.patient.field.setFocus()

    # ---- settling ----------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """F9: settle for good, if nothing stands in the way."""
        quote, tender = self.state.quote, self.panel.tender
        if self.settling.is_busy:
            return
        if self.lines.is_busy:
            self.advice.note("还有一项没有录完：按 Enter 录入，或按 Esc 放弃", wrong=True)
        elif quote is None:
            self.advice.say_what_is_missing()
        elif tender.fault:
            self.advice.note(tender.fault, wrong=True)
            tender.field.setFocus()
            tender.field.selectAll()
        else:
            self.panel.button.setEnabled(False)
            self.settling.settle(self.state.draft, tender.tender.paid(), quote.totals)

    def _settled(self, done: Committed) -> None:
        assert done.stored is not None
        change_fen = self.panel.tender.tender.change_fen
        name = self.state.patient.name if self.state.patient is not None else ""
        self.advice.remember(done.stored, name, change_fen, done.warnings)
        self.keeping.drop(self.state.draft.visit_no)
        self._begin_anew()

    def _refused(self, done: Committed) -> None:
        self.panel.button.setEnabled(True)
        self.state.look_again()
        self.advice.refuse(done.problems)
