"""锁定: who sits down at a window that was left sees nothing and does nothing; its operator goes on where it was."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtDBus import QDBusConnection, QDBusMessage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gongji.desk.clinic.locks import LockedError, lock_minutes, set_lock_minutes, unlock
from gongji.desk.session import Session
from gongji.gui.settings.operators_page import OperatorsPage
from gongji.gui.settings.screen import SettingsScreen
from gongji.gui.shell.lock_sheet import LockSheet
from gongji.gui.shell.system_lock import SystemLock
from gongji.store import audit
from gongji.store.book_file.folder import WrongPasswordError
from tests.support.clerk import Clerk, page_of
from tests.support.clinic import PASSWORD


def locked(own: Clerk) -> LockSheet:
    sheet = own.window.lock.sheet
    assert sheet is not None
    assert sheet.isVisible()
    assert not own.window.isVisible()
    return sheet


def type_password(own: Clerk, sheet: LockSheet, text: str) -> None:
    sheet.password.setText(text)
    QTest.keyClick(sheet.password, Qt.Key.Key_Return)
    own.settle_down()


class TestLocked:
    def test_nothing_is_seen_and_the_password_alone_opens_it(self, own: Clerk) -> None:
        own.window.lock.lock()
        sheet = locked(own)
        QTest.keyClick(sheet, Qt.Key.Key_Escape)
        sheet.close()
        assert locked(own) is sheet
        type_password(own, sheet, "不是这个口令")
        assert "口令不对" in sheet.wrong.text()
        assert locked(own) is sheet
        type_password(own, sheet, PASSWORD)
        assert own.window.isVisible()
        assert own.window.lock.sheet is None

    def test_what_was_being_entered_is_still_there(self, own: Clerk) -> None:
        own.press("F2")
        own.type("zhang")
        own.window.lock.lock()
        type_password(own, locked(own), PASSWORD)
        assert own.screen.patient.field.text() == "zhang"

    def test_a_scan_goes_nowhere(self, own: Clerk) -> None:
        own.window.lock.lock()
        sheet = locked(own)
        said = sheet.wrong.text()
        for end in ("Enter", "Tab", ""):
            own.scan("6901234567892", end, pace_ms=15)
            own.settle_down()
            assert locked(own) is sheet
            assert sheet.password.text() == ""
            assert sheet.password.hasFocus()
            assert sheet.wrong.text() == said
        assert own.names == []
        type_password(own, sheet, PASSWORD)

    def test_after_as_many_minutes_as_the_clinic_says(self, own: Clerk) -> None:
        set_lock = own.station.jobs
        set_lock.write(lambda: set_lock_minutes(own.counter, 3))
        own.settle_down()
        lock = own.window.lock
        lock.untouched_ms = 3 * 60_000 - 10_000
        lock._look()  # noqa: SLF001  # what its timer does
        assert lock.sheet is None
        own.press("F2")  # somebody is there
        assert lock.untouched_ms == 0
        lock.untouched_ms = 3 * 60_000 - 5_000
        lock._look()  # noqa: SLF001  # the same
        type_password(own, locked(own), PASSWORD)

    def test_another_may_log_in_instead(self, own: Clerk) -> None:
        left: list[bool] = []
        own.station.operator_leaves.connect(lambda: left.append(True))
        own.window.lock.lock()
        locked(own)._leave()  # noqa: SLF001  # its second button
        assert left == [True]

    def test_practice_has_no_passwords_and_is_never_locked(self, clerk: Clerk) -> None:
        clerk.window.lock.lock()
        assert clerk.window.isVisible()
        assert lock_minutes(clerk.counter) == 0


class TestTheSetting:
    def test_it_is_kept_logged_and_checked(self, own: Clerk) -> None:
        own.press("8", with_ctrl=True)
        own.press("F3")
        screen = own.window.screen_shown
        assert isinstance(screen, SettingsScreen)
        page = page_of(screen, OperatorsPage)
        assert page.lock_after.text() == "10"
        for said, words in (("x", "整数"), ("999", "240"), ("5", "已保存")):
            page.lock_after.setText(said)
            page.lock_save.click()
            own.settle_down()
            assert words in page.said.text()
        assert lock_minutes(own.counter) == 5
        assert "5 分钟" in [one.detail for one in audit.of_acts(own.counter.store.reader, ["clinic"])][-1]
        page.lock_now.click()
        type_password(own, locked(own), PASSWORD)


class TestPasswords:
    def test_wrong_ones_make_the_next_wait_and_are_told(self, session: Session) -> None:
        for _ in range(5):
            with pytest.raises(WrongPasswordError):
                unlock(session, "falsch falsch")
        with pytest.raises(LockedError):
            unlock(session, PASSWORD)


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[str]:
    """A bus of our own, as a desktop's is."""
    daemon = shutil.which("dbus-daemon")
    if daemon is None:
        pytest.skip("no dbus-daemon here")
    command = [daemon, "--session", "--nofork", "--print-address", f"--address=unix:path={tmp_path / 'bus'}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such bus")
def test_the_desktops_own_lock_locks(qapp: QApplication, bus: str) -> None:
    assert qapp is not None
    ours = QDBusConnection.connectToBus(bus, "ours")
    desktop = QDBusConnection.connectToBus(bus, "desktop")
    assert ours.isConnected()
    told: list[bool] = []
    lock = SystemLock(None)
    lock.locked.connect(lambda: told.append(True))
    lock.listen_on(ours, ours)
    opened, shut = (_desktop(active=active) for active in (False, True))
    for _ in range(3000):  # what is sent before the bus knows who listens is heard by nobody
        assert desktop.send(opened)
        assert desktop.send(shut)
        QApplication.processEvents()
        if told:
            break
        QTest.qWait(10)
    assert told
    QDBusConnection.disconnectFromBus("ours")
    QDBusConnection.disconnectFromBus("desktop")


def _desktop(*, active: bool) -> QDBusMessage:
    signal = QDBusMessage.createSignal("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged")
    signal.setArguments([active])
    return signal


def test_waking_up_locks_nothing(qapp: QApplication) -> None:
    assert qapp is not None
    told: list[bool] = []
    lock = SystemLock(None)
    lock.locked.connect(lambda: told.append(True))
    lock.tell_if(False)
    assert told == []
    lock.tell_if(True)
    lock.tell()
    assert told == [True, True]
