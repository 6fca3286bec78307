"""备份: copies of the book, checking one, and restoring the book from one; the program then opens again."""

from collections.abc import Callable
from pathlib import Path

from gongji.desk.clinic.backup.backup import anchor_of_copy, back_up, copies, second_device, set_second_device
from gongji.desk.clinic.backup.check_copy import Copy, Drilled, check_copy, drill, log_drill
from gongji.desk.clinic.backup.restore import Restored, restore
from gongji.desk.clinic.explain import explain, to_explain
from gongji.gui.background.lazy import audit_sheet
from gongji.gui.kit import dialogs, tokens
from gongji.gui.kit.ask_path import ask_folder
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.layout import label, put
from gongji.gui.kit.models import Column
from gongji.gui.kit.progress import TaskBar
from gongji.gui.kit.table import TableView
from gongji.gui.settings.settings_page import SecretSheet, SettingsPage
from gongji.gui.shell.workspace import Workspace, open_another

_A_MEGABYTE = 1 << 20
_WORDS = {"book": "备份", "before": "恢复或升级前留下的"}
Checked = Callable[[Copy], None]


def _kind(one: tuple[str, int]) -> str:
    return _WORDS.get(one[0].partition("-")[0], "备份")


class CopiesPage(SettingsPage):
    """The copies, and what may be done with one."""

    def __init__(self, station: Workspace) -> None:
        super().__init__(station, "备份与恢复", 720)
        columns = (
            Column(title="文件", text=lambda one: one[0]),
            Column(title="", text=_kind, width=150, muted=True),
            Column(title="大小", text=lambda one: f"{one[1] / _A_MEGABYTE:,.1f} MB", width=100, right=True),
        )
        self.table = TableView(columns, "还没有备份。每天下班前备份到 U 盘一次，电脑坏了也不会丢。")
        self.table.setFixedHeight(tokens.ROW * 5)
        self.task = TaskBar()
        where = label(f"数据文件夹：{station.counter.folder.path}", "small", wrap=True)
        note = (
            "打开、关闭程序和每半小时自动备份一份（有变动才备），旧的自动变稀。备份是加密的；"
            "带出本机的只能用恢复钥匙打开。备份时照常收费。"
        )
        self.device = label("", "small", wrap=True)
        put(self.body, where, self.table, label(note, "small", wrap=True), self.device, self.task, self.said)
        self.back_up = button("备份到 U 盘…", self._ask, "main")
        self.first_field = self.back_up
        self.here = button("备份到本机", lambda: self.copy_to(None))
        self.check = button("检查选中的", self._check_chosen)
        self.restore = button("从选中的恢复…", self._restore_chosen)
        self.from_stick = button("从 U 盘恢复…", self._ask_stick)
        self.drill = button("演练恢复（选中的）", self._drill_chosen)
        self.second = button("每天备份到…", self._ask_second)
        self.no_second = button("不再备份到那里", lambda: self.keep_second(""))
        self.audit = button("审计…", self._audit)
        self.add_acts(self.back_up, self.here, self.check, self.restore, self.from_stick)
        self.add_acts(self.drill, self.second, self.no_second, self.audit)
        concern_columns = (
            Column(title="", text=lambda one: f"第 {one.id} 条", width=70, muted=True),
            Column(title="什么", text=lambda one: one.concern.subject, width=170),
            Column(title="", text=lambda one: one.concern.text),
        )
        self.concerns = TableView(concern_columns, "没有要说明的。")
        self.concerns.setFixedHeight(tokens.ROW * 3)
        put(self.body, label("待说明", "heading"), self.concerns)
        self.explain = button("说明选中的…", self._ask_explanation)
        self.add_acts(self.explain)

    def refresh(self) -> None:
        """List the copies."""
        self.table.set_rows(copies(self.station.counter))
        for one in (self.check, self.restore, self.drill):
            one.setEnabled(bool(self.table.rows_model.rows))
        place = second_device(self.station.counter)
        self.device.setText(
            f"第二个设备：每天备份到 {place}" if place else "第二个设备：没有。换一块盘的备份，硬盘坏了还在。"
        )
        self.no_second.setEnabled(bool(place))
        self.concerns.set_rows(to_explain(self.station.counter))
        self.explain.setEnabled(bool(self.concerns.rows_model.rows))

    # ---- backing up --------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        ask_folder(self, "备份到哪里", self.copy_to)

    def copy_to(self, folder: Path | None) -> None:
        """Make a copy in the background, also into a folder if one is named."""
        if self.task.progress is not None:
            return
        counter, tell = self.station.counter, self.task.begin("正在备份")
        self.say("")
        jobs = self.station.jobs

        def work() -> Path | None:
            return back_up(counter, folder, tell, lambda: jobs.ask_writer(lambda: anchor_of_copy(counter)))

        jobs.device(work, self._copied, self._broken, owner=self)

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
            self.check_copy(self._chosen, lambda one: self.say(f"这个备份完好：{copy_in_words(one)}。"))

    def check_copy(self, path: Path, then: Checked) -> None:
        """Check a copy page by page, and go on where it is good."""
        if self.task.progress is not None:
            return
        counter, tell = self.station.counter, self.task.begin("正在检查备份：取来、逐页、结构")
        self.say("")

        def checked(one: Copy) -> None:
            self.task.end()
            then(one)

        self.station.jobs.device(lambda: check_copy(counter, path, tell), checked, self._broken, owner=self)

    # ---- proving, a second device, what is to be explained -----------------------------------------------------------

    def _drill_chosen(self) -> None:
        """Restore the chosen copy in the background in a temporary folder, to prove that it can be restored."""
        path, counter = self._chosen, self.station.counter
        if path is None or self.task.progress is not None:
            return
        self.say("正在演练：在临时的地方恢复，并核对全部……")
        self.drill.setEnabled(False)

        def done(one: Drilled) -> None:
            self.drill.setEnabled(True)
            what = f"到 {one.last_no or '（还没有结算）'}，共 {one.settlements:,} 笔"
            self.say(
                f"演练发现 {len(one.found)} 处不符：{one.found[0]}"
                if one.found
                else f"演练成功：能恢复（{what}），核对全部相符。",
                wrong=bool(one.found),
            )
            self.station.jobs.write(lambda: log_drill(counter, one), None, self.failed, owner=self)

        def failed(error: BaseException) -> None:
            self.drill.setEnabled(True)
            self.failed(error)

        self.station.jobs.device(lambda: drill(counter, path), done, failed, owner=self)

    def _ask_second(self) -> None:
        ask_folder(self, "选择第二个设备上的文件夹", lambda path: self.keep_second(str(path)))

    def keep_second(self, place: str) -> None:
        """Copy to a second device each day from now on, or no longer."""
        counter = self.station.counter
        self.keep(lambda: set_second_device(counter, place), "已保存。")

    def _audit(self) -> None:
        audit_sheet().AuditSheet(self.window(), self.station.counter.folder.path)

    def _ask_explanation(self) -> None:
        one = self.concerns.current
        if one is not None:
            SecretSheet(
                self,
                f"说明第 {one.id} 条：{one.concern.subject}",
                (("是怎么回事", False),),
                lambda counter, said: explain(counter, one.id, said),
                "已说明，以后不再提醒。",
            )

    # ---- restoring ---------------------------------------------------------------------------------------------------

    def _restore_chosen(self) -> None:
        if self._chosen is not None:
            self.ask_to_restore(self._chosen)

    def _ask_stick(self) -> None:
        ask_folder(self, "选择 U 盘上的备份文件夹", self.ask_to_restore)

    def ask_to_restore(self, path: Path) -> None:
        """Check a copy, show what restoring it would do, and ask."""
        self.check_copy(path, self._ask_whether)

    def _ask_whether(self, one: Copy) -> None:
        self.say(f"这个备份完好：{copy_in_words(one)}。")
        lost = (
            f"它之后的 {one.missing} 笔将不在本机账上（现在的数据另存一份，不会删）。请留好这些笔的纸质单据。"
            if one.missing
            else "它之后没有新的结算。"
        )
        dialogs.ask(
            self.window(),
            "从这个备份恢复？",
            (
                f"备份到 {copy_in_words(one)}。",
                lost,
                *([f"里面有 {one.forgotten} 人此后已按规定删除，恢复时会再删一次。"] if one.forgotten else []),
                "恢复后程序会重新打开；先要对账一次才会继续上传，以免重复。号码接着往后用，不会重号。",
            ),
            ("恢复并重新打开", lambda: self.go_back_to(one.path)),
        )

    def go_back_to(self, path: Path) -> None:
        """Restore the book from a copy, and open the program again."""
        station = self.station
        station.bugs.doing = "恢复备份"
        station.put_away()
        self.say("正在恢复，请不要关机……")
        self.setEnabled(False)
        counter = station.counter
        station.jobs.write(lambda: restore(counter, path), self._restored, self._not_restored, owner=self)

    def _restored(self, _: Restored) -> None:
        window = self.station.window
        open_another(self.station.counter.folder.path)
        if window is not None:
            window.close()

    def _not_restored(self, error: BaseException) -> None:
        self.setEnabled(True)
        self.failed(error)


def copy_in_words(one: Copy) -> str:
    """Return the last settlement in a copy, and how many it holds."""
    return f"{one.last_no}（{one.last_at[:16]}），共 {one.settlements:,} 笔" if one.last_at else "还没有结算"
