"""The connection to the payer: what decides what is sent, and the gateway it is sent through.

Whoever opens one passes it to `sending_loop`, which sends what is due, or has a conversation over it.
"""

import os
import random
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self, TypeVar

from gongji.core.outbox.replies import Exchange
from gongji.desk.region_profile import region_profile
from gongji.desk.session import Clock, Session
from gongji.desk.upload.gateway.gateway_settings import OnceOnly, line_address
from gongji.desk.upload.gateway.kept_gateway import gateway
from gongji.desk.upload.record_answer import Outgoing
from gongji.desk.upload.scripts.conversation import Conversation, Steps
from gongji.desk.upload.sending_loop import SendingLoop
from gongji.desk.upload.uploader import TimeAndChance, Uploader
from gongji.payer.gateway import Gateway
from gongji.payer.regions import Profile

_Result = TypeVar("_Result")


class PayerLine:
    """One run of sending; it may be dropped at any moment, and the next one asks after what was under way."""

    def __init__(self, uploader: Uploader, gateway: Gateway) -> None:
        self.uploader = uploader
        self._gateway = gateway

    def loop(self, batch: int | None = None) -> SendingLoop:
        """Return the loop that sends what is due over this connection, at most `batch` messages a commit."""
        return SendingLoop(self.uploader, self.send, self.uploader.profile.lanes, batch)

    def send(self, outgoing: Outgoing) -> Exchange:
        """Send a message and return the outcome; any thread may call it."""
        return self._gateway.send(outgoing.infno, outgoing.body)

    def talk(self, begin: Callable[[Session, Profile], Steps[_Result]]) -> Conversation[_Result]:
        """Return a conversation by a script, for use while nothing else uses this connection."""
        return Conversation(self.uploader, begin(self.uploader.session, self.uploader.profile))

    def finish(self, talk: Conversation[_Result]) -> _Result:
        """Have a whole conversation and return its result; it waits for every answer.

        Raises `UnansweredError` where an answer cannot be relied on and the script does not handle it.
        """
        while (outgoing := talk.claim()) is not None:
            talk.record(outgoing, self.send(outgoing))
        return talk.told

    def close(self) -> None:
        """Close the connection."""
        self._gateway.close()

    def __enter__(self) -> Self:
        """Use the line."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close the connection."""
        self.close()


def open_line(session: Session, clock: Clock, once: OnceOnly | None = None) -> PayerLine:
    """Open the connection to the clinic's gateway, or to `once`; on the writing thread.

    Our identity at a gateway comes from the environment. Raises `GongjiError` where none is set or it cannot be used.
    """
    region = region_profile(session.store.reader, gateway(session).region if once is None else once.region)
    address = line_address(session, os.environ, once)
    outside = TimeAndChance(clock, time.monotonic, random.SystemRandom().random)
    payer = Gateway(address, region, clock)
    return PayerLine(Uploader(session, region, outside), payer)
