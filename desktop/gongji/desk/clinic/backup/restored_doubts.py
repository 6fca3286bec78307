"""After a restore: nothing in the book that is not final is believed before the platform was asked."""

import secrets
from typing import Any

from msgspec import Struct

from gongji.core.identity import masked
from gongji.core.ledger.audit import Act
from gongji.core.money import yuan
from gongji.core.outbox.states import FINAL, LIVE, State
from gongji.desk.roles import with_second
from gongji.desk.session import Session
from gongji.store import audit, concerns, settings
from gongji.store.concerns import Concern
from gongji.store.engine import Connection
from gongji.store.people import forgetting
from gongji.store.people.forgetting import Forgetting
from gongji.store.settlements import settlement_sums, settlements
from gongji.store.upload import legs, messages, quiet_times

ORIGIN = "origin"
"""The setting that names a book's lineage: random, new with every restore."""
_JUMP, _JUMPS = 500, 40
RECONCILE_FIRST = "reconcile_first"
"""Set to "1" from a restore until the next reconciliation: nothing is sent before."""


def ask_first(session: Session, connection: Connection, at: str, reserved: str) -> int:
    """Have a book that went back ask after everything that is not final; return how many legs.

    No message gets a number that may have been used up to `reserved` (a stamp). Within the caller's transaction.
    """
    from gongji.core.outbox.turns import put_back  # noqa: PLC0415  # a book hardly ever goes back

    settings.put(connection, RECONCILE_FIRST, "1")
    messages.skip(connection, reserved)
    doubted = [leg for leg in legs.in_state(connection, *State) if leg.state not in FINAL | LIVE]
    for leg in doubted:
        legs.save(connection, put_back(leg), at)
    quiet_times.drop_all(connection)
    audit.append(connection, at, session.operator, Act.ASKS_FIRST, session.clinic.counter, f"{len(doubted)} 条待查")
    return len(doubted)


def lost_by(connection: Connection, copy: Connection) -> list[Concern]:
    """Return every settlement and void of a book that a copy lacks, with its number and its money in fen."""
    kept = {one.serial: one.seal for one in settlements.witness_lines(copy, 0)}
    gone = [one.serial for one in settlements.witness_lines(connection, 0) if kept.get(one.serial) != one.seal]
    return [_lost(connection, serial) for serial in gone]


def forgotten_since(connection: Connection, copy: Connection) -> tuple[Forgetting, ...]:
    """Return whom a book has forgotten and a copy has not, of those the copy knows."""
    done = {(one.person_id, one.at) for one in forgetting.forgettings(copy)}
    return tuple(
        one
        for one in forgetting.forgettings(connection)
        if (one.person_id, one.at) not in done and forgetting.traces(copy, one.person_id) is not None
    )


def _lost(connection: Connection, serial: int) -> Concern:
    one = next(settlements.heads(connection, serial, serial))
    means = settlement_sums.net_by_means(settlement_sums.taken_by_operator(connection, [serial]))
    detail: dict[str, Any] = {
        "serial": serial,
        "kind": one.kind,
        "voids": one.voids,
        "visit_no": one.visit_no,
        "receipt_no": one.receipt_no,
        "at": one.at,
        "total_fen": int(one.totals.total_fen),
        "fund_total_fen": int(one.totals.fund_total_fen),
        "cash_fen": means.get("cash", 0),
        "means": means,
    }
    what = "冲销" if one.kind == "void" else "结算"
    text = (
        f"恢复前的这笔{what}不在备份里：合计 {yuan(one.totals.total_fen)}，基金 {yuan(one.totals.fund_total_fen)}，"
        f"现金 {yuan(detail['cash_fen'])}；请按单据补录，或写明原因"
    )
    return Concern(kind="lost", subject=one.no, text=text, detail=detail)


class Forerunner(Struct, frozen=True, kw_only=True):
    """The book that a restored one replaces.

    Its epoch, the highest serial it or its witness knows, up to when message numbers are reserved, and what of it is
    lost. `forgotten` are those whose data was destroyed after the copy was made: it is destroyed in the copy as well.
    `elsewhere` says that it was worked with at another place, so that nobody knows how far its numbers went.
    """

    epoch: int
    serial: int
    reserved: str
    lost: tuple[Concern, ...] = ()
    elsewhere: bool = False
    second: str = ""
    forgotten: tuple[Forgetting, ...] = ()


def distrust_restored_legs(session: Session, before: Forerunner | None = None) -> int:
    """Prepare a restored book for work; return how many legs have to be asked after.

    It gets a random lineage, so that two books restored from one copy differ, and an epoch above both books'. Numbers
    continue above the highest known, since what was made after the copy may be on paper: well above where the replaced
    book was elsewhere. Open the counter again afterwards.
    """
    at = session.newest(session.stamp())
    before = before or Forerunner(epoch=0, serial=0, reserved="")
    with session.store.write() as connection:
        last = settlements.next_serial(connection, session.clinic.serial_floor) - 1
        floor = max(last, before.serial)
        if before.elsewhere:
            floor += _JUMP * (1 + secrets.randbelow(_JUMPS))
        settings.put(connection, "epoch", str(max(session.clinic.epoch, before.epoch) + 1))
        settings.put(connection, "serial_floor", str(floor))
        settings.put(connection, ORIGIN, new_origin())
        concerns.put(connection, before.lost, at)
        doubted = ask_first(session, connection, at, before.reserved)
        for one in before.forgotten:
            forgetting.forget(connection, one)
            detail = f"备份里还有，恢复时再次删除；{one.at} 由 {one.operator} 删除过：{one.reason}"
            audit.append(connection, at, session.operator, Act.FORGOTTEN, masked(one.person_id), detail)
        cash_fen = sum(one.detail["cash_fen"] for one in before.lost)
        lost = f"，备份里没有的 {len(before.lost)} 笔（现金 {yuan(cash_fen)}）须补录或说明" if before.lost else ""
        jump = f"，编号从第 {floor + 1} 号起" if before.elsewhere else ""
        detail = with_second(f"{doubted} 条待查{lost}{jump}", before.second)
        audit.append(connection, at, session.operator, Act.RESTORED, session.clinic.counter, detail)
    return doubted


def new_origin() -> str:
    """Return a new random lineage."""
    return secrets.token_hex(16)
