"""A message whose sending breaks is no answer that everybody waits for: it is told, and the others are recorded."""

from collections.abc import Sequence

import pytest

from gongji.core.outbox.replies import Answered, Exchange
from gongji.desk.upload.record_answer import Outgoing
from gongji.desk.upload.sending_loop import SendingLoop
from gongji.desk.upload.uploader import Answer, TurnResult

GOOD, BAD, LATE = (Outgoing(msgid=one, infno="2207", body=b"", lane=one) for one in ("GOOD", "BAD", "LATE"))


class Queue:
    """Turns over a fixed queue, which note what was recorded."""

    def __init__(self, *due: Outgoing) -> None:
        self.due, self.recorded = [*due], list[str]()

    def turn(self, answers: Sequence[Answer], most: int, /) -> TurnResult:
        self.recorded += [outgoing.msgid for outgoing, _ in answers]
        taken, self.due = self.due[:most], self.due[most:]
        return TurnResult((), tuple(taken))

    def seconds_to_wait(self) -> float | None:
        return 0 if self.due else None


def post(outgoing: Outgoing) -> Exchange:
    if outgoing is BAD:
        raise ValueError("a fault of ours")
    return Answered(b"")


def sent(queue: Queue, lanes: int = 3) -> SendingLoop:
    """A loop that has sent all that is due, each on this thread, as a window's threads do."""
    loop = SendingLoop(queue, post, lanes)
    for outgoing in loop.leaving(loop.turn((), loop.room())):
        loop.send(outgoing)
    return loop


def test_nobody_waits_for_a_message_whose_sending_broke() -> None:
    loop = sent(Queue(BAD))
    loop.wait_for_all()
    with pytest.raises(ValueError, match="a fault of ours"):
        sent(Queue(BAD)).came_back()


def test_what_came_back_before_it_is_returned_and_what_broke_raised_once() -> None:
    queue = Queue(GOOD, BAD, LATE)
    loop = sent(queue)
    assert [one.msgid for one, _ in loop.came_back()] == ["GOOD"]
    assert loop.has_answers
    assert loop.room() == 0
    with pytest.raises(ValueError, match="a fault of ours"):
        loop.came_back()
    assert [one.msgid for one, _ in loop.came_back()] == ["LATE"]
    assert loop.is_idle


def test_a_command_records_what_came_back_before_it_ends() -> None:
    queue = Queue(GOOD, BAD, LATE)
    loop = sent(queue)
    with pytest.raises(ValueError, match="a fault of ours"):
        loop.send_all(lambda _: False, lambda _: None)
    assert queue.recorded == ["GOOD"]


def test_the_last_turn_records_what_came_back_and_then_tells() -> None:
    queue = Queue(GOOD, BAD)
    last = sent(queue).finish(60)
    with pytest.raises(ValueError, match="a fault of ours"):
        last()
    assert queue.recorded == ["GOOD"]
