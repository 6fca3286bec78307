"""立即上传: the line to the gateway as the clinic has set it, for a window that takes, sends and records by turns.

`turn` is for the thread that writes, a few milliseconds each time: it records what has come back and takes what may
leave next, in one commit. `send` is for threads that may wait, at most `lanes` of them at once.
"""

import os
import random
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from gongji.core.outbox.replies import Exchange
from gongji.desk.session import Clock, Session
from gongji.desk.upload.conversation import Conversation, Steps
from gongji.desk.upload.gateway_settings import gateway, line_address
from gongji.desk.upload.reconcile import Reconciling
from gongji.desk.upload.record_answer import Outgoing, Recorded
from gongji.desk.upload.uploader import TimeAndChance, TurnResult, Uploader
from gongji.payer.gateway import Gateway
from gongji.payer.regions import Profile, profile

_Result = TypeVar("_Result")

__all__ = ["MessageSender", "Outgoing", "Recorded", "TurnResult"]


class MessageSender:
    """One run of sending; it may be dropped at any moment, and the next one asks after what was on its way."""

    def __init__(self, counter: Session, clock: Clock) -> None:
        """Open the line; on the thread that writes. `GongjiError` where no gateway is set or it cannot be used."""
        address = line_address(counter, os.environ)
        region = profile(gateway(counter).region)
        self._gateway = Gateway(address, region, clock)
        self._uploader = Uploader(counter, region, TimeAndChance(clock, time.monotonic, random.SystemRandom().random))

    @property
    def lanes(self) -> int:
        """How many messages may be on their way at once, each of another person."""
        return self._uploader.profile.lanes

    def take(self, most: int) -> list[Outgoing]:
        """Return up to so many messages that are due, all kept in one commit; none where nothing can be done now."""
        return self._uploader.take(most)

    def send(self, outgoing: Outgoing) -> Exchange:
        """Post a message and return what can be said of it; any thread may."""
        return self._gateway.send(outgoing.infno, outgoing.body)

    def turn(self, answers: Sequence[tuple[Outgoing, Exchange]], most: int) -> TurnResult:
        """Keep what became of messages and take up to so many further ones, all in one commit."""
        return self._uploader.turn(answers, most)

    def reconciling(self, first: str, last: str) -> Reconciling:
        """Return a comparison of some days (ISO) with the platform, over this line and while nothing else uses it."""
        return Reconciling(self._uploader, first, last)

    def talk(self, begin: Callable[[Session, Profile], Steps[_Result]]) -> Conversation[_Result]:
        """Return a conversation by a script, over this line and while nothing else uses it."""
        uploader = self._uploader
        return Conversation(uploader, begin(uploader.counter, uploader.profile))

    def claim(self) -> Outgoing | None:
        """Return the next message that is due; None where nothing can be done now."""
        return self._uploader.claim()

    def record(self, outgoing: Outgoing, exchange: Exchange) -> Recorded:
        """Keep what became of a message."""
        return self._uploader.record(outgoing, exchange)

    def seconds_to_wait(self) -> float | None:
        """Return in how many seconds there may be something to take, 0 for now; None where nothing waits for its time.

        It only reads, and any thread may ask.
        """
        return self._uploader.seconds_to_wait()

    def try_now(self) -> None:
        """Wait no longer; on the thread that writes. Quiet times stay as they are."""
        self._uploader.try_now()

    @property
    def trouble(self) -> str:
        """Why nothing is sent, where something stands in the way."""
        return self._uploader.trouble

    def close(self) -> None:
        """Let the line go."""
        self._gateway.close()
