"""A page of 设置: fields, a save button, and a line for the result; and its sheet for what is secret."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.form import enter_leads_on, password, text
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


class SecretSheet(Dialog):
    """Asks for names and passwords, and runs an act with them on the writing thread."""

    def __init__(
        self,
        page: SettingsPage,
        title: str,
        asked: tuple[tuple[str, bool], ...],
        work: Callable[..., Any],
        done: str,
        then: Callable[[Any], object] = lambda _: None,
    ) -> None:
        """`asked` are labels, each with whether its field is hidden; `then` gets what the act returns.

        `work` is the act: it gets the counter and what was typed, in order.
        """
        super().__init__(page.window(), title, 420)
        self._page, self._work, self._said, self._then = page, work, done, then
        self.fields = [password() if secret else text() for _, secret in asked]
        for (word, _), one in zip(asked, self.fields, strict=True):
            put(self.body, label(word, "label"), one)
        enter_leads_on(self.fields, self.take)
        self.wrong = self.say("", "wrong")
        self._go = button("确定", self.take, "main")
        self.buttons(self._go, button("取消", self.reject))
        self.fields[0].setFocus()
        self.open()

    def take(self) -> None:
        """Run the act."""
        if not self._go.isEnabled():
            return
        station, typed = self._page.station, [one.text() for one in self.fields]
        self._go.setEnabled(False)
        self.wrong.setText("请稍候……")
        station.jobs.write(lambda: self._work(station.counter, *typed), self._done, self._failed, owner=self)

    def _done(self, made: Any) -> None:
        self._page.say(self._said)
        self._page.refresh()
        self.accept()
        self._then(made)

    def _failed(self, error: BaseException) -> None:
        self._go.setEnabled(True)
        self._page.station.tell_or_fail(error, self.wrong.setText)
        self.grow()
