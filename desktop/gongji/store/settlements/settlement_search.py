"""Finding settlements and voids by what a clerk remembers of them."""

from collections.abc import Sequence

from msgspec import Struct, json

from gongji.store.engine import Connection
from gongji.store.rows import records


class Head(Struct, frozen=True, kw_only=True):
    """A settlement or void as listed, with its patient's current name; amounts in fen."""

    serial: int
    no: str
    kind: str
    at: str
    settled_on: str
    person_id: str
    name: str
    receipt_no: str
    operator: str
    voids: str | None
    voided_by: str | None
    state: str
    total_fen: int
    fund_total_fen: int
    account_own_fen: int
    account_family_fen: int
    cash_fen: int

    def __repr__(self) -> str:
        """Show only the number."""
        return f"Head({self.no})"


class SearchWords(Struct, frozen=True, kw_only=True):
    """Search terms, of which any may match: `part` of a number, an amount in `fen`, ids of `people`."""

    part: str = ""
    fen: int | None = None
    people: Sequence[str] = ()

    @property
    def is_nothing(self) -> bool:
        """Return whether there is no search term."""
        return not self.part and self.fen is None and not self.people


_SELECT = """SELECT one.serial, one.no, one.kind, one.at, one.settled_on, one.person_id, coalesce(person.name, ''),
    receipt.no, one.operator, original.no, reversal.no, coalesce(record_state.state, ''), one.total_fen,
    one.fund_total_fen, one.account_own_fen, one.account_family_fen, one.cash_fen
    FROM settlement AS one JOIN receipt ON receipt.settlement = one.serial
    LEFT JOIN person ON person.id = one.person_id
    LEFT JOIN settlement AS original ON original.serial = one.voids
    LEFT JOIN settlement AS reversal ON reversal.voids = one.serial
    LEFT JOIN record_state ON record_state.serial = one.serial """
_OF_DAYS = "WHERE one.at >= :first AND one.at <= :last "
_FITS = """AND (
    (:part <> '' AND (one.no LIKE :like ESCAPE '~' OR receipt.no LIKE :like ESCAPE '~' OR one.person_id LIKE :starts
        ESCAPE '~'))
    OR :fen IN (abs(one.total_fen), abs(one.cash_fen), abs(one.fund_total_fen))
    OR one.person_id IN (SELECT value FROM json_each(:people))) """
_LATEST_FIRST = "ORDER BY one.serial DESC "
_NEWEST = _LATEST_FIRST + "LIMIT :most"
_SHORTEST = 3


def find(connection: Connection, known: SearchWords, days: tuple[str, str], most: int) -> list[Head]:
    """Return settlements and voids made on these days (ISO, both included), the newest first."""
    escaped = "".join(f"~{sign}" if sign in "~%_" else sign for sign in known.part)
    values = {
        "first": f"{days[0]} 00:00:00",
        "last": f"{days[1]} 23:59:59",
        "part": known.part if len(known.part) >= _SHORTEST else "",
        "like": f"%{escaped}%",
        "starts": f"{escaped}%",
        "fen": known.fen,
        "people": json.encode(list(known.people)).decode(),
        "most": most,
    }
    sql = _SELECT + _OF_DAYS + ("" if known.is_nothing else _FITS) + _NEWEST
    return records(Head, connection.execute(sql, values))


def standing(connection: Connection, first: int, last: int) -> list[Head]:
    """Return the settlements of a range of serials that were not reversed, the newest first."""
    sql = _SELECT + "WHERE one.serial BETWEEN ? AND ? AND one.kind = 'settle' AND reversal.no IS NULL " + _LATEST_FIRST
    return records(Head, connection.execute(sql, (first, last)))
