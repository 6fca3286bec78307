"""The JSON that quoting prints, as the command-line contract has it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gongji.core.engine.amounts import Amounts, in_yuan
from gongji.core.engine.quote import Quote
from gongji.core.engine.settlement import Settlement
from gongji.core.engine.trace import Step
from gongji.core.money import E12_ONE, fraction_text, yuan
from gongji.core.problems import Problem
from gongji.desk.visits.quote import Quoted
from gongji.errors import GongjiError

if TYPE_CHECKING:  # a quote does without
    from gongji.core.engine.capitation import YearEndClearing
    from gongji.core.engine.credit import MonthlyCredit


def quoted_answer(quoted: Quoted) -> dict[str, Any]:
    """Return the answer to one visit: its settlements, or the first of its problems."""
    if quoted.quote is None:
        return {"visit_no": quoted.visit_no, **refusal(quoted.problems[0])}
    return quote_answer(quoted.quote)


def policy_answer(policy: str, revision: int) -> dict[str, Any]:
    """Return under which edition, and which corrected text of it; nothing of the latter for the first."""
    return {"policy": policy, "policy_revision": revision} if revision > 1 else {"policy": policy}


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
    family, notices = settlement.family_payments, settlement.notices
    return {
        "benefit": settlement.benefit,
        "amounts": in_yuan(settlement.amounts),
        "family_payments": [{"id": one.id, "amount": yuan(one.amount_fen)} for one in family] if family else [],
        "trace": [trace_entry(step) for step in settlement.trace],
        "notices": [{"code": one.code, "article": one.article, "text": one.text} for one in notices] if notices else [],
    }


def trace_entry(step: Step) -> dict[str, str]:
    """Return a step; `reading` stands only where the rule is our reading of its article."""
    entry = {"rule": step.rule, "article": step.article, "text": step.text, "amount": yuan(step.amount_fen)}
    if step.reading is not None:
        entry["reading"] = step.reading
    return entry


def credit_answer(result: "MonthlyCredit | list[Problem]") -> dict[str, Any]:
    """Return a month's credit, or the refusal."""
    if isinstance(result, list):
        return refusal(result[0])
    trace = [trace_entry(step) for step in result.trace]
    policy = policy_answer(result.policy, result.policy_revision)
    return {"ok": True, "credit": yuan(result.credit_fen), **policy, "trace": trace}


def capitation_answer(result: "YearEndClearing | list[Problem]") -> dict[str, Any]:
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


def trouble_answer(error: GongjiError) -> dict[str, Any]:
    """Return the error object of a command that was refused."""
    return refusal(Problem("refused", "", str(error)))
