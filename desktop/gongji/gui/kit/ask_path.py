"""Asking for a file or a folder. Nothing blocks: the path comes by a callback, and none where it is cancelled."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

Chosen = Callable[[Path], object]


def ask_file(parent: QWidget, title: str, kinds: str, chosen: Chosen) -> None:
    """Ask for an existing file; `kinds` as Qt has them: 表格 (*.xlsx *.csv)."""
    ask_files(parent, title, kinds, lambda paths: chosen(paths[0]), several=False)


def ask_files(
    parent: QWidget, title: str, kinds: str, chosen: Callable[[list[Path]], object], *, several: bool = True
) -> None:
    """Ask for existing files."""
    dialog = QFileDialog(parent, title, "", kinds)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles if several else QFileDialog.FileMode.ExistingFile)
    dialog.filesSelected.connect(lambda names: chosen([Path(one) for one in names]))
    _open(dialog)


def ask_folder(parent: QWidget, title: str, chosen: Chosen) -> None:
    """Ask for a folder."""
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.fileSelected.connect(lambda name: chosen(Path(name)))
    _open(dialog)


def ask_new_file(parent: QWidget, title: str, proposed: str, kinds: str, chosen: Chosen) -> None:
    """Ask where to write a file; `proposed` is its name, whose suffix is added to one typed without."""
    dialog = QFileDialog(parent, title, proposed, kinds)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(Path(proposed).suffix.removeprefix("."))
    dialog.fileSelected.connect(lambda name: chosen(Path(name)))
    _open(dialog)


def _open(dialog: QFileDialog) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
