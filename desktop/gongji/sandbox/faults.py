"""Faults on request: what goes wrong with which of the next messages, or by chance from a seed."""

import random
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

Kind = Literal[
    "drop_before",  # the connection ends, nothing was done
    "drop_after",  # all was done, the connection ends
    "late",  # done only after some seconds, whether or not anybody still waits
    "delay",  # done at once, answered after some seconds
    "status_before",  # an HTTP status instead, nothing was done
    "status_after",  # all was done, an HTTP status instead of the answer
    "malformed",  # all was done, the answer is no JSON
    "truncated",  # all was done, half of the answer comes
    "doubled_key",  # all was done, the answer has a key twice
    "not_a_number",  # all was done, the answer has NaN in it
    "stranger",  # all was done, the answer is another message's
    "said_to_fail",  # all was done, the answer says that something timed out
    "refused_though_done",  # all was done, the answer refuses in plain words
    "zero_and_error",  # nothing was done, the answer has infcode 0 and an error
    "sign_in_ran_out",  # nothing was done, the answer asks to sign in again
    "stumbles",  # nothing was done, the answer is infcode 500
    "trickle",  # all was done, the answer comes in crumbs over some seconds
    "portal",  # a web page with status 200, nothing was done
    "redirect",  # sent elsewhere, nothing was done
    "half_file",  # a file (9102) of which only half was written
    "damaged_file",  # a file with a byte changed
    "short_file",  # a file with a row less than was told
    "duplicate",  # the network delivered the message twice
    "tls",  # the next handshake fails
    "certificate",  # the next handshake shows a certificate nobody vouches for
]
HANDSHAKE: tuple[Kind, ...] = ("tls", "certificate")


class Fault(Struct, kw_only=True, forbid_unknown_fields=True):
    """What is to go wrong `times` times, with messages of one kind (infno) or any, after letting `skip` pass."""

    kind: Kind
    infno: str | None = None
    times: Annotated[int, Meta(ge=1)] = 1
    skip: Annotated[int, Meta(ge=0)] = 0
    seconds: Annotated[float, Meta(ge=0, le=600)] = 1.0
    status: Annotated[int, Meta(ge=200, le=599)] = 503


class Chance(Struct, kw_only=True, forbid_unknown_fields=True):
    """Faults by chance: each message meets one of `kinds` with a probability, the same for the same seed."""

    seed: int
    share: Annotated[float, Meta(ge=0, le=1)]
    kinds: Annotated[tuple[Kind, ...], Meta(min_length=1)]
    seconds: Annotated[float, Meta(ge=0, le=600)] = 0.2


class Faults:
    """What is still to go wrong."""

    def __init__(self) -> None:
        self._wanted: list[Fault] = []
        self._chance: Chance | None = None
        self._random = random.Random(0)  # noqa: S311  # the same faults for the same seed is what is wanted
        self._met: dict[str, int] = {}

    def want(self, faults: Sequence[Fault]) -> None:
        """Let these go wrong, after those wanted before."""
        self._wanted += faults

    def by_chance(self, chance: Chance | None) -> None:
        """Let things go wrong by chance from now on, or no longer."""
        self._chance = chance
        self._random = random.Random(0 if chance is None else chance.seed)  # noqa: S311  # as above

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        self._wanted.clear()
        self._chance = None

    def summary(self) -> dict[str, Any]:
        """Return what is still to go wrong and how often each kind did."""
        return {"wanted": self._wanted, "chance": self._chance, "met": self._met}

    def next_for(self, infno: str | None) -> Fault | None:
        """Return what goes wrong with this message."""
        return self._met_now(self._next(infno, handshake=False) or self._drawn())

    def next_handshake(self) -> Fault | None:
        """Return what goes wrong with this TLS handshake."""
        return self._met_now(self._next(None, handshake=True))

    def _met_now(self, fault: Fault | None) -> Fault | None:
        if fault is not None:
            self._met[fault.kind] = self._met.get(fault.kind, 0) + 1
        return fault

    def _next(self, infno: str | None, *, handshake: bool) -> Fault | None:
        for fault in self._wanted:
            if (fault.kind in HANDSHAKE) is not handshake or fault.infno not in {None, infno}:
                continue
            if fault.skip:
                fault.skip -= 1
                return None
            fault.times -= 1
            if not fault.times:
                self._wanted.remove(fault)
            return fault
        return None

    def _drawn(self) -> Fault | None:
        chance = self._chance
        if chance is None or self._random.random() >= chance.share:
            return None
        return Fault(kind=self._random.choice(chance.kinds), seconds=chance.seconds)
