"""The program's own window with an ear: answers over a local socket what it shows, and never touches anything.

Run as `python -m tests.hands.window DATA SOCKET MOMENT [DELAY_MS]`: the clock begins at a moment and goes on; DELAY_MS
makes every commit wait, as a slow disk does. Each time a visit is asked to be settled, what the screen showed is
written down first.
"""

import ctypes
import datetime
import json
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractNativeEventFilter, QEvent, QObject, QPoint, QSocketNotifier, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QTableView,
    QWidget,
)

from gongji.core.dates import CHINA
from gongji.desk.papers.receipts import visit_of
from gongji.desk.settlements.find import find, of_day
from gongji.gui.app import Program
from gongji.gui.opening import make_application, parse
from gongji.store.book_file import db
from tests.support.inside import is_holding, is_thinking

_KEY_PRESS, _PROPERTY_NOTIFY = 2, 28
_MOST_KEYS = 100
_ENTERS = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class _XKey(ctypes.Structure):
    """The beginning of a key's event as the server sends it."""

    _fields_ = (
        ("kind", ctypes.c_uint8),
        ("code", ctypes.c_uint8),
        ("sequence", ctypes.c_uint16),
        ("time", ctypes.c_uint32),
    )


class _XEvent(ctypes.Structure):
    """The beginning of an X event as the server sends it; of a change of a property."""

    _fields_ = (
        ("kind", ctypes.c_uint8),
        ("pad", ctypes.c_uint8),
        ("sequence", ctypes.c_uint16),
        ("window", ctypes.c_uint32),
        ("atom", ctypes.c_uint32),
        ("time", ctypes.c_uint32),
    )


class Marks(QAbstractNativeEventFilter):
    """Counts what is put on the window after keys: they were all seen then. Keeps when keys came, by the server."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[int] = []
        self.keys: list[int] = []

    def nativeEventFilter(self, kind: Any, message: int) -> object:  # noqa: N802  # Qt's name
        if bytes(kind) == b"xcb_generic_event_t":
            event = _XEvent.from_address(int(message))
            if event.kind & 0x7F == _PROPERTY_NOTIFY:
                self.times.append(event.atom)
            if event.kind & 0x7F == _KEY_PRESS:
                self.keys.append(_XKey.from_address(int(message)).time)
        return False, 0


class Ear(QObject):
    """Says what the window shows."""

    def __init__(self, program: Program, place: str) -> None:
        super().__init__()
        self._program = program
        self._asked: list[dict[str, Any]] = []
        self._marks = Marks()
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._app = app
        app.installNativeEventFilter(self._marks)
        app.installEventFilter(self)
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(place)
        self._server.listen()
        self._new = QSocketNotifier(self._server.fileno(), QSocketNotifier.Type.Read, self)
        self._new.activated.connect(self._accept)
        self._open: list[tuple[socket.socket, QSocketNotifier]] = []

    def _accept(self) -> None:
        connection, _ = self._server.accept()
        notifier = QSocketNotifier(connection.fileno(), QSocketNotifier.Type.Read, self)
        notifier.activated.connect(lambda: self._answer(connection, notifier))
        self._open.append((connection, notifier))

    def _answer(self, connection: socket.socket, notifier: QSocketNotifier) -> None:
        line = connection.makefile("r").readline()
        if not line:
            notifier.setEnabled(False)
            connection.close()
            return
        doing: dict[str, Callable[..., Any]] = {
            "look": self.look,
            "book": self.book,
            "asked": lambda: self._asked,
            "where": self.where,
            "keys": lambda: self._marks.keys[-_MOST_KEYS:],
            "anew": self.anew,
            "words": self.words,
        }
        given = json.loads(line)
        answer = doing[given.pop("do")](**given)
        connection.sendall(json.dumps(answer, ensure_ascii=False).encode() + b"\n")

    # ---- what is shown -----------------------------------------------------------------------------------------------

    @property
    def _window(self) -> Any:
        return self._program.window

    def look(self) -> dict[str, Any]:
        """Everything a clerk sees, and whether anything is still under way."""
        window = self._window
        focus = QApplication.focusWidget()
        found: dict[str, Any] = {
            "marks": len(self._marks.times),
            "keys": len(self._marks.keys),
            "ready": window is not None and window.isVisible() and QApplication.activeWindow() is not None,
            "focus": "" if focus is None else _called(focus),
            "sheets": [_sheet(one) for one in QApplication.topLevelWidgets() if one.isVisible() and one is not window],
        }
        if window is not None:
            found |= {
                "id": int(window.winId()),
                "idle": self._is_idle(),
                "title": window._title,  # noqa: SLF001  # which screen it is
                "maximised": window.isMaximized(),
                "visit": self._visit(),
            }
        return found

    def _is_idle(self) -> bool:
        screen = self._window.screen_named("counter")
        return (
            self._program.station is not None
            and self._program.station.jobs.is_idle
            and not is_holding(self._window.scanner)
            and not is_thinking(screen.state)
        )

    def _visit(self) -> dict[str, Any]:
        screen = self._window.screen_named("counter")
        tender = screen.panel.tender
        return {
            "patient": screen.patient._name.text(),  # noqa: SLF001  # what is written there
            "person": screen.state.draft.person_id,
            "lines": _rows(screen.lines.table),
            "sum": screen.lines._sum.text(),  # noqa: SLF001
            "patient_field": screen.patient.field.text(),
            "composed": screen.patient.field._composed + screen.lines.field._composed,  # noqa: SLF001
            "found": [one.name for one in screen.patient.field.found] if screen.patient.list.isVisible() else [],
            "items_found": [one.name for one in screen.lines.field.found] if screen.lines.list.isVisible() else [],
            "item_field": screen.lines.field.text(),
            "quantity_field": screen.lines.quantity.text(),
            "said": screen.lines._about.text(),  # noqa: SLF001
            "received": tender.field.text(),
            "due": tender.due.text(),
            "change": tender.change.text(),
            "means": [one.text() for one in tender.findChildren(QAbstractButton) if one.isChecked()],
            "notes": [note.text for note in screen.panel.notes.shown],
        }

    def where(self, text: str) -> list[int] | None:
        """Where the middle of what shows a text is on the screen; None where nothing does."""
        tops = sorted(QApplication.topLevelWidgets(), key=lambda one: one is self._window)
        for top in tops:
            if not top.isVisible():
                continue
            for one in [top, *top.findChildren(QWidget)]:
                shown = getattr(one, "text", None)
                if one.isVisible() and callable(shown) and text in str(shown()):
                    at = one.mapToGlobal(one.rect().center())
                    return [at.x(), at.y()]
                if isinstance(one, QTableView) and one.isVisible():
                    cell = _cell(one, text)
                    if cell is not None:
                        return cell
        return None

    def words(self) -> list[str]:
        """What stands on the labels of the screen that is shown."""
        shown = self._window.screen_shown
        return [one.text() for one in shown.findChildren(QLabel) if one.isVisible() and one.text()]

    # ---- what was asked for, and what the book has of it -------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Write down what the screen shows whenever something may settle it."""
        if self._window is not None and self._may_settle(watched, event):
            self._asked.append(self._visit())
        return False

    def _may_settle(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            with_alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            return event.key() == Qt.Key.Key_F9 or (event.key() == Qt.Key.Key_Y and with_alt)
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            button = self._window.screen_named("counter").panel.button
            return watched is button and event.key() in {*_ENTERS, Qt.Key.Key_Space}
        return event.type() == QEvent.Type.MouseButtonRelease

    def book(self) -> list[dict[str, Any]]:
        """Every settlement and void there is, as the book has them."""
        station = self._program.station
        assert station is not None
        found = []
        for head in of_day(station.counter.store, None):
            one = find(station.counter.store, head.no)
            visit = visit_of(
                station.counter, one if one.kind == "settle" else find(station.counter.store, one.voids or "")
            )
            found.append(
                {
                    "no": one.no,
                    "kind": one.kind,
                    "person": one.person_id,
                    "name": visit.person.name,
                    "cash_fen": one.totals.cash_fen,
                    "total_fen": one.totals.total_fen,
                    "lines": [[line.code, line.name, int(line.unit_price), int(line.quantity)] for line in visit.lines],
                    "paid": [[paid.means, paid.amount_fen] for paid in one.payments],
                }
            )
        return found

    def anew(self) -> bool:
        """Put every sheet away and begin with an empty form, for the next example."""
        for one in QApplication.topLevelWidgets():
            if one is not self._window and one.isVisible():
                one.close()
        self._window.go_to("counter")
        screen = self._window.screen_named("counter")
        screen.begin_anew()
        for one in screen.keeping.waiting:  # what another test put aside
            screen.keeping.drop(one.draft.visit_no)
        self._asked.clear()
        return True


def _called(widget: QWidget) -> str:
    text = getattr(widget, "text", None)
    parts = [type(widget).__name__, str(text()) if callable(text) and not isinstance(widget, QLineEdit) else ""]
    return " ".join(part for part in parts if part)


def _rows(table: QTableView) -> list[list[str]]:
    """Every cell as it is shown: where one is being changed, what is typed so far."""
    model = table.model()
    rows = [
        [str(model.index(row, column).data() or "") for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]
    for editor in table.viewport().findChildren(QLineEdit):
        if editor.isVisible():
            index = table.indexAt(editor.geometry().center())
            rows[index.row()][index.column()] = editor.text()
    return rows


def _cell(table: QTableView, text: str) -> list[int] | None:
    model = table.model()
    for row in range(model.rowCount()):
        for column in range(model.columnCount()):
            index = model.index(row, column)
            if text == str(index.data() or ""):
                at = table.viewport().mapToGlobal(table.visualRect(index).center())
                return [at.x(), at.y()]
    return None


def _sheet(top: QWidget) -> dict[str, Any]:
    shown = [one for one in top.findChildren(QWidget) if one.isVisible()]
    return {
        "title": top.windowTitle(),
        "kind": type(top).__name__,
        "texts": [one.text() for one in shown if isinstance(one, QLabel) and one.text()],
        "buttons": [one.text() for one in shown if isinstance(one, QAbstractButton) and one.text()],
        "chosen": [one.text() for one in shown if isinstance(one, QAbstractButton) and one.isChecked()],
        "fields": [one.text() for one in shown if isinstance(one, QLineEdit)],
        "choices": [one.currentText() for one in shown if isinstance(one, QComboBox)],
        "tables": [_rows(one) for one in shown if isinstance(one, QTableView) and isinstance(one, QAbstractItemView)],
        "focus": _called(top.focusWidget()) if top.focusWidget() is not None else "",
        "active": top.isActiveWindow(),
    }


def _slow_disk(delay_seconds: float) -> None:
    """Let every commit take so long, as on a disk that is busy."""
    write = db.Store.write

    def slow(self: db.Store) -> Any:
        time.sleep(delay_seconds)
        return write(self)

    db.Store.write = slow  # type: ignore[method-assign]


def main() -> int:
    data, place, moment, *delay = sys.argv[1:]
    begun = time.monotonic()
    first = datetime.datetime.fromisoformat(moment).replace(tzinfo=CHINA)
    app = make_application()
    program = Program(
        app, parse(["--data", data]), lambda: first + datetime.timedelta(seconds=time.monotonic() - begun)
    )
    program.begin()
    if delay:
        _slow_disk(int(delay[0]) / 1000)
    ear = Ear(program, place)
    _ = QPoint, ear, Path
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
