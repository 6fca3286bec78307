"""实收与找零: how what is due in cash is paid, by one means or several."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from gongji.core.ledger.drawer import likely_notes
from gongji.core.ledger.giving_back import ByMeans, kept_of
from gongji.core.money import grouped, yuan
from gongji.gui.counter import words
from gongji.gui.counter.paying.tender import CASH, Tender
from gongji.gui.kit import tokens
from gongji.gui.kit.form import text
from gongji.gui.kit.layout import REST, column, label, put, row, tip
from gongji.gui.kit.style import set_role

UNKNOWN = "—"
"""Shown where the amount due is not known."""


class TenderBox(QWidget):
    """The amount due, what was received, the change, and the means."""

    entered = Signal()
    refused = Signal(str)
    changed = Signal()
    means_pressed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._due_fen: int | None = 0
        self._others: dict[str, int] = {}
        self._chosen = CASH
        self._last: tuple[str, str] | None = None
        self._before: ByMeans = ()
        self.field = text(right=True, width=120)
        self.field.setAccessibleName("实收")
        self.field.textChanged.connect(self._show)
        self.field.textChanged.connect(lambda _: self.changed.emit())
        self.field.returnPressed.connect(self._enter)
        self.due = label("0.00", "due", right=True)
        self._title = "应收现金"
        self._due_title = label(self._title, "heading")
        self._field_title = label("实收", "muted")
        self.change = label("0.00", "change none", right=True)
        self._change_title = label("找零", "muted")
        self._buttons = {means: QPushButton(word) for means, word in words.MEANS.items()}
        self._notes = tuple(QPushButton() for _ in range(3))
        self._build()
        self._show()

    def hand_over(self, place: int) -> None:
        """Take one of the suggested sums of notes as received."""
        suggested = likely_notes(self.tender.cash_due_fen)
        if self._chosen == CASH and place < len(suggested):
            self.field.setText(yuan(suggested[place]).removesuffix(".00"))
            self.field.setFocus()

    def _build(self) -> None:
        self.due.setFixedHeight(56)
        for place, (means, one) in enumerate(self._buttons.items(), 1):
            one.setCheckable(True)
            _prepare(one, f"Alt+{place}", partial(self.means_pressed.emit, means))
        for place, note in enumerate(self._notes, len(self._buttons) + 1):
            _prepare(note, f"收这么多 Alt+{place}", partial(self.hand_over, place - len(self._buttons) - 1))
        self._titles = put(column(margin=0, spacing=0), REST, self._due_title, REST)
        put(
            column(self, margin=0, spacing=tokens.STEP),
            put(row(), self._titles, REST, self.due),
            put(row(), self._field_title, self.field, REST, self._change_title, self.change),
            put(row(spacing=tokens.STEP), *self._buttons.values(), REST, *self._notes),
        )

    def add_under_title(self, widget: QWidget) -> None:
        """Put a widget under the title of the amount due."""
        self._titles.insertWidget(2, widget)

    @property
    def tender(self) -> Tender:
        """How the amount due is paid now."""
        said = self.field.text().strip()
        typed = words.fen_of(said) if said else None
        return Tender(due_fen=self._due_fen or 0, others=dict(self._others), chosen=self._chosen, typed_fen=typed)

    @property
    def fault(self) -> str:
        """What is wrong with it; empty where it is right."""
        said = self.field.text().strip()
        if said and words.fen_of(said) is None:
            return "实收应为金额，例如 50 或 50.00"
        return "" if self._due_fen is None else self.tender.fault

    def show_due(self, fen: int | None, title: str = "应收现金") -> None:
        """Show the amount due; other means that exceed it are cleared.

        Where it is not known (None) neither it nor the change is shown, and the means stay as they are.
        """
        self._due_fen = fen
        self._title = title
        if fen is None:
            pass
        elif self._before:
            self._others = {means: part for means, part in kept_of(self._before, fen) if means != CASH}
        elif sum(self._others.values()) > fen:
            self._others = {}
        self._show()

    def clear(self, before: ByMeans = ()) -> None:
        """Clear what was received; the payments `before` of what this visit replaces are offered by their means."""
        self._others = {}
        self._chosen = CASH
        self._before = before
        self.field.clear()
        self._show()

    def take_back(self, tender: Tender) -> None:
        """Show again how a visit that was not settled was to be paid."""
        self._others, self._chosen = dict(tender.others), tender.chosen
        self.field.setText("" if tender.typed_fen is None else yuan(tender.typed_fen))
        self._show()

    def show_last(self, title: str, figure: str) -> None:
        """Keep the previous visit's result in large type while nothing else is due."""
        self._last = (title, figure)
        self._show()

    def forget_last(self) -> None:
        """Show the amount due again, for the next visit has begun."""
        if self._last is not None:
            self._last = None
            self._show()

    def pay_by(self, means: str) -> None:
        """Pay by a means what was typed before it, or all that is left until its amount is typed.

        Pressed again it is cleared; cash clears all the others. What is typed while another means has all that is left
        is that means' amount.
        """
        self._before = ()
        now = self.tender
        if means == CASH:
            self._others, self._chosen = {}, CASH
        elif means == self._chosen:
            self._chosen = CASH
            self.field.clear()
        elif means in self._others:
            del self._others[means]
        elif self._chosen == CASH and now.typed_fen:
            self._others[means] = min(now.typed_fen, now.left_fen)
            self.field.clear()
        elif self.fault:
            self.refused.emit(self.fault)
            return
        else:
            self._settle_chosen()
            self._chosen = means
        self._others = {one: fen for one, fen in self._others.items() if fen}
        self._show()
        self.changed.emit()

    def _settle_chosen(self) -> None:
        """Accept the amount typed for the chosen means, and continue with banknotes for what is left."""
        now = self.tender
        if now.chosen != CASH and now.typed_fen is not None:
            self._others[now.chosen] = now.typed_fen
        self._chosen = CASH
        self.field.clear()

    def _show(self) -> None:
        tender, is_known = self.tender, self._due_fen is not None
        title, figure = self._last or (self._title, UNKNOWN if self._due_fen is None else grouped(self._due_fen))
        self._due_title.setText(title)
        self.due.setText(figure)
        self._field_title.setText("实收" if self._chosen == CASH else words.MEANS[self._chosen])
        self.field.setPlaceholderText(grouped(tender.left_fen) if is_known else "")
        missing, change, fault = tender.missing_fen, tender.change_fen if is_known else 0, self.fault
        self._change_title.setText("还差" if missing else "找零")
        self.change.setText(grouped(missing or change) if is_known else UNKNOWN)
        set_role(self.change, "change" if missing or change else "change none")
        set_role(self.field, "wrong" if fault and not missing else "")
        self.field.setToolTip(tip(fault))
        suggested = likely_notes(tender.cash_due_fen) if self._chosen == CASH and self._last is None else ()
        for place, note in enumerate(self._notes):
            note.setVisible(place < len(suggested))
            if place < len(suggested):
                note.setText(yuan(suggested[place]).removesuffix(".00"))
        for means, one in self._buttons.items():
            fen = tender.cash_due_fen if means == CASH else tender.by_means.get(means, 0)
            several = bool(tender.by_means)
            one.setText(f"{words.MEANS[means]} {grouped(fen)}" if several and fen else words.MEANS[means])
            one.setChecked(fen > 0 if several else means == CASH)

    def _enter(self) -> None:
        if self.fault:
            self.field.selectAll()
            self.refused.emit(self.fault)
            return
        if self._chosen != CASH and self.field.text():
            self._settle_chosen()
            self._show()
            if self.tender.left_fen:
                return
        self.entered.emit()


def _prepare(one: QPushButton, tip_text: str, act: Callable[[], None]) -> None:
    """Make a button act for a click or its Alt key, never for Enter or the focus."""
    set_role(one, "means")
    one.setAutoDefault(False)
    one.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    one.setToolTip(tip(tip_text))
    one.clicked.connect(act)
