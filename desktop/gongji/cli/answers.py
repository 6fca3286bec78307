"""The JSON that the commands print, as the command-line contract has it."""

from typing import Any

from gongji.core.amounts import in_yuan
from gongji.core.money import yuan
from gongji.core.problems import Problem
from gongji.core.quoting import Quote
from gongji.core.settle import Settlement
from gongji.core.trace import Step
from gongji.desk.quoting import Quoted


def quoted_answer(quoted: Quoted) -> dict[str, Any]:
    """Return the answer to one visit: its settlements, or the first of its problems."""
    if quoted.quote is None:
        return {"visit_no": quoted.visit_no, **refusal(quoted.problems[0])}
    return quote_answer(quoted.quote)


def quote_answer(quote: Quote) -> dict[str, Any]:
    """Return a quote, every amount in yuan."""
    return {
        "visit_no": quote.visit_no,
        "ok": True,
        "policy": quote.policy,
        "settlements": [_settlement(settlement) for settlement in quote.settlements],
        "totals": in_yuan(quote.totals),
        "accumulators": {name: yuan(fen) for name, fen in quote.accumulators.items()},
        "year_from": quote.year_from,
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


def refusal(problem: Problem) -> dict[str, Any]:
    """Return the refusal that a problem leads to."""
    return {"ok": False, "error": {"code": problem.code, "field": problem.field, "message": problem.message}}
