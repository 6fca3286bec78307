"""An open line to the gateway, worked by turns: what came back is kept and what is due is taken, then it is sent.

The one thread that writes the book is asked for a few milliseconds at a time; waiting for answers is the network's.
"""

from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gongji.core.outbox.replies import Exchange, NotSent
from gongji.gui.background.jobs import Jobs

if TYPE_CHECKING:
    from gongji.desk.upload.message_sender import MessageSender, TurnResult
    from gongji.desk.upload.record_answer import Outgoing

    Answers = list[tuple[Outgoing, Exchange]]

_BATCH = 1
"""So many answers, and so many new messages, are kept in one go: a settlement never waits longer than that."""


class UploadConnection(QObject):
    """`kept` tells what was recorded and how many messages went out, `rested` in how many seconds more is due."""

    kept = Signal(object, int)
    rested = Signal(object)
    broken = Signal(object)

    def __init__(self, sender: "MessageSender", jobs: Jobs, may_take: Callable[[], bool], parent: QObject) -> None:
        """Begin with nothing on its way; nothing new is taken while `may_take` says no."""
        super().__init__(parent)
        self.messenger = sender
        self._jobs, self._may_take = jobs, may_take
        self._answers: SimpleQueue[tuple[Outgoing, Exchange]] = SimpleQueue()
        self._taken_now: Sequence[Outgoing] = ()  # by a turn that nobody was told of yet
        self._flying = 0  # sent, and the answer not yet handed to the writer
        self._is_turning = False
        self._is_over = False

    @property
    def is_quiet(self) -> bool:
        """Tell whether nothing is on its way and nothing is left to record."""
        return not self._flying and not self._is_turning

    def go(self) -> None:
        """Hand the writer what came back, and ask for what is due, where there is either."""
        if self._is_turning or self._is_over:
            return
        answers = self._taken(_BATCH)
        room = min(_BATCH, self.messenger.lanes - self._flying) if self._may_take() else 0
        if answers or (room > 0 and self._is_due()):
            self._turn(answers, room)
        elif self.is_quiet:
            self.rested.emit(self.messenger.seconds_to_wait())

    def _is_due(self) -> bool:
        wait = self.messenger.seconds_to_wait()
        return wait is not None and wait <= 0

    def _turn(self, answers: "Answers", room: int) -> None:
        self._is_turning = True

        def work() -> "TurnResult":
            turned = self.messenger.turn(answers, 0 if self._is_over else room)
            self._taken_now = turned.outgoing
            return turned

        self._jobs.write(work, lambda turned: self._turned(turned, room), self._failed, owner=self, tells=False)

    def _turned(self, turned: "TurnResult", room: int) -> None:
        self._is_turning = False
        if self._is_over:
            return  # nothing leaves any more
        self._taken_now = ()
        for outgoing in turned.outgoing:
            self._send(outgoing)
        self.kept.emit(turned.recorded, len(turned.outgoing))
        if not self._answers.empty() or (room and len(turned.outgoing) == room):
            self.go()
        elif self.is_quiet:
            self.rested.emit(self.messenger.seconds_to_wait())

    def _send(self, outgoing: "Outgoing") -> None:
        self._flying += 1
        self._jobs.network(lambda: self._post(outgoing), lambda _: self.go(), self._failed, owner=self)

    def _post(self, outgoing: "Outgoing") -> None:
        self._answers.put((outgoing, self.messenger.send(outgoing)))

    def _taken(self, most: int, seconds: float = 0) -> "Answers":
        """Return answers that have come back, waiting so many seconds for the first where there are none."""
        found: Answers = []
        while self._flying and len(found) < most:
            try:
                found.append(self._answers.get(timeout=seconds) if seconds > 0 else self._answers.get_nowait())
            except Empty:
                break
            self._flying -= 1
            seconds = 0
        return found

    def _failed(self, error: BaseException) -> None:
        self._is_turning = False
        if not self._is_over:
            self.broken.emit(error)

    def let_go(self) -> None:
        """Take and record nothing more; whoever opens the next line asks after what is on its way."""
        self._is_over = True
        self._jobs.network(self._close)

    def _close(self) -> None:
        """Close the line once nothing is on its way over it; for a thread of its own."""
        for _ in range(self._flying):
            self._answers.get()
        self.messenger.close()

    def finish(self, seconds: float) -> None:
        """Take nothing more, and keep what still comes back within so many seconds.

        What a last turn took and nobody has sent is put back; what does not come back is asked after next time.
        """
        self._is_over = True
        until = monotonic() + seconds
        answers: Answers = []
        while self._flying and (left := until - monotonic()) > 0:
            answers += self._taken(self._flying, left)

        def work() -> None:
            unsent = [(one, NotSent("没有发出：程序关闭")) for one in self._taken_now]
            self.messenger.turn([*answers, *unsent], 0)

        self._jobs.write(work, tells=False)
        self._jobs.network(self._close)
