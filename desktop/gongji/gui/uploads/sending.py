"""立即上传: messages one after another; the book is written on one thread, and another waits for the network."""

from typing import Any

from PySide6.QtCore import QObject, Signal

from gongji.core.outbox.replies import Exchange
from gongji.desk.recording import Outgoing, Recorded
from gongji.desk.sending import Sender
from gongji.gui.jobs import Changed
from gongji.gui.station import Station


class Sending(QObject):
    """Sends what is due now, then stops; a stop ends it after the message that is on its way."""

    moved = Signal(int)
    ended = Signal(str)

    def __init__(self, station: Station, parent: QObject) -> None:
        """Begin idle."""
        super().__init__(parent)
        self._station = station
        self._sender: Sender | None = None
        self._stopped = False
        self.is_busy = False
        self.sent = 0

    def begin(self) -> None:
        """Open the line and send what is due."""
        if self.is_busy:
            return
        self.is_busy, self._stopped, self.sent = True, False, 0
        station = self._station
        station.bugs.doing = "上传"
        station.jobs.write(
            lambda: Sender(station.counter, lambda: station.moment), self._opened, self._failed, owner=self
        )

    def stop(self) -> None:
        """End after the message that is on its way."""
        self._stopped = True

    def _opened(self, sender: Sender) -> None:
        self._sender = sender
        self._claim()

    def _claim(self) -> None:
        assert self._sender is not None
        if self._stopped:
            self._end("已停止")
        else:
            self._station.jobs.write(self._sender.claim, self._claimed, self._failed, owner=self)

    def _claimed(self, outgoing: Outgoing | None) -> None:
        sender = self._sender
        assert sender is not None
        if outgoing is None:
            self._end(sender.trouble)
            return
        self._station.jobs.network(
            lambda: sender.send(outgoing),
            lambda exchange: self._answered(outgoing, exchange),
            self._failed,
            owner=self,
        )

    def _answered(self, outgoing: Outgoing, exchange: Exchange) -> None:
        sender = self._sender
        assert sender is not None
        self._station.jobs.write(
            lambda: sender.record(outgoing, exchange),
            self._recorded,
            self._failed,
            owner=self,
            changes=Changed.QUEUE | Changed.PEOPLE,
        )

    def _recorded(self, _: Recorded) -> None:
        self.sent += 1
        self.moved.emit(self.sent)
        self._claim()

    def _end(self, trouble: str) -> None:
        self._let_go()
        self.ended.emit(trouble)

    def _failed(self, error: BaseException) -> None:
        self._let_go()
        self.ended.emit("没有传成")
        self._station.fail(error)

    def _let_go(self) -> None:
        sender: Any = self._sender
        self._sender = None
        self.is_busy = False
        if sender is not None:
            self._station.jobs.network(sender.close)
