"""What a file to be imported says: its first rows as they were understood, and the rows that are refused."""

from PySide6.QtWidgets import QWidget

from gongji.desk.importing import Preview
from gongji.gui import tokens
from gongji.gui.data.reading import REFUSED_COLUMNS, first_columns, first_rows
from gongji.gui.widgets.basics import card, column, label
from gongji.gui.widgets.table import Table

_MOST_WRAPPED = 500
_NO_FILE = "选择文件后，这里显示读懂了的前几行。"
_NO_FILE_YET = "有误的行会列在这里：第几行、哪一列、怎么改。"


class PreviewCard(QWidget):
    """Two lists, one above the other."""

    def __init__(self) -> None:
        """Begin with no file."""
        super().__init__()
        self.first = Table((), _NO_FILE)
        self.refused = Table(REFUSED_COLUMNS, _NO_FILE_YET)
        self.refused.setWordWrap(True)
        down = column(self, margin=0, spacing=2 * tokens.STEP)
        for title, table, share in (("读到的前几行", self.first, 2), ("有误的行", self.refused, 3)):
            frame = card()
            inside = column(frame, margin=1, spacing=0)
            heading = label(title, "strong")
            heading.setContentsMargins(tokens.GAP, 2 * tokens.STEP, 0, 0)
            inside.addWidget(heading)
            inside.addWidget(table, 1)
            down.addWidget(frame, share)

    def show_preview(self, one: Preview | None) -> None:
        """Show what a file says; None for no file."""
        self._show_first(one)
        self.refused.set_rows(() if one is None else one.refused)
        self.refused.say_empty(_NO_FILE_YET if one is None else "没有有误的行。")
        if one is not None and one.counts.refused <= _MOST_WRAPPED:
            self.refused.resizeRowsToContents()

    def _show_first(self, one: Preview | None) -> None:
        fresh = Table(first_columns(one), _NO_FILE)
        fresh.set_rows(first_rows(one))
        parent = self.first.parentWidget()
        layout = None if parent is None else parent.layout()
        if layout is not None:
            layout.replaceWidget(self.first, fresh)
            self.first.deleteLater()
        self.first = fresh
