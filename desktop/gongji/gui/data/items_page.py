"""目录: finding an item that is in force today; 目录对照: items without a code that the payer knows."""

from gongji.desk.imports.by_hand import item_cells
from gongji.desk.imports.import_table import known_counts
from gongji.desk.upload.gateway.kept_gateway import has_gateway
from gongji.desk.upload.scripts.tell_mappings import telling_mappings, unmapped, untold
from gongji.desk.visits.search import ItemFound, find_items
from gongji.gui.counter import words
from gongji.gui.data.by_hand_pages import SearchedPage
from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.layout import column, put
from gongji.gui.kit.models import Column
from gongji.gui.kit.table import TableView
from gongji.gui.shell.script_task import ScriptTask
from gongji.gui.shell.workspace import Workspace

_MOST = 200
_LEAST_NAME = 200
"""Pixels at which most names of items are whole."""
_LEFT_OUT = (4, 6, 7)
"""Columns left out where there is little room; the name's tooltip has them."""


def _tip(one: ItemFound) -> str:
    """Return everything that distinguishes an item."""
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


class ItemsPage(SearchedPage):
    """A search field and the list."""

    kind = "catalogue"
    not_found = "没有找到今天有效的项目。换个说法试试，或核对目录的起止日期。"

    def __init__(self, station: Workspace) -> None:
        super().__init__(station, _COLUMNS, "拼音首字母 / 名称 / 编码 / 条码")
        self.table.leave_out(sum(one.width for one in _COLUMNS) + _LEAST_NAME, *_LEFT_OUT)
        add, change = button("新增  F7", self.add), button("改项目或价格  F8", self.change)
        unmapped = button("目录对照", lambda: UnmappedSheet(station))
        put(column(self, margin=0), self.listed((self.field, 1), self.count, add, change, unmapped))

    def refresh(self) -> None:
        """Count the items, and search again."""
        items = known_counts(self.station.counter).items
        self.count.setText(f"共 {items:,} 项")
        self.table.say_empty(
            "打几个字就能找到：拼音首字母、名称、编码或条码。"
            if items
            else "还没有目录。到“导入”里选三目录表，导入后就能按拼音查找。"
        )
        self.search()

    def cells(self, one: ItemFound) -> dict[str, str]:
        """Return what is known of an item today, by heading."""
        return item_cells(self.station.counter, one.code, self.station.today)

    def found(self, typed: str) -> list[ItemFound]:
        """Return the items in force today that are found by a text."""
        return find_items(self.station.counter.store, typed, self.station.today, _MOST)


_UNMAPPED = (
    Column(title="本院编码", text=lambda one: one.code, width=200, muted=True),
    Column(title="名称", text=lambda one: one.name),
    Column(title="规格", text=lambda one: one.specification, width=150, muted=True),
    Column(title="生产企业", text=lambda one: one.maker, width=170, muted=True),
)


class UnmappedSheet(Dialog):
    """目录对照: the items whose codes the payer would not know, and uploading the mappings of the others (3301)."""

    def __init__(self, station: Workspace) -> None:
        super().__init__(station.window, "目录对照", 900)
        self._station = station
        self.say(
            "下面的项目编码不是国家编码，也没有对照：平台会拒付（未对照）。对照表在“导入”里选“目录对照”。", "muted"
        )
        self.table = TableView(_UNMAPPED, "每一项都有国家编码或已对照。")
        self.table.setFixedHeight(tokens.ROW * 10)
        self.body.addWidget(self.table)
        self.said = self.say("", "small")
        self.tell = button("上传对照", self.upload, "main")
        self.buttons(self.tell, button("返回", self.reject))
        self._refresh()
        self.open()

    def _refresh(self, told: str = "") -> None:
        counter = self._station.counter
        waiting = untold(counter)
        self.table.set_rows(unmapped(counter))
        ready = has_gateway(counter)
        words = f"已对照、还没有告诉平台的 {waiting} 条。" if ready else "还没有填医保网关的地址，不能上传对照。"
        self.said.setText(f"{told}{words}")
        self.tell.setEnabled(ready and waiting > 0)

    def upload(self) -> None:
        """Upload the mappings that the payer has not accepted yet."""
        self.tell.setEnabled(False)
        self.said.setText("正在上传对照……")
        self._station.bugs.doing = "上传目录对照"
        task = ScriptTask(self._station, lambda payer_line: payer_line.talk(telling_mappings), self)
        task.ended.connect(lambda count: self._refresh(f"平台收下 {count} 条。"))
        task.failed.connect(self._failed)

    def _failed(self, error: BaseException) -> None:
        self._refresh()
        self._station.fail(error)
