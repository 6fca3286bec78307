"""The preview of an import: its counts in a sentence, its first rows as they were understood, the refused rows."""

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from gongji.core.identity import masked_cell
from gongji.core.imports.rows import RejectedRow
from gongji.core.problems import quoted
from gongji.desk.imports.import_table import Preview, hidden_in_words
from gongji.gui.kit import tokens
from gongji.gui.kit.layout import column, label
from gongji.gui.kit.models import Column
from gongji.gui.kit.parts import card_of
from gongji.gui.kit.table import TableView

_MOST_WRAPPED = 500
_LIST = 5 * tokens.ROW
"""The height that a list asks for: its title, its headings and three rows; it takes whatever more there is."""
_LEAST_WIDTH = 560
"""Pixels of a refused row with its number, first cell and column, and some characters of its sentence a line."""
_NO_FILE = "选择文件后，这里显示读懂了的前几行。"
_NONE_READ = "没有一行能读懂；怎么改写在下面。"
_NO_FILE_YET = "有误的行会列在这里：第几行、哪一列、怎么改。"


class PreviewCard(QWidget):
    """Two lists, one above the other."""

    def __init__(self) -> None:
        super().__init__()
        self.first = TableView(first_columns(None), _NO_FILE)
        self._is_of_file = False
        self.refused = TableView(REFUSED_COLUMNS, _NO_FILE_YET)
        self.refused.setWordWrap(True)
        self.setMinimumWidth(_LEAST_WIDTH)
        down = column(self, margin=0, spacing=2 * tokens.STEP)
        for title, table, share in (("读到的前几行", self.first, 2), ("有误的行", self.refused, 3)):
            heading = label(title, "strong")
            heading.setContentsMargins(tokens.GAP, 2 * tokens.STEP, 0, 0)
            down.addWidget(card_of(heading, (table, 1)), share)

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """Ask for no more height than keeps the page whole at 1366 × 768, also while a file is read."""
        return QSize(super().sizeHint().width(), 2 * _LIST)

    def show_preview(self, one: Preview | None) -> None:
        """Show the preview of a file; None for no file."""
        self._show_first(one)
        self.refused.set_rows(() if one is None else one.refused)
        self.refused.say_empty(_NO_FILE_YET if one is None else "没有有误的行。")
        if one is not None and one.counts.refused <= _MOST_WRAPPED:
            self.refused.wrap_rows()

    def _show_first(self, one: Preview | None) -> None:
        if one is None and not self._is_of_file:
            return
        self._is_of_file = one is not None
        fresh = TableView(first_columns(one), _NO_FILE if one is None else _NONE_READ)
        fresh.set_rows(() if one is None else one.first)
        parent = self.first.parentWidget()
        layout = None if parent is None else parent.layout()
        if layout is not None:
            layout.replaceWidget(self.first, fresh)
            self.first.deleteLater()
        self.first = fresh


_MOST_COLUMNS = 9
_NARROW, _EDGES, _WIDEST = 9, 24, 240
"""Pixels of a letter or digit at most, of a cell's edges, and of a column whose texts are long."""
_WIDE = {
    "身份证号": 172,
    "账户号": 172,
    "编码": 190,
    "电话": 124,
    "截至": 150,
    "出生日期": 100,
    "状态起始": 100,
    "就业类型": 84,
}


def summary(one: Preview) -> str:
    """Return what an import would do."""
    counts = one.counts
    told = [
        f"{one.file}（{one.form}）共 {counts.rows:,} 行：新增 {counts.new:,}，改变 {counts.changed:,}，",
        f"无变化 {counts.unchanged:,}，有误 {counts.refused:,}。",
    ]
    if one.unread_sheets:
        told.append(f"只读第一张表；没有读：{'、'.join(one.unread_sheets)}。")
    if one.hidden:
        told.append(hidden_in_words(one.hidden))
    if counts.refused == counts.rows:
        told.append("没有一行可以导入；请按下面说的改正。")
    elif counts.refused:
        told.append("有误的行改正前整个文件不会导入；也可以跳过它们，只导入其余的。")
    else:
        told.append("核对后按“导入”写入。")
    return "".join(told)


def first_columns(one: Preview | None) -> tuple[Column, ...]:
    """Return columns for the first rows, by heading."""
    if one is None or not one.first:
        return (Column(title="", text=lambda _: ""),)
    filled = [name for name in one.first[0] if any(each[name] for each in one.first)][:_MOST_COLUMNS]
    return tuple(Column(title=name, text=partial(_cell, name), width=_width(name, one.first)) for name in filled)


def _width(name: str, rows: Sequence[Mapping[str, str]]) -> int:
    """Return the pixels that a column needs for what is in it; where there are fewer the list is scrolled, none cut."""
    if name in _WIDE:
        return _WIDE[name]
    texts = (name, *(_cell(name, row) for row in rows))
    return min(
        _WIDEST, max(sum(_NARROW if sign.isascii() else tokens.BODY for sign in text) for text in texts) + _EDGES
    )


def _cell(name: str, row: Mapping[str, str]) -> str:
    return masked_cell(row[name])


def _whose(one: RejectedRow) -> str:
    return quoted(masked_cell(one.cells[0])) if one.cells else ""


def _why(one: RejectedRow) -> str:
    return "；".join(f"{quoted(masked_cell(wrong.value), 20)} {wrong.message}".strip() for wrong in one.wrong)


REFUSED_COLUMNS = (
    Column(title="行", text=lambda one: str(one.number), width=60, right=True),
    Column(title="第一格", text=_whose, width=180, muted=True),
    Column(title="哪一列", text=lambda one: "、".join(dict.fromkeys(each.column for each in one.wrong)), width=130),
    Column(title="怎么改", text=_why, colour=lambda _: tokens.ATTENTION),
)
