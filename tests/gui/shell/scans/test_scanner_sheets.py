"""A scan where there is no window yet, at the first start or the login: nothing is typed, nothing goes on."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from gongji.desk.clinic.begin import Beginning, begin
from gongji.gui.app import Program
from gongji.gui.first_start.first_start import FirstStart
from gongji.gui.kit.dialogs import Dialog
from gongji.gui.opening import parse
from gongji.gui.shell.scans.scanner import Scanner
from gongji.pack_files.library import Library
from tests.support.clerk import at
from tests.support.clinic import AREA, INSTITUTION, OPERATOR, PASSWORD
from tests.support.inside import let_go
from tests.support.looking import all_told, focus_in, sentences

NOW = at("2026-11-22 10:00:00")
CODES = ("530399194905028607", "2990000000019", "ABC-1234567")
ENDS = {"Enter": Qt.Key.Key_Return, "Tab": Qt.Key.Key_Tab, "": None}


@pytest.fixture
def start(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Dialog]]:
    """Starts the program; returns the sheet it begins with."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    begun: list[Program] = []

    def go(*arguments: str) -> Dialog:
        begun.append(Program(qapp, parse(arguments), NOW))
        begun[-1].begin()
        (sheet,) = [one for one in QApplication.topLevelWidgets() if isinstance(one, Dialog) and one.isVisible()]
        sheet.activateWindow()
        QApplication.processEvents()
        return sheet

    yield go
    for one in begun:
        assert one.window is None
    for widget in qapp.topLevelWidgets():
        if isinstance(widget, Dialog):
            widget.blockSignals(True)  # Qt's own: leaving is not meant to end the tests
            widget.reject()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def scan(sheet: Dialog, text: str, end: Qt.Key | None) -> None:
    """Let a scanner type: a sign every fifteen milliseconds by its own clock."""
    signs = {Qt.Key.Key_Return: "\r", Qt.Key.Key_Tab: "\t"}
    keys = [(Qt.Key(ord(one)), one) for one in text] + ([] if end is None else [(end, signs[end])])
    for place, (key, sign) in enumerate(keys):
        target = focus_in(sheet) or sheet
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, sign)
            event.setTimestamp(1_000_000 + place * 15)
            QApplication.sendEvent(target, event)
    for one in sheet.findChildren(Scanner):
        let_go(one)
    QApplication.processEvents()


def places(sheet: Dialog) -> list[QWidget]:
    """Where the focus can be."""
    found = [one for one in sheet.findChildren(QWidget) if one.isVisible() and one.isEnabled()]
    return [one for one in found if one.focusPolicy() & Qt.FocusPolicy.TabFocus]


def check(sheet: Dialog) -> None:
    for place in places(sheet):
        for code in CODES:
            for end in ENDS.values():
                place.setFocus()
                before = all_told(sheet)
                scan(sheet, code, end)
                assert sheet.isVisible()
                assert all_told(sheet) == before
                assert sheet.focusWidget() is place
                assert f"扫到了 {code[:6]}" in sentences(sheet)


def test_at_the_first_start(start: Callable[..., Dialog]) -> None:
    guide = start()
    assert isinstance(guide, FirstStart)
    check(guide)
    guide.own.setChecked(True)
    guide.go_on()
    check(guide)
    guide.clinic.name.setFocus()
    QTest.keyClicks(guide.clinic.name, "Qushui")  # a hand types on
    assert guide.clinic.name.text() == "Qushui"


def test_at_the_login(start: Callable[..., Dialog], library: Library, tmp_path: Path) -> None:
    own = Beginning(
        counter="01", area=AREA, institution=INSTITUTION, operator=OPERATOR, password=PASSWORD, training=False
    )
    begin(tmp_path / "own", own, library, NOW)
    sheet = start("--data", str(tmp_path / "own"))
    check(sheet)
    assert OPERATOR in [one.text() for one in sheet.findChildren(QLineEdit)]


def test_at_an_audit(start: Callable[..., Dialog]) -> None:
    check(start("--audit"))
