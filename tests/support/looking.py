"""What a window shows and a book holds, to be compared before and after something that must change neither."""

from typing import Any

from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTableView,
    QWidget,
)

from tests.support.clerk import Clerk

_UNFINISHED = {"held_visit", "audit", "reveal"}
"""Tables of what is being entered, and of who looked at what."""


def told_in(one: QWidget) -> Any:
    """What a person typed into a widget or chose there; None for one that takes nothing."""
    if isinstance(one, QLineEdit):
        return one.text()
    if isinstance(one, QComboBox):
        return one.currentText()
    if isinstance(one, QPlainTextEdit):
        return one.toPlainText()
    if isinstance(one, QTableView):
        return one.currentIndex().row()
    return one.isChecked() if isinstance(one, QAbstractButton) else None


def focus_in(place: QWidget) -> QWidget | None:
    """Where the focus is in a window, if anywhere; Qt's types promise one."""
    found: Any = place.window().focusWidget()
    return found if isinstance(found, QWidget) else None


def all_told(place: QWidget) -> list[tuple[str, Any]]:
    """Everything typed and chosen in a sheet or on a page."""
    inside = [one for one in place.findChildren(QWidget) if one.isVisible()]
    return [(type(one).__name__, what) for one in inside if (what := told_in(one)) is not None]


def sentences(place: QWidget) -> str:
    """All the words on the labels of a sheet or page."""
    return "\n".join(one.text() for one in place.findChildren(QLabel) if one.isVisible())


def rows_of_book(clerk: Clerk) -> dict[str, int]:
    """How many rows each table of the book has, but for what is only being entered or looked at."""
    reader = clerk.counter.store.reader
    named = reader.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    names = [name for (name,) in named if name not in _UNFINISHED and not name.startswith("sqlite_")]
    return {name: reader.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608  # its own names


def put_away(clerk: Clerk) -> None:
    """Close every sheet and list."""
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()
    while clerk.sheets:
        clerk.close_sheet()
