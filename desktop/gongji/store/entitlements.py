"""Whether somebody is entitled to a kind of visit, as the platform said when it was asked (2001), by its own clock."""

from msgspec import Struct

from gongji.store.engine import Connection


class Entitlement(Struct, frozen=True, kw_only=True):
    """The platform's word: for which med_type, yes or no and why, at what moment (a stamp)."""

    med_type: str
    entitled: bool
    reason: str
    at: str


def put_entitlement(connection: Connection, person_id: str, one: Entitlement) -> None:
    """Keep the platform's word."""
    connection.execute(
        "INSERT INTO entitlement (person_id, med_type, entitled, reason, at) VALUES (?, ?, ?, ?, ?)",
        (person_id, one.med_type, one.entitled, one.reason, one.at),
    )


def newest_entitlement(connection: Connection, person_id: str) -> Entitlement | None:
    """Return the platform's newest word on somebody; None where it was never asked."""
    row = connection.execute(
        "SELECT med_type, entitled, reason, at FROM entitlement WHERE person_id = ? ORDER BY at DESC, id DESC LIMIT 1",
        (person_id,),
    ).fetchone()
    return None if row is None else Entitlement(med_type=row[0], entitled=bool(row[1]), reason=row[2], at=row[3])
