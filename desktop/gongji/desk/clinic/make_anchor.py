"""锚: making the line that somebody else keeps, at each day's close, with every copy and every package."""

from gongji.core.ledger.audit import Anchor, anchor_line
from gongji.desk.clinic.restored_doubts import ORIGIN
from gongji.desk.session import Session
from gongji.store import audit, messages, settings, settlement_sums, settlements, tally
from gongji.store.audit import KeptAnchor


def make_anchor(session: Session, cause: str) -> str:
    """Return the anchor line of the book's current state, stored in the book too; `cause` says what it is made for."""
    at = session.newest(session.stamp())
    with session.store.write() as connection:
        commits, tallies = tally.kept(connection)
        serial, seal = audit.last(connection)
        state = tally.state_of(tallies)
        last = settlements.next_serial(connection, 0) - 1
        one = Anchor(
            institution=session.clinic.institution["id"],
            counter=session.clinic.counter,
            origin=settings.get(connection, ORIGIN) or "",
            epoch=session.clinic.epoch,
            audit=serial,
            seal=bytes.fromhex(seal),
            commits=commits,
            root=tally.root(tallies),
            no=settlements.last_no(connection) or "",
            serial=last,
            message=messages.last_number(connection),
            sums_fen=settlement_sums.sums_by_means(connection),
            at=at,
        )
        line = anchor_line(one)
        settings.put(connection, settings.ANCHOR, line)  # sent along with every package, and where a region asks for it
        audit.put_anchor(connection, KeptAnchor(line=line, cause=cause, state=state, at=at))
    return line
