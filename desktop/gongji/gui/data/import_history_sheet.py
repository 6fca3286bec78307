"""导入记录: which files were imported when, by whom, and what came of each."""

from gongji.desk.imports.import_history import imports
from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.models import Column
from gongji.gui.kit.table import TableView
from gongji.gui.shell.workspace import Workspace

_COLUMNS = (
    Column(title="时间", text=lambda one: one.at, width=170, muted=True),
    Column(title="文件", text=lambda one: one.subject, width=230),
    Column(title="谁导入的", text=lambda one: one.operator, width=90),
    Column(title="结果", text=lambda one: one.detail.partition("，sha256")[0]),
)


class ImportHistorySheet(Dialog):
    """The newest first."""

    def __init__(self, station: Workspace) -> None:
        """Read them."""
        super().__init__(station.window, "导入记录", 860)
        self.table = TableView(_COLUMNS, "还没有导入过。")
        self.table.set_rows(imports(station.counter))
        self.table.setFixedHeight(tokens.ROW * 10)
        self.body.addWidget(self.table)
        self.buttons(button("返回", self.accept, "main"))
        self.open()
