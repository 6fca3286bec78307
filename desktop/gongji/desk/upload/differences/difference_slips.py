"""补打差额单: slips of differences resolved by the platform's figures, from what the book holds.

A decision counts before its slip exists: whatever happened to it, it is made here, and from then on only reprinted.
"""

from pathlib import Path

from msgspec import Struct

from gongji.core.ledger.audit import Act
from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.core.outbox.differences import amounts_after
from gongji.desk.papers import archive
from gongji.desk.papers.archive import PaperSteps
from gongji.desk.papers.receipts import place_of
from gongji.desk.papers.slips import difference_name, difference_steps
from gongji.desk.region_profile import region_profile
from gongji.desk.session import Session
from gongji.desk.upload.differences.differences import difference_of
from gongji.desk.upload.gateway.kept_gateway import gateway
from gongji.errors import GongjiError
from gongji.printing.reprint_mark import stamped
from gongji.store import audit
from gongji.store.engine import Connection
from gongji.store.settlements import printed_files
from gongji.store.upload import decisions, legs
from gongji.store.upload.decisions import Resolution

_EVENED = ("adopt", "collect", "refund")
_AGAIN = "reprint"


class DifferenceSlip(Struct, frozen=True, kw_only=True):
    """A difference resolved by the platform's figures; whether its slip is on file, how often reprinted."""

    decided: Resolution
    printed: bool
    reprints: int


def difference_slip_of(connection: Connection, stored: StoredSettlement) -> tuple[DifferenceSlip, ...]:
    """Return a settlement's differences that were resolved by the platform's figures, in order."""
    names = [Path(name).stem for name in printed_files.names_of(connection, stored.serial)]
    found = []
    for one in decisions.of_serial(connection, stored.serial):
        if one.kind in _EVENED and one.cause != decisions.VOIDED:
            name = difference_name(stored, one.slip_no or "")
            times = sum(each.startswith(f"{name}-{_AGAIN}-") for each in names)
            found.append(DifferenceSlip(decided=one, printed=name in names, reprints=times))
    return tuple(found)


def difference_slip_steps(session: Session, stored: StoredSettlement, one: DifferenceSlip) -> PaperSteps[Path]:
    """Make a difference slip where it does not exist; else the same marked as a reprint, counted and logged.

    Raises `GongjiError` and `ClockError`; also where the platform's figures are no longer the adopted ones.
    """
    no = one.decided.slip_no or ""
    original = archive.on_file(session, place_of(stored).with_name(f"{difference_name(stored, no)}.pdf"))
    if original is None:
        return (yield from difference_steps(session, stored, _theirs(session, stored, one.decided), no))
    at, nth = session.now(), one.reprints + 1
    mark = f"补打 第 {nth} 次"
    pdf = stamped(archive.bytes_of(session, original), f"{mark}  {at}  {session.operator}")
    place = place_of(stored).with_name(f"{difference_name(stored, no)}-{_AGAIN}-{nth}.pdf")

    def keep() -> None:
        with session.store.write() as connection:
            archive.keep(connection, place, stored.serial, at, pdf)
            audit.append(connection, session.now(), session.operator, Act.REPRINT, stored.no, f"差额单 {no} {mark}")

    yield keep
    return archive.write_file(session, place, pdf)


def _theirs(session: Session, stored: StoredSettlement, decided: Resolution) -> dict[str, int]:
    """Return what the settlement came to by the platform's figures (`Split`'s names, fen)."""
    connection = session.store.reader
    leg = legs.get(connection, stored.serial, decided.part)
    found = difference_of(connection, leg, region_profile(connection, gateway(session).region))
    if found is None or found.cash_fen != decided.amount_fen:
        advice = "请按日结里这张差额单的金额办理，并向经办机构索取该笔的结算信息"
        raise GongjiError(f"{stored.no} 平台现在的金额与当时采用的不同，差额单出不了", advice)
    return amounts_after(stored.totals, found)
