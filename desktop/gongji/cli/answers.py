"""The JSON that the commands of the book print.

The JSON that the commands print, as the command-line contract has it.
"""

from collections.abc import Sequence
from typing import Any

from gongji.core.engine.amounts import Amounts, in_yuan
from gongji.core.engine.capitation import YearEndClearing
from gongji.core.engine.credit import MonthlyCredit
from gongji.core.engine.quote import Quote
from gongji.core.engine.settlement import Settlement
from gongji.core.engine.trace import Step
from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.core.money import E12_ONE, fraction_text, yuan
from gongji.core.problems import Problem
from gongji.desk.closing.shifts import DayReport
from gongji.desk.settlements.settle import Committed
from gongji.desk.settlements.void import Voided
from gongji.desk.visits.quote import Quoted
from gongji.errors import GongjiError
from gongji.store.outbox_records import QueueRow


def committed_answer(done: Committed, receipt: str | None) -> dict[str, Any]:
    """Return the answer to a settled visit: the quote's object, its number and its paper; or the refusal."""
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
        "voids": one.voids,
        "voided_by": one.voided_by,
        "reason": one.reason,
        "area": one.area,
        "settled_on": one.settled_on,
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
                "owner": move.key.owner,
                "scope": move.key.scope,
                "name": move.key.name,
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
        "kind": one.kind,
        "visit_no": one.visit_no,
        "receipt_no": one.receipt_no,
        "at": one.at,
        "voids": one.voids,
        "voided_by": one.voided_by,
        "totals": in_yuan(one.totals),
        "state": one.state,
    }


def queued_answer(row: QueueRow) -> dict[str, Any]:
    """Return a record of the queue."""
    return {
        "settlement_no": row.no,
        "claim_key": row.claim_key,
        "kind": row.kind,
        "after": row.after,
        "state": row.state,
        "since": row.since,
        "tries": row.tries,
        "next_try_at": row.next_try_at,
        "last_error": row.last_error,
        "away": row.away,
    }


def report_answer(report: DayReport) -> dict[str, Any]:
    """Return the figures of a day or a shift."""
    return {
        "title": report.title,
        "settlements": report.settlements,
        "voids": report.voids,
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


def trouble_answer(error: GongjiError) -> dict[str, Any]:
    """Return the error object of a command that was refused."""
    return refusal(Problem("refused", "", str(error)))


def quoted_answer(quoted: Quoted) -> dict[str, Any]:
    """Return the answer to one visit: its settlements, or the first of its problems."""
    if quoted.quote is None:
        return {"visit_no": quoted.visit_no, **refusal(quoted.problems[0])}
    return quote_answer(quoted.quote)


def policy_answer(policy: str, revision: int) -> dict[str, Any]:
    """Return under which edition, and which corrected text of it; nothing of the latter for the first."""
    return {"policy": policy} | ({"policy_revision": revision} if revision > 1 else {})


def quote_answer(quote: Quote) -> dict[str, Any]:
    """Return a quote, every amount in yuan."""
    return {
        "visit_no": quote.visit_no,
        "ok": True,
        **policy_answer(quote.policy, quote.policy_revision),
        **settlements_answer(quote.settlements, quote.totals),
        "accumulators": {name: yuan(fen) for name, fen in quote.accumulators.items()},
        "year_from": quote.year_from,
    }


def settlements_answer(parts: Sequence[Settlement], totals: Amounts) -> dict[str, Any]:
    """Return the settlements of a visit and their totals."""
    settlements = [_settlement(part) for part in parts]
    return {
        "settlements": settlements,
        "totals": settlements[0]["amounts"] if len(settlements) == 1 else in_yuan(totals),
    }


def _settlement(settlement: Settlement) -> dict[str, Any]:
    return {
        "benefit": settlement.benefit,
        "amounts": in_yuan(settlement.amounts),
        "family_payments": [{"id": one.id, "amount": yuan(one.amount_fen)} for one in settlement.family_payments],
        "trace": [trace_entry(step) for step in settlement.trace],
        "notices": [{"code": one.code, "article": one.article, "text": one.text} for one in settlement.notices],
    }


def trace_entry(step: Step) -> dict[str, str]:
    """Return a step; `reading` stands only where the rule is our reading of its article."""
    entry = {"rule": step.rule, "article": step.article, "text": step.text, "amount": yuan(step.amount_fen)}
    if step.reading is not None:
        entry["reading"] = step.reading
    return entry


def credit_answer(result: MonthlyCredit | list[Problem]) -> dict[str, Any]:
    """Return a month's credit, or the refusal."""
    if isinstance(result, list):
        return refusal(result[0])
    trace = [trace_entry(step) for step in result.trace]
    policy = policy_answer(result.policy, result.policy_revision)
    return {"ok": True, "credit": yuan(result.credit_fen), **policy, "trace": trace}


def capitation_answer(result: YearEndClearing | list[Problem]) -> dict[str, Any]:
    """Return an institution's year, or the refusal."""
    if isinstance(result, list):
        return refusal(result[0])
    return {
        "ok": True,
        "prepayments": [yuan(fen) for fen in result.prepayments_fen],
        "budget": yuan(result.budget_fen),
        "use_rate": result.use_rate,
        "surplus": yuan(result.surplus_fen),
        "kept_share": fraction_text(result.kept_share_e12, E12_ONE, 2),
        "kept": yuan(result.kept_fen),
        "returned": yuan(result.returned_fen),
        "overage": yuan(result.overage_fen),
        **policy_answer(result.policy, result.policy_revision),
        "trace": [trace_entry(step) for step in result.trace],
    }


def refusal(problem: Problem) -> dict[str, Any]:
    """Return the refusal that a problem leads to."""
    return {"ok": False, "error": {"code": problem.code, "field": problem.field, "message": problem.message}}
