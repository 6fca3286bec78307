"""The only module that shows errors and questions. Nothing here blocks: an answer comes by a callback."""

from collections.abc import Callable

from PySide6.QtCore import SIGNAL, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QWidget,
)

from gongji.core.scanned_code import ScannedCode
from gongji.errors import GongjiError
from gongji.gui.background.lazy import manual
from gongji.gui.kit import tokens
from gongji.gui.kit.layout import REST, column, label, put, scroll_page
from gongji.gui.kit.style import set_role
from gongji.gui.kit.typing_place import ENTERS

Act = Callable[[], object]
_WIDTH = 460
_QUIET_MS = 700
"""How long no key is pressed before a sheet that opened by itself accepts keys: a typing person pauses less."""
_FRAME, _TITLE_BAR = 8, 36
"""Pixels that a window manager adds around a sheet."""
_RETURN_PRESSED = SIGNAL("returnPressed()")


class ActButton(QPushButton):
    """A button that Enter presses, too, when it has the focus, in a sheet and on a screen alike."""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Press on Enter, once however long it is held."""
        if event.key() in ENTERS:
            if not event.isAutoRepeat():
                self.click()
        else:
            super().keyPressEvent(event)


class Dialog(QDialog):
    """A sheet above a window: a heading, a body, buttons in a row; Esc closes it.

    One that only shows something closes for a scanned code (`gives_way`); any other says that it has to be finished
    first.
    """

    gives_way = False

    def __init__(self, parent: QWidget | None, title: str, width: int = _WIDTH) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(width)
        self._held: QLabel | None = None
        self._quiet = QTimer(self, singleShot=True, interval=_QUIET_MS)
        self.body = column(self, margin=2 * tokens.GAP)
        self.body.addWidget(label(title, "heading", wrap=True))

    def say(self, text: str, part: str = "") -> QLabel:
        """Add a sentence."""
        one = label(text, part, wrap=True)
        one.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.body.addWidget(one)
        return one

    def open(self) -> None:
        """Open, as high as the sentences need at this width."""
        if not self.testAttribute(Qt.WidgetAttribute.WA_Resized) and self.body.hasHeightForWidth():
            width = max(self.minimumWidth(), self.sizeHint().width())
            self.resize(width, self.body.totalHeightForWidth(width))
        self._fit_screen()
        super().open()

    def grow(self) -> None:
        """Become as high as the sentences need that have changed since it was opened, as far as the screen allows."""
        needed = self.body.totalHeightForWidth(self.width()) if self.layout() is self.body else 0
        if needed > self.height():
            self.resize(self.width(), needed)
            self._fit_screen()

    def open_by_itself(self) -> None:
        """Open unasked: keys of somebody who is typing answer nothing, until they pause."""
        self._quiet.timeout.connect(self.focusWidget().setFocus)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.open()
        self.setFocus()
        self._quiet.start()

    @property
    def is_waiting(self) -> bool:
        """Return whether it opened unasked and nobody has paused yet to see it."""
        return self._quiet.isActive()

    def _waits_on(self) -> bool:
        """Wait for a pause again, and say so, where a key was pressed before there was one; return whether it was."""
        if not self.is_waiting:
            return False
        self._quiet.start()
        self._say_held("刚才按的键没有录入：请先看这里，停一下再按。")
        return True

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, FBT001, N802  # Qt's names
        """Keep Tab, which arrives before other keys, from answering before there was a pause."""
        return self._waits_on() or super().focusNextPrevChild(next)

    def _fit_screen(self) -> None:
        """Make what is above the buttons scroll where the screen is smaller than the sheet."""
        screen = self.screen().availableGeometry()
        room = screen.size() - QSize(_FRAME, _FRAME + _TITLE_BAR)
        needed = self.body.totalMinimumSize().expandedTo(self.size())
        if needed.height() <= room.height() and needed.width() <= room.width():
            return
        focused = self.focusWidget()
        last = self.body.count() - 1
        buttons = self.body.takeAt(last) if self.body.itemAt(last).layout() is not None else None
        inside = QWidget()
        inside.setLayout(self.body)  # which takes all its content along
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidgetResizable(True)
        bar = area.verticalScrollBar().sizeHint().width()  # else what is as wide as the sheet would move sideways too
        inside.setMinimumWidth(min(self.minimumWidth(), needed.width(), room.width() - bar))
        area.setWidget(inside)
        whole = put(column(self, margin=0, spacing=tokens.STEP + 2), (area, 1))
        row = None if buttons is None else buttons.layout()
        if row is not None:
            row.setContentsMargins(2 * tokens.GAP, 0, 2 * tokens.GAP, 2 * tokens.GAP)
            whole.addLayout(row)
        self.setMinimumWidth(min(self.minimumWidth(), room.width()))
        self.resize((needed + QSize(bar, 0)).boundedTo(room))
        if focused is not None:  # a widget moved into another one loses the focus, and typing would begin at a button
            focused.setFocus()
            area.ensureWidgetVisible(focused)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Press the first button on Enter, unless the focused field handles it."""
        if self._waits_on():
            return
        if event.key() in ENTERS:
            focus = self.focusWidget()
            has_own = isinstance(focus, QLineEdit) and focus.receivers(_RETURN_PRESSED) > 0
            has_own |= isinstance(focus, ActButton)  # it handles its own: this one has just led from a field to it
            if event.isAutoRepeat() or has_own:
                return
        elif event.key() == Qt.Key.Key_F1:
            self.help()
            return
        elif scroll_page(self, event.key()):
            return
        super().keyPressEvent(event)

    def help(self) -> None:
        """F1: open the manual at this sheet's page, or at what it says."""
        manual().open_for_sheet(self)

    def takes_scan(self, code: ScannedCode) -> bool:  # noqa: ARG002  # what a sheet that takes scans asks
        """Take a scanned code where the sheet wants it; return whether it was taken."""
        return False

    def hold_scan(self, text: str) -> None:
        """Show that a scanned code was not used, since this has to be finished first."""
        self._say_held(f"扫到了 {text[:6]}…，没有录入：请先做完或关闭这个窗口，再扫一次。")

    def _say_held(self, text: str) -> None:
        if self._held is None:
            self._held = self.say("", "wrong")
            self.body.insertWidget(self.body.count() - 3, self._held)  # above the buttons and their margin
        self._held.setText(text)

    def buttons(self, *buttons: QPushButton) -> None:
        """Add a row of buttons at the right; Enter presses the first."""
        buttons[0].setDefault(True)
        self.body.addSpacing(tokens.STEP)
        if not any(self.body.stretch(place) for place in range(self.body.count())):
            self.body.addStretch(1)  # else left-over room would come between the sentences
        self.body.addLayout(put(QHBoxLayout(), REST, *reversed(buttons)))
        buttons[0].setFocus()


class SideWindow(QDialog):
    """A window beside the work, which blocks nothing and asks nothing: it closes for a scanned code."""


def button(text: str, pressed: Act, part: str = "") -> QPushButton:
    """Return a button that does something."""
    one = ActButton(text)
    one.setAutoDefault(False)
    one.clicked.connect(pressed)
    if part:
        set_role(one, part)
    return one


def trouble(parent: QWidget | None, error: GongjiError) -> Dialog:
    """Show an external error and what to do about it."""
    sheet = Dialog(parent, error.title)
    sheet.say(error.advice)
    sheet.body.addWidget(button("怎么回事、怎么办  F1", sheet.help, "link"))
    sheet.buttons(button("知道了", sheet.accept, "main"))
    sheet.open_by_itself()
    return sheet


def tell(parent: QWidget | None, title: str, *sentences: str) -> Dialog:
    """Show sentences that need no answer; closes for a scanned code."""
    sheet = Dialog(parent, title)
    sheet.gives_way = True
    for sentence in sentences:
        sheet.say(sentence)
    sheet.buttons(button("知道了", sheet.accept, "main"))
    sheet.open()
    return sheet


def ask(
    parent: QWidget | None,
    title: str,
    sentences: tuple[str, ...],
    yes: tuple[str, Act],
    no: str = "取消",
    or_else: tuple[tuple[str, Act], ...] = (),
) -> Dialog:
    """Ask before an irreversible act: `yes` is its word and what it does, `or_else` further ones."""
    sheet = Dialog(parent, title)
    for sentence in sentences:
        sheet.say(sentence)
    word, act = yes
    others = [button(other, closing(sheet, instead)) for other, instead in or_else]
    sheet.buttons(button(word, closing(sheet, act), "main"), *others, button(no, sheet.reject))
    sheet.open()
    return sheet


def closing(sheet: Dialog, act: Callable[[], object]) -> Act:
    """Return an act that closes a sheet first."""

    def close_and_act() -> None:
        sheet.accept()
        act()

    return close_and_act
