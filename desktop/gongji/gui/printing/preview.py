"""预览: a paper on the screen before it goes to the printer, page by page, at about its true size."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QScrollArea, QWidget

from gongji.desk.papers.archive import PaperSteps, bytes_of
from gongji.desk.papers.paper_files import chosen_printer
from gongji.desk.papers.printers import PageImage, page_images
from gongji.files import write_whole
from gongji.gui.kit import tokens
from gongji.gui.kit.ask_path import ask_new_file
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.layout import column
from gongji.gui.kit.style import set_role
from gongji.gui.printing import send_paper
from gongji.gui.printing.make_paper import make_paper
from gongji.gui.shell.workspace import Workspace

_DPI = 110
_WIDTH, _HEIGHT = 1000, 640


def show_paper(
    station: Workspace,
    title: str,
    steps: Callable[[], PaperSteps[Path]],
    owner: QObject,
    print_it: Callable[[], None] | None = None,
) -> None:
    """Make a paper and show it, unless its owner is gone by then; `print_it` as in `PreviewSheet`."""
    make_paper(station.jobs, steps, lambda path: PreviewSheet(station, title, path, print_it), owner=owner)


def print_or_show(station: Workspace, title: str, steps: Callable[[], PaperSteps[Path]], owner: QObject) -> None:
    """Make a paper and print it on the chosen printer; where none is chosen show it."""

    def made(path: Path) -> None:
        if chosen_printer(station.counter):
            send_paper.send_file(station, path)
        else:
            PreviewSheet(station, title, path)

    make_paper(station.jobs, steps, made, owner=owner)


class PreviewSheet(Dialog):
    """Shows a paper's file; prints it on the chosen printer, or keeps a copy of it elsewhere."""

    def __init__(self, station: Workspace, title: str, path: Path, print_it: Callable[[], None] | None = None) -> None:
        """`print_it` prints in another way than as the file stands, such as a receipt on its own printer."""
        super().__init__(station.window, title, _WIDTH)
        self._station = station
        self._path = path
        self._print_it = print_it
        self._inside = QWidget()
        self._pages = column(self._inside, margin=tokens.GAP, spacing=tokens.GAP)
        set_role(self._inside, "ground")
        self._area = QScrollArea(widgetResizable=True)
        self._area.setWidget(self._inside)
        self.body.addWidget(self._area, 1)
        self.note = self.say("正在准备预览……", "small")
        self._go = button("打印", self._print, "main")
        self.buttons(self._go, button("另存为…", self._save), button("返回", self.reject))
        self.resize(_WIDTH, _HEIGHT)
        dpi = round(_DPI * self.devicePixelRatioF())
        station.jobs.device(
            lambda: page_images(bytes_of(station.counter, path), dpi), self._show, self._failed, owner=self
        )
        self.open()

    def _show(self, pages: list[PageImage]) -> None:
        ratio = self.devicePixelRatioF()
        for page in pages:
            image = QImage(page.grey, page.width, page.height, page.width, QImage.Format.Format_Grayscale8).copy()
            image.setDevicePixelRatio(ratio)
            shown = QLabel()
            set_role(shown, "page")
            shown.setPixmap(QPixmap.fromImage(image))
            shown.setFixedSize(image.deviceIndependentSize().toSize())
            self._pages.addWidget(shown, 0, Qt.AlignmentFlag.AlignHCenter)
            shown.show()  # at once, for only what is shown counts for the height below
        self._inside.setMinimumHeight(self._pages.minimumSize().height())
        self._inside.resize(self._area.viewport().width(), self._inside.minimumHeight())
        self._pages.activate()
        self._area.verticalScrollBar().setValue(0)
        printer = chosen_printer(self._station.counter)
        where = f"打印机：{printer}" if printer else "没有选打印机：按“打印”时选择，或另存成文件"
        self.note.setText(f"共 {len(pages)} 页 · {where}")

    def _print(self) -> None:
        if self._print_it is not None:
            self._print_it()
            self.accept()
            return
        if chosen_printer(self._station.counter):
            self._go.setEnabled(False)  # a second click would print it again
        send_paper.send_file(self._station, self._path, self._printed, self._not_printed)

    def _not_printed(self, error: BaseException) -> None:
        self._go.setEnabled(True)
        self._failed(error)

    def _printed(self) -> None:
        self._go.setEnabled(True)
        self.note.setText("已送到打印机")

    def _save(self) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        ask_new_file(self, "另存为", str(Path(folder, self._path.name)), "PDF (*.pdf)", self._copy)

    def _copy(self, place: Path) -> None:
        counter, path = self._station.counter, self._path
        self._station.jobs.device(
            lambda: write_whole(place, bytes_of(counter, path)),
            lambda _: self.note.setText(f"已存到 {place}"),
            self._failed,
            owner=self,
        )

    def _failed(self, error: BaseException) -> None:
        self._station.tell_or_fail(error, self.note.setText)
