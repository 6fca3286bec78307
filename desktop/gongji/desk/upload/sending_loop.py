"""Sending what is due, the same for the window, the command and the relay.

By turns: what has come back is recorded and what is due is taken in one commit, then what was taken is sent. The window
takes one step at a time, as its threads are free for it; a command and a relay run `send_all`.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Protocol

from gongji.core.outbox.replies import Exchange, NotSent
from gongji.desk.upload.record_answer import Outgoing, Recorded
from gongji.desk.upload.uploader import Answer, TurnResult

Send = Callable[[Outgoing], Exchange]
"""Sends a message and waits for the answer; any thread may call it."""


class Turns(Protocol):
    """What decides what is sent: the uploader, or a relay's, which records more of each message."""

    def turn(self, answers: Sequence[Answer], most: int, /) -> TurnResult:
        """Record answers and take at most that many messages, in one commit."""

    def seconds_to_wait(self) -> float | None:
        """Return in how many seconds something may be due, 0 for now; None where nothing waits for its time."""


class SendingLoop:
    """What is under way, what has come back and what a turn took."""

    def __init__(self, turns: Turns, send: Send, lanes: int, batch: int | None = None) -> None:
        """At most `lanes` messages are under way at once, and a turn records and takes at most `batch`."""
        self._turns, self._post = turns, send
        self._lanes, self._batch = lanes, batch or lanes
        self._answers: SimpleQueue[Answer | BaseException] = SimpleQueue()
        self._taken_now: Sequence[Outgoing] = ()  # by a turn, and not sent yet
        self._flying = 0  # sent, and the answer not yet passed to a turn
        self._broken: BaseException | None = None  # the error of a `send`, not yet raised

    @property
    def is_idle(self) -> bool:
        """Return whether nothing is under way and nothing is left to record."""
        return not self._flying

    @property
    def has_answers(self) -> bool:
        """Return whether an answer has not been recorded by a turn yet, or an error of a `send` not been raised."""
        return self._broken is not None or not self._answers.empty()

    def room(self) -> int:
        """Return how many messages a turn may take now: none once a `send` failed."""
        return 0 if self._broken is not None else min(self._batch, self._lanes - self._flying)

    def is_due(self) -> bool:
        """Return whether a turn would find something to take."""
        wait = self._turns.seconds_to_wait()
        return wait is not None and wait <= 0

    def seconds_to_wait(self) -> float | None:
        """Return in how many seconds something may be due, 0 for now; None where nothing waits for its time."""
        return self._turns.seconds_to_wait()

    def turn(self, answers: Sequence[Answer], most: int) -> TurnResult:
        """Record answers and take at most that many messages, in one commit; on the thread that writes the book.

        Raises `StoreError` where the book cannot be written: then nothing of it is recorded.
        """
        result = self._turns.turn(answers, most)
        self._taken_now = result.outgoing
        return result

    def leaving(self, result: TurnResult) -> Sequence[Outgoing]:
        """Return what a turn took, to be sent now: each by `send`, on any thread."""
        self._taken_now = ()
        self._flying += len(result.outgoing)
        return result.outgoing

    def send(self, outgoing: Outgoing) -> None:
        """Send a message and keep its answer for a turn; an error is kept too, and raised by `came_back`."""
        try:
            self._answers.put((outgoing, self._post(outgoing)))
        except BaseException as error:  # noqa: BLE001  # raised to whoever waits for the answer
            self._answers.put(error)

    def came_back(self, most: int | None = None, seconds: float | None = 0) -> list[Answer]:
        """Return answers for a turn, waiting `seconds` for the first (None: without limit).

        An error of a `send` is raised here, after whatever came back before it has been returned.
        """
        found = self._taken(most or self._batch, seconds)
        if not found:
            self._raise_broken()
        return found

    def _taken(self, most: int, seconds: float | None) -> list[Answer]:
        """Take answers up to the first failed `send`, whose error is kept."""
        found: list[Answer] = []
        while self._broken is None and self._flying and len(found) < most:
            try:
                one = self._answers.get_nowait() if seconds == 0 else self._answers.get(timeout=seconds)
            except Empty:
                break
            self._flying -= 1
            seconds = 0
            if isinstance(one, BaseException):
                self._broken = one
            else:
                found.append(one)
        return found

    def _raise_broken(self) -> None:
        error, self._broken = self._broken, None
        if error is not None:
            raise error

    def wait_for_all(self) -> None:
        """Wait until nothing is under way; what comes back is not touched."""
        for _ in range(self._flying):
            self._answers.get()

    def finish(self, seconds: float) -> Callable[[], TurnResult]:
        """Wait `seconds` for what is under way; return the last turn, which takes nothing more.

        What a turn took and nobody has sent is put back; what does not come back is asked after by the next run. An
        error of a `send` is raised once the rest is recorded.
        """
        until = monotonic() + seconds
        answers: list[Answer] = []
        while self._broken is None and self._flying and (left := until - monotonic()) > 0:
            answers += self._taken(self._flying, left)

        def last() -> TurnResult:
            unsent = [(one, NotSent("没有发出：程序关闭")) for one in self._taken_now]
            result = self._turns.turn([*answers, *unsent], 0)
            self._raise_broken()
            return result

        return last

    def send_all(self, rest: Callable[[float | None], bool], told: Callable[[Recorded], None]) -> int:
        """Send what is due, and return how many messages were sent; this thread writes the book.

        Where nothing is due, `rest` waits, given in how many seconds something may be; it says whether to go on. Each
        recorded answer is passed to `told`. An error of a `send` is raised once what came back before it is recorded.
        """
        sent, answers = 0, list[Answer]()
        with ThreadPoolExecutor(self._lanes) as pool:
            while True:
                result = self.turn(answers, 0 if self._broken is not None else self._lanes - self._flying)
                for one in result.recorded:
                    told(one)
                for outgoing in self.leaving(result):
                    pool.submit(self.send, outgoing)
                answers = self.came_back(self._lanes, None)
                sent += len(answers)
                if not answers and not rest(self.seconds_to_wait()):
                    return sent
