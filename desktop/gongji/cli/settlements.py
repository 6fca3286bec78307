"""The commands that settle, find, show and check what is in a data folder; what they say to people is in cli.text."""

import datetime
from argparse import Namespace
from collections.abc import Iterable
from typing import Any

from gongji.cli import text as words
from gongji.cli.arguments import library_of
from gongji.cli.io import DONE, REFUSED, complain, each_text, line, say
from gongji.cli.session import open_readonly, open_session, today_of
from gongji.cli.stored_answers import (
    committed_answer,
    fields_of,
    listed_answer,
    report_answer,
    shown_answer,
    voided_answer,
)
from gongji.core.labels import CLASS_WORDS, RECORD_WORDS
from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.core.money import percent, price
from gongji.desk.clinic.verify.verify_book import verify
from gongji.desk.closing.shifts import close_shift, day_report
from gongji.desk.papers import receipts
from gongji.desk.papers.archive import made
from gongji.desk.papers.slips import slips_with_steps
from gongji.desk.policies.time_left import reminders_of_book
from gongji.desk.session import Session
from gongji.desk.settlements.find import find, of_day
from gongji.desk.settlements.settle import settle_text
from gongji.desk.settlements.void import void
from gongji.desk.visits.search import find_items, find_people
from gongji.errors import GongjiError
from gongji.store.search import ItemFound, PersonFound
from gongji.store.upload import outbox_records
from gongji.store.upload.outbox_records import Upload


def settle(options: Namespace) -> int:
    """Settle visits for good, each in its own transaction, its line printed after its commit."""
    status = DONE
    with open_session(options) as counter:
        for text in each_text(options.files):
            if text is None or not _settled(options, counter, text):
                status = REFUSED
    return status


def _settled(options: Namespace, session: Session, text: bytes) -> bool:
    done = settle_text(session, text)
    paper, trouble = None, None
    if done.stored is not None and not options.no_receipt:
        paper, trouble = _print(session, done.stored)
    line(committed_answer(done, paper))
    _warn(done.warnings, trouble)
    return done.stored is not None


def void_settlement(options: Namespace) -> int:
    """Void a settlement."""
    with open_session(options) as counter:
        done = void(counter, options.number, options.reason)
        paper, trouble = _print(counter, done.stored)
    _warn(done.warnings, trouble)
    return say(options, voided_answer(done, paper), words.voided(done, paper))


def show(options: Namespace) -> int:
    """Print everything about one settlement."""
    with open_readonly(options) as (_, store):
        one = find(store, options.number)
    return say(options, shown_answer(one), words.shown(one))


def list_settlements(options: Namespace) -> int:
    """Print the settlements and voids, of a day where one is named."""
    with open_readonly(options) as (_, store):
        for one in of_day(store, options.date):
            say(options, listed_answer(one), words.listed(one))
    return DONE


def queue(options: Namespace) -> int:
    """Print the queue, one record a line."""
    names = ("claim_key", "kind", "after", "state", "since", "tries", "next_try_at", "last_error", "away")
    with open_readonly(options) as (_, store):
        for row in outbox_records.rows(store.reader):
            say(options, {"settlement_no": row.no, **fields_of(row, *names)}, _queued(row))
    return DONE


def _queued(row: Upload) -> str:
    after = f"  在 {row.after} 之后" if row.after else ""
    error = f"  上次：{row.last_error}" if row.last_error else ""
    state = RECORD_WORDS.get(row.state, row.state)
    away = "" if row.away is None else f"  第 {row.away} 号包在外，等带回回执"
    return f"{row.no}  {words.KINDS[row.kind]}  {state}（自 {row.since}）  已试 {row.tries} 次{after}{away}{error}"


def find_listed(options: Namespace) -> int:
    """Print what is found, best match first; identity numbers are masked."""
    with open_readonly(options) as (_, store):
        if options.what == "people":
            people = find_people(store, options.text)
            found = [fields_of(one, "number", "name", "sex", "birth_date", "fictitious") for one in people]
            return say(options, {"ok": True, "people": found}, _lines(map(_who, people)))
        on = today_of(options) if options.on is None else datetime.date.fromisoformat(options.on)
        items = find_items(store, options.text, on)
        answer = {"ok": True, "on": on.isoformat(), "items": [_item(one) for one in items]}
        return say(options, answer, _lines(map(_what, items)))


def _lines(found: "map[str]") -> str:
    return "\n".join(found) or "没有找到"


def _who(one: PersonFound) -> str:
    return "  ".join(filter(None, (one.name, one.sex, one.birth_date, one.number)))


def _item(one: ItemFound) -> dict[str, Any]:
    return {
        **fields_of(one, "code", "name", "specification", "maker", "category"),
        "class": one.class_,
        "unit_price": price(one.unit_price_e4),
        "unit": one.unit,
        "prepay_ratio": None if one.prepay_ratio_e12 is None else percent(one.prepay_ratio_e12),
        "barcode": one.barcode,
    }


def _what(one: ItemFound) -> str:
    price_in_words = f"{price(one.unit_price_e4)} 元"
    cells = (one.name, one.specification, CLASS_WORDS[one.class_], price_in_words, one.maker, one.code)
    return "  ".join(filter(None, cells))


def check(options: Namespace) -> int:
    """Check the book, its witness and its queue."""
    library = library_of(options)
    with open_readonly(options) as (folder, store):
        findings = list(verify(folder, store, library, words.progress, resume=options.resume))
    answer = {"ok": not findings, "findings": [fields_of(one, "place", "text") for one in findings]}
    say(options, answer, words.verified(findings))
    return REFUSED if findings else DONE


def report_day(options: Namespace) -> int:
    """Print a day's figures."""
    day = options.date or today_of(options).isoformat()
    with open_readonly(options) as (_, store):
        report = day_report(store.reader, day)
        if not options.json:
            for one in reminders_of_book(store.reader, library_of(options), today_of(options)):
                complain(one.text)
    return say(options, {"ok": True, **report_answer(report)}, words.reported(report))


def close(options: Namespace) -> int:
    """Close the open shift."""
    with open_session(options) as counter:
        closing, report = close_shift(counter)
    answer = {"ok": True, "at": closing.at, "operator": closing.operator, **report_answer(report)}
    return say(options, answer, words.closed(closing, report))


def _warn(warnings: Iterable[str], trouble: str | None) -> None:
    for warning in (*warnings, *([trouble] if trouble else [])):
        complain(warning)


def _print(session: Session, one: StoredSettlement) -> tuple[str | None, str | None]:
    """Print the receipt; return its path within the folder, and what went wrong if anything did."""
    try:
        paper = made(receipts.receipt_steps(session, one))
        made(slips_with_steps(session, one))
    except GongjiError as error:
        return None, f"{one.no} 已记下，但收据没有印成：{error}"
    return paper.relative_to(session.folder.path).as_posix(), None
