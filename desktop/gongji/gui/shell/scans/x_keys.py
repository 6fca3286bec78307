"""Keys as an X server sends them, before an input method has had them, and which of them are held down."""

import ctypes
from collections.abc import Callable

from msgspec import Struct
from PySide6.QtCore import QAbstractNativeEventFilter

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
_FIRST_MS = 150
"""A keyboard repeats a key no sooner than this after it went down; the next repeats may come at any rate."""
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


class HeldKeys:
    """Decides by an X server's clock whether a key is held down; all times are in milliseconds.

    An X server reports each repeat of a held key as a release and a press at the same moment. It also does so for a
    scanner that types one character twice, on a PC too busy to read the two apart: there Qt calls the second one a
    repeat. But no keyboard repeats a key before it was down for a while, and no scanner is that slow.
    """

    def __init__(self) -> None:
        self._down, self._up = (0, 0), (0, 0)
        self._is_held = False

    def note_release(self, code: int, at_ms: int) -> None:
        """Record that a key went up, or is reported to have."""
        self._up = (code, at_ms)

    def is_held(self, code: int, at_ms: int, *, repeated: bool = False) -> bool:
        """Return whether a key that goes down was down already; asked again about the same press it answers the same.

        `repeated` says that Qt takes it for a repeat.
        """
        if (code, at_ms) == self._down:
            return self._is_held
        before, before_ms = self._down
        may_be = repeated or self._up == (code, at_ms)
        was_held = self._is_held and before == code
        self._is_held = may_be and (was_held or before != code or at_ms - before_ms >= _FIRST_MS)
        self._down = (code, at_ms)
        return self._is_held


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
