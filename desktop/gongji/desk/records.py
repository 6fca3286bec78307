"""记录: finding any settlement by name, number, date or amount, and what a screen shows of one."""

import datetime

from msgspec import Struct

from gongji.core.engine.policy import Policy
from gongji.core.engine.quote import Quote
from gongji.core.ledger.ledger import BALANCE
from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.core.money import parse_fen
from gongji.core.packs.language import Pack
from gongji.core.typed import plain_number
from gongji.core.visits import Visit
from gongji.desk.papers.receipts import pack_of, visit_of
from gongji.desk.session import Session
from gongji.desk.settlements.find import find
from gongji.desk.upload.differences.difference_slips import DifferenceSlip, difference_slip_of
from gongji.store import search
from gongji.store.settlements import receipts, settlement_search
from gongji.store.settlements.settlement_search import Head, SearchWords
from gongji.store.upload import outbox_records
from gongji.store.upload.outbox_records import Upload

__all__ = ["LIMIT", "Head", "SettlementRecord", "find_records", "record_of"]

LIMIT = 500
_MOST_PEOPLE = 300
_FIRST, _LAST = "0001-01-01", "9999-12-31"


class SettlementRecord(Struct, frozen=True, kw_only=True):
    """A settlement or void, whole: its patient, visit, quote, papers, and the state of its upload.

    A void has the visit and the quote of what it reversed. `differences` are those the platform's figures resolved.
    """

    stored: StoredSettlement
    name: str
    visit: Visit
    pack: Pack
    quote: Quote
    printed: bool
    reprints: tuple[tuple[int, str, str], ...]
    upload: Upload | None
    differences: tuple[DifferenceSlip, ...]

    @property
    def policy(self) -> Policy:
        """The policy it was settled under, made ready anew: that takes longer than all the rest, and few ask for it."""
        return Policy(self.pack)


def find_records(
    session: Session, text: str, days: tuple[datetime.date, datetime.date] | None = None, most: int = LIMIT
) -> list[Head]:
    """Return the settlements and voids that match a text, made on these days or any, the newest first.

    The text is a name, a part of it or its pinyin, a part of a settlement's or receipt's number, the beginning of an
    identity number, or an amount: the total, the fund's or the cash.
    """
    first, last = (_FIRST, _LAST) if days is None else (days[0].isoformat(), days[1].isoformat())
    typed = text.strip()
    connection = session.store.reader
    known = SearchWords() if not typed else _known(session, typed)
    if typed and known.is_nothing:
        return []
    return settlement_search.find(connection, known, (first, last), most)


def _known(session: Session, typed: str) -> SearchWords:
    try:
        fen = int(parse_fen(plain_number(typed)))
    except ValueError:
        fen = None
    people = search.find_people(session.store.reader, typed, _MOST_PEOPLE)
    return SearchWords(part=typed.upper(), fen=fen, people=[one.id for one in people])


def record_of(session: Session, no: str) -> SettlementRecord:
    """Return a settlement or void by its number. Raises `GongjiError` when there is none."""
    connection = session.store.reader
    stored = find(session.store, no)
    first = stored if stored.voids is None else find(session.store, stored.voids)
    visit, pack = visit_of(session, first), pack_of(session, first)
    quote = Quote(
        visit_no=first.visit_no,
        policy=first.policy,
        policy_revision=pack.revision,
        year_from=datetime.date.fromisoformat(first.year_from),
        settlements=first.parts,
        totals=first.totals,
        accumulators={one.key.name: one.after_fen for one in first.moved if one.key.name != BALANCE},
    )
    return SettlementRecord(
        stored=stored,
        name=visit.person.name,
        visit=visit,
        pack=pack,
        quote=quote,
        printed=receipts.newest(connection, stored.serial) is not None,
        reprints=tuple(receipts.reprints(connection, stored.serial)),
        upload=outbox_records.of_serial(connection, stored.serial),
        differences=difference_slip_of(connection, stored),
    )
