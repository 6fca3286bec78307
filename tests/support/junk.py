"""Texts that are pasted, scanned or typed by mistake into a field, and what can be typed into at all."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QLabel, QLineEdit, QPlainTextEdit, QTableView, QWidget

from gongji.gui.kit.day_field import DayField

FIGURES = {
    "nothing": "", "blanks": " \u3000 ", "full width": "５０", "zeros": "00", "below zero": "-1", "large": "99999999",
    "fine": "0.000001", "half of a pair": "\ud800",
}  # fmt: skip
"""Texts that may be read as a figure (a share may be as fine), or as none at all (no field takes half of a pair)."""
JUNK = FIGURES | {
    "a number without end": "9" * 2_000,
    "a page": "张" * 2_000,
    "control signs": "12\0\a\x1b",
    "a sign that turns the line": "\u202e12\u200b3",
    "a joiner": "12\u200d",
    "small and ringed digits": "²①",
    "digits of another script": "٣٤",
    "emoji": "😀👨\u200d👩\u200d👧",
    "rare characters": "𠮷𬀩",
    "half of a pair, inside": "a\udfffb",
    "a formula": "=1+1",
    "a statement": "'; DROP TABLE person;--",
    "lines": "一\n二\r\n三\t四",
    "an exponent": "1e9",
    "not a number": "NaN",
    "without end": "Infinity",
    "a day there is not": "2026-02-30",
    "too many points": "1.2.3",
    "a scan": "6901234567892",
    "markup": '<b>x</b><img src="x">&amp;',
}

Field = QLineEdit | QPlainTextEdit
_ENDINGS = "*：: "


def fields_of(place: QWidget) -> list[Callable[[], Field | None]]:
    """Return how to come to each place of a sheet or page that can be typed into: its fields, a cell of each column."""
    found: list[Callable[[], Field | None]] = []
    for at, _ in enumerate(_shown(place)):
        found.append(lambda at=at: next(iter(_shown(place)[at : at + 1]), None))  # type: ignore[misc]  # a copy of it
    for table in place.findChildren(QTableView):
        if table.isVisible() and table.isEnabled():
            found += [lambda table=table, one=one: _editor(table, one) for one in _cells(table)]  # type: ignore[misc]
    return found


def _shown(place: QWidget) -> list[Field]:
    return [
        one
        for one in place.findChildren(QWidget)
        if isinstance(one, QLineEdit | QPlainTextEdit) and one.isVisible() and one.isEnabled() and not one.isReadOnly()
        and not isinstance(one.parent().parent(), QAbstractItemView)
    ]  # fmt: skip


def _cells(table: QTableView) -> Iterator[int]:
    model = table.model()
    for column in range(model.columnCount(QModelIndex()) if model.rowCount(QModelIndex()) else 0):
        if model.flags(model.index(0, column)) & Qt.ItemFlag.ItemIsEditable:
            yield column


def _editor(table: QTableView, column: int) -> Field | None:
    if not table.model().rowCount(QModelIndex()):
        return None
    table.setCurrentIndex(table.model().index(0, column))
    table.edit(table.currentIndex())
    return next((one for one in table.findChildren(QLineEdit) if one.isVisible()), None)


def put(field: Field, text: str) -> None:
    """Put a text into a field in place of what is there, as pasting does."""
    field.setFocus()
    field.selectAll()
    if isinstance(field, QPlainTextEdit):
        field.insertPlainText(text)
    else:
        field.insert(text)


def takes_figures(field: Field) -> bool:
    """Return whether a field is for a figure or a day."""
    if isinstance(field, DayField):
        return True
    return isinstance(field, QLineEdit) and bool(field.alignment() & Qt.AlignmentFlag.AlignRight)


def label_of(field: Field) -> str:
    """Return the words before a field, without what is in brackets; empty where nothing is before it."""
    parent: QWidget | None = field
    while parent is not None and not parent.isWindow():
        for one in field.window().findChildren(QLabel):
            if one.buddy() is parent and one.text():
                return one.text().partition("（")[0].strip(_ENDINGS)
        parent = parent.parentWidget()
    return field.accessibleName()


def words_of(field: Field) -> str:
    """Return the words by which a field is known on the screen: before it, or in it while it is empty."""
    return label_of(field) or field.placeholderText().strip(_ENDINGS)
