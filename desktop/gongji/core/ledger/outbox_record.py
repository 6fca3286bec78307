"""What the queue carries for the payer: a settlement or void whole, in our own words, frozen when it is made."""

from typing import Any

from msgspec import json

from gongji.core.ledger.stored_settlement import StoredSettlement


def claim_key(institution: str, counter: str, epoch: int, serial: int) -> str:
    """Return the key a record goes by for ever; the epoch goes up when a book is restored from a copy."""
    return f"{institution}-{counter}-{epoch}-{serial}"


def lane(person_id: str, year_from: str) -> str:
    """Return the lane in which records wait for each other: one person's benefit year."""
    return f"{person_id}/{year_from}"


def body(key: str, one: StoredSettlement, visit: bytes | None, original_key: str | None) -> bytes:
    """Return a record's bytes; amounts in fen, `visit` as it was settled (none for a void)."""
    found: dict[str, Any] = {
        "claim_key": key,
        "kind": one.kind,
        "original": original_key,
        "settlement_no": one.no,
        "voids": one.voids,
        "visit_no": one.visit_no,
        "receipt_no": one.receipt_no,
        "person_id": one.person_id,
        "area": one.area,
        "settled_on": one.settled_on,
        "year_from": one.year_from,
        "policy": one.policy,
        "operator": one.operator,
        "at": one.at,
        "reason": one.reason,
        "parts": [{"benefit": part.benefit, "amounts": part.amounts} for part in one.parts],
        "totals": one.totals,
        "payments": one.payments,
        "visit": None if visit is None else json.decode(visit),
    }
    return json.encode(found, enc_hook=_fen, order="deterministic")


def _fen(value: Any) -> int:
    """Return an amount that is still marked as one as the plain number it is."""
    if isinstance(value, int):
        return int(value)
    raise TypeError(type(value))
