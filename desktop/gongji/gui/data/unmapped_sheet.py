"""目录对照: the items the payer would not know by their codes, and telling it of those that are mapped (3301)."""

from gongji.desk.upload.kept_gateway import has_gateway
from gongji.desk.upload.tell_mappings import telling_mappings, unmapped, untold
from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.models import Column
from gongji.gui.kit.table import TableView
from gongji.gui.shell.script_task import ScriptTask
from gongji.gui.shell.workspace import Workspace

_COLUMNS = (
    Column(title="本院编码", text=lambda one: one.code, width=200, muted=True),
    Column(title="名称", text=lambda one: one.name),
    Column(title="规格", text=lambda one: one.specification, width=150, muted=True),
    Column(title="生产企业", text=lambda one: one.maker, width=170, muted=True),
)


class UnmappedSheet(Dialog):
    """The worklist, and the one act."""

    def __init__(self, station: Workspace) -> None:
        super().__init__(station.window, "目录对照", 900)
        self._station = station
        self.say(
            "下面的项目编码不是国家编码，也没有对照：平台会拒付（未对照）。对照表在“导入”里选“目录对照”。", "muted"
        )
        self.table = TableView(_COLUMNS, "每一项都有国家编码或已对照。")
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
        """Tell the payer of what it has not accepted yet."""
        self.tell.setEnabled(False)
        self.said.setText("正在上传对照……")
        self._station.bugs.doing = "上传目录对照"
        task = ScriptTask(self._station, lambda payer_line: payer_line.talk(telling_mappings), self)
        task.ended.connect(lambda count: self._refresh(f"平台收下 {count} 条。"))
        task.failed.connect(self._failed)

    def _failed(self, error: BaseException) -> None:
        self._refresh()
        self._station.fail(error)
