"""交谈: messages that belong to no record, one by one, each stored before it leaves; a script says which is next.

A script is a generator: it yields what to ask, and is sent the answer. So a download reads from top to bottom, while a
window can still claim on one thread and send on another. Where an answer cannot be relied on, `UnansweredError` is
raised in the script; one that does not handle it ends.
"""

import hashlib
from collections.abc import Callable, Generator
from typing import Any, Generic, TypeVar

from gongji.core.outbox.replies import Answered, Busy, Exchange, NotSent, Unknown
from gongji.desk.upload.outgoing import SIGN_IN
from gongji.desk.upload.record_answer import Outgoing
from gongji.desk.upload.uploader import Uploader
from gongji.errors import GongjiError
from gongji.payer.read_answers import Answer, read_answer

Request = tuple[str, dict[str, Any]]
"""A transaction and its input."""
Received = Answer | bytes
"""A reliable answer, or the content of a file."""

_FILE = "9102"


class UnansweredError(GongjiError):
    """The platform did not answer a conversation, or refused: `reason` says why, in its words where it has any."""

    def __init__(self, reason: str, *, is_refusal: bool) -> None:
        """`is_refusal` says that the platform answered with a refusal."""
        super().__init__(f"没有取到：{'平台没有答应：' if is_refusal else ''}{reason}", "本机的内容没有改动，稍后再试")
        self.reason, self.is_refusal = reason, is_refusal


_Told = TypeVar("_Told")
Steps = Generator[Request, Received, _Told]


class Conversation(Generic[_Told]):
    """One script with the platform: claim a message, send it, record its answer, until it is over."""

    def __init__(self, uploader: Uploader, script: Steps[_Told], *, stores_files: bool = False) -> None:
        """Begin a script; nothing is asked yet.

        The book stores only the digest of a file, or the whole of it where the script `stores_files`.
        """
        self._uploader = uploader
        self._stores_files = stores_files
        self._script = script
        self._told: list[_Told] = []
        self._next: Request | None = None
        self._advance(lambda: next(self._script))

    @property
    def told(self) -> _Told:
        """The script's result; only once nothing is left to claim."""
        return self._told[0]

    def claim(self) -> Outgoing | None:
        """Return the next message; None when there is none left."""
        if self._next is None:
            return None
        if self._uploader.post.must_sign_in(self._uploader.post.now()):
            return self._uploader.post.claim_sign_in()
        return self._uploader.post.claim_other(*self._next)

    def record(self, outgoing: Outgoing, exchange: Exchange) -> None:
        """Store an answer and continue. Raises `GongjiError` for an unreliable one, which ends the script."""
        if outgoing.infno == SIGN_IN:
            found = self._uploader.record(outgoing, exchange)
            if not found.usable:
                self._unanswered(UnansweredError(found.text, is_refusal=bool(found.refusal)))
            return
        if outgoing.infno == _FILE and isinstance(exchange, Answered) and not exchange.body.startswith(b"{"):
            mark = Answered(hashlib.sha256(exchange.body).hexdigest().encode())
            self._uploader.post.record_other(outgoing, exchange if self._stores_files else mark, None)
            self._go_on(exchange.body)
            return
        answer = read_answer(exchange, outgoing.infno, outgoing.msgid, self._uploader.profile)
        self._uploader.post.record_other(outgoing, exchange, answer)
        match answer:
            case Answer(ok=True):
                self._go_on(answer)
            case Answer(text=text):
                self._unanswered(UnansweredError(text, is_refusal=True))
            case NotSent(reason=reason) | Unknown(reason=reason) | Busy(reason=reason):
                self._unanswered(UnansweredError(reason or "平台忙", is_refusal=False))

    def _go_on(self, got: Received) -> None:
        self._advance(lambda: self._script.send(got))

    def _unanswered(self, error: UnansweredError) -> None:
        self._advance(lambda: self._script.throw(error))

    def _advance(self, step: Callable[[], Request]) -> None:
        try:
            self._next = step()
        except StopIteration as done:
            self._next = None
            self._told.append(done.value)
        except BaseException:
            self._next = None
            raise


def answer_of(received: Received) -> Answer:
    """Return an answer; only 9102 brings a file instead."""
    assert isinstance(received, Answer), "only 9102 brings a file"
    return received
