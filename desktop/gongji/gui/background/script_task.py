"""A conversation with the platform, message by message: the writer takes and keeps, the network waits.

Sending by itself stands aside meanwhile.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from gongji.core.outbox.replies import Exchange
from gongji.gui.background.lazy import sending
from gongji.gui.shell.workspace import Workspace

if TYPE_CHECKING:
    from gongji.desk.upload.conversation import Conversation
    from gongji.desk.upload.message_sender import MessageSender
    from gongji.desk.upload.record_answer import Outgoing


class ScriptTask(QObject):
    """One conversation. `ended` gives what it came to; `failed` why it broke off."""

    ended = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        station: Workspace,
        begin: "Callable[[MessageSender], Conversation[Any]]",
        parent: QObject,
    ) -> None:
        """Begin as soon as nothing else is on its way."""
        super().__init__(parent)
        self._station = station
        self._begin_with = begin
        self._sender: MessageSender | None = None
        self._talk: Conversation[Any] | None = None
        station.sending.lend(self._begin)

    def _begin(self) -> None:
        counter, clock, begin = self._station.counter, lambda: self._station.moment, self._begin_with

        def opened() -> "tuple[MessageSender, Conversation[Any]]":
            sender: MessageSender = sending().MessageSender(counter, clock)
            return sender, begin(sender)

        self._station.jobs.write(opened, self._opened, self._failed)

    def _opened(self, found: "tuple[MessageSender, Conversation[Any]]") -> None:
        self._sender, self._talk = found
        self._claim()

    def _claim(self) -> None:
        assert self._talk is not None
        self._station.jobs.write(self._talk.claim, self._claimed, self._failed)

    def _claimed(self, outgoing: "Outgoing | None") -> None:
        sender, talk = self._sender, self._talk
        assert sender is not None
        assert talk is not None
        if outgoing is None:
            told = talk.told
            self._let_go()
            self.ended.emit(told)
            return
        self._station.jobs.network(
            lambda: sender.send(outgoing), lambda exchange: self._answered(outgoing, exchange), self._failed
        )

    def _answered(self, outgoing: "Outgoing", exchange: Exchange) -> None:
        talk = self._talk
        assert talk is not None
        self._station.jobs.write(lambda: talk.record(outgoing, exchange), lambda _: self._claim(), self._failed)

    def _failed(self, error: BaseException) -> None:
        self._let_go()
        self.failed.emit(error)

    def _let_go(self) -> None:
        sender, self._sender = self._sender, None
        if sender is not None:
            self._station.jobs.network(sender.close)
        self._station.sending.give_back()
