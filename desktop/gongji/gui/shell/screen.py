"""The base of all screens, and binding keys."""

from collections.abc import Callable

from msgspec import Struct
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from gongji.desk.changes import Changed
from gongji.gui.kit.style import set_role
from gongji.gui.shell.workspace import Workspace


class ScreenKey(Struct, frozen=True):
    """A key of a screen: its name, its word in the key bar (none: not shown there), and its act."""

    key: str
    word: str
    act: Callable[[], object]


def shortcut(keys: str | QKeySequence.StandardKey, where: QWidget, act: Callable[[], object]) -> QShortcut:
    """Bind a key in a window or a sheet; its automatic repeats are ignored."""
    one = QShortcut(QKeySequence(keys), where)
    one.setAutoRepeat(False)
    one.activated.connect(act)
    return one


class Screen(QWidget):
    """A screen. `watches` names the changes after which it refreshes; a hidden one does so when it is next shown."""

    watches = Changed.NOTHING
    first_field: QWidget | None = None
    """Where one begins on it."""
    least = (720, 520)
    """The least width and height in pixels; where there is less, it is scrolled."""

    def __init__(self, station: Workspace) -> None:
        """Build the widgets; no data is read before the screen is first shown."""
        super().__init__()
        self.station = station
        self._is_stale = True
        self.is_shown = False
        set_role(self, "ground")

    def keys(self) -> tuple[ScreenKey, ...]:
        """Return the keys of this screen, in the order of the key bar."""
        return ()

    def refresh(self) -> None:
        """Read the data again."""

    def enter(self) -> None:
        """Focus the first field."""
        if self.first_field is not None:
            self.first_field.setFocus()

    def come(self) -> None:
        """React to being shown."""
        self.is_shown = True
        if self._is_stale:
            self._is_stale = False
            self.refresh()
        self.enter()

    def go(self) -> None:
        """React to being hidden."""
        self.is_shown = False

    def finish_typing(self) -> str:
        """Commit a cell being edited before a key acts; return what is wrong with it, and then the key does not act."""
        return ""

    def refuse_key(self, why: str) -> None:
        """Show why a key does nothing now."""

    def note_change(self, changed: Changed) -> None:
        """Refresh after a change that concerns this screen, now or when it is next shown."""
        if changed & self.watches:
            if self.is_shown:
                self.refresh()
            else:
                self._is_stale = True
