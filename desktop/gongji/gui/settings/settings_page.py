"""A page of 设置: fields, a save button, and a line for the result."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from gongji.gui.kit import tokens
from gongji.gui.kit.layout import Scroll, card, column, label, row
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
        inside = QWidget()
        set_role(inside, "inside")
        down = column(inside, margin=0)
        column(self, margin=0).addWidget(Scroll(inside))
        frame: QFrame = card()
        frame.setMaximumWidth(width)  # narrower where the screen is
        self.body: QVBoxLayout = column(frame, margin=tokens.EDGE + 4, spacing=tokens.GAP)
        self.body.addWidget(label(title, "heading"))
        down.addWidget(frame)
        down.addStretch(1)
        self.said = label("", "muted", wrap=True)

    def add_acts(self, *acts: QPushButton) -> None:
        """Add a row of buttons at the left."""
        across = row(spacing=2 * tokens.STEP)
        for one in acts:
            across.addWidget(one)
        across.addStretch(1)
        self.body.addLayout(across)

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Show a result."""
        set_role(self.said, "wrong" if wrong else "muted")
        self.said.setText(text)

    def keep(self, work: Callable[[], object], done: str) -> None:
        """Run an act that changes settings, and show that it is done or what prevents it."""

        def kept(_: object) -> None:
            self.say(done)
            self.refresh()

        self.station.jobs.write(work, kept, self.failed, owner=self)

    def failed(self, error: BaseException) -> None:
        """Show the error; a bug is reported."""
        self.station.tell_or_fail(error, partial(self.say, wrong=True))
