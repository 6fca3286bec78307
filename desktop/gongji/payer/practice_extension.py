"""The practice extension: what the interface's fields cannot hold is sent in expContent, in the contract's form."""

from typing import Any

from gongji.core.money import parse_fen, yuan


def without_lines(record: dict[str, Any], part: int) -> dict[str, Any]:
    """Return the visit of a record without its lines, under a part's benefit; limits less what earlier parts used."""
    visit = {name: value for name, value in record["visit"].items() if name != "lines"}
    used_fen: dict[str, int] = {}
    for paid in record["payments"]:
        if paid["part"] < part and paid["account_id"]:
            used_fen[paid["account_id"]] = used_fen.get(paid["account_id"], 0) + paid["amount_fen"]
    accounts = visit.get("accounts") or {}
    if used_fen and accounts:
        own = accounts.get("own")
        family = accounts.get("family") or ()
        visit["accounts"] = {
            "own": None if own is None else _less(own, used_fen.get(record["person_id"], 0)),
            "family": [_less(one, used_fen.get(one["id"], 0)) for one in family],
        }
    return {**visit, "benefit": record["parts"][part]["benefit"]}


def _less(account: dict[str, Any], used_fen: int) -> dict[str, Any]:
    if not used_fen or account.get("limit") is None:
        return account
    limit_fen = int(parse_fen(str(account["limit"])))
    return {**account, "limit": yuan(max(0, limit_fen - used_fen))}


def line_alone(line: dict[str, Any]) -> dict[str, Any]:
    """Return a line as it would stand in a visit under its own benefit."""
    return {name: value for name, value in line.items() if name != "benefit"}
