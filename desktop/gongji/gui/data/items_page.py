"""目录: finding an item that is in force today, with what tells alike ones apart."""

from gongji.desk.imports.by_hand import item_cells
from gongji.desk.imports.import_table import known_counts
from gongji.desk.visits.search import ItemFound, find_items
from gongji.gui.counter import words
from gongji.gui.data.by_hand_sheet import ByHandSheet
from gongji.gui.data.unmapped_sheet import UnmappedSheet
from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.form import text
from gongji.gui.kit.layout import card, column, label, row
from gongji.gui.kit.models import Column
from gongji.gui.kit.table import TableView
from gongji.gui.shell.pages import ScreenPage
from gongji.gui.shell.workspace import Workspace

_MOST = 200
_LEAST_NAME = 200
"""Pixels at which most names of items are whole."""
_LEFT_OUT = (4, 6, 7)
"""Columns that go where there is little room; the name's tip says them."""


def _tip(one: ItemFound) -> str:
    """Return everything that tells an item apart."""
    return f"{one.name} {one.specification} {one.unit} {words.CATEGORY[one.category]} {one.maker} {one.code}"


_COLUMNS = (
    Column(title="名称", text=lambda one: one.name, tip=_tip),
    Column(title="规格", text=lambda one: one.specification, width=150, muted=True),
    Column(title="类", text=words.item_class, width=76),
    Column(title="单价", text=words.priced, width=92, right=True),
    Column(title="单位", text=lambda one: one.unit, width=56, muted=True),
    Column(title="生产企业", text=lambda one: one.maker, width=150, muted=True),
    Column(title="类别", text=lambda one: words.CATEGORY[one.category], width=60, muted=True),
    Column(title="编码", text=lambda one: one.code, width=220, muted=True),
    Column(title="", text=lambda one: "谈判药" if one.negotiated else "", width=64, colour=lambda _: tokens.SECOND),
)


class ItemsPage(ScreenPage):
    """A field and the list."""

    def __init__(self, station: Workspace) -> None:
        super().__init__()
        self.station = station
        self.field = text("", "拼音首字母 / 名称 / 编码 / 条码")
        self.count = label("", "muted")
        self.table = TableView(_COLUMNS, "")
        self.table.leave_out(sum(one.width for one in _COLUMNS) + _LEAST_NAME, *_LEFT_OUT)
        frame = card()
        inside = column(frame, margin=1, spacing=0)
        asked = row(margin=2 * tokens.STEP)
        asked.addWidget(self.field, 1)
        asked.addWidget(self.count)
        asked.addWidget(button("新增  F7", self.add))
        asked.addWidget(button("改项目或价格  F8", self.change))
        asked.addWidget(button("目录对照", self.show_unmapped))
        inside.addLayout(asked)
        inside.addWidget(self.table, 1)
        column(self, margin=0).addWidget(frame)
        self.field.textChanged.connect(lambda _: self._find())
        self.field.returnPressed.connect(self.table.setFocus)

    def enter(self) -> None:
        """Begin with the field."""
        self.field.setFocus()
        self.field.selectAll()

    def refresh(self) -> None:
        """Count, and look again."""
        items = known_counts(self.station.counter).items
        self.count.setText(f"共 {items:,} 项")
        self.table.say_empty(
            "打几个字就能找到：拼音首字母、名称、编码或条码。"
            if items
            else "还没有目录。到“导入”里选三目录表，导入后就能按拼音查找。"
        )
        self._find()

    def show_unmapped(self) -> None:
        """Show what has no national code, and tell the payer of what has."""
        UnmappedSheet(self.station)

    def add(self) -> None:
        """Tell of an item by hand."""
        ByHandSheet(self.station, "catalogue", {"起始": self.station.today.isoformat()}, self._kept, is_new=True)

    def change(self) -> None:
        """Tell by hand what changes of the chosen item, from today on."""
        one = self.table.current
        if one is not None:
            cells = item_cells(self.station.counter, one.code, self.station.today)
            ByHandSheet(self.station, "catalogue", cells, self._kept, is_new=False)

    def _kept(self) -> None:
        self.refresh()
        self.enter()

    def _find(self) -> None:
        typed = self.field.text().strip()
        found = find_items(self.station.counter.store, typed, self.station.today, _MOST) if typed else []
        if typed:
            self.table.say_empty("没有找到今天有效的项目。换个说法试试，或核对目录的起止日期。")
        self.table.set_rows(found)
