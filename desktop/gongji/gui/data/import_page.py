"""导入: choose a table and a file, see what importing would do, then import all or nothing; refused rows are saved."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QButtonGroup, QFrame, QRadioButton

from gongji.desk.imports.import_table import (
    KIND_TITLES,
    ImportReport,
    Preview,
    Read,
    columns_of,
    imports,
    keep_table,
    preview_of,
    read_import,
    write_refused,
    write_template,
)
from gongji.desk.imports.read_table import context_of
from gongji.desk.imports.table_layout import LayoutAnswer, OtherKindError, UnconfirmedError
from gongji.gui.data.columns_sheet import ColumnsSheet
from gongji.gui.data.import_preview import PreviewCard, summary
from gongji.gui.kit import dialogs, tokens
from gongji.gui.kit.ask_path import ask_file, ask_new_file
from gongji.gui.kit.beside import Beside
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.layout import REST, column, label, put, row
from gongji.gui.kit.models import Column
from gongji.gui.kit.parts import card_of
from gongji.gui.kit.progress import TaskBar
from gongji.gui.kit.table import TableView
from gongji.gui.shell.pages import ScreenPage
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
        super().__init__(station.window, "导入记录", 860)
        self.table = TableView(_COLUMNS, "还没有导入过。")
        self.table.set_rows(imports(station.counter))
        self.table.setFixedHeight(tokens.ROW * 10)
        self.body.addWidget(self.table)
        self.buttons(button("返回", self.accept, "main"))
        self.open()


_LEAST_HEIGHTS = 500, 360
"""Pixels that the choices with the names of their columns, and the preview below them, need at least."""
_ASK = "选好类别，再选文件（.xlsx、.xls 或 .csv）。先看会导入什么、哪些行有误，确认后才写入：全部导入，或一行也不写。"

_WRITTEN = "Excel 表格 (*.xlsx);;CSV (*.csv)"


class ImportPage(ScreenPage):
    """The kinds of tables at the left, the file's preview at the right."""

    def __init__(self, station: Workspace) -> None:
        super().__init__()
        self.station = station
        self.preview: Preview | None = None
        self._read: Read | None = None
        self._path: Path | None = None
        self.kinds = QButtonGroup(self)
        self.says = label(_ASK, "muted", wrap=True)
        self.needs = label("", "small", wrap=True)
        self.task = TaskBar()
        self.shown = PreviewCard()
        self.save_refused = button("保存有误的行…", self._ask_refused)
        self.skip = button("跳过有误的行，导入其余", lambda: self.load(skip_refused=True))
        self.keep = button("导入", self.load, "main")
        acts = put(row(spacing=2 * tokens.STEP), REST, self.save_refused, self.skip, self.keep)
        right = put(column(margin=0, spacing=2 * tokens.STEP), self.says, self.task, (self.shown, 1), acts)
        put(row(self), Beside(self._left(), right, stretch=(0, 1), heights=_LEAST_HEIGHTS))
        self.first_field = self.choose
        self._turned()

    def _left(self) -> QFrame:
        for place, (name, title) in enumerate(KIND_TITLES.items()):
            one = QRadioButton(title)
            one.setProperty("kind", name)
            one.setChecked(not place)
            self.kinds.addButton(one)
        self.kinds.buttonClicked.connect(lambda _: self._turned())
        self.choose = button("选择文件…  F9", self.ask_for_file, "main")
        history = button("导入记录", lambda: ImportHistorySheet(self.station))
        below = put(row(spacing=2 * tokens.STEP), (button("保存空白表…", self._ask_template), 1), (history, 1))
        below.setContentsMargins(0, tokens.STEP, 0, 0)
        left = card_of(
            label("导入什么", "heading"), *self.kinds.buttons(), self.needs, REST, self.choose, below,
            margin=tokens.EDGE, spacing=tokens.STEP,  # nine kinds and the buttons on a screen of 768 pixels
        )  # fmt: skip
        left.setFixedWidth(300)
        return left

    @property
    def kind(self) -> str:
        """What is to be imported."""
        return str(self.kinds.checkedButton().property("kind"))

    def _turned(self) -> None:
        told = [f"{heading}*" if required else heading for heading, required in columns_of(self.kind)]
        self.needs.setText(f"可用的列（* 必填，次序不限）：{'、'.join(told)}")
        self._show(None)

    # ---- reading -----------------------------------------------------------------------------------------------------

    def ask_for_file(self) -> None:
        """Ask which file."""
        ask_file(self, f"选择{KIND_TITLES[self.kind]}表", "表格 (*.xlsx *.xls *.csv *.txt)", self.look_at)

    def look_at(self, path: Path, asked: LayoutAnswer = LayoutAnswer()) -> None:  # noqa: B008  # frozen
        """Read a file and show what importing it would do; nothing is stored, and settling does not wait for it."""
        if self.task.progress is not None:
            return
        self._show(None)
        counter, kind, at = self.station.counter, self.kind, self.station.now
        told = context_of(counter.library)
        tell = self.task.begin(f"正在读 {path.name}")
        self.says.setText("正在读文件并逐行核对，还没有写入任何内容。")
        self.shown.first.setFocus()  # a key pressed too often does nothing there
        self.choose.setEnabled(False)

        def work() -> tuple[Read, Preview]:
            read = read_import(counter.store, kind, path, at=at, told=told, asked=asked, progress=tell)
            return read, preview_of(counter.store, read, tell)

        self._path = path
        self.station.jobs.device(work, self._looked, self._failed, owner=self)

    def _end(self) -> None:
        self.task.end()
        self.choose.setEnabled(True)

    def _looked(self, found: tuple[Read, Preview]) -> None:
        self._end()
        read, preview = found
        if preview.stopped:
            self.says.setText("已停止，没有写入任何内容。")
        else:
            self._show(preview)
            self._read = read

    def _failed(self, error: BaseException) -> None:
        self._end()
        self._show(self.preview)
        if self.preview is None:
            self.choose.setFocus()
        path = self._path
        if isinstance(error, UnconfirmedError) and path is not None:
            self.says.setText("先说明这个文件的每一列是什么，再核对内容。")
            ColumnsSheet(self.station.window, error, lambda one: self.look_at(path, LayoutAnswer(confirmed=one)))
        elif isinstance(error, OtherKindError) and path is not None:
            self._ask_which(error, path)
        else:
            self.station.fail(error)

    def _ask_which(self, error: OtherKindError, path: Path) -> None:
        """Ask whether a file that looks like another kind's table is to be read as that."""
        rather, kind = error.rather, error.kind

        def as_other() -> None:
            next(one for one in self.kinds.buttons() if one.property("kind") == rather.name).click()
            self.look_at(path)

        dialogs.ask(
            self.station.window,
            f"这张表像是{rather.title}，不是{kind.title}",
            (f"{path.name} 的列名与“{rather.title}”的一致，与“{kind.title}”的对不上。还没有写入任何内容。",),
            (f"改按“{rather.title}”读", as_other),
            or_else=(
                (f"仍按“{kind.title}”，我来说明每一列", lambda: self.look_at(path, LayoutAnswer(kind_is_right=True))),
            ),
        )

    def _show(self, one: Preview | None) -> None:
        if one is not self.preview:
            self._read = None
        self.preview = one
        refused = 0 if one is None else one.counts.refused
        there = one is not None and one.counts.rows > refused
        self.save_refused.setVisible(refused > 0)
        self.skip.setVisible(refused > 0 and there)
        self.skip.setEnabled(refused > 0 and there)
        self.keep.setEnabled(there and not refused)
        self.shown.show_preview(one)
        self.says.setText(_ASK if one is None else summary(one))
        if one is not None:
            (self.keep if not refused else self.save_refused).setFocus()

    # ---- keeping -----------------------------------------------------------------------------------------------------

    def load(self, *, skip_refused: bool = False) -> None:
        """Import what was read and shown."""
        read = self._read
        if read is None or self.task.progress is not None:
            return
        counter = self.station.counter
        tell = self.task.begin(f"正在导入 {read.file}")
        self.says.setText("正在导入；停止或断电时，一行也不会写入。")
        for one in (self.keep, self.skip, self.choose):
            one.setEnabled(False)
        self.station.jobs.write(
            lambda: keep_table(counter, read, skip_refused=skip_refused, progress=tell),
            self._loaded,
            self._failed,
            owner=self,
        )

    def _loaded(self, report: ImportReport) -> None:
        self._end()
        if report.stopped or not report.kept:
            self._show(self.preview)
            self.says.setText("已停止，没有写入任何内容。" if report.stopped else "文件有误，没有写入任何内容。")
            return
        counts = report.counts
        told = f"新增 {counts.new:,}，改变 {counts.changed:,}，无变化 {counts.unchanged:,}。"
        if counts.refused:
            told += f"跳过有误的 {counts.refused:,} 行，可保存下来改正后再导入。"
        self._read = None  # it may be large, and is not kept twice
        self.keep.setEnabled(False)
        self.skip.setVisible(False)
        self.choose.setFocus()
        self.says.setText(f"已导入 {report.file}：{told}")

    # ---- files -------------------------------------------------------------------------------------------------------

    def _ask_refused(self) -> None:
        ask_new_file(self, "保存有误的行", "有误的行.xlsx", _WRITTEN, self.save_refused_to)

    def save_refused_to(self, path: Path) -> None:
        """Write the refused rows with the reasons into a file that can be imported once they are corrected."""
        one = self.preview
        if one is not None:
            self._write(
                lambda: write_refused(one, path), f"有误的 {one.counts.refused:,} 行已存到 {path}，改正后可直接导入。"
            )

    def _ask_template(self) -> None:
        kind = self.kind

        def write(path: Path) -> None:
            self._write(lambda: write_template(kind, path), f"空白表已存到 {path}，填好后选择它导入。")

        ask_new_file(self, "保存空白表", f"{KIND_TITLES[kind]}.xlsx", _WRITTEN, write)

    def _write(self, work: Callable[[], None], done: str) -> None:
        self.station.jobs.device(work, lambda _: self.says.setText(done), owner=self)
