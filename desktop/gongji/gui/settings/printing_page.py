"""打印: which printer, which paper, its offset; a test page with rulers to read the offsets from."""

from collections.abc import Callable

from msgspec import json
from PySide6.QtPrintSupport import QPrinterInfo
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit

from gongji.core.money import fraction_text
from gongji.core.typed import figure_as_written, whole_number
from gongji.desk.clinic.printing_settings import (
    PaperSettings,
    PrintingSettings,
    paper_names,
    paper_ways,
    roll_dots,
    set_printing,
)
from gongji.desk.papers.paper_files import chosen_printer, keeps_files
from gongji.desk.papers.printers import Printer, printer_named, printers_set_up, ruler_job, ruler_paper, set_up
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.files import write_whole
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.form import choice, fields, fill, text
from gongji.gui.kit.layout import label, put, rule
from gongji.gui.printing import send_paper
from gongji.gui.printing.preview import PreviewSheet
from gongji.gui.settings.settings_page import SettingsPage
from gongji.gui.shell.workspace import Workspace

_NO_PRINTER = ""
_SHOW = {"all": "框线和内容", "data": "只打内容（套打）", "frame": "只打框线"}
_WIDTH = 860
_MOST_MM = 9999
_SHIFTS, _SCALES = (-300, 300), (950, 1050)
"""Tenths of a millimetre, and of one per cent."""


class PrintingPage(SettingsPage):
    """The clinic's paper above, the printer's own setup below."""

    def __init__(self, station: Workspace) -> None:
        super().__init__(station, "单据与打印机", _WIDTH)
        self.paper = choice(paper_names())
        self.first_field = self.paper
        self.checker = text("", "印在结算单“复核人”处，可不填")
        self.always = QCheckBox("每次结算都附打“为什么是这个数”")
        self.as_files = QCheckBox("每张单据另存成文件（含姓名，谁拿到硬盘谁能看）")
        self.as_files.setEnabled(not station.counter.clinic.training)
        clinics = fields((("结算单纸张", self.paper), ("复核人", self.checker)), 2)
        put(self.body, clinics, self.always, self.as_files, rule())
        self.printer = choice({})
        self.printer.setEditable(True)
        self.printer.setToolTip(
            "可从系统的打印机里选；网络小票机写 tcp://地址:9100，直连的写设备文件，例如 /dev/usb/lp0"
        )
        self.device_paper = choice(paper_names())
        self.form = text("", "文件名，如 sample-190x102；可空着")
        self.right, self.down = text("0.0", right=True), text("0.0", right=True)
        self.scale_x, self.scale_y = text("100.0", right=True), text("100.0", right=True)
        self.show_what = choice(_SHOW)
        self.raster = QCheckBox("热敏小票机：整页按图像发送")
        self.drawer = QCheckBox("钱箱接在小票机上：收付现金时打开")
        printers = (
            ("打印机", self.printer), ("这台的纸张", self.device_paper),
            ("预印表格", self.form), ("打印内容", self.show_what),
        )  # fmt: skip
        offsets = (
            ("右移（毫米）", self.right), ("下移（毫米）", self.down),
            ("横向缩放（%）", self.scale_x), ("纵向缩放（%）", self.scale_y),
            ("", self.raster), ("", self.drawer),
        )  # fmt: skip
        note = "先打试打页：左上角有毫米尺。图案偏左几毫米，右移就填几；偏上几毫米，下移就填几（最多 30，可填负数）。"
        put(self.body, fields(printers, 2), fields(offsets, 2), label(note, "small", wrap=True), self.said)
        preview, print_it = button("试打页预览", self.preview), button("打试打页", self.test_page)
        self.add_acts(button("保存", self.save, "main"), preview, print_it)
        self.printer.currentIndexChanged.connect(lambda _: self._show_setup())

    @property
    def chosen(self) -> str:
        """The printer whose setup is shown."""
        typed = self.printer.currentText().strip()
        place = self.printer.findText(typed)
        return typed if place < 0 else str(self.printer.itemData(place))

    def refresh(self) -> None:
        """Show what is stored."""
        counter = self.station.counter
        ways = paper_ways(counter)
        self.paper.setCurrentIndex(max(0, self.paper.findData(ways.paper)))
        self.checker.setText(ways.checker)
        self.always.setChecked(ways.always_explained)
        self.as_files.setChecked(keeps_files(counter))
        now = chosen_printer(counter)
        set_up_before = [*printers_set_up(counter), *([now] if now else [])]
        names = dict.fromkeys([*QPrinterInfo.availablePrinterNames(), *set_up_before])
        fill(self.printer, {_NO_PRINTER: "不打印", **{name: name for name in names}}, now)
        self._show_setup()

    def _show_setup(self) -> None:
        one = printer_named(self.station.counter, self.chosen)
        self.device_paper.setCurrentIndex(max(0, self.device_paper.findData(one.paper)))
        self.form.setText(one.form)
        for field, tenths in ((self.right, one.right), (self.down, one.down)):
            field.setText(f"{'-' if tenths < 0 else ''}{fraction_text(abs(tenths), 10, 1)}")
        for field, thousandths in ((self.scale_x, one.scale_x), (self.scale_y, one.scale_y)):
            field.setText(fraction_text(thousandths, 10, 1))
        self.show_what.setCurrentIndex(max(0, self.show_what.findData(one.show)))
        self.raster.setChecked(one.dots > 0)
        self.drawer.setChecked(one.drawer)

    def save(self) -> None:
        """Store the papers, the printer and its setup."""
        counter, name = self.station.counter, self.chosen
        ways = PaperSettings(
            paper=_data(self.paper), checker=self.checker.text(), always_explained=self.always.isChecked()
        )
        try:
            setup = json.encode(self._setup())
        except GongjiError as error:
            self.failed(error)
            return
        one = PrintingSettings(ways=ways, as_files=self.as_files.isChecked(), printer=name, setup=setup)
        self.keep(lambda: set_printing(counter, one), "已保存。")

    def _setup(self) -> Printer:
        paper = _data(self.device_paper)
        dots = roll_dots(paper) if self.raster.isChecked() else 0
        if self.raster.isChecked() and not dots:
            raise GongjiError("热敏小票机要选卷纸", "请把“这台的纸张”改为 80 或 58 毫米卷纸")
        return Printer(
            paper=paper,
            form=self.form.text().strip(),
            right=tenths_in(self.right, "右移", _SHIFTS),
            down=tenths_in(self.down, "下移", _SHIFTS),
            scale_x=tenths_in(self.scale_x, "横向缩放", _SCALES),
            scale_y=tenths_in(self.scale_y, "纵向缩放", _SCALES),
            show=self.show_what.currentData(),
            dots=dots,
            drawer=bool(dots) and self.drawer.isChecked(),
        )

    def preview(self) -> None:
        """Save the setup and show the test page as it would be sent to this printer."""
        counter = self.station.counter
        path = counter.folder.path / "test-page.pdf"

        def made(content: bytes) -> None:
            self.station.jobs.device(
                lambda: write_whole(path, content),
                lambda _: PreviewSheet(self.station, "试打页", path, self.test_page),
                self.failed,
                owner=self,
            )

        self._with_test_page(ruler_paper, made)

    def test_page(self) -> None:
        """Store the setup and print the test page on the printer that is shown."""
        name = self.chosen
        if not name:
            self.say("没有选打印机；可先按“试打页预览”。", wrong=True)
            return

        def made(content: bytes) -> None:
            sentence = "试打页已送到打印机，请量左上角的尺。"
            self.station.jobs.device(
                lambda: send_paper.print_on(name, content), lambda _: self.say(sentence), self.failed, owner=self
            )

        self._with_test_page(ruler_job, made)

    def _with_test_page(self, page: Callable[[Session, str], bytes], made: Callable[[bytes], None]) -> None:
        counter, name = self.station.counter, self.chosen
        try:
            setup = json.encode(self._setup())
        except GongjiError as error:
            self.failed(error)
            return

        def work() -> bytes:
            set_up(counter, name, setup)
            return page(counter, name)

        self.station.jobs.write(work, made, self.failed, owner=self)


def tenths_in(field: QLineEdit, what: str, limits: tuple[int, int]) -> int:
    """Return a field's value in tenths, between two limits. Raises `GongjiError` for anything else."""
    said = figure_as_written(field.text())
    whole, _, part = said.removeprefix("-").partition(".")
    units, tenth = whole_number(whole, _MOST_MM), whole_number(part or "0", 9)
    if units is None or tenth is None or len(part) > 1:
        raise GongjiError(f"{what}应为数字，最多一位小数", "例如 1.5 或 -2")
    tenths = (units * 10 + tenth) * (-1 if said.startswith("-") else 1)
    least, most = limits
    if not least <= tenths <= most:
        raise GongjiError(f"{what}应在 {least // 10} 到 {most // 10} 之间", "请照试打页上的尺量了再填")
    return tenths


def _data(one: QComboBox) -> str:
    return str(one.currentData())
