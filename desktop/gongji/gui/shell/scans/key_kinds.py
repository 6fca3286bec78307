"""What kind of key was pressed: a character that a code may have, an end sign, a key that acts; and its place."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from gongji.gui.kit.typing_place import COMMANDS, ENTERS, REMOVING, typed_through
from gongji.gui.shell.scans.burst import SEPARATOR
from gongji.gui.shell.scans.watching import place_of_keys

MODIFIERS = {
    Qt.Key.Key_Shift, Qt.Key.Key_CapsLock, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr,
    Qt.Key.Key_NumLock, Qt.Key.Key_ScrollLock,
}  # fmt: skip
ENDS = {*ENTERS, Qt.Key.Key_Tab, Qt.Key.Key_Backtab}
_ONCE = {Qt.Key.Key_Escape, *(getattr(Qt.Key, f"Key_F{number}") for number in range(1, 13))}
"""Keys that act once, however long they are held; so does any character with Ctrl or Alt."""
_FIRST_SIGN, _LAST_SIGN = Qt.Key.Key_Space, Qt.Key.Key_AsciiTilde


def acts_once(event: QKeyEvent) -> bool:
    """Return whether a key acts once, however long it is held."""
    with_more = bool(event.modifiers() & COMMANDS)
    return event.key() in _ONCE or (with_more and _FIRST_SIGN <= event.key() <= _LAST_SIGN)


def removes_rows(place: QWidget, event: QKeyEvent) -> bool:
    """Return whether a key would remove rows of a list."""
    return event.key() in REMOVING and isinstance(place, QAbstractItemView)


def typed_place() -> QWidget | None:
    """Return where a key ends up: a list of offers, open or just closed, passes it to its field."""
    place = place_of_keys()
    return None if place is None else typed_through(place)


def does_something(field: QWidget, sign: str) -> bool:
    """Return whether a character does more in a field than being typed: it may choose a search result."""
    acts_on: Callable[[str], bool] | None = getattr(field, "acts_on", None)
    return acts_on is not None and acts_on(sign)


def sign_of(event: QKeyEvent) -> str:
    """Return the character that a key types; empty where it is none a code can have."""
    text = event.text()
    if text == SEPARATOR:
        return text
    if event.modifiers() & COMMANDS or len(text) != 1 or not text.isascii() or not text.isprintable():
        return ""
    return text


def is_command(event: QEvent) -> bool:
    """Return whether a key may be a shortcut (F9, Esc, Ctrl+1); characters and Enter are judged when pressed."""
    assert isinstance(event, QKeyEvent)
    return event.key() not in MODIFIERS and event.key() not in ENDS and not sign_of(event)
