"""Runs a conversation with the platform: the writing thread claims and records, the network threads wait.

Background sending pauses meanwhile.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from gongji.core.outbox.replies import Exchange
from gongji.gui.background.lazy import sending
from gongji.gui.shell.workspace import Workspace

if TYPE_CHECKING:
    from gongji.desk.upload.record_answer import Outgoing
    from gongji.desk.upload.scripts.conversation import Conversation
    from gongji.desk.upload.scripts.payer_line import PayerLine


class ScriptTask(QObject):
    """One conversation. `moved` counts its answers, `ended` gives its result, `failed` the error that ended it."""

    moved = Signal(int)
    ended = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        station: Workspace,
        begin: "Callable[[PayerLine], Conversation[Any]]",
        parent: QObject,
    ) -> None:
        """Begin as soon as nothing else is under way."""
        super().__init__(parent)
        self._station = station
        self._begin_with = begin
        self._payer_line: PayerLine | None = None
        self._talk: Conversation[Any] | None = None
        self._is_stopped = False
        self._count = 0
        station.sending.lend(self._begin)

    def stop(self) -> None:
        """End after the message that is under way; `ended` gives None then."""
        self._is_stopped = True

    def _begin(self) -> None:
        counter, clock, begin = self._station.counter, lambda: self._station.moment, self._begin_with

        def opened() -> "tuple[PayerLine, Conversation[Any]]":
            payer_line: PayerLine = sending().open_line(counter, clock)
            return payer_line, begin(payer_line)

        self._station.jobs.write(opened, self._opened, self._failed)

    def _opened(self, found: "tuple[PayerLine, Conversation[Any]]") -> None:
        self._payer_line, self._talk = found
        self._claim()

    def _claim(self) -> None:
        assert self._talk is not None
        if self._is_stopped:
            self._end(None)
        else:
            self._station.jobs.write(self._talk.claim, self._claimed, self._failed, tells=False)

    def _claimed(self, outgoing: "Outgoing | None") -> None:
        payer_line, talk = self._payer_line, self._talk
        assert payer_line is not None
        assert talk is not None
        if outgoing is None:
            self._end(talk.told)
            return
        self._station.jobs.network(
            lambda: payer_line.send(outgoing), lambda exchange: self._answered(outgoing, exchange), self._failed
        )

    def _answered(self, outgoing: "Outgoing", exchange: Exchange) -> None:
        talk = self._talk
        assert talk is not None
        self._count += 1
        self.moved.emit(self._count)
        self._station.jobs.write(
            lambda: talk.record(outgoing, exchange), lambda _: self._claim(), self._failed, tells=False
        )

    def _end(self, told: Any) -> None:
        self._let_go()
        self.ended.emit(told)

    def _failed(self, error: BaseException) -> None:
        self._let_go()
        self.failed.emit(error)

    def _let_go(self) -> None:
        payer_line, self._payer_line = self._payer_line, None
        if payer_line is not None:
            self._station.jobs.network(payer_line.close)
        self._station.jobs.tell()
        self._station.sending.give_back()
