"""What the platform answered: its figures of each settlement, persons whose figures to ask for, their numbers there.

Also whether a person is entitled to a kind of visit (2001), and the result of decoding an e-voucher (医保电子凭证).
"""

from collections.abc import Collection, Iterator

from msgspec import Struct
from msgspec.structs import asdict

from gongji.core.outbox.payer_figures import Figures
from gongji.store.engine import Connection
from gongji.store.rows import column, first, insert, select, text_or_none, upsert

_FEN = Figures.__struct_fields__
_COLUMNS = ", ".join(_FEN)


class PayerFigures(Struct, frozen=True, kw_only=True):
    """The platform's answer on one leg: what it settled or took back, its numbers, when, and who clears it."""

    msgid: str
    serial: int
    part: int
    reverses: bool
    setl_id: str
    mdtrt_id: str
    at: str
    figures: Figures
    agency: str = ""
    insutype: str = ""
    clr_type: str = ""


_HEAD = ("msgid", "serial", "part", "reverses", "setl_id", "mdtrt_id", "at", "agency", "insutype", "clr_type")


def put(connection: Connection, one: PayerFigures, told_at: str) -> None:
    """Store the platform's answer; storing the same message's again changes nothing."""
    values = [*(getattr(one, name) for name in _HEAD), told_at, *(getattr(one.figures, name) for name in _FEN)]
    places = ", ".join("?" * len(values))
    connection.execute(
        f"INSERT INTO platform_figure ({', '.join(_HEAD)}, told_at, {_COLUMNS}) VALUES ({places}) "  # noqa: S608
        "ON CONFLICT (msgid) DO NOTHING",
        values,
    )


_SELECT = f"SELECT {', '.join(_HEAD)}, {_COLUMNS} FROM platform_figure "  # noqa: S608  # our own names


def newest(connection: Connection, serial: int, part: int, *, reverses: bool = False) -> PayerFigures | None:
    """Return the newest answer on a leg, by the platform's clock."""
    rows = _rows(
        connection, "WHERE serial = ? AND part = ? AND reverses = ? ORDER BY at, told_at, msgid", serial, part, reverses
    )
    return rows[-1] if rows else None


def of_days(connection: Connection, first: str, last: str) -> Iterator[PayerFigures]:
    """Yield what the platform settled and took back on days of its own clock (ISO), each number once.

    What was reversed by msgid counts as never done and is left out.
    """
    seen = set()
    been = (
        "WHERE at BETWEEN ? AND ? AND NOT EXISTS (SELECT 1 FROM platform_figure AS undone JOIN attempt USING (msgid) "
        "WHERE undone.setl_id = platform_figure.setl_id AND undone.reverses = 1 AND infno = '2601') ORDER BY at, msgid"
    )
    for one in _rows(connection, been, f"{first} 00:00:00", f"{last} 23:59:59"):
        if (one.setl_id, one.reverses) not in seen:
            seen.add((one.setl_id, one.reverses))
            yield one


def _rows(connection: Connection, condition: str, *values: object) -> list[PayerFigures]:
    found = []
    for row in connection.execute(_SELECT + condition, values):
        head = dict(zip(_HEAD, row, strict=False))
        figures = Figures(**dict(zip(_FEN, row[len(_HEAD) :], strict=True)))
        found.append(PayerFigures(**{**head, "reverses": bool(head["reverses"])}, figures=figures))
    return found


def agencies(connection: Connection) -> set[str]:
    """Return every agency with which days may be compared: those that cleared a settlement, or insure a patient."""
    return {*column(connection, "SELECT agency FROM platform_figure UNION SELECT area FROM platform_person")} - {""}


class KnownPerson(Struct, frozen=True, kw_only=True):
    """A person as the platform knows them: number, area and kind of insured person, where it said so."""

    psn_no: str
    cert_type: str = ""
    psn_type: str = ""
    area: str = ""

    def __repr__(self) -> str:
        """Show no number."""
        return f"KnownPerson({self.area})"


def person(connection: Connection, person_id: str) -> KnownPerson | None:
    """Return how the platform knows a person; None where it was never asked."""
    return first(connection, KnownPerson, "FROM platform_person WHERE person_id = ?", (person_id,))


def person_no(connection: Connection, person_id: str) -> str | None:
    """Return the platform's number of a person; None where it was never asked."""
    known = person(connection, person_id)
    return None if known is None else known.psn_no


def put_person(connection: Connection, person_id: str, one: KnownPerson, at: str) -> None:
    """Store how the platform knows a person."""
    upsert(connection, "platform_person", {"person_id": person_id, **asdict(one), "told_at": at}, "person_id")


class Inquiry(Struct, frozen=True, kw_only=True):
    """A question about a person's figures (a transaction's number), the record that caused it, its failed tries."""

    lane: str
    infno: str
    serial: int
    failures: int


def want_figures(connection: Connection, lane: str, infno: str, serial: int) -> None:
    """Record that a person's figures are to be asked for."""
    wanted = {"lane": lane, "infno": infno, "serial": serial, "next_try_at": "", "failures": 0}
    upsert(connection, "inquiry", wanted, "lane", "infno")


_FREE = (
    "NOT EXISTS (SELECT 1 FROM leg WHERE leg.lane = inquiry.lane AND leg.open = 1 AND leg.state <> 'difference' "
    "AND (leg.head = 1 OR leg.state <> 'pending' OR leg.sent = 1)) "
    "AND lane NOT IN (SELECT lane FROM carried)"
)
"""No record of theirs is being sent, here or by a carrier; what waits behind a difference does not count."""


def due_inquiries(connection: Connection, now: str, latest: str, busy: Collection[str], most: int) -> Iterator[Inquiry]:
    """Yield at most `most` inquiries due now, the longest waiting first, none of a lane that is busy.

    A time beyond `latest` was written by a clock that ran ahead. `busy` may grow during the iteration.
    """
    for condition, limit in (("next_try_at <= ?", now), ("next_try_at > ?", latest)):
        waiting = f"FROM inquiry WHERE {condition} AND {_FREE} ORDER BY next_try_at, serial LIMIT ?"
        for one in select(connection, Inquiry, waiting, (limit, len(busy) + most)):
            if most and one.lane not in busy:
                most -= 1
                yield one


def inquired(connection: Connection, one: Inquiry) -> None:
    """Delete an answered inquiry, unless more has been settled since."""
    connection.execute(
        "DELETE FROM inquiry WHERE lane = ? AND infno = ? AND serial = ?", (one.lane, one.infno, one.serial)
    )


def inquire_later(connection: Connection, one: Inquiry, next_try_at: str) -> None:
    """Postpone an inquiry."""
    connection.execute(
        "UPDATE inquiry SET next_try_at = ?, failures = failures + 1 WHERE lane = ? AND infno = ?",
        (next_try_at, one.lane, one.infno),
    )


def next_inquiry(connection: Connection) -> str | None:
    """Return when the next inquiry is due (a stamp, empty for at once); None where there is none."""
    query = f"SELECT next_try_at FROM inquiry WHERE {_FREE} ORDER BY next_try_at, serial LIMIT 1"  # noqa: S608  # our own words
    return text_or_none(connection, query)


class Entitlement(Struct, frozen=True, kw_only=True):
    """The platform's answer on entitlement: for which med_type, yes or no and why, at what moment (a stamp)."""

    med_type: str
    entitled: bool
    reason: str
    at: str


def put_entitlement(connection: Connection, person_id: str, one: Entitlement) -> None:
    """Store the platform's answer on a person's entitlement."""
    insert(connection, "entitlement", {"person_id": person_id, **asdict(one)})


def newest_entitlement(connection: Connection, person_id: str) -> Entitlement | None:
    """Return the newest answer on a person's entitlement; None where it was never asked."""
    newest_first = "FROM entitlement WHERE person_id = ? ORDER BY at DESC, id DESC LIMIT 1"
    return first(connection, Entitlement, newest_first, (person_id,))


DECODED, REFUSED = "decoded", "refused"


class DecodedVoucher(Struct, frozen=True, kw_only=True):
    """The result of decoding a voucher; without a token the visit uses the identity number."""

    code: str
    person_id: str
    state: str
    token: str = ""
    text: str = ""

    def __repr__(self) -> str:
        """Show no number."""
        return f"DecodedVoucher({self.state})"


def voucher(connection: Connection, code: str) -> DecodedVoucher | None:
    """Return the result of decoding a voucher; None where it was not asked yet."""
    return first(connection, DecodedVoucher, "FROM voucher WHERE code = ?", (code,))


def put_voucher(connection: Connection, one: DecodedVoucher, at: str) -> None:
    """Store the result of decoding a voucher; storing it again changes nothing."""
    connection.execute(
        "INSERT OR IGNORE INTO voucher (code, person_id, state, token, text, at) VALUES (?, ?, ?, ?, ?, ?)",
        (one.code, one.person_id, one.state, one.token, one.text, at),
    )
