"""上传回执: what the payer answered about a record, and what it says figures stand at by then."""

from collections.abc import Mapping

from gongji.core.book.ledger import Key
from gongji.desk.counter import Counter
from gongji.errors import GongjiError
from gongji.store import audit, ledger, queue, settlements

_SOURCE = "platform"


def record_accepted(
    counter: Counter, no: str, accepted_at: str, reference: str, figures_fen: Mapping[Key, int]
) -> None:
    """Keep that the payer accepted a settlement or void, when by its own clock (a stamp), under which reference.

    `figures_fen` is what it says figures stand at with that settlement. Again changes nothing.
    """
    at = counter.now()
    with counter.store.write() as connection:
        one = settlements.by_no(connection, no)
        if one is None:
            raise GongjiError(f"没有结算 {no}", "回执对不上，请核对")
        if not queue.is_accepted(connection, one.serial):
            queue.accept(connection, one.serial, accepted_at, reference, at)
            audit.append(connection, at, counter.operator, "accepted", no, reference)
        ledger.add_snapshots(connection, figures_fen.items(), accepted_at, None, _SOURCE)


def keep_snapshots(counter: Counter, figures_fen: Mapping[Key, int], as_of: str, source: str) -> None:
    """Keep what the payer says figures stood at, in fen, at a moment of its clock (a stamp)."""
    with counter.store.write() as connection:
        ledger.add_snapshots(connection, figures_fen.items(), as_of, None, source)
