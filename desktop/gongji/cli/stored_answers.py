"""The JSON of stored settlements, voids and a day; apart from quoting, which opens no book."""

from typing import Any

from msgspec import Struct

from gongji.cli.answers import policy_answer, refusal, settlements_answer
from gongji.core.engine.amounts import in_yuan
from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.core.money import yuan
from gongji.desk.closing.shifts import DayReport
from gongji.desk.settlements.settle import Committed
from gongji.desk.settlements.void import Voided


def fields_of(one: Struct, *names: str) -> dict[str, Any]:
    """Return fields of a record by their names, which are printed as they are."""
    return {name: getattr(one, name) for name in names}


def committed_answer(done: Committed, receipt: str | None) -> dict[str, Any]:
    """Return the answer to a settled visit: the quote's object, its number and its receipt; or the refusal."""
    if done.stored is None:
        return {"visit_no": done.visit_no, **refusal(done.problems[0])}
    answer = {**stored_quote(done.stored), "settlement_no": done.stored.no, "receipt": receipt}
    return answer | ({"warnings": list(done.warnings)} if done.warnings else {})


def stored_quote(one: StoredSettlement) -> dict[str, Any]:
    """Return a settlement of the book as the object its quote was."""
    return {
        "visit_no": one.visit_no,
        "ok": True,
        **policy_answer(one.policy, one.policy_revision),
        **settlements_answer(one.parts, one.totals),
        "accumulators": {move.key.name: yuan(move.after_fen) for move in one.moved if move.key.scope},
        "year_from": one.year_from,
    }


def voided_answer(done: Voided, receipt: str | None) -> dict[str, Any]:
    """Return the answer to a void."""
    return {
        "ok": True,
        "void_no": done.stored.no,
        "settlement_no": done.stored.voids,
        "receipt": receipt,
        "amounts": in_yuan(done.stored.totals),
        "accumulators": {move.key.name: yuan(move.after_fen) for move in done.stored.moved if move.key.scope},
        "remarks": list(done.remarks),
    } | ({"warnings": list(done.warnings)} if done.warnings else {})


def shown_answer(one: StoredSettlement) -> dict[str, Any]:
    """Return everything about one settlement or void, as stored."""
    return {
        **listed_answer(one),
        **fields_of(one, "reason", "area", "settled_on"),
        **policy_answer(one.policy, one.policy_revision),
        "operator": one.operator,
        "person": one.person_id,
        **settlements_answer(one.parts, one.totals),
        "payments": [
            {"part": paid.part, "means": paid.means, "account": paid.account_id, "amount": yuan(paid.amount_fen)}
            for paid in one.payments
        ],
        "entries": [
            {
                **fields_of(move.key, "owner", "scope", "name"),
                "amount": yuan(move.amount_fen),
                "after": yuan(move.after_fen),
            }
            for move in one.moved
        ],
        "year_from": one.year_from,
    }


def listed_answer(one: StoredSettlement) -> dict[str, Any]:
    """Return a settlement or void in a line: its numbers, totals and the state of its record."""
    return {
        "settlement_no": one.no,
        **fields_of(one, "kind", "visit_no", "receipt_no", "at", "voids", "voided_by"),
        "totals": in_yuan(one.totals),
        "state": one.state,
    }


def report_answer(report: DayReport) -> dict[str, Any]:
    """Return the figures of a day or a shift."""
    return {
        **fields_of(report, "title", "settlements", "voids"),
        "totals": in_yuan(report.totals),
        "payments": {name: yuan(fen) for name, fen in report.by_means_fen.items()},
        "receipts": {
            "first": report.first_receipt,
            "last": report.last_receipt,
            "voided": list(report.voided_receipts),
        },
        "collected": yuan(report.collected_fen),
        "refunded": yuan(report.refunded_fen),
        "not_uploaded": report.not_uploaded,
    }
