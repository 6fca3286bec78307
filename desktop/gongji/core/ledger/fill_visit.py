"""Fields that a visit leaves out are filled from the book; fields that it has stay.

Works on the decoded JSON, before it is read as a `Visit`, since a field left out and a field given its default mean
different things here. Parts that are not of the right shape are left for the reader to refuse.
"""

from typing import Any

from msgspec import Struct

from gongji.core.money import yuan


class KnownAccount(Struct, frozen=True, kw_only=True):
    """A family account as the book knows it; the balance in fen."""

    id: str
    relation: str
    authorised: bool
    area: str | None
    balance_fen: int


class KnownToBook(Struct, frozen=True, kw_only=True):
    """What the book knows for a visit, in the contract's form; amounts in fen; empty where it knows nothing."""

    area: str | None = None
    settled_on: str | None = None
    institution: dict[str, Any] | None = None
    person: dict[str, Any] = {}
    accumulators_fen: dict[str, int] = {}
    own_balance_fen: int | None = None
    family: tuple[KnownAccount, ...] = ()
    parameters: dict[str, Any] = {}
    notices: dict[str, str] = {}
    items: dict[str, dict[str, Any]] = {}


_ITEM_NEEDS = ("category", "class", "unit_price")


def fill_from_book(visit: dict[str, Any], known: KnownToBook) -> dict[str, Any]:
    """Return the visit with absent fields filled from what is known."""
    filled = dict(visit)
    _fill(filled, {"area": known.area, "settled_on": known.settled_on, "institution": known.institution})
    if isinstance(filled.get("person"), dict):
        filled["person"] = {**filled["person"]}
        _fill(filled["person"], known.person)
    for name, values in (
        ("accumulators", {key: yuan(fen) for key, fen in known.accumulators_fen.items()}),
        ("parameters", known.parameters),
        ("accounts", _accounts(known)),
    ):
        given = filled.get(name)
        if given is None:
            given = {}
        if isinstance(given, dict) and values:
            filled[name] = {**given}
            _fill(filled[name], values)
    if isinstance(filled.get("lines"), list):
        filled["lines"] = [_line(line, known.items) for line in filled["lines"]]
    return filled


def codes_to_look_up(visit: dict[str, Any]) -> list[str]:
    """Return the codes of the lines that hold only a code and a quantity."""
    lines = visit.get("lines")
    return [
        line["code"]
        for line in (lines if isinstance(lines, list) else ())
        if isinstance(line, dict) and isinstance(line.get("code"), str) and _lacks(line)
    ]


def _lacks(line: dict[str, Any]) -> bool:
    return any(line.get(name) is None for name in _ITEM_NEEDS)


def _line(line: Any, items: dict[str, dict[str, Any]]) -> Any:
    code = line.get("code") if isinstance(line, dict) else None
    item = items.get(code) if isinstance(code, str) else None
    if item is None or not _lacks(line):
        return line
    filled = {**line}
    _fill(filled, item)
    return filled


def _fill(into: dict[str, Any], values: dict[str, Any]) -> None:
    for name, value in values.items():
        if into.get(name) is None and value is not None:
            into[name] = value


def _accounts(known: KnownToBook) -> dict[str, Any]:
    accounts: dict[str, Any] = {}
    if known.own_balance_fen is not None:
        accounts["own"] = {"balance": yuan(known.own_balance_fen)}
    if known.family:
        accounts["family"] = [
            {
                "id": account.id,
                "relation": account.relation,
                "balance": yuan(account.balance_fen),
                "authorised": account.authorised,
                **({"area": account.area} if account.area else {}),
            }
            for account in known.family
        ]
    return accounts


def sources(given: Any, known: KnownToBook) -> dict[str, str]:
    """Return the notice that each open parameter was entered from, for those the visit did not bring itself."""
    brought = given.get("parameters") if isinstance(given, dict) else None
    return {
        name: notice for name, notice in known.notices.items() if not (isinstance(brought, dict) and name in brought)
    }
