"""Keys and the mouse as an X server's own: the XTEST extension, spoken from a process of its own.

The server itself waits between two strokes (each stroke carries how long), so the pace is the one asked for however
busy this machine is, and the time stamps the window sees are those of a keyboard.
"""

import ctypes
from collections.abc import Iterable
from ctypes.util import find_library

_SHIFT = "Shift_L"
_RAISED_MS = 150  # a hand that was on the keyboard needs longer to the scanner
_NAMES = {
    "Enter": "Return", "Esc": "Escape", "Tab": "Tab", "Up": "Up", "Down": "Down", "Left": "Left", "Right": "Right",
    "Delete": "Delete", "Backspace": "BackSpace", "Space": "space", "Home": "Home", "End": "End", "PgUp": "Prior",
    "PgDn": "Next", "Shift": _SHIFT, "Ctrl": "Control_L", "Alt": "Alt_L",
}  # fmt: skip
_SIGNS = {
    " ": "space", "*": "asterisk", "-": "minus", ".": "period", ",": "comma", "(": "parenleft", ")": "parenright",
    "/": "slash", ":": "colon", "+": "plus", "%": "percent", "$": "dollar", "=": "equal", "?": "question", "'":
    "apostrophe", "&": "ampersand", "_": "underscore", ";": "semicolon", "#": "numbersign", "@": "at", "<": "less",
    ">": "greater", "!": "exclam", "[": "bracketleft", "]": "bracketright",
}  # fmt: skip


class Hands:
    """Presses keys and moves the mouse of one display; every pause is in milliseconds."""

    def __init__(self, display: str) -> None:
        """Open the display; OSError where there is none, or no XTEST."""
        self._x = ctypes.CDLL(find_library("X11") or "libX11.so.6")
        self._test = ctypes.CDLL(find_library("Xtst") or "libXtst.so.6")
        self._x.XOpenDisplay.restype = ctypes.c_void_p
        self._x.XStringToKeysym.restype = ctypes.c_ulong
        opened = self._x.XOpenDisplay(display.encode())
        if not opened:
            raise OSError(f"no display {display}")
        self._display = ctypes.c_void_p(opened)
        self._codes: dict[str, tuple[int, bool]] = {}
        self.pressed = 0

    def close(self) -> None:
        """Let the display go."""
        self._x.XCloseDisplay(self._display)

    def type(self, text: str, pause_ms: int = 60) -> None:
        """Type signs one after the other, each so long after the one before."""
        self._type(text, pause_ms)
        self._flush()

    def _type(self, text: str, pause_ms: int) -> None:
        for sign in text:
            self._stroke(_SIGNS.get(sign, sign), pause_ms)

    def press(self, *keys: str, pause_ms: int = 60) -> None:
        """Press keys by name, or with others held down: "F9", "Shift+F2", "Alt+2", "3"."""
        self._press(keys, pause_ms)
        self._flush()

    def _press(self, keys: Iterable[str], pause_ms: int) -> None:
        for key in keys:
            *held, last = key.split("+") if len(key) > 1 else [key]
            last = last.lower() if held and len(last) == 1 else last  # no Shift that nobody named
            for one in held:
                self._send(self._code(_NAMES[one])[0], down=True, after_ms=pause_ms)
            self._stroke(_NAMES.get(last, _SIGNS.get(last, last)), 1 if held else pause_ms)
            for one in reversed(held):
                self._send(self._code(_NAMES[one])[0], down=False, after_ms=1)

    def scan(self, text: str, end: str = "Enter", pause_ms: int = 4) -> None:
        """Let a scanner type: a sign every few milliseconds and what it is set to end with ("" for nothing).

        The server has all of it before the first sign is due: nothing but the server's own clock sets the pace.
        """
        self._stroke(_SIGNS.get(text[0], text[0]), pause_ms, _RAISED_MS)
        self._type(text[1:], pause_ms)
        self._press([end] if end else [], pause_ms)
        self._flush()

    def hold(self, key: str, for_ms: int) -> None:
        """Hold a key down so long: the server repeats it as a keyboard does."""
        code, _ = self._code(_NAMES.get(key, key))
        self._send(code, down=True, after_ms=60)
        self._send(code, down=False, after_ms=for_ms)
        self._flush()

    def click(self, x: int, y: int, times: int = 1) -> None:
        """Click where something is on the screen."""
        self._test.XTestFakeMotionEvent(self._display, -1, x, y, ctypes.c_ulong(10))
        for _ in range(times):
            self._test.XTestFakeButtonEvent(self._display, 1, 1, ctypes.c_ulong(30))
            self._test.XTestFakeButtonEvent(self._display, 1, 0, ctypes.c_ulong(20))
        self._flush()

    def mark(self, window: int, number: int) -> None:
        """Put a number on a window after everything pressed so far: who sees it has had every key."""
        atom = self._x.XInternAtom(self._display, b"_GONGJI_HANDS", 0)
        value = ctypes.c_long(number)
        self._x.XChangeProperty(
            self._display,
            ctypes.c_ulong(window),
            ctypes.c_ulong(atom),
            ctypes.c_ulong(6),
            32,
            0,
            ctypes.byref(value),
            1,
        )
        self._flush()

    def _stroke(self, name: str, pause_ms: int, more_ms: int = 0) -> None:
        code, shifted = self._code(name)
        down_ms = min(20, pause_ms // 2)
        after_ms = more_ms + pause_ms - down_ms
        shift, _ = self._code(_SHIFT) if shifted else (0, False)
        if shifted:
            self._send(shift, down=True, after_ms=after_ms)
        self._send(code, down=True, after_ms=0 if shifted else after_ms)
        self._send(code, down=False, after_ms=down_ms)
        if shifted:
            self._send(shift, down=False, after_ms=0)

    def _send(self, code: int, *, down: bool, after_ms: int) -> None:
        self.pressed += down
        self._test.XTestFakeKeyEvent(self._display, code, int(down), ctypes.c_ulong(after_ms))

    def _code(self, name: str) -> tuple[int, bool]:
        """Return a key's code and whether Shift is held with it."""
        if name not in self._codes:
            sign = self._x.XStringToKeysym(name.encode())
            assert sign, name
            code = self._x.XKeysymToKeycode(self._display, ctypes.c_ulong(sign))
            assert code, name
            self._x.XkbKeycodeToKeysym.restype = ctypes.c_ulong
            plain = self._x.XkbKeycodeToKeysym(self._display, ctypes.c_ubyte(code), 0, 0)
            self._codes[name] = (code, plain != sign)
        return self._codes[name]

    def _flush(self) -> None:
        self._x.XSync(self._display, 0)
