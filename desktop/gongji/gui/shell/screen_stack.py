"""The screens of the window: each is made when first shown, and scrolled where there is less room than it needs."""

from importlib import import_module

from msgspec import Struct
from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget

from gongji.gui.kit.layout import ScrolledBothWays
from gongji.gui.shell.screen import Screen
from gongji.gui.shell.workspace import Workspace


class ScreenEntry(Struct, frozen=True):
    """A screen: its name in code and in the navigation, and its class."""

    name: str
    title: str
    class_name: str


SCREENS = (
    ScreenEntry("counter", "收费", "CounterScreen"),
    ScreenEntry("records", "记录", "RecordsScreen"),
    ScreenEntry("upload", "上传", "UploadScreen"),
    ScreenEntry("closing", "日结", "ClosingScreen"),
    ScreenEntry("statistics", "统计", "StatisticsScreen"),
    ScreenEntry("policies", "政策", "PoliciesScreen"),
    ScreenEntry("data", "资料", "DataScreen"),
    ScreenEntry("settings", "设置", "SettingsScreen"),
)
"""In the order of the navigation. Another one is a folder with `screen.py` and a line here."""


class ScreenStack(QStackedWidget):
    """The screens that were shown so far, one of them in sight."""

    def __init__(self, station: Workspace) -> None:
        super().__init__()
        self._station = station
        self.screens: dict[str, Screen] = {}

    @property
    def shown(self) -> Screen:
        """The screen that is shown."""
        found = self.currentWidget()
        assert isinstance(found, Framed)
        return found.shown

    @property
    def name_shown(self) -> str:
        """The name of the screen that is shown."""
        return next(name for name, screen in self.screens.items() if screen is self.shown)

    def named(self, name: str) -> Screen:
        """Return a screen, made now where it was not shown yet."""
        if name not in self.screens:
            entry = next(one for one in SCREENS if one.name == name)
            made: type[Screen] = getattr(import_module(f"gongji.gui.{name}.screen"), entry.class_name)
            self.screens[name] = made(self._station)
            self.addWidget(Framed(self.screens[name]))
        return self.screens[name]

    def show_screen(self, name: str) -> Screen:
        """Put a screen in sight and return it; the one before is notified that it is hidden."""
        screen, before = self.named(name), self.currentWidget()
        if isinstance(before, Framed) and before.shown is not screen:
            before.shown.go()
        self.setCurrentIndex(list(self.screens).index(name))
        return screen


class Framed(ScrolledBothWays):
    """A screen in a frame that scrolls it where there is less room than it needs."""

    def __init__(self, screen: Screen) -> None:
        self.shown = screen  # first: from now on the area sees its events
        super().__init__(screen)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Give the screen its minimum size: as it declares, and as its content needs now."""
        self._give_room()
        super().resizeEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Measure again when the content has grown, as after turning to a page; nothing is squeezed."""
        if watched is self.shown and event.type() == QEvent.Type.LayoutRequest and any(self.shown.least):
            self._give_room()
        return super().eventFilter(watched, event)

    def _give_room(self) -> None:
        least = QSize(*self.shown.least).expandedTo(self.shown.minimumSizeHint())
        if self.shown.minimumSize() != least:
            self.shown.setMinimumSize(least)
