"""A long task: what is being done, its progress, the time left, and a way to stop it."""

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QProgressBar

from gongji.gui.background.jobs import Progress
from gongji.gui.background.upload_status import lasting
from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.layout import label, put, row
from gongji.gui.kit.style import set_role

_SOON_S = 3.0


class TaskBar(QFrame):
    """Visible while a task is running."""

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "note")
        self.progress: Progress | None = None
        self._begun = monotonic()
        self._what = label("")
        self._bar = QProgressBar(textVisible=False)
        self.count = label("", "muted")
        self.count.setMinimumWidth(150)
        self.stop = button("停止", self._stop)
        put(row(self, margin=2 * tokens.STEP), self._what, (self._bar, 1), self.count, self.stop)
        self.hide()

    def begin(self, what: str, after_ms: int = 0) -> Callable[[int, int], bool]:
        """Show that a task begins; return its progress callback, which returns whether to go on.

        A task that is usually short is only shown after a while.
        """
        progress = Progress(self)
        self.progress = progress
        progress.moved.connect(self._show)
        self._what.setText(what)
        self.count.setText("")
        self._bar.setRange(0, 0)
        self._begun = monotonic()
        self.stop.setEnabled(True)
        self.setVisible(not after_ms)
        QTimer.singleShot(after_ms, self, lambda: self.setVisible(self.progress is not None))

        def tell(done: int, of: int) -> bool:
            progress.tell(what, done, of)
            return not progress.is_stopped

        return tell

    def end(self) -> None:
        """Hide it."""
        self.progress = None
        self.hide()

    def _stop(self) -> None:
        if self.progress is not None:
            self.stop.setEnabled(False)
            self.count.setText("正在停止……")
            self.progress.stop()

    def _show(self, _what: str, done: int, of: int) -> None:
        self._bar.setRange(0, max(1, of))
        self._bar.setValue(done)
        if self.stop.isEnabled():
            self.count.setText(f"{done:,} / {of:,}（{done * 100 // max(1, of)}%）{self._left(done, of)}")

    def _left(self, done: int, of: int) -> str:
        """Return the time left, once it can be estimated."""
        seconds = monotonic() - self._begun
        return f" · 还要{lasting(seconds * (of - done) / done)}" if done and seconds > _SOON_S else ""
