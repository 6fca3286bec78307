"""An open connection to the gateway, by turns: answers are recorded and due messages taken, then those are sent.

The writing thread is used for a few milliseconds at a time; the network threads wait for answers.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gongji.gui.background.jobs import Jobs

if TYPE_CHECKING:
    from gongji.desk.upload.scripts.payer_line import PayerLine
    from gongji.desk.upload.uploader import Answer, TurnResult

_BATCH = 1
"""This many answers and new messages are recorded in one transaction: a settlement never waits longer than that."""


class UploadConnection(QObject):
    """`kept` reports what was recorded and how many messages were sent, `rested` in how many seconds more is due."""

    kept = Signal(object, int)
    rested = Signal(object)
    broken = Signal(object)

    def __init__(self, payer_line: "PayerLine", jobs: Jobs, may_take: Callable[[], bool], parent: QObject) -> None:
        """Begin with nothing on its way; nothing new is taken while `may_take` says no."""
        super().__init__(parent)
        self.payer_line = payer_line
        self._loop = payer_line.loop(_BATCH)
        self._jobs, self._may_take = jobs, may_take
        self._is_turning = False
        self._is_over = False

    @property
    def is_quiet(self) -> bool:
        """Return whether nothing is under way and nothing is left to record."""
        return self._loop.is_idle and not self._is_turning

    def go(self) -> None:
        """Record answers and take due messages on the writing thread, where there are any."""
        if self._is_turning or self._is_over:
            return
        try:
            answers = self._loop.came_back()
        except Exception as error:  # noqa: BLE001  # whatever broke the sending of a message
            self._failed(error)
            return
        room = self._loop.room() if self._may_take() else 0
        if answers or (room > 0 and self._loop.is_due()):
            self._turn(answers, room)
        elif self.is_quiet:
            self.rested.emit(self._loop.seconds_to_wait())

    def _turn(self, answers: "list[Answer]", room: int) -> None:
        self._is_turning = True
        self._jobs.write(
            lambda: self._loop.turn(answers, 0 if self._is_over else room),
            lambda result: self._turned(result, room),
            self._failed,
            owner=self,
            tells=False,
        )

    def _turned(self, result: "TurnResult", room: int) -> None:
        self._is_turning = False
        if self._is_over:
            return  # nothing leaves any more
        for outgoing in self._loop.leaving(result):
            self._jobs.network(partial(self._loop.send, outgoing), lambda _: self.go(), self._failed, owner=self)
        self.kept.emit(result.recorded, len(result.outgoing))
        if self._loop.has_answers or (room and len(result.outgoing) == room):
            self.go()
        elif self.is_quiet:
            self.rested.emit(self._loop.seconds_to_wait())

    def _failed(self, error: BaseException) -> None:
        self._is_turning = False
        if not self._is_over:
            self.broken.emit(error)

    def let_go(self) -> None:
        """Take and record nothing more; the next connection asks after what is under way."""
        self._is_over = True
        self._jobs.network(self._close)

    def _close(self) -> None:
        """Close the connection once nothing is under way over it; on a thread of its own."""
        self._loop.wait_for_all()
        self.payer_line.close()

    def finish(self, seconds: float) -> None:
        """Take nothing more, and record what still comes back within `seconds`."""
        self._is_over = True
        self._jobs.write(self._loop.finish(seconds), tells=False)
        self._jobs.network(self._close)
