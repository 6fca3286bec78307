"""这一列是什么: how the columns of an unknown table are mapped, with sample values, confirmed once by a person."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QLabel, QLineEdit, QScrollArea, QWidget

from gongji.core.identity import masked_cell
from gongji.core.imports.headings import Confirmed, Heading
from gongji.desk.imports.table_layout import UnconfirmedError
from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.form import choice, text
from gongji.gui.kit.layout import Elided, label, put

_WIDTH, _HEIGHT = 820, 400
_HOW = {
    "same": "",
    "other name": "常见的别名",
    "similar": "名称相近，请核对",
    "not read": "不用读",
    "unknown": "不认识，不读",
}
_NOT_READ = "（不读）"


class ColumnsSheet(Dialog):
    """A choice for each column of the file, and a field for each required column that the file lacks."""

    def __init__(self, parent: QWidget | None, error: UnconfirmedError, confirmed: Callable[[Confirmed], None]) -> None:
        """Begin with the proposed mapping; `confirmed` gets the one the clerk accepts."""
        super().__init__(parent, f"{error.file} 的每一列是什么", _WIDTH)
        self._error, self._confirmed = error, confirmed
        self.choices: dict[str, QComboBox] = {}
        self.fixed: dict[str, QLineEdit] = {}
        self._says: dict[str, QLabel] = {}
        self._required = [one.heading for one in error.kind.columns if one.required]
        self.say(
            f"第 {error.layout.number} 行是列名。请核对每一列；确认后就记住，这个单位下次的同样表格不再问。",
            "muted",
        )
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # samples are what gives way
        inside = self._columns()
        area.setWidget(inside)
        area.setFixedHeight(min(inside.sizeHint().height(), _HEIGHT))
        self.missing = QGridLayout()
        self.missing.setHorizontalSpacing(tokens.GAP)
        put(self.body, area, self.missing)
        self.wrong = self.say("；".join(error.wrong), "wrong")
        self.buttons(button("就这样对应", self._take, "main"), button("取消", self.reject))
        self._show_missing()
        self.open()

    def _columns(self) -> QWidget:
        whole = QWidget()
        grid = QGridLayout(whole)
        grid.setHorizontalSpacing(tokens.GAP)
        grid.setVerticalSpacing(2 * tokens.STEP)
        grid.setContentsMargins(0, 0, tokens.GAP, 0)
        ours = {"": _NOT_READ} | {one.heading: one.heading for one in self._error.kind.columns}
        for down, one in enumerate(self._error.layout.headings):
            chosen = choice(ours, one.column or "")
            chosen.setMinimumWidth(170)
            chosen.currentIndexChanged.connect(lambda _: self._show_missing())
            self.choices[one.text] = chosen
            name, sample = label(one.text, "strong"), Elided(self._sample(one), "muted")
            for across, part in enumerate((name, sample, label("→", "muted"), chosen, label(_HOW[one.how], "small"))):
                grid.addWidget(part, down, across)
        grid.setColumnStretch(1, 1)
        return whole

    def _sample(self, one: Heading) -> str:
        found = [row[one.place] for row in self._error.samples if one.place < len(row) and row[one.place]]
        return "、".join(masked_cell(text_)[:16] for text_ in found[:2])

    def _show_missing(self) -> None:
        """Show a field for every required column that no column of the file is mapped to."""
        taken = {one.currentData() for one in self.choices.values()}
        for name in [one for one in self.fixed if one in taken]:
            for one in (self._says.pop(name), self.fixed.pop(name)):
                self.missing.removeWidget(one)
                one.deleteLater()
        for name in self._required:
            if name not in taken and name not in self.fixed:
                self._says[name] = label(f"文件里没有“{name}”", "label")
                self.fixed[name] = text("", "每一行都填这个")
                down = self.missing.rowCount()
                self.missing.addWidget(self._says[name], down, 0, Qt.AlignmentFlag.AlignRight)
                self.missing.addWidget(self.fixed[name], down, 1)

    def _take(self) -> None:
        columns = {name: one.currentData() or None for name, one in self.choices.items()}
        fixed = {name: one.text().strip() for name, one in self.fixed.items()}
        empty = next((name for name, one in fixed.items() if not one), None)
        if empty is not None:
            self.wrong.setText(f"“{empty}”必填：请选哪一列是它，或在下面填写每一行都用的内容。")
            self.fixed[empty].setFocus()
            return
        self.accept()
        self._confirmed(Confirmed(columns=columns, fixed=fixed))
