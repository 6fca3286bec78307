"""钱箱: counted by denomination, against what should be there; the difference is updated with every figure typed."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit

from gongji.core.ledger.drawer import DENOMINATIONS_FEN, Drawer, denomination
from gongji.core.money import grouped, yuan
from gongji.core.problems import quoted
from gongji.core.typed import whole_number
from gongji.gui.counter.words import fen_of
from gongji.gui.kit import tokens
from gongji.gui.kit.form import enter_leads_on, text
from gongji.gui.kit.layout import column, label, put, rule
from gongji.gui.kit.parts import headed
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
        self.pieces = {fen: text("", "0", right=True, width=58) for fen in DENOMINATIONS_FEN}
        self._sums = {fen: label("", "small", right=True) for fen in DENOMINATIONS_FEN}
        self.counted = label("0.00", "figure", right=True)
        self.expected = label("0.00", "figure", right=True)
        self.difference = label("", "change none", right=True)
        self._build()
        for fen, one in self.pieces.items():
            one.setAccessibleName(f"{denomination(fen)}的张数")
        self.float.setAccessibleName("备用金")
        fields = [*self.pieces.values(), self.float]
        for one in fields:
            one.textChanged.connect(lambda _: self._show())
        enter_leads_on(fields, self.done.emit)

    def _build(self) -> None:
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
        put(
            column(self, margin=tokens.EDGE, spacing=2 * tokens.STEP),
            headed("钱箱清点", label("F3", "muted")),
            grid,
            rule(),
            headed("备用金", self.float, part="label"),
            headed("实点", self.counted, part="label"),
            headed("应有（备用金 + 本班现金）", self.expected, part="label"),
            rule(),
            headed("相差", self.difference, part="strong"),
        )

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
        return "" if self._is_float else f"备用金“{_beginning(self.float)}”不是金额，请改正，例如 200 或 200.50"

    @property
    def _is_float(self) -> bool:
        typed = self.float.text().strip()
        return not typed or fen_of(typed) is not None

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
        set_role(self.float, "" if self._is_float else "wrong")
        if self.fault:
            (self.counted if self._is_float else self.expected).setText("—")
            self._tell("张数看不懂" if self._is_float else "备用金看不懂", is_off=True)
        elif not self.is_counted:
            self._tell("未清点", is_off=False)
        else:
            off_fen = drawer.difference_fen(self._cash_fen)
            word = "相符" if not off_fen else f"多 {grouped(off_fen)}" if off_fen > 0 else f"少 {grouped(-off_fen)}"
            self._tell(word, is_off=bool(off_fen))

    def _tell(self, word: str, *, is_off: bool) -> None:
        self.difference.setText(word)
        set_role(self.difference, "change" if is_off else "change none")
