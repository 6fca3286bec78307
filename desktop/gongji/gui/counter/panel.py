"""本次结算: what the visit comes to, live; what is received; the one button that matters."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy

from gongji.core.reckoning.policy import Policy
from gongji.core.reckoning.quoting import Quote
from gongji.gui import tokens
from gongji.gui.counter.amounts import AmountRows
from gongji.gui.counter.notes import Notes
from gongji.gui.counter.tender import TenderBox
from gongji.gui.counter.words import grouped
from gongji.gui.style import named
from gongji.gui.widgets.basics import SCROLL_BAR, Bar, Elided, Scroll, column, label, row, rule

_LEAST_NOTES = 34
_MOST_NOTES = 0.36
"""How much of the panel the notes may take before they are scrolled."""


class SettleButton(QPushButton):
    """F9: Enter presses it too once the focus is on it."""

    def __init__(self) -> None:
        """Begin with its word."""
        super().__init__("结算并打印  F9")
        named(self, "settle")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Press on Enter."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)


class NotesScroll(Scroll):
    """As high as the notes are, up to a part of the panel: the amounts above have the rest."""

    def __init__(self, notes: Notes, panel: QFrame) -> None:
        """Hold the notes in a panel."""
        self._panel = panel
        super().__init__(notes)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        notes.changed.connect(self.fit)

    def fit(self) -> None:
        """Take the height the notes need."""
        super().fit()
        height = min(max(_LEAST_NOTES, self.needed), int(self._panel.height() * _MOST_NOTES))
        if height != self.minimumHeight():
            self.setFixedHeight(height)
            layout = self._panel.layout()
            if layout is not None:
                layout.activate()


class SettlementPanel(QFrame):
    """The right side of the counter."""

    why = Signal()

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__()
        named(self, "card")
        self.setFixedWidth(tokens.PANEL_WIDTH)
        self.amounts = AmountRows()
        self.tender = TenderBox()
        self.notes = Notes()
        self.button = SettleButton()
        self._parts = Elided("", "muted")
        self._bar = Bar(16)
        self._insets: list[QHBoxLayout] = []
        self._build()

    def _build(self) -> None:
        down = column(self, margin=tokens.EDGE, spacing=2 * tokens.STEP)
        down.setContentsMargins(tokens.EDGE, tokens.EDGE, tokens.EDGE - SCROLL_BAR, tokens.EDGE)
        top = _inset()
        top.addWidget(label("本次结算", "strong"))
        self._parts.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        top.addWidget(self._parts, 1)
        down.addLayout(top)
        for one in (self._bar, rule(), self.tender, self.button):
            inset = _inset()
            inset.addWidget(one)
            self._insets.append(inset)
        bar, line, tender, button = self._insets
        down.addLayout(bar)
        down.addWidget(Scroll(self.amounts), 1)
        down.addWidget(NotesScroll(self.notes, self))  # above what is due, which so keeps its place
        down.addLayout(line)
        down.addLayout(tender)
        why = QPushButton("为什么是这个数 F8")
        named(why, "link")
        why.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        why.clicked.connect(self.why.emit)
        self.tender.add_under_title(why)
        down.addLayout(button)

    def show_quote(self, quote: Quote, policy: Policy, *, in_full: bool) -> None:
        """Show what a visit comes to."""
        self.amounts.show_parts(quote.totals, quote.settlements, policy)
        totals = quote.totals
        self._bar.show_parts(
            totals.total_fen,
            (totals.fund_total_fen, tokens.ACCENT),
            (totals.account_own_fen + totals.account_family_fen, tokens.ACCENT_SOFT),
            (totals.cash_fen, tokens.SECOND),
        )
        self.tender.show_due(totals.cash_fen, "全额垫付" if in_full else "应收现金")
        self._parts.setText(_parts_text(quote, policy))

    def show_nothing(self) -> None:
        """Show that nothing is settled."""
        self.amounts.show_parts(None, (), None)
        self._bar.show_parts(0)
        self._parts.setText("")
        self.tender.show_due(0)


def _inset() -> QHBoxLayout:
    """Return a row that leaves free what the bar of a scrolled part takes, so that figures stand under each other."""
    one = row()
    one.setContentsMargins(0, 0, SCROLL_BAR, 0)
    return one


def _parts_text(quote: Quote, policy: Policy) -> str:
    """Return what each of several settlements comes to; nothing for one."""
    if len(quote.settlements) == 1:
        return policy.pack.benefit[quote.settlements[0].benefit].name
    parts = (
        f"{policy.pack.benefit[part.benefit].name.removeprefix('门诊')} {grouped(part.amounts.total_fen)}"
        for part in quote.settlements
    )
    return f"{len(quote.settlements)} 笔：{' · '.join(parts)}"
