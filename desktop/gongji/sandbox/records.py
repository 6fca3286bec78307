"""Encounters, their lines, settlements and files in the payer's own file."""

from collections.abc import Iterator
from sqlite3 import Connection
from typing import Any

from msgspec import Struct, json

from gongji.core.engine.amounts import Amounts
from gongji.sandbox import people
from gongji.sandbox.adjudicate import Award


class Encounter(Struct, frozen=True, kw_only=True):
    """就诊: what 2201 registered; `registered` and `described` (2203) as received."""

    id: int
    certno: str
    institution: str
    ipt_otp_no: str
    insuplc: str
    at: str
    state: str
    registered: dict[str, Any]
    described: dict[str, Any] | None
    med_type: str | None


class PlatformSettlement(Struct, frozen=True, kw_only=True):
    """结算: the result of 2207; `asked` is what the institution had computed, as in 2207."""

    id: int
    encounter: int | None
    msgid: str
    certno: str
    visit_no: str
    institution: str
    at: str
    insutype: str
    med_type: str
    benefit: str
    amounts: Amounts
    moved: list[list[Any]]
    asked: dict[str, Any]
    live: bool
    ended_at: str | None
    ended_by: str | None


_ENCOUNTER = ", ".join(Encounter.__struct_fields__)
_SETTLED = ", ".join(PlatformSettlement.__struct_fields__)


def _kept(connection: Connection, table: str, **values: object) -> int:
    """Keep a row, its values by column; return its number."""
    marks = ", ".join("?" * len(values))
    (found,) = connection.execute(
        f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks}) RETURNING id",  # noqa: S608  # our own names
        tuple(values.values()),
    ).fetchone()
    return int(found)


def register(
    connection: Connection, certno: str, institution: str, insuplc: str, at: str, registered: dict[str, Any]
) -> int:
    """Keep a registration; return its number."""
    return _kept(
        connection,
        "encounter",
        certno=certno,
        institution=institution,
        ipt_otp_no=registered["ipt_otp_no"],
        insuplc=insuplc,
        at=at,
        registered=json.encode(registered).decode(),
    )


def encounter(connection: Connection, number: int) -> Encounter | None:
    """Return a registration by its number."""
    return next(_encounters(connection, "id = ?", (number,)), None)


def encounters(connection: Connection, certno: str, institution: str) -> list[Encounter]:
    """Return what was registered of a person by an institution, oldest first."""
    return list(_encounters(connection, "certno = ? AND institution = ?", (certno, institution)))


def is_settled(connection: Connection, institution: str, ipt_otp_no: str) -> bool:
    """Return whether an institution has a visit of this number that is settled: its numbers are unique."""
    row = connection.execute(
        "SELECT 1 FROM encounter WHERE institution = ? AND ipt_otp_no = ? AND state = 'settled'",
        (institution, ipt_otp_no),
    ).fetchone()
    return row is not None


def _encounters(connection: Connection, where: str, values: tuple[Any, ...]) -> Iterator[Encounter]:
    for row in connection.execute(f"SELECT {_ENCOUNTER} FROM encounter WHERE {where} ORDER BY id", values):  # noqa: S608  # ours
        one = dict(zip(Encounter.__struct_fields__, row, strict=True))
        described = None if one["described"] is None else json.decode(one["described"])
        yield Encounter(**{**one, "registered": json.decode(one["registered"]), "described": described})


def describe(connection: Connection, number: int, described: dict[str, Any], med_type: str) -> None:
    """Keep what 2203 said of an encounter; the newest counts."""
    connection.execute(
        "UPDATE encounter SET described = ?, med_type = ? WHERE id = ?",
        (json.encode(described).decode(), med_type, number),
    )


def set_state(connection: Connection, number: int, state: str) -> None:
    """Keep what became of an encounter: open, settled or withdrawn."""
    connection.execute("UPDATE encounter SET state = ? WHERE id = ?", (state, number))


def add_line(connection: Connection, number: int, feedetl_sn: str, batch: str, body: bytes) -> bool:
    """Keep a charged line; return False where the encounter has one of that number."""
    done = connection.execute(
        "INSERT OR IGNORE INTO line (encounter, feedetl_sn, chrg_bchno, body) VALUES (?, ?, ?, ?)",
        (number, feedetl_sn, batch, body.decode()),
    )
    return done.rowcount == 1


def lines(connection: Connection, number: int, batch: str | None = None) -> list[Any]:
    """Return an encounter's lines, of one batch where it is named, as they came."""
    rows = connection.execute(
        "SELECT body FROM line WHERE encounter = ?1 AND (?2 IS NULL OR chrg_bchno = ?2) ORDER BY id", (number, batch)
    )
    return [json.decode(body) for (body,) in rows]


def clear_lines(connection: Connection, number: int, batch: str) -> int:
    """Take lines of an encounter out; "0000" means all. Return how many."""
    done = connection.execute(
        "DELETE FROM line WHERE encounter = ?1 AND (?2 = '0000' OR chrg_bchno = ?2)", (number, batch)
    )
    return done.rowcount


def settle(connection: Connection, award: Award, asked: dict[str, Any], **columns: object) -> int:
    """Keep a settlement and what it moves, return its number; `columns` are those of its row that no award has."""
    for owner, scope, name, fen in award.stood:
        people.put_figure(connection, owner, scope, name, fen)
    people.move(connection, award.moved, 1)
    return _kept(
        connection,
        "settlement",
        **columns,
        visit_no=award.visit_no,
        benefit=award.benefit,
        amounts=json.encode(award.amounts, enc_hook=int).decode(),
        moved=json.encode(award.moved, enc_hook=int).decode(),
        asked=json.encode(asked).decode(),
    )


def settled(connection: Connection, where: str, *values: Any) -> list[PlatformSettlement]:
    """Return settlements, in order of their numbers; `where` is a condition of ours."""
    found = []
    for row in connection.execute(f"SELECT {_SETTLED} FROM settlement WHERE {where} ORDER BY id", values):  # noqa: S608  # ours
        one = dict(zip(PlatformSettlement.__struct_fields__, row, strict=True))
        one["amounts"] = json.decode(one["amounts"], type=Amounts)
        one["moved"], one["asked"] = json.decode(one["moved"]), json.decode(one["asked"])
        one["live"] = bool(one["live"])
        found.append(PlatformSettlement(**one))
    return found


def end(connection: Connection, number: int, at: str, by: str) -> None:
    """Record that a settlement no longer counts, since when and by which message."""
    connection.execute("UPDATE settlement SET live = 0, ended_at = ?, ended_by = ? WHERE id = ?", (at, by, number))


def revive(connection: Connection, number: int) -> None:
    """Record that a settlement counts again."""
    connection.execute("UPDATE settlement SET live = 1, ended_at = NULL, ended_by = NULL WHERE id = ?", (number,))


def put_file(connection: Connection, name: str, institution: str, content: bytes) -> int:
    """Keep a file; return its number."""
    return _kept(connection, "file", name=name, institution=institution, content=content)


def get_file(connection: Connection, number: int) -> bytes | None:
    """Return a file's content."""
    row = connection.execute("SELECT content FROM file WHERE id = ?", (number,)).fetchone()
    return None if row is None else bytes(row[0])
