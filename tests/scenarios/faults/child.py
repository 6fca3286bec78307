"""A program that works in a data folder and may be killed at any point; told what to do and telling it over a socket.

It is forked from a server in which all is loaded already (running.Server), so that hundreds of them are cheap. What it
says, one message each: TRY before an act, ACK after it with the number and a digest of what is kept, WARNED for a
warning, TOLD for a sentence to the clerk, CRASH for anything else that was raised, DONE when it has closed.
"""

import contextlib
import ctypes
import datetime
import hashlib
import os
import random
import resource
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from msgspec import Struct, json, structs

from gongji.core.dates import CHINA
from gongji.core.identity import check_character
from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.desk.clinic.backup import relocate
from gongji.desk.clinic.begin import Beginning, begin
from gongji.desk.clinic.open import open_counter
from gongji.desk.session import Session
from gongji.desk.settlements.settle import settle_text
from gongji.desk.settlements.void import void
from gongji.errors import GongjiError
from gongji.files import resource_folder
from gongji.pack_files.library import Library
from tests.support.clinic import AREA, INSTITUTION, OPERATOR, PASSWORD, line, text, visit
from tests.support.passwords import passwords_cost_little

LIBRARY = Library(resource_folder() / "policies")
BEGINNING = Beginning(
    counter="01", area=AREA, institution=INSTITUTION, operator=OPERATOR, password=PASSWORD, training=False
)
WAIT_SECONDS = 60
_PR_SET_PTRACER, _ANY = 0x59616D61, -1
_NOBODY = 65534


class Order(Struct, frozen=True, kw_only=True):
    """What a child is to do in a folder: acts as "settle V1" or "void 01-…"; then, with a seed, on and on."""

    path: str
    acts: tuple[str, ...] = ()
    seed: int | None = None
    first: int = 0
    begins: bool = False
    as_nobody: bool = False
    shortly: bool = False
    dies: bool = False
    limit: int | None = None


class Acked(Struct, frozen=True):
    act: str
    no: str
    digest: str


def now() -> datetime.datetime:
    return datetime.datetime(2025, 6, 10, 9, tzinfo=CHINA)


def visit_text(visit_no: str) -> bytes:
    """The visit of a number is always the same: its person, lines and prices follow from the number."""
    own = random.Random(visit_no)
    first_17 = f"53039919500101{own.randrange(1, 800):03d}"
    person = {
        "id": first_17 + check_character(first_17),
        "name": "张秀英",
        "status": own.choice(("retired", "employed")),
    }
    lines = [line(f"{own.randrange(100, 9_000) / 100:.2f}", code=f"X{index}") for index in range(own.randrange(1, 6))]
    return text(visit(visit_no, *lines, person=person))


def digest(one: StoredSettlement) -> str:
    """A fingerprint of what a settlement or void says, without what may come to be known of it later."""
    fixed = structs.replace(one, voided_by=None, state="")
    return hashlib.sha256(json.encode(fixed, order="deterministic")).hexdigest()


def do(session: Session, act: str) -> tuple[StoredSettlement, tuple[str, ...]]:
    kind, subject = act.split(" ")
    if kind == "void":
        voided = void(session, subject, "药品退回")
        return voided.stored, voided.warnings
    settled = settle_text(session, visit_text(subject))
    assert settled.stored is not None, settled.problems
    return settled.stored, settled.warnings


def run(line_: socket.socket, order: Order) -> None:
    """Wait for the word to go, work, and say how it went."""
    with contextlib.suppress(AttributeError, OSError):  # where only ancestors may trace, let strace do it all the same
        ctypes.CDLL(None).prctl(_PR_SET_PTRACER, ctypes.c_ulong(_ANY), 0, 0, 0)
    if order.as_nobody:
        os.setgroups([])
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)

    if order.limit is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (order.limit, order.limit))

    def say(word: str, *values: str) -> None:
        line_.send("\t".join((word, *values)).encode())

    passwords_cost_little()
    relocate.place_of = lambda _: "here"  # type: ignore[assignment]  # folders are copied here so that each child has its own
    line_.recv(1)
    try:
        _work(order, say)
    except GongjiError as error:
        say("TOLD", type(error).__name__, error.title, error.advice)
    except BaseException as error:
        say("CRASH", repr(error), traceback.format_exc())
        raise
    say("DONE")
    sys.stdout.flush()


def _work(order: Order, say: Callable[..., None]) -> None:
    path = Path(order.path)
    if order.begins:
        begin(path, BEGINNING, LIBRARY, now)
        say("BEGUN")
        return
    if order.seed is not None:
        _on_and_on(path, order, say)
        return
    if order.shortly:
        for act in order.acts:
            _session(path, [act], say)
        return
    _session(path, order.acts, say, dies=order.dies)


def _on_and_on(path: Path, order: Order, say: Callable[..., None]) -> None:
    """Settle and void until killed, closing and opening again now and then."""
    own = random.Random(order.seed)
    acts = iter(order.acts)
    fresh = order.first
    settled: list[str] = []

    def some() -> Iterator[str]:
        nonlocal fresh
        yield from acts
        for _ in range(own.randrange(1, 12)):
            if settled and own.random() < 0.3:
                yield f"void {settled.pop(own.randrange(len(settled)))}"
            else:
                fresh += 1
                yield f"settle V{fresh}"

    while True:
        settled += [acked.no for acked in _session(path, some(), say) if acked.act.startswith("settle")]


def _session(path: Path, acts: Iterable[str], say: Callable[..., None], *, dies: bool = False) -> list[Acked]:
    """Open, act, close; what stands in the way of an act is told and the next one tried, as a clerk would."""
    found = []
    counter = open_counter(path, LIBRARY, now, OPERATOR, PASSWORD, WAIT_SECONDS)
    say("OPEN")
    for act in acts:
        say("TRY", act)
        try:
            stored, warnings = do(counter, act)
        except GongjiError as error:
            say("TOLD", type(error).__name__, error.title, error.advice)
            continue
        for warning in warnings:
            say("WARNED", warning)
        found.append(Acked(act, stored.no, digest(stored)))
        say("ACK", act, stored.no, found[-1].digest)
    if dies:
        os.kill(os.getpid(), signal.SIGKILL)
    counter.close()
    return found
