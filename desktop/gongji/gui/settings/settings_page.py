"""A page of 设置: fields, a save button, and a line for the result."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from gongji.gui.kit import tokens
from gongji.gui.kit.layout import REST, Scroll, card, column, label, put, row
from gongji.gui.kit.style import set_role
from gongji.gui.shell.pages import ScreenPage
from gongji.gui.shell.workspace import Workspace

_WIDTH = 640


class SettingsPage(ScreenPage):
    """A card at the left with a heading."""

    def __init__(self, station: Workspace, title: str, width: int = _WIDTH) -> None:
        """Build the card; the subclass fills `body`."""
        super().__init__()
        self.station = station
        inside = set_role(QWidget(), "inside")
        put(column(self, margin=0), Scroll(inside))
        frame: QFrame = card()
        frame.setMaximumWidth(width)  # narrower where the screen is
        put(column(inside, margin=0), frame, REST)
        self.body: QVBoxLayout = put(column(frame, margin=tokens.EDGE + 4), label(title, "heading"))
        self.said = label("", "muted", wrap=True)

    def add_acts(self, *acts: QPushButton) -> None:
        """Add a row of buttons at the left."""
        self.body.addLayout(put(row(spacing=2 * tokens.STEP), *acts, REST))

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Show a result."""
        set_role(self.said, "wrong" if wrong else "muted").setText(text)

    def keep(self, work: Callable[[], object], done: str) -> None:
        """Run an act that changes settings, and show that it is done or what prevents it."""

        def kept(_: object) -> None:
            self.say(done)
            self.refresh()

        self.station.jobs.write(work, kept, self.failed, owner=self)

    def failed(self, error: BaseException) -> None:
        """Show the error; a bug is reported."""
        self.station.tell_or_fail(error, partial(self.say, wrong=True))
