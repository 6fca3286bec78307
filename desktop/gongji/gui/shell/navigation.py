"""The navigation at the window's left: the program's name, a button for each screen, who sits here."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from gongji.desk.session import Session
from gongji.gui.kit import tokens
from gongji.gui.kit.layout import REST, column, label, put, tip
from gongji.gui.kit.style import set_role
from gongji.gui.shell.screen_stack import SCREENS

CHANGE_KEY = "Ctrl+L"
_BRAND, _BRAND_LOW = 60, 40
"""Pixels: the height of the program's name, and its height on a low window."""


class Navigation(QWidget):
    """Reports which screen is `chosen`, by its name, and that another operator is wanted (`change_wanted`)."""

    chosen = Signal(str)
    change_wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        set_role(self, "navigation")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._buttons: dict[str, QPushButton] = {}
        self._brand = label("共济结算台", "brand")
        self._brand.setAlignment(Qt.AlignmentFlag.AlignCenter)
        group = QButtonGroup(self)
        for place, entry in enumerate(SCREENS, 1):
            one = _button(entry.title, f"Ctrl+{place}")
            one.setCheckable(True)
            one.clicked.connect(lambda _=False, name=entry.name: self.chosen.emit(name))
            group.addButton(one)
            self._buttons[entry.name] = one
        sitting = label(f"{session.operator} · {session.clinic.counter} 台", "sitting", wrap=True)
        sitting.setContentsMargins(tokens.EDGE, 0, 0, tokens.EDGE)
        down = put(column(self, margin=0, spacing=2), self._brand, *self._buttons.values(), REST, sitting)
        if not session.clinic.training:
            change = _button("换操作员", CHANGE_KEY)
            change.clicked.connect(self.change_wanted)
            down.addWidget(change)
        self.show_less(narrow=False, low=False)

    def mark(self, name: str) -> None:
        """Mark the button of the screen that is shown."""
        self._buttons[name].setChecked(True)

    def show_less(self, *, narrow: bool, low: bool) -> None:
        """Take less room on a narrow or a low window."""
        self.setFixedWidth(tokens.NAVIGATION_NARROW if narrow else tokens.NAVIGATION_WIDTH)
        self._brand.setFixedHeight(_BRAND_LOW if low else _BRAND)


def _button(word: str, key: str) -> QPushButton:
    one = set_role(QPushButton(word), "navigate")
    one.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    one.setToolTip(tip(key))
    return one
