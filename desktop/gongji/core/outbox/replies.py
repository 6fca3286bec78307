"""What became of a message: first as the connection saw it, then as the strict reader of answers understood it.

The connection tells four cases apart. Only `NotSent` allows a message to be sent again as if nothing had happened: any
that may have left this machine is `Unknown` until the platform has been asked. A response that came is `Answered`, and
the reader (`payer.envelope`) turns an answer that is not wholly valid, or not to our message, into `Unknown`.
"""

from msgspec import Struct

from gongji.core.outbox.payer_figures import Figures


class NotSent(Struct, frozen=True):
    """Nothing of the message can have reached the platform: no address, no connection, no valid certificate."""

    reason: str


class Unknown(Struct, frozen=True):
    """The platform may have it or not: a time-out, a broken line, an answer that cannot be relied on."""

    reason: str


class Busy(Struct, frozen=True):
    """The platform or its gateway says that it did nothing and asks to be tried later (429; 503 only with Retry-After).

    `reason` is its own explanation, if it gave one.
    """

    retry_after_s: int | None
    reason: str = ""


class Answered(Struct, frozen=True):
    """The whole of an answer with status 200, as it came."""

    body: bytes


Exchange = NotSent | Unknown | Busy | Answered
"""What the transport returns for one message."""


class Done(Struct, frozen=True, kw_only=True):
    """The platform did what a step asked (1101, 2201, 2203 … 2601), or a question found a number to ask further under.

    2201 and 5201 give `mdtrt_id`, 5204 gives `setl_id`, 2208 says `at` (a stamp) when it took back. `visits` are all
    that 5201 found registered under our number, the oldest first: which of them is settled has to be asked of each.
    """

    mdtrt_id: str = ""
    setl_id: str = ""
    at: str = ""
    visits: tuple[str, ...] = ()


class Settled(Struct, frozen=True, kw_only=True):
    """2207 was accepted, or a question found it so: under which number, when by the platform's clock (a stamp).

    `agency` is who clears it (`clr_optins`), under which insurance and kind of clearing (`insutype`, `clr_type`), where
    that is told: a statement is asked for each of these apart.
    """

    setl_id: str
    at: str
    figures: Figures
    agency: str = ""
    insutype: str = ""
    clr_type: str = ""


class Refused(Struct, frozen=True, kw_only=True):
    """The platform read the message and will not have it: its code and its own words."""

    code: str
    text: str


class SettledAlready(Struct, frozen=True):
    """The platform will not do it because it has settled this visit of ours before: a question, never a refusal."""

    text: str


class NotFound(Struct, frozen=True):
    """The platform was asked and knows nothing of it, as yet."""


class AlreadyReversed(Struct, frozen=True):
    """The platform says that what was asked after has been reversed."""


Reply = NotSent | Unknown | Busy | Done | Settled | Refused | SettledAlready | NotFound | AlreadyReversed
"""What a message came to, all told: what the machine of states is given."""
