"""补打差额单: the slips of differences that were settled by the platform's figures, from what the book holds.

A decision stands before its paper: whatever befell the paper, it is made here, and from then on only reprinted.
"""

from pathlib import Path

from msgspec import Struct

from gongji.core.book.settled import Stored
from gongji.core.outbox.differences import evened
from gongji.desk import filing
from gongji.desk.counter import Counter
from gongji.desk.differences import difference_of
from gongji.desk.gateways import gateway
from gongji.desk.papers import place_of
from gongji.desk.slips import difference_name, print_difference
from gongji.errors import GongjiError
from gongji.printing.stamping import stamped
from gongji.store import audit, legs, printed, resolutions
from gongji.store.engine import Connection
from gongji.store.resolutions import Resolution
from gongji.upload.profiles import profile

_EVENED = ("adopt", "collect", "refund")
_AGAIN = "reprint"


class Evened(Struct, frozen=True, kw_only=True):
    """A difference that was settled by the platform's figures; whether its slip is on file, how often reprinted."""

    decided: Resolution
    printed: bool
    reprints: int


def evened_of(connection: Connection, stored: Stored) -> tuple[Evened, ...]:
    """Return the differences of a settlement that were settled by the platform's figures, in order."""
    names = [Path(name).stem for name in printed.names_of(connection, stored.serial)]
    found = []
    for one in resolutions.of_serial(connection, stored.serial):
        if one.kind in _EVENED:
            name = difference_name(stored, one.slip_no or "")
            times = sum(each.startswith(f"{name}-{_AGAIN}-") for each in names)
            found.append(Evened(decided=one, printed=name in names, reprints=times))
    return tuple(found)


def print_evened(counter: Counter, stored: Stored, one: Evened) -> Path:
    """Return the file of a difference's slip: made where it never was, else marked as a reprint, counted and logged.

    Raises `GongjiError` and `ClockError`; also where the platform's figures are no longer those that were taken.
    """
    no = one.decided.slip_no or ""
    original = filing.on_file(counter, place_of(stored).with_name(f"{difference_name(stored, no)}.pdf"))
    if original is None:
        return print_difference(counter, stored, _theirs(counter, stored, one.decided), no)
    at, nth = counter.now(), one.reprints + 1
    mark = f"补打 第 {nth} 次"
    pdf = stamped(original.read_bytes(), f"{mark}  {at}  {counter.operator}")
    place = place_of(stored).with_name(f"{difference_name(stored, no)}-{_AGAIN}-{nth}.pdf")
    with counter.store.write() as connection:
        filing.keep(connection, place, stored.serial, at, pdf)
        audit.append(connection, at, counter.operator, "reprint", stored.no, f"差额单 {no} {mark}")
    return filing.put_on_file(counter, place, stored.serial, at, pdf)


def _theirs(counter: Counter, stored: Stored, decided: Resolution) -> dict[str, int]:
    """Return what the settlement came to by the platform's figures (`Split`'s names, fen)."""
    connection = counter.store.reader
    leg = legs.get(connection, stored.serial, decided.part)
    found = difference_of(connection, leg, profile(gateway(counter).region))
    if found is None or found.cash_fen != decided.amount_fen:
        advice = "请按日结里这张差额单的金额办理，并向经办机构索取该笔的结算信息"
        raise GongjiError(f"{stored.no} 平台现在的金额与当时采用的不同，差额单出不了", advice)
    return evened(stored.totals, found)
