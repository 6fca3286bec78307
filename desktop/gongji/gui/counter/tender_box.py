"""实收与找零: how what is due in cash is paid, by one means or several."""

from msgspec import Struct
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from gongji.core.money import grouped
from gongji.gui.counter import words
from gongji.gui.kit import tokens
from gongji.gui.kit.layout import column, label, row
from gongji.gui.kit.style import set_role

CASH = "cash"


class Tender(Struct, frozen=True, kw_only=True):
    """What is due in cash and how it is paid, in fen: by other means, and the banknotes handed over (None: just so)."""

    due_fen: int
    others: dict[str, int] = {}
    received_fen: int | None = None

    @property
    def cash_due_fen(self) -> int:
        """What is left for banknotes."""
        return max(0, self.due_fen - sum(self.others.values()))

    @property
    def missing_fen(self) -> int:
        """What is still to be handed over."""
        return 0 if self.received_fen is None else max(0, self.cash_due_fen - self.received_fen)

    @property
    def change_fen(self) -> int:
        """What is given back."""
        return 0 if self.received_fen is None else max(0, self.received_fen - self.cash_due_fen)

    def paid(self) -> tuple[tuple[str, int], ...]:
        """Return what each means pays, which together is what is due."""
        found = (*self.others.items(), (CASH, self.cash_due_fen))
        return tuple((means, fen) for means, fen in found if fen)


class ReceivedField(QLineEdit):
    """实收: Enter goes on."""

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Go on, or type."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class TenderBox(QWidget):
    """The due figure, what was received, the change, and the means."""

    entered = Signal()

    def __init__(self) -> None:
        """Begin with nothing due."""
        super().__init__()
        self._due_fen = 0
        self._others: dict[str, int] = {}
        self.field = ReceivedField()
        self.field.setFixedWidth(120)
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.field.textChanged.connect(self._show)
        self.field.entered.connect(self._enter)
        self.due = label("0.00", "due", right=True)
        self._due_title = label("应收现金", "heading")
        self.change = label("0.00", "change none", right=True)
        self._change_title = label("找零", "muted")
        self._buttons = {means: QPushButton(word) for means, word in words.MEANS.items()}
        self._build()
        self._show()

    def _build(self) -> None:
        down = column(self, margin=0, spacing=tokens.STEP)
        top = row()
        self._titles = column(margin=0, spacing=0)
        self._titles.addStretch(1)
        self._titles.addWidget(self._due_title)
        self._titles.addStretch(1)
        top.addLayout(self._titles)
        top.addStretch(1)
        self.due.setFixedHeight(56)
        top.addWidget(self.due)
        middle = row()
        middle.addWidget(label("实收", "muted"))
        middle.addWidget(self.field)
        middle.addStretch(1)
        middle.addWidget(self._change_title)
        middle.addWidget(self.change)
        means_row = row(spacing=tokens.STEP)
        for place, (means, one) in enumerate(self._buttons.items(), 1):
            set_role(one, "means")
            one.setCheckable(True)
            one.setAutoDefault(False)
            one.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            one.setToolTip(f"Alt+{place}")
            one.clicked.connect(lambda _=False, means=means: self.pay_by(means))
            means_row.addWidget(one)
        means_row.addStretch(1)
        down.addLayout(top)
        down.addLayout(middle)
        down.addLayout(means_row)

    def add_under_title(self, widget: QWidget) -> None:
        """Put a widget under what the due figure is called."""
        self._titles.insertWidget(2, widget)

    @property
    def tender(self) -> Tender:
        """How what is due is paid as it stands."""
        text = self.field.text().strip()
        received = words.fen_of(text) if text else None
        return Tender(due_fen=self._due_fen, others=dict(self._others), received_fen=received)

    @property
    def fault(self) -> str:
        """What is wrong with it; nothing where it is right."""
        text = self.field.text().strip()
        if text and words.fen_of(text) is None:
            return "实收应为金额，例如 50 或 50.00"
        missing = self.tender.missing_fen
        return f"还差 {grouped(missing)} 元" if missing else ""

    def show_due(self, fen: int, title: str = "应收现金") -> None:
        """Show what is due now; other means that come to more are taken back."""
        self._due_fen = fen
        self._due_title.setText(title)
        if sum(self._others.values()) > fen:
            self._others = {}
        self._show()

    def clear(self) -> None:
        """Forget what was received."""
        self._others = {}
        self.field.clear()
        self._show()

    def pay_by(self, means: str) -> None:
        """Let a means pay what was typed, or all that is left.

        Once more takes it back; cash takes all the others back.
        """
        if means == CASH:
            self._others = {}
        elif means in self._others:
            del self._others[means]
        else:
            typed = words.fen_of(self.field.text()) or 0
            left = self.tender.cash_due_fen
            if left:
                self._others[means] = typed if 0 < typed < left else left
            self.field.clear()
        self._show()

    def _show(self) -> None:
        tender = self.tender
        self.due.setText(grouped(self._due_fen))
        self.field.setPlaceholderText(grouped(tender.cash_due_fen))
        missing, fault = tender.missing_fen, self.fault
        self._change_title.setText("还差" if missing else "找零")
        self.change.setText(grouped(missing or tender.change_fen))
        set_role(self.change, "change" if missing or tender.change_fen else "change none")
        set_role(self.field, "wrong" if fault and not missing else "")
        self.field.setToolTip(fault)
        for means, one in self._buttons.items():
            fen = tender.cash_due_fen if means == CASH else self._others.get(means, 0)
            several = bool(self._others)
            one.setText(f"{words.MEANS[means]} {grouped(fen)}" if several and fen else words.MEANS[means])
            one.setChecked(fen > 0 if several else means == CASH)

    def _enter(self) -> None:
        if self.fault:
            self.field.selectAll()
        else:
            self.entered.emit()
