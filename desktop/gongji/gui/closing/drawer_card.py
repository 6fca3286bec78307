"""钱箱: counted by denomination, against what should be there; the difference is updated with every figure typed."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit

from gongji.core.ledger.drawer import DENOMINATIONS_FEN, Drawer, denomination
from gongji.core.money import grouped, yuan
from gongji.core.problems import quoted
from gongji.core.typed import whole_number
from gongji.gui.counter.words import fen_of
from gongji.gui.kit import tokens
from gongji.gui.kit.form import text
from gongji.gui.kit.layout import column, label, row, rule
from gongji.gui.kit.style import set_role

_MOST_PIECES = 99_999
_MOST_SHOWN = 12
_WIDTH = 388
_PER_COLUMN = 4


def _beginning(one: QLineEdit) -> str:
    """Return what is typed in a field, its beginning where it is long."""
    return quoted(one.text().strip(), _MOST_SHOWN)


class DrawerCard(QFrame):
    """Fields for pieces, the float, and three figures."""

    done = Signal()

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "card")
        self.setMinimumWidth(_WIDTH)
        self._cash_fen = 0
        self.float = text("0.00", right=True, width=110)
        self.pieces = {fen: self._field() for fen in DENOMINATIONS_FEN}
        self._sums = {fen: label("", "small", right=True) for fen in DENOMINATIONS_FEN}
        self.counted = label("0.00", "figure", right=True)
        self.expected = label("0.00", "figure", right=True)
        self.difference = label("", "change none", right=True)
        self._build()
        for fen, one in self.pieces.items():
            one.setAccessibleName(f"{denomination(fen)}的张数")
        self.float.setAccessibleName("备用金")
        fields = [*self.pieces.values(), self.float]
        for place, one in enumerate(fields):
            one.textChanged.connect(lambda _: self._show())
            following = fields[place + 1] if place + 1 < len(fields) else None
            one.returnPressed.connect(self.done.emit if following is None else following.setFocus)

    def _field(self) -> QLineEdit:
        return text("", "0", right=True, width=58)

    def _build(self) -> None:
        down = column(self, margin=tokens.EDGE, spacing=2 * tokens.STEP)
        top = row()
        top.addWidget(label("钱箱清点", "heading"))
        top.addStretch(1)
        top.addWidget(label("F3", "muted"))
        down.addLayout(top)
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * tokens.STEP)
        grid.setVerticalSpacing(tokens.STEP)
        for place, (fen, field) in enumerate(self.pieces.items()):
            across, line = divmod(place, _PER_COLUMN)
            grid.addWidget(label(denomination(fen), "label"), line, 3 * across)
            grid.addWidget(field, line, 3 * across + 1)
            grid.addWidget(self._sums[fen], line, 3 * across + 2)
            grid.setColumnStretch(3 * across + 2, 1)
            self._sums[fen].setContentsMargins(0, 0, 0 if across else tokens.EDGE, 0)  # beside it another one begins
        down.addLayout(grid)
        down.addWidget(rule())
        for word, one in (("备用金", self.float), ("实点", self.counted), ("应有（备用金 + 本班现金）", self.expected)):
            across_row = row()
            across_row.addWidget(label(word, "label"))
            across_row.addStretch(1)
            across_row.addWidget(one)
            down.addLayout(across_row)
        down.addWidget(rule())
        last = row()
        last.addWidget(label("相差", "strong"))
        last.addStretch(1)
        last.addWidget(self.difference)
        down.addLayout(last)

    def show_cash(self, fen: int) -> None:
        """Show what the shift took in cash, in fen."""
        self._cash_fen = fen
        self._show()

    def clear(self) -> None:
        """Begin another count; the float stays, for it stays in the drawer."""
        for one in self.pieces.values():
            one.clear()

    @property
    def is_counted(self) -> bool:
        """Return whether anything was counted."""
        return any(one.text().strip() for one in self.pieces.values())

    @property
    def fault(self) -> str:
        """What is wrong with the pieces or the float, in a sentence; nothing where nothing is."""
        for fen, one in self.pieces.items():
            if self._count(one) is None:
                return f"{denomination(fen)}的张数“{_beginning(one)}”不是 0 至 {_MOST_PIECES} 的整数，请改正，例如 12"
        typed = self.float.text().strip()
        if not typed or fen_of(typed) is not None:
            return ""
        return f"备用金“{_beginning(self.float)}”不是金额，请改正，例如 200 或 200.50"

    @property
    def wrong_field(self) -> QLineEdit:
        """The field that `fault` is about."""
        return next((one for one in self.pieces.values() if self._count(one) is None), self.float)

    @property
    def drawer(self) -> Drawer:
        """The drawer as it was counted."""
        counts = {fen: self._count(one) for fen, one in self.pieces.items() if one.text().strip()}
        pieces = {fen: count for fen, count in counts.items() if count is not None}
        return Drawer(pieces=pieces, float_fen=fen_of(self.float.text()) or 0)

    @staticmethod
    def _count(one: QLineEdit) -> int | None:
        """Return how many pieces a field says, an empty one none at all; None where it says no such number."""
        typed = one.text().strip()
        return whole_number(typed, _MOST_PIECES) if typed else 0

    def _show(self) -> None:
        drawer = self.drawer
        for fen, one in self.pieces.items():
            self._sums[fen].setText(yuan(fen * drawer.pieces[fen]) if fen in drawer.pieces else "")
            set_role(one, "wrong" if self._count(one) is None else "")
        self.counted.setText(grouped(drawer.counted_fen))
        self.expected.setText(grouped(drawer.expected_fen(self._cash_fen)))
        is_float = not self.float.text().strip() or fen_of(self.float.text()) is not None
        set_role(self.float, "" if is_float else "wrong")
        if self.fault:
            (self.counted if is_float else self.expected).setText("—")
            self.difference.setText("张数看不懂" if is_float else "备用金看不懂")
            set_role(self.difference, "change")
            return
        if not self.is_counted:
            self.difference.setText("未清点")
            set_role(self.difference, "change none")
            return
        off_fen = drawer.difference_fen(self._cash_fen)
        word = "相符" if not off_fen else f"多 {grouped(off_fen)}" if off_fen > 0 else f"少 {grouped(-off_fen)}"
        self.difference.setText(word)
        set_role(self.difference, "change" if off_fen else "change none")
