"""Acceptances and snapshots put into a book without a message of the platform."""

from collections.abc import Mapping

from msgspec.structs import replace

from gongji.core.ledger.audit import Act
from gongji.core.ledger.ledger import FigureKey
from gongji.core.outbox.states import State
from gongji.desk.session import Session
from gongji.desk.upload.record_answer import PLATFORM
from gongji.errors import GongjiError
from gongji.store import audit
from gongji.store.settlements import ledger, settlements
from gongji.store.upload import legs, outbox_records


def record_accepted(
    session: Session, no: str, accepted_at: str, reference: str, figures_fen: Mapping[FigureKey, int]
) -> None:
    """Record that the platform has a settlement or void, learnt by other means than a message.

    `accepted_at` is by its own clock (a stamp), `figures_fen` what it says figures were with that settlement.
    Repeating it changes nothing. Raises `GongjiError` for a number the book does not have.
    """
    at = session.now()
    with session.store.write() as connection:
        one = settlements.by_no(connection, no)
        if one is None:
            raise GongjiError(f"没有结算 {no}", "回执对不上，请核对")
        if not outbox_records.is_accepted(connection, one.serial):
            if one.kind == "settle":
                for leg in legs.of_serial(connection, one.serial):
                    legs.save(connection, replace(leg, state=State.ACCEPTED, setl_id=reference), at)
            else:
                legs.save_void(connection, one.serial, State.ACCEPTED, at)
            outbox_records.accept(connection, one.serial, accepted_at, reference, at)
            audit.append(connection, at, session.operator, Act.ACCEPTED, no, reference)
        ledger.add_snapshots(connection, figures_fen.items(), accepted_at, None, PLATFORM)


def keep_snapshots(session: Session, figures_fen: Mapping[FigureKey, int], as_of: str, source: str) -> None:
    """Store the payer's figures, in fen, at a moment of its clock (a stamp)."""
    with session.store.write() as connection:
        ledger.add_snapshots(connection, figures_fen.items(), as_of, None, source)
