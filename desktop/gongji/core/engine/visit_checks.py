"""What is wrong with a visit before any rule is applied: unknown names, accounts listed twice, a future birth date."""

from collections.abc import Callable, Iterable, Iterator

from gongji.core.engine.policy import Policy
from gongji.core.problems import Problem, in_path, invalid
from gongji.core.strict_records import shown
from gongji.core.visits import FeeLine, Visit

Knows = Callable[[str, str], bool]
"""Returns whether any pack has a "benefit", a "level" or an "accumulator" of a name."""


def visit_problems(
    visit: Visit, policy: Policy | None, knows: Knows, marked: Iterable[tuple[int, FeeLine]]
) -> list[Problem]:
    """Return what is wrong with the visit itself; `marked` are the lines with a benefit or facts of their own.

    A misspelt name must not silently change what somebody pays. A level must be one of the area's own; a benefit or an
    accumulator may be another area's, which is refused later, or means nothing here. Open parameters are looked at
    where a visit is handed in (`desk.visits.quote`): the book's own may be of a pack that is gone.
    """
    problems = []
    if visit.benefit is not None and not (policy and visit.benefit in policy.benefits):
        problems += _unless_known("benefit", "benefit", visit.benefit, knows)
    for index, line in marked:
        if line.benefit and not (policy and line.benefit in policy.benefits):
            problems += _unless_known(f"lines.{index}.benefit", "benefit", line.benefit, knows)
    prescriber = visit.prescriber
    if policy is None or not (
        visit.institution.level in policy.levels and (prescriber is None or prescriber.level in policy.levels)
    ):
        problems += _levels(visit, policy, knows)
    for name in visit.accumulators:
        if not (policy and name in policy.accumulators):
            problems += _unless_known(f"accumulators.{in_path(name)}", "accumulator", name, knows)
    if visit.accounts.family:
        problems += _doubled_accounts(visit)
    if visit.person.birth_date is not None and visit.person.birth_date > visit.settled_on:
        problems.append(invalid("person.birth_date", f"出生日期晚于结算日期 {visit.settled_on}，请核对"))
    if visit.prescription is not None or visit.referral_slip is not None or visit.person.selection is not None:
        problems += _papers(visit)
    return problems


def _papers(visit: Visit) -> Iterator[Problem]:
    """Yield what is wrong with the documents of a visit: prescription, referral, choice of an institution."""
    on, prescription, slip = visit.settled_on, visit.prescription, visit.referral_slip
    if prescription is not None and prescription.issued_on > on:
        yield invalid("prescription.issued_on", f"处方日期晚于结算日期 {on}，请核对")
    if slip is not None:
        if not visit.referral:
            yield invalid("referral_slip", "填了转诊单，却没有填经转诊（referral），请补上，或删去转诊单")
        if slip.valid_until < slip.valid_from:
            yield invalid("referral_slip.valid_until", "转诊单的有效期止早于起，请核对")
        elif not slip.valid_from <= on <= slip.valid_until:
            span = f"{slip.valid_from} 至 {slip.valid_until}"
            yield invalid(
                "referral_slip.valid_until", f"转诊单有效期是 {span}，{on} 不在其内，请重新转诊，或按未转诊结算"
            )
    if visit.person.selection is not None and not visit.person.selected_institution:
        yield invalid("person.selection", "填了选定机构的年度，却没有填选定机构，请补上，或删去年度")


_KINDS = {"benefit": "种待遇", "accumulator": "个年度累计"}


def _unless_known(field: str, kind: str, name: str, knows: Knows) -> list[Problem]:
    return [] if knows(kind, name) else [invalid(field, f"没有“{shown(name)}”这{_KINDS[kind]}，请改正名称")]


def _levels(visit: Visit, policy: Policy | None, knows: Knows) -> Iterator[Problem]:
    for who, rated in (("institution", visit.institution), ("prescriber", visit.prescriber)):
        if rated is not None and not (rated.level in policy.levels if policy else knows("level", rated.level)):
            levels = f"，应为 {'、'.join(policy.levels)} 之一" if policy else ""
            yield invalid(f"{who}.level", f"没有“{shown(rated.level)}”这个级别{levels}，请按协议填写")


def _doubled_accounts(visit: Visit) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, account in enumerate(visit.accounts.family):
        if account.id in seen:
            yield invalid(f"accounts.family.{index}.id", "同一个共济账户列了两次，请只留一个")
        seen.add(account.id)
