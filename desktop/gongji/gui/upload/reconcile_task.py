"""对账, message by message: the writer takes and keeps, the network waits; sending by itself stands aside meanwhile."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gongji.core.outbox.replies import Exchange
from gongji.gui.background.jobs import Changed
from gongji.gui.background.lazy import sending
from gongji.gui.shell.workspace import Workspace

if TYPE_CHECKING:
    from gongji.desk.upload.message_sender import MessageSender
    from gongji.desk.upload.reconcile import Reconciling
    from gongji.desk.upload.record_answer import Outgoing


class Comparing(QObject):
    """One comparison of some days (ISO). `ended` gives what it came to, None where it was stopped or broke off."""

    moved = Signal(int)
    ended = Signal(object)

    def __init__(self, station: Workspace, days: tuple[str, str], parent: QObject) -> None:
        """Begin as soon as nothing else is on its way."""
        super().__init__(parent)
        self._station = station
        self._days = days
        self._sender: MessageSender | None = None
        self._task: Reconciling | None = None
        self._is_stopped = False
        self._count = 0
        station.bugs.doing = "对账"
        station.sending.lend(self._begin)

    def stop(self) -> None:
        """End after the message that is on its way."""
        self._is_stopped = True

    def _begin(self) -> None:
        counter, clock, days = self._station.counter, lambda: self._station.moment, self._days

        def opened() -> "tuple[MessageSender, Reconciling]":
            sender: MessageSender = sending().MessageSender(counter, clock)
            return sender, sender.reconciling(*days)

        self._station.jobs.write(opened, self._opened, self._failed)

    def _opened(self, found: "tuple[MessageSender, Reconciling]") -> None:
        self._sender, self._task = found
        self._claim()

    def _claim(self) -> None:
        assert self._task is not None
        if self._is_stopped:
            self._end()
        else:
            self._station.jobs.write(self._task.claim, self._claimed, self._failed)

    def _claimed(self, outgoing: "Outgoing | None") -> None:
        sender = self._sender
        assert sender is not None
        if outgoing is None:
            self._end()
            return
        self._station.jobs.network(
            lambda: sender.send(outgoing), lambda exchange: self._answered(outgoing, exchange), self._failed
        )

    def _answered(self, outgoing: "Outgoing", exchange: Exchange) -> None:
        task = self._task
        assert task is not None
        self._count += 1
        self.moved.emit(self._count)
        self._station.jobs.write(lambda: task.record(outgoing, exchange), lambda _: self._claim(), self._failed)

    def _failed(self, error: BaseException) -> None:
        self._let_go()
        self._station.fail(error)
        self.ended.emit(None)

    def _end(self) -> None:
        done = None if self._task is None else self._task.done
        self._let_go()
        if done is not None:
            self._station.jobs.changed.emit(Changed.QUEUE)
        self.ended.emit(done)

    def _let_go(self) -> None:
        sender, self._sender = self._sender, None
        if sender is not None:
            self._station.jobs.network(sender.close)
        self._station.sending.give_back()
