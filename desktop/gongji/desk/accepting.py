"""上传回执: what the platform has of ours, and what it says figures stand at by then."""

from collections.abc import Mapping

from msgspec.structs import replace

from gongji.core.book.ledger import Key
from gongji.core.outbox.states import FINAL, State
from gongji.desk.counter import Counter
from gongji.errors import GongjiError
from gongji.store import audit, ledger, legs, platform, queue, settlements
from gongji.store.engine import Connection

PLATFORM = "platform"


def record_accepted(
    counter: Counter, no: str, accepted_at: str, reference: str, figures_fen: Mapping[Key, int]
) -> None:
    """Keep that the platform has a settlement or void, though it did not learn of it from here.

    `accepted_at` is by its own clock (a stamp), `figures_fen` what it says figures stand at with that settlement.
    Again changes nothing.
    """
    at = counter.now()
    with counter.store.write() as connection:
        one = settlements.by_no(connection, no)
        if one is None:
            raise GongjiError(f"没有结算 {no}", "回执对不上，请核对")
        if not queue.is_accepted(connection, one.serial):
            if one.kind == "settle":
                for leg in legs.of_serial(connection, one.serial):
                    legs.save(connection, replace(leg, state=State.ACCEPTED, setl_id=reference), at)
            else:
                legs.save_void(connection, one.serial, State.ACCEPTED, at)
            queue.accept(connection, one.serial, accepted_at, reference, at)
            audit.append(connection, at, counter.operator, "accepted", no, reference)
        ledger.add_snapshots(connection, figures_fen.items(), accepted_at, None, PLATFORM)


def keep_snapshots(counter: Counter, figures_fen: Mapping[Key, int], as_of: str, source: str) -> None:
    """Keep what the payer says figures stood at, in fen, at a moment of its clock (a stamp)."""
    with counter.store.write() as connection:
        ledger.add_snapshots(connection, figures_fen.items(), as_of, None, source)


def accepted_if_all(connection: Connection, serial: int, at: str, operator: str) -> None:
    """Keep that the platform has a settlement, once it has settled every part of it: its snapshots know it from then.

    That stays true when it takes it back later; from then on they know the void as well.
    """
    mine = legs.of_serial(connection, serial)
    told = [platform.newest(connection, leg.serial, leg.part) for leg in mine]
    found = [one for one in told if one is not None]
    if len(found) < len(mine) or queue.is_accepted(connection, serial):
        return
    reference = "、".join(one.setl_id for one in found)
    queue.accept(connection, serial, max(one.at for one in found), reference, at)
    one = settlements.by_serial(connection, serial)
    assert one is not None
    audit.append(connection, at, operator, "accepted", one.no, reference)


def void_if_done(connection: Connection, void: int, original: int, at: str, operator: str) -> bool:
    """Bring a void to its end once nothing of what it takes back is left at the platform; tell whether it is."""
    mine = legs.of_serial(connection, original)
    if any(leg.state not in FINAL for leg in mine):
        return False
    reversed_there = any(leg.state is State.REVERSED for leg in mine)
    legs.save_void(connection, void, State.ACCEPTED if reversed_there else State.VOID, at)
    # only where the platform's snapshots know the settlement can they know that it is gone
    if queue.is_accepted(connection, original) and not queue.is_accepted(connection, void):
        told = [platform.newest(connection, leg.serial, leg.part, reverses=True) for leg in mine]
        when = [one.at for one in told if one is not None]
        queue.accept(connection, void, max(when, default=at), "、".join(leg.setl_id for leg in mine), at)
    one = settlements.by_serial(connection, void)
    assert one is not None
    audit.append(
        connection, at, operator, "void-done", one.no, "平台已撤销" if reversed_there else "平台没有，无需撤销"
    )
    return True
