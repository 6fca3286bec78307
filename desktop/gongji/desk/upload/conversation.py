"""交谈: messages that belong to no record, one after another, each kept before it leaves; a script says which is next.

A script is a generator: it yields what to ask, and is given what came of it. So a download reads from top to bottom,
while a window can still claim on one thread and send on another.
"""

import hashlib
from collections.abc import Generator
from typing import Any, Generic, TypeVar

from gongji.core.outbox.replies import Answered, Busy, Exchange, NotSent, Unknown
from gongji.desk.upload.record_answer import Outgoing
from gongji.desk.upload.uploader import SIGN_IN, Uploader
from gongji.errors import GongjiError
from gongji.payer.read_answers import Answer, read_answer

Request = tuple[str, dict[str, Any]]
"""A transaction and its input."""
Received = Answer | bytes
"""An answer that can be relied on, or the content of a file."""

_FILE = "9102"
_Told = TypeVar("_Told")
Steps = Generator[Request, Received, _Told]


class Conversation(Generic[_Told]):
    """One script with the platform: claim a message, send it, record its answer, until it is over."""

    def __init__(self, uploader: Uploader, script: Steps[_Told]) -> None:
        """Take the script, which begins now; nothing is asked yet."""
        self._uploader = uploader
        self._script = script
        self._told: list[_Told] = []
        self._next: Request | None = None
        self._go_on(None)

    @property
    def told(self) -> _Told:
        """What the script came to; only once nothing is claimed any more."""
        return self._told[0]

    def claim(self) -> Outgoing | None:
        """Return the next message; None when there is none left."""
        if self._next is None:
            return None
        if self._uploader.post.must_sign_in(self._uploader.post.now()):
            return self._uploader.post.claim_sign_in()
        return self._uploader.post.claim_other(*self._next)

    def record(self, outgoing: Outgoing, exchange: Exchange) -> None:
        """Keep an answer and go on; `GongjiError` where it cannot be relied on, and then the script is over."""
        if outgoing.infno == SIGN_IN:
            found = self._uploader.record(outgoing, exchange)
            if not found.usable:
                raise self._given_up(found.text)
            return
        if outgoing.infno == _FILE and isinstance(exchange, Answered) and not exchange.body.startswith(b"{"):
            # the book keeps of a file only which it was
            mark = Answered(hashlib.sha256(exchange.body).hexdigest().encode())
            self._uploader.post.record_other(outgoing, mark, None)
            self._go_on(exchange.body)
            return
        answer = read_answer(exchange, outgoing.infno, outgoing.msgid, self._uploader.profile)
        self._uploader.post.record_other(outgoing, exchange, answer)
        match answer:
            case Answer(ok=True):
                self._go_on(answer)
            case Answer(text=text):
                raise self._given_up(f"平台没有答应：{text}")
            case NotSent(reason=reason) | Unknown(reason=reason) | Busy(reason=reason):
                raise self._given_up(reason or "平台忙")

    def _go_on(self, got: Received | None) -> None:
        try:
            self._next = next(self._script) if got is None else self._script.send(got)
        except StopIteration as done:
            self._next = None
            self._told.append(done.value)
        except BaseException:
            self._next = None
            raise

    def _given_up(self, why: str) -> GongjiError:
        self._next = None
        self._script.close()
        return GongjiError(f"没有取到：{why}", "本机的内容没有改动，稍后再试")
