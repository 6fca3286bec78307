"""The people the payer insures, their accumulators and accounts, in its own file.

A person given by a control call is known in its own right. Everybody else is known from messages only:
their insurance and the balance of their accounts are as in the newest message; an accumulator is as in the first
message that named it, and from then on the payer's own.
"""

from collections.abc import Mapping
from sqlite3 import Connection
from typing import Any

from msgspec import Struct, json

BALANCE = "balance"
PSN_NO_BEGINS = "99"  # no identity number does


class Insured(Struct, frozen=True, kw_only=True):
    """A person: facts in the contract's form, with the area; `own` where a control call created them."""

    rank: int
    certno: str
    facts: dict[str, Any]
    own: bool

    @property
    def psn_no(self) -> str:
        """The number the payer knows the person by."""
        return f"{PSN_NO_BEGINS}{self.rank:018d}"


def psn_type(facts: Mapping[str, Any]) -> str:
    """Return the code of what kind of insured person somebody is."""
    kind = "12" if facts.get("status") == "retired" else "11"
    if "civil_servant" in (facts.get("supplements") or ()):
        return f"{kind}02"
    return f"{kind}03" if facts.get("employment") == "flexible" else f"{kind}01"


def find(connection: Connection, number: str) -> Insured | None:
    """Return a person by identity number or by the payer's own number."""
    row = connection.execute("SELECT rank, certno, facts FROM person WHERE certno = ?", (number,)).fetchone()
    if row is None and number.startswith(PSN_NO_BEGINS) and number.isdigit():
        row = connection.execute("SELECT rank, certno, facts FROM person WHERE rank = ?", (int(number[2:]),)).fetchone()
    if row is None:
        return None
    facts = json.decode(row[2])
    return Insured(rank=row[0], certno=row[1], own=facts.pop("own"), facts=facts)


def keep(connection: Connection, certno: str, facts: Mapping[str, Any], *, own: bool) -> Insured:
    """Keep a person; what is not said leaves what is known."""
    known = find(connection, certno)
    known_facts = {name: value for name, value in facts.items() if value is not None}
    merged = {**(known.facts if known else {}), **known_facts}
    is_own = own or (known is not None and known.own)
    text = json.encode({**merged, "own": is_own}).decode()
    (rank,) = connection.execute(
        "INSERT INTO person (certno, facts) VALUES (?, ?) "
        "ON CONFLICT (certno) DO UPDATE SET facts = excluded.facts RETURNING rank",
        (certno, text),
    ).fetchone()
    return Insured(rank=rank, certno=certno, facts=merged, own=is_own)


def figures(connection: Connection, owner: str, scope: str) -> dict[str, int]:
    """Return the values of a person's accumulators in a scope, in fen."""
    rows = connection.execute(
        "SELECT name, amount_fen FROM figure WHERE owner = ? AND scope = ? ORDER BY name", (owner, scope)
    )
    return dict(rows.fetchall())


def all_figures(connection: Connection, owner: str) -> list[tuple[str, str, int]]:
    """Return every figure of a person: scope, name, fen."""
    return connection.execute(
        "SELECT scope, name, amount_fen FROM figure WHERE owner = ? ORDER BY scope, name", (owner,)
    ).fetchall()


def balance(connection: Connection, account: str) -> int | None:
    """Return an account's balance, in fen; None where it is unknown."""
    return figures(connection, account, "").get(BALANCE)


def put_figure(connection: Connection, owner: str, scope: str, name: str, amount_fen: int) -> None:
    """Store a figure's value, in fen."""
    connection.execute(
        "INSERT INTO figure (owner, scope, name, amount_fen) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (owner, scope, name) DO UPDATE SET amount_fen = excluded.amount_fen",
        (owner, scope, name, amount_fen),
    )


def move(connection: Connection, moved: list[list[Any]], sign: int) -> None:
    """Move figures (owner, scope, name, fen) on by a settlement, or back (`sign` −1)."""
    connection.executemany(
        "INSERT INTO figure (owner, scope, name, amount_fen) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (owner, scope, name) DO UPDATE SET amount_fen = amount_fen + excluded.amount_fen",
        [(owner, scope, name, sign * fen) for owner, scope, name, fen in moved],
    )
