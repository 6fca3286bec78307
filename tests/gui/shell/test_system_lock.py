"""Windows' own messages of locking and sleeping, as Qt hands them on: read here as bytes, for there is no Windows."""

from collections.abc import Callable
from ctypes import addressof, sizeof
from ctypes.wintypes import MSG

import pytest
from PySide6.QtCore import QByteArray
from shiboken6 import VoidPtr

from gongji.gui.shell.system_lock import SystemLock, _Messages

SESSION, POWER, CLOSE = 0x02B1, 0x0218, 0x0010  # WM_WTSSESSION_CHANGE, WM_POWERBROADCAST, WM_CLOSE in winuser.h
LOCK, UNLOCK = 7, 8  # WTS_SESSION_LOCK, WTS_SESSION_UNLOCK
SUSPEND, RESUME = 4, 18  # PBT_APMSUSPEND, PBT_APMRESUMEAUTOMATIC
WAYS: dict[str, Callable[[MSG], object]] = {
    "a number": addressof,
    "a pointer": lambda one: VoidPtr(addressof(one), sizeof(one)),  # type: ignore[call-arg]
}
"""How an address of a message may come."""


@pytest.mark.usefixtures("qtbot")
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("message", "said", "tells"),
    [
        (SESSION, LOCK, True), (SESSION, UNLOCK, False), (POWER, SUSPEND, True), (POWER, RESUME, False),
        (CLOSE, LOCK, False), (CLOSE, SUSPEND, False),
    ],
)  # fmt: skip
def test_a_message_of_windows_is_read_and_let_go_on(way: str, message: int, said: int, tells: bool) -> None:
    lock, told = SystemLock(None), []
    lock.locked.connect(lambda: told.append(1))
    one = MSG(message=message, wParam=said)
    handled = _Messages(lock).nativeEventFilter(QByteArray(b"windows_generic_MSG"), WAYS[way](one))  # type: ignore[arg-type]
    assert handled == (False, 0)
    assert bool(told) is tells


@pytest.mark.usefixtures("qtbot")
def test_what_is_no_message_of_windows_is_not_looked_at() -> None:
    assert _Messages(SystemLock(None)).nativeEventFilter(QByteArray(b"xcb_generic_event_t"), 0) == (False, 0)
