"""待说明: findings that somebody has to explain. Every check and every day's close lists them until then."""

from collections.abc import Iterable
from typing import Any, Literal

from msgspec import DecodeError, Struct, json

from gongji.store.engine import Connection
from gongji.store.rows import exists

Kind = Literal["lost", "witness", "rows", "back", "place"]


class Concern(Struct, frozen=True, kw_only=True):
    """A finding to explain: its kind, its subject (a number or a file), a sentence with figures."""

    kind: Kind
    subject: str
    text: str
    detail: dict[str, Any] = {}


class Kept(Struct, frozen=True, kw_only=True):
    """A concern as stored; `explained` is a person's explanation, empty while there is none."""

    id: int
    concern: Concern
    at: str
    explained: str


def put(connection: Connection, found: Iterable[Concern], at: str) -> int:
    """Store concerns, each once however often it is found; return how many are new."""
    new = 0
    for one in found:
        new += connection.execute(
            "INSERT INTO concern (kind, subject, text, detail, at) SELECT ?1, ?2, ?3, ?4, ?5 "
            "WHERE NOT EXISTS (SELECT 1 FROM concern WHERE kind = ?1 AND subject = ?2 AND text = ?3)",
            (one.kind, one.subject, one.text, json.encode(one.detail).decode(), at),
        ).rowcount
    return new


def every(connection: Connection, kind: Kind | None = None) -> list[Kept]:
    """Return all concerns in the order in which they were found."""
    rows = connection.execute(
        "SELECT id, kind, subject, concern.text, detail, concern.at, coalesce(explanation.text, '') FROM concern "
        "LEFT JOIN explanation ON concern = id WHERE ?1 IS NULL OR kind = ?1 ORDER BY id",
        (kind,),
    )
    return [
        Kept(
            id=number,
            concern=Concern(kind=kind_, subject=subject, text=text, detail=_detail(detail)),
            at=at,
            explained=explained,
        )
        for number, kind_, subject, text, detail, at, explained in rows
    ]


def _detail(text: str) -> dict[str, Any]:
    """Return the figures of a concern; empty where the row was damaged from outside, which its table's tally shows."""
    try:
        return json.decode(text, type=dict[str, Any])
    except DecodeError:
        return {}


def open_ones(connection: Connection) -> list[Kept]:
    """Return the concerns that still need an explanation.

    What a restore lost is resolved too once it was entered again: the visit settled again, the void made again.
    """
    found = [one for one in every(connection) if not one.explained]
    return [one for one in found if one.concern.kind != "lost" or not _entered_anew(connection, one.concern.detail)]


def _entered_anew(connection: Connection, lost: dict[str, Any]) -> bool:
    if lost.get("kind") == "void":
        void = (
            "SELECT 1 FROM settlement AS one JOIN settlement AS original ON original.serial = one.voids "
            "WHERE original.no = ?"
        )
        return exists(connection, void, (lost.get("voids"),))
    settled = "SELECT 1 FROM settlement WHERE kind = 'settle' AND visit_no = ?"
    return exists(connection, settled, (lost.get("visit_no"),))


def explain(connection: Connection, number: int, text: str, operator: str, second: str, at: str) -> None:
    """Store a person's explanation of a concern and who confirmed it; it cannot be changed afterwards."""
    connection.execute("INSERT INTO explanation VALUES (?, ?, ?, ?, ?)", (number, text, operator, second, at))
