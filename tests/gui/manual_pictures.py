"""The pictures of the manual: states that `make screenshots` goes through, each cut to what a page is about.

python -m tests.gui.manual_pictures [FOLDER] takes them anew. They are PNG of few colours, beside the pages. The mark
across a training window is left out, for it would hide what a picture shows; the window's head says what it is.
"""

import io
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from gongji.desk.manual import manual_folder
from gongji.gui.kit import style
from tests.gui.screenshots import Album, go_through
from tests.support.clerk import Clerk

_COLOURS = 128
_WINDOW = (1300, 700)
_OF_THIS_RUN = "数据文件夹："
"""What follows is another at every run, and nobody's."""


def _window(clerk: Clerk) -> QWidget:
    return clerk.window


def _sheet(clerk: Clerk) -> QWidget:
    assert clerk.sheet is not None
    return clerk.sheet


def _screen(clerk: Clerk) -> QWidget:
    return clerk.window.screen_shown


def _panel(clerk: Clerk) -> QWidget:
    return clerk.screen.panel


def _tender(clerk: Clerk) -> QWidget:
    return clerk.screen.panel.tender


def _lines(clerk: Clerk) -> QWidget:
    return clerk.screen.lines


def _patient(clerk: Clerk) -> QWidget:
    return clerk.screen.patient


PICTURES: dict[str, tuple[str, Callable[[Clerk], QWidget]]] = {
    "lines-and-proposal": ("counter", _window),
    "patient": ("patient", _patient),
    "items-found": ("items", _lines),
    "line": ("line", _sheet),
    "enrol": ("enrol", _sheet),
    "doubts": ("doubts", _sheet),
    "received-and-change": ("change", _tender),
    "mixed-means": ("mixed", _tender),
    "settled": ("settled", _panel),
    "benefits": ("benefits", _sheet),
    "visit": ("visit", _sheet),
    "accounts": ("accounts", _sheet),
    "reckoning": ("reckoning", _sheet),
    "trying": ("trying", _sheet),
    "held": ("held", _sheet),
    "records": ("records", _window),
    "records-reprint": ("reprint", _sheet),
    "records-check": ("check", _sheet),
    "records-refund": ("refund", _sheet),
    "records-refund-part": ("refund-part", _sheet),
    "closing-bills": ("bills", _sheet),
    "closing-counted": ("closing", _screen),
    "closing-ask": ("closing-ask", _sheet),
    "upload-attention": ("upload", _screen),
    "upload-stick": ("stick", _sheet),
    "upload-reconciled": ("reconcile", _sheet),
    "upload-differences": ("differences", _sheet),
    "statistics-month": ("statistics", _screen),
    "statistics-statement": ("statement", _screen),
    "policies-articles": ("policies", _screen),
    "policies-parameters-fill": ("parameter", _sheet),
    "policies-amend": ("amend", _screen),
    "policies-impact": ("impact", _screen),
    "policies-install": ("install", _screen),
    "data-preview": ("data-preview", _screen),
    "data-refused": ("data-refused", _screen),
    "data-by-hand": ("by-hand", _sheet),
    "settings-1": ("settings-clinic", _screen),
    "settings-2": ("settings-operators", _screen),
    "settings-3": ("settings-printing", _screen),
    "settings-4": ("settings-gateway", _screen),
    "settings-5": ("settings-copies", _screen),
    "settings-restore": ("restore", _sheet),
    "guide-1": ("guide-1", _sheet),
    "guide-2": ("guide-2", _sheet),
}
"""By the name of the state: the picture's name, and what of the window it shows."""


class ManualAlbum(Album):
    """Keeps the pictures that the manual shows."""

    def __init__(self, folder: Path) -> None:
        """Write them into a folder."""
        super().__init__(folder)
        self.taken: set[str] = set()

    def follow(self, clerk: Clerk) -> None:
        """Go on at another counter, without the mark of training across it."""
        super().follow(clerk)
        clerk.window.setProperty(style.TRAINING, False)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.setStyleSheet(style.sheet())  # looked at again by every widget
        clerk.window.resize(*_WINDOW)

    def take(self, name: str) -> None:
        """Take a picture where the manual shows this state."""
        self.clerk.settle_down()
        QApplication.processEvents()
        if name not in PICTURES:
            return
        picture, part = PICTURES[name]
        shown = part(self.clerk)
        for label in shown.findChildren(QLabel):
            if label.isVisible() and label.text().startswith(_OF_THIS_RUN):
                label.setText(_OF_THIS_RUN + "…")
        keep(shown, self.folder / f"{picture}.png")
        self.taken.add(picture)


def keep(shown: QWidget, file: Path) -> None:
    """Write a picture of a widget in few colours."""
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    shown.grab().save(buffer, "PNG")
    with Image.open(io.BytesIO(bytes(buffer.data().data()))) as image:
        few = image.convert("RGB").quantize(_COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        few.save(file, optimize=True)


def main(folder: Path) -> None:
    """Take every picture of the manual."""
    folder.mkdir(parents=True, exist_ok=True)
    album = ManualAlbum(folder)
    go_through(album, "1366x768")
    missing = {name for name, _ in PICTURES.values()} - album.taken
    assert not missing, missing
    for old in folder.glob("*.png"):
        if old.stem not in album.taken:
            old.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else manual_folder() / "pictures")
