"""Several pages of a screen, one at a time, under a row of their names; each has a key of its own."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QStackedWidget, QTabBar, QWidget

from gongji.gui.kit import tokens
from gongji.gui.kit.layout import column, put
from gongji.gui.shell.screen import ScreenKey

_FIRST_KEY = 2


class ScreenPage(QWidget):
    """A page; it reads its data when first shown and after changes that concern it."""

    first_field: QWidget | None = None
    """Where one begins on it."""

    def refresh(self) -> None:
        """Read the data again."""

    def enter(self) -> None:
        """Focus the first field."""
        if self.first_field is not None:
            self.first_field.setFocus()


class _Bar(QTabBar):
    """The row of names. The wheel changes no page: what was typed on one would disappear."""

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802  # Qt's name
        """Leave the wheel to the surrounding widget."""
        event.ignore()


class _Shown(QStackedWidget):
    """Needs no more room than the page that is shown."""

    def minimumSizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """Return what the page that is shown needs."""
        if not self.count():
            return super().minimumSizeHint()
        shown = self.currentWidget()
        return shown.minimumSizeHint().expandedTo(shown.minimumSize())


class Pages(QWidget):
    """The pages, from F2 on."""

    def __init__(
        self,
        pages: Sequence[tuple[str, ScreenPage | Callable[[], ScreenPage]]],
        last_key: int = 12,
    ) -> None:
        """Begin with the first; none reads data before it is shown, and one given as a function is not made before.

        Pages behind the one of `last_key` have no key: Tab and the arrows reach them in the row of names.
        """
        super().__init__()
        self._pages = [page for _, page in pages]
        self._names = [name for name, _ in pages]
        self._keys = range(_FIRST_KEY, last_key + 1)
        self._stale = set(range(len(pages)))
        self.bar = _Bar()
        self.bar.setExpanding(False)
        self.bar.setDrawBase(False)
        self.bar.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._stack = _Shown()
        for place, (name, page) in enumerate(pages):
            self.bar.addTab(f"{name}  F{_FIRST_KEY + place}" if place < len(self._keys) else name)
            self._stack.addWidget(page if isinstance(page, ScreenPage) else QWidget())
        put(column(self, margin=0, spacing=tokens.STEP), self.bar, (self._stack, 1))
        self.bar.currentChanged.connect(self._turned)

    @property
    def current(self) -> ScreenPage:
        """The page that is shown."""
        return self.page(self._stack.currentIndex())

    @property
    def made(self) -> list[ScreenPage]:
        """The pages that are there already."""
        return [one for one in self._pages if isinstance(one, ScreenPage)]

    def page(self, place: int) -> ScreenPage:
        """Return a page, made now where it was not shown yet."""
        page = self._pages[place]
        if isinstance(page, ScreenPage):
            return page
        made = self._pages[place] = page()
        before, shown = self._stack.widget(place), self._stack.currentIndex()
        self._stack.insertWidget(place, made)
        self._stack.removeWidget(before)
        self._stack.setCurrentIndex(shown)
        before.deleteLater()
        return made

    def keys(self) -> tuple[ScreenKey, ...]:
        """Return a key for each page."""
        return tuple(
            ScreenKey(f"F{number}", name, partial(self.turn_to, place))
            for place, (number, name) in enumerate(zip(self._keys, self._names, strict=False))
        )

    def turn_to(self, place: int) -> None:
        """Show a page and go on in it."""
        if self.bar.currentIndex() == place:
            self.current.enter()
        self.bar.setCurrentIndex(place)

    def refresh(self) -> None:
        """Refresh the shown page now, and every other when it is next shown."""
        self._stale = set(range(len(self._pages)))
        self._read()

    def _turned(self, place: int) -> None:
        self.page(place)
        self._stack.setCurrentIndex(place)
        self._stack.updateGeometry()
        self._read()
        self.current.enter()

    def _read(self) -> None:
        place = self._stack.currentIndex()
        if place in self._stale:
            self._stale.discard(place)
            self.page(place).refresh()
