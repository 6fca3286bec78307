"""Sending a paper to a printer: the page as an image at its true size, drawn on a thread of its own."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMarginsF, QPointF, QRectF, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.desk.papers.archive import bytes_of
from gongji.desk.papers.paper_files import choose_printer, chosen_printer
from gongji.desk.papers.printers import as_sent, page_images, printers_set_up
from gongji.errors import GongjiError
from gongji.gui.background.jobs import Failed
from gongji.gui.background.lazy import paperwork
from gongji.gui.kit.choice import Choice
from gongji.gui.kit.dialogs import Dialog, button, closing
from gongji.gui.printing.make_paper import make_paper
from gongji.gui.shell.workspace import Workspace
from gongji.printing.transport import deliver, takes_raster

_DPI = 300
_MM_PER_INCH = 25.4
_HAIR_MM = 1.0  # sizes are kept in whole points
_FAILED = {QPrinter.PrinterState.Error, QPrinter.PrinterState.Aborted}
Done = Callable[[], None]


class PrinterError(GongjiError):
    """The printer is not there, or does not take the page."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"打印机“{name}”没有接受打印（{why}）", "请检查电源、连线和纸张，再按“重打”，或换一台打印机")


class WrongPaperError(GongjiError):
    """The printer's paper is smaller than the page."""

    def __init__(self, name: str, wanted: QSizeF, there: QSizeF) -> None:
        sizes = (f"{one.width():.0f}×{one.height():.0f} 毫米" for one in (wanted, there))
        super().__init__(
            "打印机“{}”的纸不对：单据是 {}，打印机是 {}，没有打印".format(name, *sizes),
            "请在“设置 → 打印”改选纸张，或在系统里给打印机设好这种纸，再按“重打”",
        )


def send(station: Workspace, stored: StoredSettlement, done: Done, failed: Failed) -> None:
    """Make a settlement's paper and print it on the chosen printer; where none is chosen it is only stored."""
    counter = station.counter
    name = chosen_printer(counter)

    def made(papers: tuple[bytes, ...]) -> None:
        if papers:
            station.jobs.device(lambda: _print_all(name, papers), lambda _: done(), failed, owner=station)
        else:
            done()

    make_paper(station.jobs, lambda: paperwork().handed_out(counter, stored, name), made, failed, station)


def print_settlement(station: Workspace, stored: StoredSettlement) -> None:
    """Make a settlement's or void's paper and print it; on an error it can be tried again."""

    def failed(error: BaseException) -> None:
        not_printed(station, stored, error, lambda: print_settlement(station, stored))

    send(station, stored, _nothing, failed)


def _nothing() -> None:
    """Do nothing after a paper was printed."""


def send_file(station: Workspace, path: Path, done: Done = _nothing, failed: Failed | None = None) -> None:
    """Print a paper's file on the chosen printer; where none is chosen ask for one first."""
    counter, name = station.counter, chosen_printer(station.counter)
    if not name:
        choose(station, lambda: _send_chosen(station, path, done, failed))
        return

    def made(content: bytes) -> None:
        station.jobs.device(lambda: print_on(name, content), lambda _: done(), failed, owner=station)

    station.jobs.device(lambda: as_sent(counter, bytes_of(counter, path), name), made, failed, owner=station)


def _send_chosen(station: Workspace, path: Path, done: Done, failed: Failed | None) -> None:
    if chosen_printer(station.counter):
        send_file(station, path, done, failed)


def not_printed(station: Workspace, stored: StoredSettlement, error: BaseException, again: Done) -> None:
    """Say that the money is safe and the paper is not there, and offer to try again or another printer."""
    if not isinstance(error, GongjiError):
        station.fail(error)
        return
    sheet = Dialog(station.window, "已经记下，单子没有打出来")
    sheet.say(f"{stored.no} 已经记好，不要重新收费或退费。")
    sheet.say(str(error))
    another = closing(sheet, lambda: choose(station, again))
    sheet.buttons(
        button("重打", closing(sheet, again), "main"),
        button("换一台打印机", another),
        button("以后再打", sheet.reject),
    )
    sheet.open_by_itself()


def _print_all(name: str, papers: tuple[bytes, ...]) -> None:
    for one in papers:
        print_on(name, one)


def print_on(name: str, content: bytes) -> None:
    """Print a PDF, or what is in a receipt printer's own language. Runs on the device thread.

    Raises `PrinterError`, `WrongPaperError` and `UndeliveredError`: where nobody knows how much of it came out, the
    same bytes are there to be sent again.
    """
    is_pdf = content.startswith(b"%PDF")
    if not is_pdf and takes_raster(name):
        deliver(name, content)
        return
    info = QPrinterInfo.printerInfo(name)
    if info.isNull():
        raise PrinterError(name, "系统里没有这台打印机")
    if info.state() == QPrinter.PrinterState.Error:
        raise PrinterError(name, "它报告缺纸或故障")
    if is_pdf:
        draw(QPrinter(info), content)
    else:
        deliver(name, content)


def draw(printer: QPrinter, content: bytes) -> None:
    """Draw a PDF's pages on a printer, each at its true size; raises `PrinterError` and `WrongPaperError`."""
    name, pages = printer.printerName(), page_images(content, _DPI)
    printer.setFullPage(True)
    painter = QPainter()
    try:
        for place, page in enumerate(pages):
            size = QSizeF(page.width, page.height) * (_MM_PER_INCH / _DPI)
            printer.setPageLayout(_layout(size))
            there = printer.pageLayout().fullRect(QPageLayout.Unit.Millimeter).size()
            if there.width() < size.width() - _HAIR_MM or there.height() < size.height() - _HAIR_MM:
                raise WrongPaperError(name, size, there)
            if not (printer.newPage() if place else painter.begin(printer)):
                raise PrinterError(name, "打到一半停了" if place else "打不开")
            image = QImage(page.grey, page.width, page.height, page.width, QImage.Format.Format_Grayscale8)
            painter.drawImage(QRectF(QPointF(), size * (printer.resolution() / _MM_PER_INCH)), image)
    finally:
        if painter.isActive():
            painter.end()
    if printer.printerState() in _FAILED:
        raise PrinterError(name, "打到一半停了")


def _layout(size: QSizeF) -> QPageLayout:
    """Return a page of a size in mm, without margins: a sheet as printers know it, lying where it is wider than high.

    Any other size is the printer's own, as forms of continuous paper are.
    """
    is_lying = size.width() > size.height()
    upright = size.transposed() if is_lying else size
    for name in (QPageSize.PageSizeId.A4, QPageSize.PageSizeId.A5):
        off = QPageSize(name).size(QPageSize.Unit.Millimeter) - upright
        if max(abs(off.width()), abs(off.height())) < _HAIR_MM:
            way = QPageLayout.Orientation.Landscape if is_lying else QPageLayout.Orientation.Portrait
            return QPageLayout(QPageSize(name), way, QMarginsF())
    paper = QPageSize(size, QPageSize.Unit.Millimeter, "", QPageSize.SizeMatchPolicy.ExactMatch)
    return QPageLayout(paper, QPageLayout.Orientation.Portrait, QMarginsF())


def choose(station: Workspace, then: Callable[[], object]) -> Choice:
    """Ask which printer to use from now on: the system's, and receipt printers that were set up by their address."""
    counter = station.counter

    def take(name: str) -> Done:
        return lambda: station.jobs.write(lambda: choose_printer(counter, name), lambda _: then(), owner=station)

    names = dict.fromkeys([*QPrinterInfo.availablePrinterNames(), *printers_set_up(counter)])
    options = [(name, "", take(name)) for name in names]
    options.append(("不打印", "单据在账里，随时可以补打或另存", take("")))
    return Choice(station.window, "用哪台打印机", options)
