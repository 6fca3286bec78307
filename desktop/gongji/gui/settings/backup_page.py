"""备份: copies of the book, whether one is good, and putting the book back from one; the program then opens anew."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QProcess, Qt
from PySide6.QtWidgets import QFileDialog

from gongji.desk.clinic.backup import Copy, Restored, back_up, check_copy, copies, restore
from gongji.gui.kit import dialogs, tokens
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.layout import label
from gongji.gui.kit.models import Column
from gongji.gui.kit.progress import TaskBar
from gongji.gui.kit.table import TableView
from gongji.gui.settings.settings_page import SettingsPage
from gongji.gui.shell.relaunch import program_with
from gongji.gui.shell.workspace import Workspace

_A_MEGABYTE = 1 << 20
_WORDS = {"book": "备份", "before": "恢复或升级前留下的"}
Checked = Callable[[Copy], None]


def _kind(one: tuple[str, int]) -> str:
    return _WORDS.get(one[0].partition("-")[0], "备份")


class CopiesPage(SettingsPage):
    """The copies there are, and what may be done with one."""

    def __init__(self, station: Workspace) -> None:
        """Begin with none listed."""
        super().__init__(station, "备份与恢复", 720)
        columns = (
            Column(title="文件", text=lambda one: one[0]),
            Column(title="", text=_kind, width=150, muted=True),
            Column(title="大小", text=lambda one: f"{one[1] / _A_MEGABYTE:,.1f} MB", width=100, right=True),
        )
        self.table = TableView(columns, "还没有备份。每天下班前备份到 U 盘一次，电脑坏了也不会丢。")
        self.table.setFixedHeight(tokens.ROW * 7)
        self.task = TaskBar()
        self.body.addWidget(label(f"数据文件夹：{station.counter.folder.path}", "small", wrap=True))
        self.body.addWidget(self.table)
        self.body.addWidget(
            label("备份与数据文件一样是加密的，用同样的操作员和口令打开；备份时照常收费。", "small", wrap=True)
        )
        self.body.addWidget(self.task)
        self.body.addWidget(self.said)
        self.back_up = button("备份到 U 盘…", self._ask, "main")
        self.here = button("备份到本机", lambda: self.copy_to(None))
        self.check = button("检查选中的", self._check_chosen)
        self.restore = button("从选中的恢复…", self._restore_chosen)
        self.from_stick = button("从 U 盘恢复…", self._ask_stick)
        self.add_acts(self.back_up, self.here, self.check, self.restore, self.from_stick)

    def refresh(self) -> None:
        """List the copies."""
        self.table.set_rows(copies(self.station.counter))
        for one in (self.check, self.restore):
            one.setEnabled(bool(self.table.rows_model.rows))

    def enter(self) -> None:
        """Begin with backing up."""
        self.back_up.setFocus()

    # ---- backing up --------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        self._ask_folder("备份到哪里", self.copy_to)

    def copy_to(self, folder: Path | None) -> None:
        """Make a copy, into a folder too where one is named; nobody waits for it."""
        if self.task.progress is not None:
            return
        counter, tell = self.station.counter, self.task.begin("正在备份")
        self.say("")
        self.station.jobs.device(lambda: back_up(counter, folder, tell), self._copied, self._broken, owner=self)

    def _copied(self, place: Path | None) -> None:
        self.task.end()
        self.refresh()
        self.say("已停止，没有留下备份。" if place is None else f"已备份到 {place}")

    def _broken(self, error: BaseException) -> None:
        self.task.end()
        self.failed(error)

    # ---- checking ----------------------------------------------------------------------------------------------------

    @property
    def _chosen(self) -> Path | None:
        one = self.table.current
        return None if one is None else self.station.counter.folder.copies / one[0]

    def _check_chosen(self) -> None:
        if self._chosen is not None:
            self.check_copy(self._chosen, lambda one: self.say(f"这个备份完好：{told(one)}。"))

    def check_copy(self, path: Path, then: Checked) -> None:
        """Read a copy through, page by page, and go on where it is good."""
        if self.task.progress is not None:
            return
        counter, tell = self.station.counter, self.task.begin("正在检查备份：取来、逐页、结构")
        self.say("")

        def checked(one: Copy) -> None:
            self.task.end()
            then(one)

        self.station.jobs.device(lambda: check_copy(counter, path, tell), checked, self._broken, owner=self)

    # ---- restoring ---------------------------------------------------------------------------------------------------

    def _restore_chosen(self) -> None:
        if self._chosen is not None:
            self.ask_to_restore(self._chosen)

    def _ask_stick(self) -> None:
        self._ask_folder("选择 U 盘上的备份文件夹", self.ask_to_restore)

    def ask_to_restore(self, path: Path) -> None:
        """Check a copy, say what putting it back would do, and ask."""
        self.check_copy(path, self._ask_whether)

    def _ask_whether(self, one: Copy) -> None:
        self.say(f"这个备份完好：{told(one)}。")
        lost = (
            f"它之后的 {one.missing} 笔将不在本机账上（现在的数据另存一份，不会删）。请留好这些笔的纸质单据。"
            if one.missing
            else "它之后没有新的结算。"
        )
        dialogs.ask(
            self.window(),
            "从这个备份恢复？",
            (
                f"备份到 {told(one)}。",
                lost,
                "恢复后程序会重新打开；先要对账一次才会继续上传，以免重复。号码接着往后用，不会重号。",
            ),
            ("恢复并重新打开", lambda: self.go_back_to(one.path)),
        )

    def go_back_to(self, path: Path) -> None:
        """Put the book back from a copy, and open the program anew."""
        station = self.station
        station.bugs.doing = "恢复备份"
        station.put_away()
        self.say("正在恢复，请不要关机……")
        self.setEnabled(False)
        counter = station.counter
        station.jobs.write(lambda: restore(counter, path), self._restored, self._not_restored, owner=self)

    def _restored(self, _: Restored) -> None:
        window = self.station.window
        QProcess.startDetached(*program_with(self.station.counter.folder.path))
        if window is not None:
            window.close()

    def _not_restored(self, error: BaseException) -> None:
        self.setEnabled(True)
        self.failed(error)

    def _ask_folder(self, title: str, then: Callable[[Path], None]) -> None:
        dialog = QFileDialog(self, title)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda name: then(Path(name)))
        dialog.open()


def told(one: Copy) -> str:
    """Return what a copy goes up to."""
    return f"{one.last_no}（{one.last_at[:16]}），共 {one.settlements:,} 笔" if one.last_at else "还没有结算"
