"""Sending a paper to a printer: the page as an image at its true size, drawn on a thread of its own."""

from collections.abc import Callable

from PySide6.QtCore import QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from gongji.core.book.settled import Stored
from gongji.desk.delivering import deliver
from gongji.desk.devices import PageImage, choose_printer, chosen_printer, page_images
from gongji.errors import GongjiError
from gongji.gui.later import paperwork
from gongji.gui.station import Station
from gongji.gui.widgets.choice import Choice

_DPI = 300
_MM_PER_INCH = 25.4
Done = Callable[[], None]
Failed = Callable[[BaseException], None]


class PrinterError(GongjiError):
    """The printer is not there or does not take the page."""

    def __init__(self, name: str) -> None:
        """Say which."""
        super().__init__(f"打印机“{name}”没有接受打印", "请检查电源、连线和纸张，再按“重打”，或换一台打印机")


def send(station: Station, stored: Stored, done: Done, failed: Failed) -> None:
    """Print a settlement's paper on the chosen printer; where none is chosen the file is all there is to it."""
    counter = station.counter
    name = chosen_printer(counter)
    if not name:
        done()
        return

    def drawn(content: bytes) -> None:
        station.jobs.device(lambda: print_on(name, content), lambda _: done(), failed, owner=station)

    station.jobs.write(lambda: paperwork().for_printer(counter, stored, name), drawn, failed, owner=station)


def print_on(name: str, content: bytes) -> None:
    """Draw a PDF's pages on a printer; raises `PrinterError`. Runs on the device thread."""
    if not content.startswith(b"%PDF"):
        deliver(name, content)  # a receipt printer's own language
        return
    info = QPrinterInfo.printerInfo(name)
    if info.isNull():
        raise PrinterError(name)
    pages = page_images(content, _DPI)
    printer = QPrinter(info)
    printer.setFullPage(True)
    printer.setPageLayout(_layout(pages[0]))
    painter = QPainter()
    if not painter.begin(printer):
        raise PrinterError(name)
    try:
        for place, page in enumerate(pages):
            if place and not printer.newPage():
                raise PrinterError(name)
            image = QImage(page.grey, page.width, page.height, page.width, QImage.Format.Format_Grayscale8)
            painter.drawImage(QRectF(printer.pageLayout().fullRectPixels(printer.resolution())), image)
    finally:
        painter.end()


def _layout(page: PageImage) -> QPageLayout:
    size = QSizeF(page.width / _DPI * _MM_PER_INCH, page.height / _DPI * _MM_PER_INCH)
    paper = QPageSize(size, QPageSize.Unit.Millimeter, "", QPageSize.SizeMatchPolicy.ExactMatch)
    return QPageLayout(paper, QPageLayout.Orientation.Portrait, QMarginsF())


def choose(station: Station, then: Done) -> Choice:
    """Ask which printer to use from now on."""
    counter = station.counter

    def take(name: str) -> Done:
        return lambda: station.jobs.write(
            lambda: choose_printer(counter, name), lambda _: then(), station.fail, owner=station
        )

    names = QPrinterInfo.availablePrinterNames()
    options = [(name, "", take(name)) for name in names]
    options.append(("不打印，只存成文件", "在数据文件夹的 receipts 里", take("")))
    return Choice(station.window, "用哪台打印机", options)
