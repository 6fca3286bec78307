"""A visit without any employees' benefit: 自费, 居民医保, and 全额垫付 where no policy is in force (G24).

It is charged in full; the payer pays nothing. A settlement needs a policy whose text is stored with it, so each of
the three has one of its own, which says that nothing is paid: what reads a settlement later (its papers, its check, its
screen) need not know that there are several kinds.
"""

from gongji.core.engine.amounts import check_sums, only
from gongji.core.engine.bill import line_problems
from gongji.core.engine.policy import Policy
from gongji.core.engine.settlement import Settlement
from gongji.core.engine.trace import Notice, Step
from gongji.core.money import line_fen, yuan
from gongji.core.problems import Problem, invalid
from gongji.core.visits import WITHOUT_BENEFIT, Visit

NO_BENEFIT = "no_benefit"
"""The code of the notice that says so."""
_AREA = "000000"
PAYS_NOTHING = f"{_AREA}@"
"""What the id of a policy begins with under which only the patient pays."""
NO_POLICY = "no_policy"
"""The kind for a person insured where no policy is in force that day: paid in full, to be claimed there."""
WORDS = {"uninsured": "自费", "resident": "居民医保", NO_POLICY: "全额垫付"}
"""The title of each kind of visit without an employees' benefit."""
_NOTICES = {
    "resident": "本次没有按居民医保结算，费用已由病人全额支付；能否报销、怎样报销，请向参保地的居民医保经办机构问明",
    NO_POLICY: "就诊当天没有有效的医保政策，本次由病人全额垫付，不算任何报销数额；请向参保地的医保经办机构问明怎样报销",
}


def is_without_benefit(status: object) -> bool:
    """Return whether a person's status is one without an employees' policy."""
    return status in WITHOUT_BENEFIT


def pays_nothing(policy_id: str) -> bool:
    """Return whether a settlement's policy is one of those under which only the patient pays.

    Such a settlement is charged, printed, closed and counted as any other, and is never queued for the payer.
    """
    return policy_id.startswith(PAYS_NOTHING)


def settle_without_benefit(visit: Visit, policy: Policy) -> Settlement | list[Problem]:
    """Return the one settlement of a visit that the patient pays in full (fen), or all its problems.

    A line or a visit that names a benefit is refused, since it would not get it. Where only the policy is
    missing it is not: a patient who pays in full asks for none.
    """
    kind = policy.pack.default_benefit
    refuses = kind != NO_POLICY
    problems = [invalid("benefit", _no_benefit(visit))] if refuses and visit.benefit is not None else []
    for index, line in enumerate(visit.lines):
        problems += line_problems(index, line, None)
        if refuses and line.benefit is not None:
            problems.append(invalid(f"lines.{index}.benefit", _no_benefit(visit)))
    if visit.person.birth_date is not None and visit.person.birth_date > visit.settled_on:
        problems.append(invalid("person.birth_date", f"出生日期晚于结算日期 {visit.settled_on}，请核对"))
    if problems:
        return problems
    total_fen = sum(line_fen(line.unit_price, line.quantity) for line in visit.lines)
    amounts = only(total_fen=total_fen, self_paid_fen=total_fen, patient_fen=total_fen, cash_fen=total_fen)
    check_sums(amounts)
    word = WORDS[kind]
    text = f"{word}：没有按职工医保结算，{yuan(total_fen)} 元由病人全额支付"
    step = Step("none", word, text, total_fen, None, "self_paid")
    notices = (Notice(NO_BENEFIT, word, _NOTICES[kind]),) if kind in _NOTICES else ()
    return Settlement(benefit=kind, amounts=amounts, family_payments=(), trace=(step,), notices=notices)


def _no_benefit(visit: Visit) -> str:
    return f"{WORDS[visit.person.status]}病人没有职工医保待遇，请不要填待遇，或改正人员状态"
