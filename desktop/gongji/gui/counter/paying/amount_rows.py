"""The amounts of a settlement: each expands into the sentences and articles behind it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from gongji.core.engine.amounts import Amounts
from gongji.core.engine.policy import Policy
from gongji.core.engine.settlement import Settlement
from gongji.core.engine.trace import steps_of
from gongji.core.labels import AMOUNT_WORDS
from gongji.core.money import grouped
from gongji.gui.kit import tokens
from gongji.gui.kit.layout import REST, column, label, put, row
from gongji.gui.kit.style import set_role
from gongji.gui.kit.typing_place import ENTERS

ALWAYS = ("total", "fund", "account_own", "account_family")
EXPLAINED_BY = {
    "total": ("eligible",),
    "fund": ("fund",),
    "civil_servant": ("civil_servant",),
    "large_medical": ("large_medical",),
    "deductible": ("deductible",),
    "prepaid": ("prepaid",),
    "self_paid": ("self_paid",),
    "over_price": ("over_price",),
    "excluded": ("excluded",),
    "account_own": ("account_own", "cash"),
    "account_family": ("account_family",),
}
"""Each amount of the panel in order, and the amounts whose steps explain it."""


class AmountLine(QWidget):
    """An amount with its name; pressed, it expands into its sentences."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self._title = AMOUNT_WORDS[name]
        self._sentences = ""
        self._is_open = name == "fund"
        self._is_chosen = False  # by the clerk: then it stays open where other figures have to be scrolled to
        self._has_room = True
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._head = label(self._title, "accent" if name == "fund" else "")
        self._figure = label("0.00", "figure accent" if name == "fund" else "figure", right=True)
        self._why = label("", "small", wrap=True)
        put(column(self, margin=0, spacing=1), put(row(), self._head, REST, self._figure), self._why)
        self._show()

    @property
    def is_open(self) -> bool:
        """Return whether the sentences are shown."""
        return self._is_open and (self._is_chosen or self._has_room)

    @property
    def head_height(self) -> int:
        """How high the amount is without its sentences."""
        return max(self._head.sizeHint().height(), self._figure.sizeHint().height())

    def sentences_height(self, width: int) -> int:
        """Return how high the sentences are that would be shown, were there room."""
        return self._why.heightForWidth(width) + 1 if self._is_open and self._sentences else 0

    def show_amount(self, fen: int, sentences: str) -> None:
        """Show an amount and its explanation."""
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
        if event.key() in {Qt.Key.Key_Space, *ENTERS}:
            self.toggle()
        else:
            super().keyPressEvent(event)


class AmountRows(QWidget):
    """All amounts, without those that are zero and never expected."""

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "inside")
        self.rows = {name: AmountLine(name) for name in EXPLAINED_BY}
        down = put(column(self, spacing=2 * tokens.STEP), *self.rows.values(), REST)
        down.setContentsMargins(0, tokens.STEP, 0, tokens.STEP)
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
            sentences = _sentences(parts, EXPLAINED_BY[name], policy)
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
