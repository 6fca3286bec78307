"""The amounts of a settlement: each expands into the sentences and articles behind it.

本次结算: what the visit comes to, live; what is received; the settle button.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from gongji.core.engine.amounts import Amounts
from gongji.core.engine.policy import Policy
from gongji.core.engine.quote import Quote
from gongji.core.engine.settlement import Settlement
from gongji.core.engine.trace import steps_of
from gongji.core.money import grouped, round_half_up
from gongji.gui.counter.notes import Notes
from gongji.gui.counter.tender_box import TenderBox
from gongji.gui.kit import tokens
from gongji.gui.kit.layout import SCROLL_BAR, Elided, ProportionBar, Scroll, column, label, row, rule
from gongji.gui.kit.style import set_role

ALWAYS = ("total", "fund", "account_own", "account_family")
TITLES = {
    "total": ("总费用", ("eligible",)),
    "fund": ("统筹基金", ("fund",)),
    "civil_servant": ("公务员医疗补助", ("civil_servant",)),
    "large_medical": ("大额医疗补助", ("large_medical",)),
    "deductible": ("起付标准", ("deductible",)),
    "prepaid": ("先行自付", ("prepaid",)),
    "self_paid": ("全自费", ("self_paid",)),
    "over_price": ("超限价", ("over_price",)),
    "excluded": ("不予支付", ("excluded",)),
    "account_own": ("个人账户", ("account_own", "cash")),
    "account_family": ("家庭共济", ("account_family",)),
}
"""Each amount of the panel in order: its name, and the amounts whose steps explain it."""


class AmountLine(QWidget):
    """An amount with its name; pressed, it expands into its sentences."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self._title, self._explains = TITLES[name]
        self._sentences = ""
        self._is_open = name == "fund"
        self._is_chosen = False  # by the clerk: then it stays open where other figures have to be scrolled to
        self._has_room = True
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        down = column(self, margin=0, spacing=1)
        top = row()
        self._head = label(self._title, "accent" if name == "fund" else "")
        self._figure = label("0.00", "figure accent" if name == "fund" else "figure", right=True)
        top.addWidget(self._head)
        top.addStretch(1)
        top.addWidget(self._figure)
        self._why = label("", "small", wrap=True)
        down.addLayout(top)
        down.addWidget(self._why)
        self._show()

    @property
    def is_open(self) -> bool:
        """Return whether the sentences are shown."""
        return self._is_open and (self._is_chosen or self._has_room)

    @property
    def figure(self) -> str:
        """The amount as it is shown."""
        return self._figure.text()

    @property
    def sentences(self) -> str:
        """The sentences behind the amount."""
        return self._sentences

    @property
    def head_height(self) -> int:
        """How high the amount is without its sentences."""
        return max(self._head.sizeHint().height(), self._figure.sizeHint().height())

    def sentences_height(self, width: int) -> int:
        """Return how high the sentences are that would be shown, were there room."""
        return self._why.heightForWidth(width) + 1 if self._is_open and self._sentences else 0

    def show_amount(self, fen: int, sentences: str) -> None:
        """Show an amount and what stands behind it."""
        self._figure.setText(grouped(fen))
        self._sentences = sentences
        self._show()

    def toggle(self) -> None:
        """Open or close."""
        self._is_open = not self.is_open
        self._is_chosen = self._is_open
        self._show()

    def give_room(self, *, has_room: bool) -> None:
        """Set whether there is room for sentences that nobody asked for: every figure comes first."""
        if has_room != self._has_room:
            self._has_room = has_room
            self._show()

    def _show(self) -> None:
        mark = "" if not self._sentences else "  ▾" if self.is_open else "  ▸"
        self._head.setText(self._title + mark)
        self._why.setText(self._sentences)
        self._why.setVisible(self.is_open and bool(self._sentences))

    def mousePressEvent(self, _event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        """Open or close."""
        self.toggle()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Open or close with Space or Enter."""
        if event.key() in {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.toggle()
        else:
            super().keyPressEvent(event)


class AmountRows(QWidget):
    """All amounts, without those that are zero and never expected."""

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "inside")
        down = column(self, margin=0, spacing=2 * tokens.STEP)
        down.setContentsMargins(0, tokens.STEP, 0, tokens.STEP)
        self.rows = {name: AmountLine(name) for name in TITLES}
        for one in self.rows.values():
            down.addWidget(one)
        down.addStretch(1)
        self.show_parts(None, (), None)

    def closed_height(self) -> int:
        """Return how high the figures are without a sentence."""
        rows = [one for one in self.rows.values() if not one.isHidden()]
        spacing = 2 * tokens.STEP
        return sum(one.head_height + spacing for one in rows) + 2 * tokens.STEP

    def fit(self, room: int) -> None:
        """Show the sentences that nobody asked for only where all figures stay in sight."""
        open_too = sum(one.sentences_height(self.width()) for one in self.rows.values() if not one.isHidden())
        has_room = self.closed_height() + open_too <= room
        for one in self.rows.values():
            one.give_room(has_room=has_room)

    def show_parts(self, totals: Amounts | None, parts: Sequence[Settlement], policy: Policy | None) -> None:
        """Show the sums over all parts, each with the sentences of every part."""
        for name, one in self.rows.items():
            fen = 0 if totals is None else getattr(totals, f"{name}_fen")
            sentences = _sentences(parts, TITLES[name][1], policy)
            one.show_amount(fen, sentences)
            one.setVisible(name in ALWAYS or fen != 0)


def _sentences(parts: Sequence[Settlement], names: tuple[str, ...], policy: Policy | None) -> str:
    found = []
    for part in parts:
        before = ""
        if len(parts) > 1 and policy is not None:
            before = f"{policy.pack.benefit[part.benefit].name}　"
        found += [f"{before}{step.text}〔{step.article}〕" for step in steps_of(part.trace, *names)]
    return "\n".join(found)


_LEAST_NOTES = 34
_LOW = 480
"""A panel lower than this (pixels) is on a small screen at a large scale."""
_MOST_NOTES = 0.5
"""How much of the panel the notes may take before they are scrolled, where the figures leave so much."""


class SettleButton(QPushButton):
    """F9: Enter presses it too once the focus is on it."""

    def __init__(self) -> None:
        super().__init__("结算并打印  F9")
        set_role(self, "settle")
        # a click leaves a cell being edited open, so that it is looked at first
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Press on Enter."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)


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
        self.button = SettleButton()
        self._parts = Elided("", "muted")
        self._bar = ProportionBar(16)
        self._insets: list[QHBoxLayout] = []
        self._build()

    def _build(self) -> None:
        down = column(self, margin=tokens.EDGE, spacing=2 * tokens.STEP)
        down.setContentsMargins(tokens.EDGE, tokens.EDGE, tokens.EDGE - SCROLL_BAR, tokens.EDGE)
        top = _inset()
        self._title = label("本次结算", "strong")
        top.addWidget(self._title)
        self._parts.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        top.addWidget(self._parts, 1)
        down.addLayout(top)
        for one in (self._bar, rule(), self.tender, self.button):
            inset = _inset()
            inset.addWidget(one)
            self._insets.append(inset)
        bar, line, tender, button = self._insets
        down.addLayout(bar)
        legend = _inset()
        self._legend = QLabel()
        set_role(self._legend, "small")
        self._legend.setTextFormat(Qt.TextFormat.RichText)
        legend.addWidget(self._legend)
        down.addLayout(legend)
        amounts = Scroll(self.amounts)
        self._notes = NotesScroll(self.notes, self, amounts, self.amounts)
        amounts.setMinimumHeight(_LEAST_NOTES)
        down.addWidget(amounts, 1)
        down.addWidget(self._notes)  # above what is due, which so keeps its place
        down.addLayout(line)
        down.addLayout(tender)
        why = QPushButton("为什么是这个数 F8")
        set_role(why, "link")
        why.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        why.clicked.connect(self.why.emit)
        self.tender.add_under_title(why)
        down.addLayout(button)

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


def _inset() -> QHBoxLayout:
    """Return a row that leaves the width of a scroll bar free, so that figures are aligned."""
    one = row()
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
