"""The amounts of a settlement: each opens into the sentences and articles behind it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from gongji.core.reckoning.amounts import Amounts
from gongji.core.reckoning.explained import steps_of
from gongji.core.reckoning.policy import Policy
from gongji.core.reckoning.settle import Settlement
from gongji.gui import tokens
from gongji.gui.counter.words import grouped
from gongji.gui.style import named
from gongji.gui.widgets.basics import column, label, row

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
"""Each amount of the panel in its order: its name, and the amounts whose steps explain it."""


class AmountRow(QWidget):
    """An amount with its name; pressed, it opens into its sentences."""

    def __init__(self, name: str) -> None:
        """Begin closed, with nothing."""
        super().__init__()
        self.name = name
        self._title, self._explains = TITLES[name]
        self._sentences = ""
        self._is_open = name == "fund"
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
        """Tell whether the sentences are shown."""
        return self._is_open

    @property
    def figure(self) -> str:
        """The amount as it is shown."""
        return self._figure.text()

    @property
    def sentences(self) -> str:
        """What stands behind the amount."""
        return self._sentences

    def show_amount(self, fen: int, sentences: str) -> None:
        """Show an amount and what stands behind it."""
        self._figure.setText(grouped(fen))
        self._sentences = sentences
        self._show()

    def toggle(self) -> None:
        """Open or close."""
        self._is_open = not self._is_open
        self._show()

    def _show(self) -> None:
        mark = "" if not self._sentences else "  ▾" if self._is_open else "  ▸"
        self._head.setText(self._title + mark)
        self._why.setText(self._sentences)
        self._why.setVisible(self._is_open and bool(self._sentences))

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
    """All amounts, those that are nothing and never expected left out."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__()
        named(self, "inside")
        down = column(self, margin=0, spacing=2 * tokens.STEP)
        down.setContentsMargins(0, tokens.STEP, 0, tokens.STEP)
        self.rows = {name: AmountRow(name) for name in TITLES}
        for one in self.rows.values():
            down.addWidget(one)
        down.addStretch(1)
        self.show_parts(None, (), None)

    def show_parts(self, totals: Amounts | None, parts: Sequence[Settlement], policy: Policy | None) -> None:
        """Show the amounts of all parts together, each with the sentences of every part."""
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
