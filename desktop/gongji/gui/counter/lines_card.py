"""项目: finding items, how much of each, and the lines that were entered."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame

from gongji.core.problems import quoted
from gongji.core.typed import plain_number, whole_number
from gongji.desk.visits.drafts import quantity_fault
from gongji.desk.visits.search import LIMIT, ItemFound, by_use, find_items, item_use
from gongji.gui.counter import words
from gongji.gui.counter.lines_table import LinesTable
from gongji.gui.counter.visit_model import VisitState
from gongji.gui.kit import tokens
from gongji.gui.kit.form import CodeField, begin_in
from gongji.gui.kit.layout import Elided, column, label, put, row, rule
from gongji.gui.kit.models import Column
from gongji.gui.kit.search_box import SearchField, Suggestions
from gongji.gui.kit.style import set_role

_HINT = "拼音首字母 / 名称 / 编码 / 扫条码"
_MOST_FOUND = 5
_MOST_COUNTED = 10**9
_FIELD, _LEAST_FIELD = 290, 120
_SQUEEZED, _LEAST = 620, 440
_FRAME = 2
"""How much narrower the list is than the card."""
_SMALLER = {1: 112, 2: 70, 3: 84, 4: 66}
_ASKED = 3 * LIMIT
"""This many results are looked at for the most used ones."""
ITEM_COLUMNS = (
    Column(title="名称", text=lambda one: one.name),
    Column(title="规格", text=lambda one: one.specification, width=130, muted=True),
    Column(title="类", text=words.item_class, width=82),
    Column(title="厂家", text=lambda one: one.maker, width=150, muted=True),
    Column(title="单价", text=words.priced, width=84, right=True),
    Column(title="单位", text=lambda one: one.unit, width=52, muted=True),
)


class QuantityField(CodeField):
    """The quantity of an item; Up and Down count."""

    def __init__(self) -> None:
        super().__init__("1")
        self.setAccessibleName("数量")
        self.setFixedWidth(78)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Count, or type."""
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        if Qt.Key(event.key()) in steps and (count := whole_number(self.text(), _MOST_COUNTED)) is not None:
            self.setText(str(max(1, count + steps[Qt.Key(event.key())])))
        else:
            super().keyPressEvent(event)


class LinesCard(QFrame):
    """The table of lines above the field for the next item."""

    item_entered = Signal(object, str)

    def __init__(self, state: VisitState) -> None:
        super().__init__()
        set_role(self, "card")
        self._state = state
        self._pending: ItemFound | None = None
        self._use: dict[str, int] | None = None
        self.table = LinesTable()
        set_role(self.table, "inside")
        self.quantity = QuantityField()
        self.list = Suggestions(ITEM_COLUMNS, "目录里没有找到，请换个写法，或在资料中导入目录", _MOST_FOUND)
        self.list.leave_out(_SQUEEZED - _FRAME, 5)  # the unit, and then class and maker
        self.list.leave_out(_LEAST - _FRAME, 2, 3)
        self.list.narrow(_SQUEEZED - _FRAME, _SMALLER)
        self.field = SearchField(_HINT, self._find, self.list)
        self._about = Elided("", "small")
        self._sum = label("", "muted")
        self._quantity_word = label("数量", "label")
        self._build()
        self.field.taken.connect(self._take)
        self.field.textChanged.connect(self._tell_pending)
        self.field.stepped_out.connect(self._to_table)
        self.field.not_found.connect(lambda text: self.say(f"没有找到“{quoted(text)}”", wrong=True))
        self.quantity.returnPressed.connect(self._enter)
        self.table.left.connect(self.field.setFocus)

    @property
    def is_busy(self) -> bool:
        """Return whether an item is being entered."""
        return bool(self.field.text())

    @property
    def pending(self) -> ItemFound | None:
        """The chosen item that waits for its quantity, as long as its name is in the field."""
        one = self._pending
        return one if one is not None and self.field.text() == one.name else None

    def _build(self) -> None:
        self.field.setMinimumWidth(_LEAST_FIELD)
        self.field.setMaximumWidth(_FIELD)
        item = (label("项目 F3", "label"), (self.field, _FIELD), self._quantity_word, self.quantity)
        below = put(row(), *item, (self._about, 1), self._sum)
        below.setContentsMargins(tokens.EDGE, tokens.STEP + 2, tokens.EDGE, tokens.STEP + 2)
        put(column(self, margin=1, spacing=0), (self.table, 1), rule(), below, self.list)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Leave out the least important parts where there is little room: the sum is in the panel, too."""
        super().resizeEvent(event)
        self._sum.setVisible(self.width() >= _LEAST)
        self._quantity_word.setVisible(self.width() >= _LEAST)

    def _find(self, text: str) -> Sequence[ItemFound]:
        store = self._state.station.counter.store
        if self._use is None:
            self._use = item_use(store)
        return by_use(find_items(store, text, self._state.day, _ASKED), text, self._use)[:LIMIT]

    def forget_use(self) -> None:
        """Count item use again, since something was settled."""
        self._use = None

    def _take(self, one: ItemFound) -> None:
        self._pending = one
        self.field.show_chosen(one.name)
        self.quantity.setText("1")
        begin_in(self.quantity)

    def _tell_pending(self, _text: str) -> None:
        one = self.pending
        self.say("" if one is None else f"{one.specification}  {one.maker}  {words.priced(one)} 元/{one.unit or '次'}")

    def _enter(self) -> None:
        if self.pending is None:
            self.field.setFocus()
        elif fault := self.finish_item():
            self.say(fault, wrong=True)
            self.quantity.selectAll()

    def finish_item(self) -> str:
        """Add the item that waits for its quantity, if any; return what is wrong with the quantity."""
        item, quantity = self.pending, self.quantity.text().strip()
        if item is None:
            return ""
        fault = quantity_fault(quantity)
        set_role(self.quantity, "wrong" if fault else "")
        if not fault:
            self.clear()
            self.field.setFocus()
            self.item_entered.emit(item, plain_number(quantity))
        return fault

    def clear(self) -> None:
        """Clear the item being entered."""
        self._pending = None
        self.field.show_chosen("")
        self.quantity.setText("1")
        set_role(self.quantity, "")
        self.say("")

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Show a text beside the fields."""
        set_role(self._about, "wrong" if wrong else "small").setText(text)

    def show_sum(self, text: str) -> None:
        """Show the number of lines and their sum."""
        self._sum.setText(text)

    def _to_table(self, _by: int) -> None:
        if self.table.lines.rows:
            self.table.setFocus()
            self.table.choose(len(self.table.lines.rows) - 1)
