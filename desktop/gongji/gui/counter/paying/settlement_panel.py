"""本次结算: what the visit comes to, live; what is received; the settle button."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy

from gongji.core.engine.policy import Policy
from gongji.core.engine.quote import Quote
from gongji.core.money import grouped, round_half_up
from gongji.gui.counter.notes.notes import Notes
from gongji.gui.counter.paying.amount_rows import AmountRows
from gongji.gui.counter.paying.tender_box import TenderBox
from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import ActButton, button
from gongji.gui.kit.layout import SCROLL_BAR, Elided, Part, ProportionBar, Scroll, column, label, put, row, rule
from gongji.gui.kit.style import set_role

_LEAST_NOTES = 34
_LOW = 480
"""A panel lower than this (pixels) is on a small screen at a large scale."""
_MOST_NOTES = 0.5
"""How much of the panel the notes may take before they are scrolled, where the figures leave so much."""


class NotesScroll(Scroll):
    """As high as the notes are, as far as every figure above stays in sight: a warning never hides an amount."""

    def __init__(self, notes: Notes, panel: QFrame, amounts: Scroll, rows: AmountRows) -> None:
        self._panel, self._amounts, self._rows = panel, amounts, rows
        super().__init__(notes)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        notes.changed.connect(self.fit)
        amounts.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Measure again when the amounts have more or less room."""
        if watched is self._amounts and event.type() == QEvent.Type.Resize:
            self.fit()
        return super().eventFilter(watched, event)

    def fit(self) -> None:
        """Take the height the notes need."""
        super().fit()
        room = self._amounts.height() + self.height()
        most = max(_LEAST_NOTES, min(int(self._panel.height() * _MOST_NOTES), room - self._rows.closed_height()))
        height = min(max(_LEAST_NOTES, self.needed), most)
        if height != self.minimumHeight():
            self.setFixedHeight(height)
            layout = self._panel.layout()
            if layout is not None:
                layout.activate()
        self._rows.fit(room - height)


class SettlementPanel(QFrame):
    """The right side of the counter."""

    why = Signal()

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "card")
        self.setFixedWidth(tokens.PANEL_WIDTH)
        self.amounts = AmountRows()
        self.tender = TenderBox()
        self.notes = Notes()
        self.button = set_role(ActButton("结算并打印  F9"), "settle")
        # a click leaves a cell being edited open, so that it is looked at first
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._parts = Elided("", "muted")
        self._bar = ProportionBar(16)
        self._build()

    def _build(self) -> None:
        self._title = label("本次结算", "strong")
        self._parts.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._legend = label("", "small")
        self._legend.setTextFormat(Qt.TextFormat.RichText)
        amounts = Scroll(self.amounts)
        self._notes = NotesScroll(self.notes, self, amounts, self.amounts)
        amounts.setMinimumHeight(_LEAST_NOTES)
        why = button("为什么是这个数 F8", self.why.emit, "link")
        why.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.tender.add_under_title(why)
        down = column(self, spacing=2 * tokens.STEP)
        down.setContentsMargins(tokens.EDGE, tokens.EDGE, tokens.EDGE - SCROLL_BAR, tokens.EDGE)
        put(down, _inset(self._title, (self._parts, 1)), _inset(self._bar), _inset(self._legend), (amounts, 1))
        # the notes are above what is due, which so keeps its place
        put(down, self._notes, _inset(rule()), _inset(self.tender), _inset(self.button))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """On a low screen give the room of decorations to the amounts."""
        super().resizeEvent(event)
        low = self.height() < _LOW
        for one in (self._title, self._parts, self._bar, self._legend):
            one.setVisible(not low)
        self._notes.fit()

    def show_quote(self, quote: Quote, policy: Policy, *, in_full: bool) -> None:
        """Show what a visit comes to."""
        self.amounts.show_parts(quote.totals, quote.settlements, policy)
        totals = quote.totals
        account_fen = totals.account_own_fen + totals.account_family_fen
        parts = (
            ("基金", totals.fund_total_fen, tokens.ACCENT),
            ("账户", account_fen, tokens.ACCENT_SOFT),
            ("现金", totals.cash_fen, tokens.SECOND),
        )
        self._bar.show_parts(totals.total_fen, *((fen, colour) for _, fen, colour in parts))
        self._legend.setText(_legend(parts))
        self.tender.show_due(totals.cash_fen, "全额垫付" if in_full else "应收现金")
        self._notes.fit()
        self._parts.setText(_parts_text(quote, policy))

    def show_nothing(self, *, is_begun: bool) -> None:
        """Show that nothing is settled; of a visit that is begun the amount due is not known yet."""
        self.amounts.show_parts(None, (), None)
        self._bar.show_parts(0)
        self._legend.setText("")
        self._parts.setText("")
        self.tender.show_due(None if is_begun else 0)


def _legend(parts: Sequence[tuple[str, int, str]]) -> str:
    """Return what each colour of the bar means, with its share."""
    whole = sum(fen for _, fen, _ in parts)
    shown = [
        f'<span style="color:{colour}">■</span>&nbsp;{word} {round_half_up(fen * 100, whole)}%'
        for word, fen, colour in parts
        if fen
    ]
    return "&nbsp;&nbsp;".join(shown)


def _inset(*parts: Part) -> QHBoxLayout:
    """Return a row that leaves the width of a scroll bar free, so that figures are aligned."""
    one = put(row(), *parts)
    one.setContentsMargins(0, 0, SCROLL_BAR, 0)
    return one


def _parts_text(quote: Quote, policy: Policy) -> str:
    """Return what each of several settlements comes to; empty for one."""
    if len(quote.settlements) == 1:
        return policy.pack.benefit[quote.settlements[0].benefit].name
    parts = (
        f"{policy.pack.benefit[part.benefit].name.removeprefix('门诊')} {grouped(part.amounts.total_fen)}"
        for part in quote.settlements
    )
    return f"{len(quote.settlements)} 笔：{' · '.join(parts)}"
