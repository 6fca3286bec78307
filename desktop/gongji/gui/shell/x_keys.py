"""Keys as an X server sends them, before an input method has had them."""

import ctypes
from collections.abc import Callable

from msgspec import Struct
from PySide6.QtCore import QAbstractNativeEventFilter

from gongji.gui.shell.held_keys import HeldKeys

_KEY_PRESS, _KEY_RELEASE = 2, 3
_SENT = 0x80
_SHIFT, _LOCK, _CONTROL, _ALT = 1, 2, 4, 8
_ROWS = (
    (10, "1234567890-=", "!@#$%^&*()_+"), (24, "qwertyuiop[]", "QWERTYUIOP{}"), (38, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (51, "\\zxcvbnm,./", "|ZXCVBNM<>?"), (65, " ", " "), (79, "789-456+1230.", "789-456+1230."),
)  # fmt: skip
_PLAIN = {first + place: sign for first, row, _ in _ROWS for place, sign in enumerate(row)}
_SHIFTED = {first + place: sign for first, _, row in _ROWS for place, sign in enumerate(row)}
"""Characters by key code on a US PC keyboard, which every scanner imitates."""
_ENDS = {36, 104, 23}
_MODIFIERS = {50, 62, 66, 37, 105, 64, 108, 133, 134, 77, 78}


class XKey(Struct, frozen=True):
    """A key that went down: its window, its code, its character (none for any other key).

    Also whether it may end a scan, whether it is only held down, and when (milliseconds of the server's clock).
    """

    window: int
    code: int
    sign: str
    is_end: bool
    is_repeated: bool
    at_ms: int


class _XKeyEvent(ctypes.Structure):
    """The part of `xcb_key_press_event_t` that matters."""

    _fields_ = (
        ("kind", ctypes.c_uint8),
        ("code", ctypes.c_uint8),
        ("sequence", ctypes.c_uint16),
        ("time_ms", ctypes.c_uint32),
        ("windows", ctypes.c_uint32 * 3),
        ("place", ctypes.c_int16 * 4),
        ("state", ctypes.c_uint16),
    )


class XKeys(QAbstractNativeEventFilter):
    """Reports every key that goes down; it may be withheld from all others."""

    def __init__(self, pressed: Callable[[XKey], bool]) -> None:
        """`pressed` returns whether a key is withheld."""
        super().__init__()
        self._pressed = pressed
        self._held_keys = HeldKeys()

    def nativeEventFilter(self, kind: object, message: int) -> object:  # noqa: N802  # Qt's name
        """Report a key; a held one comes as released and pressed at the same moment."""
        if kind != b"xcb_generic_event_t":
            return False, 0
        event = _XKeyEvent.from_address(int(message))
        one = event.kind & ~_SENT
        if one == _KEY_RELEASE:
            self._held_keys.note_release(event.code, event.time_ms)
        if one != _KEY_PRESS or event.code in _MODIFIERS:
            return False, 0
        with_others = event.state & (_CONTROL | _ALT)
        sign = "" if with_others else (_SHIFTED if event.state & _SHIFT else _PLAIN).get(event.code, "")
        if event.state & _LOCK and sign.isalpha():
            sign = sign.swapcase()
        is_repeated = self._held_keys.is_held(event.code, event.time_ms)
        key = XKey(
            event.windows[1], event.code, sign, event.code in _ENDS and not with_others, is_repeated, event.time_ms
        )
        return self._pressed(key), 0
