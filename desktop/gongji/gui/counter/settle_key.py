"""F9: what is on the screen is settled, or a note says why not; the next visit may be entered at once.

Figures that are hardly ever right are asked about first.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLineEdit, QWidget

from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.core.money import grouped
from gongji.desk.visits.plausibility import Doubt, doubts_of
from gongji.errors import GongjiError
from gongji.gui.background.lazy import printing
from gongji.gui.counter.hints import Hints
from gongji.gui.counter.lines_table import LinesTable
from gongji.gui.counter.paying.settlement import Asked
from gongji.gui.counter.visit_form import VisitForm
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.form import begin_in
from gongji.gui.shell.screen import shortcut

if TYPE_CHECKING:
    from gongji.desk.settlements.settle import Committed


class SettleKey(QObject):
    """Passes a visit from the counter's form to the book."""

    def __init__(self, form: VisitForm, hints: Hints) -> None:
        super().__init__(form)
        self._form = form
        self._hints = hints
        self._looked_at: list[Doubt] = []
        form.begun.connect(self._looked_at.clear)
        form.settling.settled.connect(self._settled)
        form.settling.refused.connect(self._refused)
        form.settling.failed.connect(self._failed)
        form.settling.not_printed.connect(self._not_printed)

    def settle(self, *, unread: bool) -> None:
        """Settle the visit if nothing prevents it; `unread` says that its sum has only just changed."""
        form, quote, tender = self._form, self._form.state.quote, self._form.panel.tender
        if form.lines.table.editor is not None:  # a click: a key has committed it before
            before = form.state.draft
            if wrong := form.lines.table.finish_typing():
                self._hints.note(wrong, wrong=True)
                return
            unread, quote = form.state.draft is not before, form.state.quote
        if wrong := self.half_entered():
            self._hints.note(wrong, wrong=True)
        elif form.state.turn_day():
            self._hints.note("这一单是另一天录的，已按结算日重新算过，请核对新的金额再按 F9", wrong=True)
        elif unread:
            self._hints.note("刚改的数已算进去，请看过新的金额再按 F9", wrong=True)
        elif quote is None:
            self._hints.say_what_is_missing()
        elif gap := next((one for one in form.state.gaps if one.blocks), None):
            self._hints.note(f"{gap.sentence.rstrip('？')}：答过再按 F9", wrong=True)
        elif tender.fault:
            self._hints.refuse_tender(tender.fault)
            begin_in(tender.field)
        elif doubts := self._doubts(quote.totals.total_fen):
            DoubtsSheet(form.window(), doubts, form.lines.table, tender.field, lambda: self._confirmed(doubts))
        else:
            self._hand_over()

    def half_entered(self) -> str:
        """Return a sentence about text in a field that does not count yet; empty where there is none."""
        form = self._form
        if form.lines.is_busy or form.lines.field.is_composing:
            return "还有一项没有录完：按 Enter 录入，或按 Esc 放弃"
        if form.patient.field.text().strip() or form.patient.field.is_composing:
            form.patient.field.setFocus()
            return "病人栏里还有没选完的内容：按 Enter 选定，或按 Esc 放弃"
        return ""

    def _doubts(self, total_fen: int) -> list[Doubt]:
        state, tender = self._form.state, self._form.panel.tender.tender
        found = doubts_of(self._form.station.counter, state.draft, state.day, total_fen, tender.change_fen)
        return [one for one in found if one not in self._looked_at]

    def _confirmed(self, doubts: list[Doubt]) -> None:
        self._looked_at += doubts
        self.settle(unread=False)

    def _hand_over(self) -> None:
        """Start settling the visit and make room for the next."""
        form = self._form
        patient, quote = form.state.patient, form.state.quote
        assert patient is not None
        assert quote is not None
        asked = Asked(draft=form.state.draft, name=patient.name, tender=form.panel.tender.tender, expected=quote.totals)
        form.keeping.begin_another()
        form.begin_anew()
        change_fen = asked.tender.change_fen
        title = f"{'找零' if change_fen else '已收'} · {asked.name}"
        form.panel.tender.show_last(title, grouped(change_fen or asked.expected.cash_fen))
        self._hints.note(f"正在结算 {asked.name}……")
        form.settling.settle(asked)

    def _settled(self, done: "Committed", asked: Asked) -> None:
        assert done.stored is not None
        self._hints.remember(done.stored, asked.name, asked.tender.change_fen, done.warnings)
        self._form.keeping.drop(asked.draft.visit_no)

    def _refused(self, done: "Committed", asked: Asked) -> None:
        if self._take_back(asked):
            self._hints.refuse(done.problems)
        else:
            why = "；".join(problem.message for problem in done.problems)
            self._say_put_off(asked, why)

    def _failed(self, asked: Asked, error: BaseException) -> None:
        """Report that nothing was settled; in a note while the next is being typed: a sheet would take the keys."""
        station = self._form.station
        if self._take_back(asked) or not isinstance(error, GongjiError):
            station.fail(error)
        else:
            station.counter.log.warning("trouble", exc_info=error)
        if self._form.state.draft is not asked.draft:
            why = f"{error.title}。{error.advice}" if isinstance(error, GongjiError) else "程序出了错"
            self._say_put_off(asked, why)

    def _say_put_off(self, asked: Asked, why: str) -> None:
        self._hints.put_off(asked.draft.visit_no, f"{asked.name} 没有结算：{why}。已挂单，按 F7 取回")

    def _not_printed(self, stored: StoredSettlement, error: BaseException, again: Callable[[], None]) -> None:
        """Report that the settlement is stored and the receipt not printed; in a note while the next is being typed."""
        form = self._form
        if not isinstance(error, GongjiError) or (form.is_untouched and form.isVisible()):
            printing().not_printed(form.station, stored, error, again)
            return
        form.station.counter.log.warning("not printed", exc_info=error)
        text = f"{stored.no} 已经记好，单子没有打出来：{error.title}。{error.advice}。不要重新收费"
        another = lambda: printing().choose(form.station, again)  # noqa: E731  # what a button does
        self._hints.unprinted(stored.no, text, (("重打", again), ("换一台打印机", another)))

    def _take_back(self, asked: Asked) -> bool:
        """Show a visit again that was not settled; where the next has been begun it is put aside."""
        form = self._form
        form.panel.tender.forget_last()
        if not form.is_untouched:
            form.keeping.put_back(asked.draft, asked.name)
            return False
        form.state.reset(asked.draft)
        form.panel.tender.take_back(asked.tender)
        form.enter()
        return True


class DoubtsSheet(Dialog):
    """The figures; an answer that no second Enter gives by accident."""

    def __init__(
        self,
        parent: QWidget,
        doubts: Sequence[Doubt],
        lines: LinesTable,
        received: QLineEdit,
        go_on: Callable[[], None],
    ) -> None:
        """`lines` and `received` are where the figures are entered; `go_on` settles all the same."""
        super().__init__(parent, "这些数不寻常，请再看一遍")
        self._doubts, self._lines, self._received, self._go_on = doubts, lines, received, go_on
        for one in doubts:
            self.say(one.sentence, "strong")
        self.say("Enter 返回改正；确实无误的，按 Alt+Y 照此结算。常用的限额在“设置 → 核对”里改。", "small")
        self.buttons(button("返回改正", self._back, "main"), button("照此结算 Alt+Y", self._settle))
        shortcut("Alt+Y", self, self._settle)
        self.open()

    def _settle(self) -> None:
        self.accept()
        self._go_on()

    def _back(self) -> None:
        """Go where the figure is that was asked about first."""
        self.accept()
        first = self._doubts[0]
        if first.place is not None:
            self._lines.choose(first.place)
            self._lines.setFocus()
        else:
            begin_in(self._received)
