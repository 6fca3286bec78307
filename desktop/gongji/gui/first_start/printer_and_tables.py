"""The guide's last step: the printer, a test page, and the tables to begin with."""

from functools import partial
from pathlib import Path

from PySide6.QtPrintSupport import QPrinterInfo
from PySide6.QtWidgets import QCheckBox, QWidget

from gongji.files import path_of
from gongji.gui.kit.ask_path import ask_file
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.form import choice, fields, text
from gongji.gui.kit.layout import REST, column, label, put

_TABLES = {"people": "人员", "catalogue": "三目录", "accumulators": "年度累计", "links": "共济账户"}
_KINDS_OF_FILES = "表格 (*.xlsx *.xls *.csv *.txt);;所有文件 (*)"


class PrinterAndTables(QWidget):
    """All of it is optional: papers can stay files, and patients be entered as they come."""

    def __init__(self) -> None:
        super().__init__()
        names = {name: name for name in QPrinterInfo.availablePrinterNames()}
        self.printer = choice({"": "先不打印，单据存成文件", **names})
        self.test_page = QCheckBox("建好后打一张试打页")
        self.printer.currentIndexChanged.connect(lambda _: self._offer_test_page())
        self._offer_test_page()
        self.tables = {kind: text("", "可空着") for kind in _TABLES}
        grid = fields(tuple((word, self.tables[kind]) for kind, word in _TABLES.items()))
        for place, kind in enumerate(_TABLES):
            grid.addWidget(button("选…", partial(self._ask, kind)), place, 2)
        put(
            column(self, margin=0),
            fields((("打印机", self.printer), ("", self.test_page))),
            label("没有打印机也能收费，单据随时可以补打。纸张和偏移在“设置 → 打印”。", "small", wrap=True),
            label("数据表格：现在从文件或 U 盘导入，或以后在“资料”里导入；没有也能收费。", wrap=True),
            grid,
            REST,
        )

    @property
    def chosen(self) -> str:
        """The printer's name; empty where papers stay files."""
        return str(self.printer.currentData())

    @property
    def prints(self) -> bool:
        """Return whether a test page is wanted."""
        return bool(self.chosen) and self.test_page.isChecked()

    @property
    def files(self) -> dict[str, Path]:
        """The tables to import, by kind."""
        typed = {kind: field.text().strip() for kind, field in self.tables.items()}
        return {kind: path_of(text, _TABLES[kind]) for kind, text in typed.items() if text}

    def fill_in(self, printer: str, files: dict[str, Path]) -> None:
        """Fill it in as a settings file says."""
        if printer and self.printer.findData(printer) < 0:
            self.printer.addItem(f"{printer}（还没有接上）", printer)
        self.printer.setCurrentIndex(self.printer.findData(printer))
        for kind, field in self.tables.items():
            field.setText(str(files.get(kind, "")))

    def _offer_test_page(self) -> None:
        self.test_page.setEnabled(bool(self.chosen))
        self.test_page.setChecked(bool(self.chosen))

    def _ask(self, kind: str) -> None:
        field = self.tables[kind]
        ask_file(self, f"{_TABLES[kind]}的表格", _KINDS_OF_FILES, lambda path: field.setText(str(path)))
