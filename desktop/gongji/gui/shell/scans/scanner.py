"""扫码: what a scanner or card reader types goes where it belongs, whatever has the focus, and into no field.

It types like a keyboard, only faster (`burst`). Characters arrive in a field at once, since they may be a person's;
once a scan is recognised the field is restored and the rest is swallowed, with the end sign. Elsewhere a
character may choose or press something that cannot be undone: there the first ones are held back for as long as no
person would notice, and then delivered in order, before anything else that is pressed or clicked.
"""

import time

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from gongji.core.scanned_code import read_scanned
from gongji.gui.kit.dialogs import Dialog
from gongji.gui.kit.typing_place import TypingPlace, is_typed_into, place_of, typed_through
from gongji.gui.shell.scans.burst import ECHO_MS, LATE_MS, NEXT_MS, SEPARATOR, Burst
from gongji.gui.shell.scans.composing_scan import ComposingScan
from gongji.gui.shell.scans.key_kinds import (
    ENDS,
    MODIFIERS,
    acts_once,
    does_something,
    is_command,
    removes_rows,
    sign_of,
    typed_place,
)
from gongji.gui.shell.scans.watching import ActsElsewhere, FocusFilter, place_of_keys
from gongji.gui.shell.scans.x_keys import HeldKeys

_LATE_TURN_MS = 20
_WATCHED_MS = LATE_MS + ECHO_MS
"""How long after a character other events may still belong to it."""


class Scanner(QObject):
    """Watches every key of the application for bursts from a scanner."""

    scanned = Signal(str)

    def __init__(self, window: QWidget) -> None:
        """Watch the keys of a window and of its sheets."""
        super().__init__(window)
        self._window = window
        self._burst = Burst()
        self._place: TypingPlace | None = None
        self._begun_in: QWidget | None = None
        self._held: list[QKeyEvent] = []
        self._held_keys = HeldKeys()
        self._is_x = QGuiApplication.platformName() == "xcb"
        self._replaying = False
        self._due_ms = 0.0
        self._last_ms = 0.0  # by the clock of the key events, which need not be ours
        self._silence = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._silence.timeout.connect(self._silent)
        self._elsewhere = ActsElsewhere(self)
        self._elsewhere.acted.connect(self._acted_elsewhere)
        self._watching = QTimer(self, singleShot=True, interval=_WATCHED_MS)
        self._watching.timeout.connect(self._watch_less)
        self._keys = FocusFilter(self)
        self._composing = ComposingScan(self)
        self._composing.scanned.connect(self._scanned_beneath)

    def _finish(self) -> None:
        """Pass on a scan without an end sign, or deliver what was held back."""
        self._silence.stop()
        if self._burst.is_scan:
            self._hand_on(self._last_ms + LATE_MS)
        else:  # it was no scanner
            held, self._held = self._held, []
            for one in held:
                self._press(one)
        self._burst.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Hold back and take back what a scanner types; pass on everything else."""
        kind = event.type()
        if self._replaying:
            return False
        if kind == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent):
            self._held_keys.note_release(event.key(), event.timestamp())
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if not isinstance(watched, QWidget) or typed_through(watched) is not typed_place():
                return False
            place = typed_through(watched)
            return self._is_ours(place) and self._take(place, event)
        if kind == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._acts_again(event):
            event.accept()  # else the key would act again and again while it is held
            return True
        if kind == QEvent.Type.ShortcutOverride and is_command(event):
            self._do_first()
        return False

    def _acted_elsewhere(self) -> None:
        if not self._replaying:
            self._do_first()

    def _do_first(self) -> None:
        """Deliver what was held back before whatever else a person does."""
        self._burst.no_more_echo()
        if self._burst or self._held:
            self._finish()

    def _watch_everything(self) -> None:
        """Watch other events, for as long as they may belong to the characters that come."""
        self._elsewhere.begin()
        self._watching.start()

    def _watch_less(self) -> None:
        if self._burst or self._held:
            self._watching.start()
        else:
            self._elsewhere.end()

    def _is_ours(self, widget: QWidget | None) -> bool:
        """Return whether a widget is in the window, or in a sheet above it."""
        while widget is not None and widget is not self._window:
            widget = widget.parentWidget()
        return widget is not None

    def _take(self, focus: QWidget, event: QKeyEvent) -> bool:
        """Return whether a key is withheld from its target."""
        now_ms = self._last_ms = event.timestamp() or _now_ms()
        if event.key() in MODIFIERS:  # a scanner types a capital with it
            self._burst.wait_for_shift(now_ms)
            return False
        if event.key() in ENDS:
            return self._is_held_down(event) or self._end(focus, event, now_ms)
        if self._acts_again(event) or (removes_rows(focus, event) and self._is_held_down(event)):
            return True
        self._burst.no_more_echo()
        sign = sign_of(event)
        if not sign or self._is_held_down(event):  # no scanner holds a key down
            return self._after_what_was_held(focus, event)
        return self._sign(focus, event, sign, now_ms)

    def _acts_again(self, event: QKeyEvent) -> bool:
        """Return whether an acting key is only held down."""
        return acts_once(event) and self._is_held_down(event)

    def _is_held_down(self, event: QKeyEvent) -> bool:
        """Return whether a key is held down: Enter would go on from field to button and press it."""
        if not self._is_x:
            return event.isAutoRepeat()
        return self._held_keys.is_held(event.key(), event.timestamp(), repeated=event.isAutoRepeat())

    def _sign(self, focus: QWidget, event: QKeyEvent, sign: str, now_ms: float) -> bool:
        self._watch_everything()
        if not self._burst.goes_on(now_ms) or not self._is_same_place(focus):
            self._finish()
            focus = typed_place() or focus
        if not self._burst:
            self._begun_in = focus
            self._place = place_of(focus)
        was_scan = self._burst.is_scan
        self._burst.add(sign, now_ms, typed_into=self._place is not None)
        if self._burst.is_scan:
            if not was_scan:
                self._take_back()
            self._wait(LATE_MS)
            return True
        if sign == SEPARATOR or not (self._place is None or self._held or does_something(focus, sign)):
            return sign == SEPARATOR
        self._held.append(QKeyEvent(event))
        self._wait(NEXT_MS)
        return True

    def _is_same_place(self, focus: QWidget) -> bool:
        """Return whether the focus is where the burst began: no scanner moves to another field."""
        if not self._burst or focus is self._begun_in:
            return True
        return self._place is not None and self._place.holds(focus)

    def _end(self, focus: QWidget, event: QKeyEvent, now_ms: float) -> bool:
        typed_into = self._place is not None if self._burst else is_typed_into(focus)
        if self._burst.ends(now_ms, typed_into=typed_into):
            self._burst.is_scan = True
            self._hand_on(now_ms)
            return True
        if self._burst.is_echo(now_ms):
            return True
        if self._burst.is_scan:  # so late that it is a person's: the scan comes first
            self._finish()
            self._press(event)
            return True
        self._burst.clear()
        return self._after_what_was_held(focus, event)

    def _after_what_was_held(self, focus: QWidget, event: QKeyEvent) -> bool:
        """Deliver what was held back before a key; the key goes where the focus is by then."""
        if not self._held and not self._burst.is_scan:
            self._burst.clear()
            return False
        self._finish()
        if QApplication.focusWidget() is focus:
            return False
        self._press(event)
        return True

    def _wait(self, for_ms: float) -> None:
        self._due_ms = _now_ms() + for_ms
        self._silence.start(int(for_ms))

    def _silent(self) -> None:
        # the window was busy: keys that came meanwhile are processed first
        if _now_ms() - self._due_ms > _LATE_TURN_MS:
            self._wait(NEXT_MS)
        else:
            self._finish()

    def _hand_on(self, now_ms: float) -> None:
        """Emit what was scanned; what was held back of it is dropped."""
        self._watch_everything()
        text = self._burst.text
        self._forget()
        self._burst.note_end(now_ms)
        self.scanned.emit(text)

    def _scanned_beneath(self, text: str) -> None:
        """Pass on what was kept from an input method; the characters that got through before are removed."""
        self._forget()
        self.scanned.emit(text)

    def _forget(self) -> None:
        self._silence.stop()
        self._burst.clear()
        self._held.clear()
        self._place = None

    def _take_back(self) -> None:
        """Restore what the first characters changed."""
        self._held.clear()
        if self._place is not None:
            self._replaying = True
            try:
                self._place.put_back()
            finally:
                self._replaying = False

    def _press(self, event: QKeyEvent) -> None:
        """Press a key where the focus is now: the key before may have moved it."""
        self._replaying = True
        try:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                target = place_of_keys()
                if target is None or not shiboken6.isValid(target):
                    return
                again = QKeyEvent(kind, event.key(), event.modifiers(), event.text())
                QCoreApplication.sendEvent(target, again)
        finally:
            self._replaying = False


def hold_scans(sheet: Dialog) -> None:
    """Keep what a scanner types out of a sheet with no window behind it, and of any sheet above it, while it exists.

    At the first start and the login there is no counter yet to hand a code to: the sheet takes it, or says that it was
    not used.
    """

    def scanned(text: str) -> None:
        above = QApplication.activeModalWidget() or sheet
        if not isinstance(above, Dialog):
            QApplication.beep()  # Qt's own, for a file: there is no place in it to say anything
        elif not above.takes_scan(read_scanned(text)):
            above.hold_scan(text)

    Scanner(sheet).scanned.connect(scanned)


def _now_ms() -> float:
    return time.perf_counter() * 1000
