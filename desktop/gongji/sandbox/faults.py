"""Faults on request: what goes wrong with which of the next messages, or by chance from a seed.

And what is then sent, where the line is whole: answers that are none or another's, files that are not as they were.
"""

import io
import random
import zipfile
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, json

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


Spoil = Callable[[bytes], bytes]
_NOBODYS = "H" * 12 + "0" * 18


def _strange(body: bytes) -> bytes:
    """Return an answer to another message."""
    value = json.decode(body)
    return json.encode({**value, "msgid": _NOBODYS, "output": _renumbered(value.get("output"))})


def _renumbered(output: Any) -> Any:
    node = output.get("setlinfo") if isinstance(output, dict) else None
    return output if node is None else {**output, "setlinfo": {**node, "medins_setl_id": _NOBODYS}}


def _damaged(content: bytes) -> bytes:
    """Return a zip with a byte of its first file's packed content changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entry = archive.infolist()[0]
    place = entry.header_offset + _HEADER + len(entry.filename.encode()) + entry.compress_size // 2
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def _shortened(content: bytes) -> bytes:
    """Return a zip whose texts have lost their last line, and are whole otherwise."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as fewer:
        for entry in archive.infolist():
            lines = archive.read(entry).splitlines(keepends=True)
            fewer.writestr(entry.filename, b"".join(lines[:-1]))
    return out.getvalue()


def _refusing(text: str) -> Spoil:
    def spoil(body: bytes) -> bytes:
        return json.encode({**json.decode(body), "infcode": -1, "err_msg": text, "output": None})

    return spoil


def not_done(kind: str) -> bytes | None:
    """Return what is said to a message with which nothing was done; None where that kind of fault says nothing."""
    said = _SAID_INSTEAD.get(kind)
    if said is None:
        return None
    infcode, text = said
    head = {"inf_refmsgid": "0" * 30, "refmsg_time": "20260101000000000", "respond_time": "20260101000000000"}
    return json.encode({"infcode": infcode, **head, "err_msg": text, "output": None})


_SAID_INSTEAD = {
    "zero_and_error": (0, "FSI-文件查询号不能为空[fileBO_156]"),
    "sign_in_ran_out": (-1, "FSI-签到流水号已失效，请重新签到[signInBO_9](1f2e@10.1.2.3)"),
    "stumbles": (500, "服务熔断"),
}
_HEADER = 30  # of an entry in a zip, before its name
OF_ANSWERS: dict[str, Spoil] = {
    "malformed": lambda body: b"<" + body,
    "doubled_key": lambda body: body[:-1] + b',"infcode":0}',
    "not_a_number": lambda body: body[:-1] + b',"rate":NaN}',
    "stranger": _strange,
    "said_to_fail": _refusing("FSI-Read timed out executing POST http://fsi/settle(1f2e@10.1.2.3)"),
    "refused_though_done": _refusing("FSI-写入结算明细失败[setl_7](1f2e@10.1.2.3)"),
}
OF_FILES: dict[str, Spoil] = {
    "malformed": lambda body: b"<" + body,
    "half_file": lambda body: body[: len(body) // 2],
    "damaged_file": _damaged,
    "short_file": _shortened,
}
