"""A pack proves itself: the worked cases it carries are settled under it and compared."""

from collections.abc import Iterator

from msgspec import Struct

from gongji.core.money import yuan
from gongji.core.packs.language import Case, Pack
from gongji.core.problems import Problem
from gongji.core.reckoning.amounts import in_yuan
from gongji.core.reckoning.policy import Policy
from gongji.core.reckoning.quoting import Quote, quote
from gongji.core.strict_json import decode
from gongji.core.visits import Visit, read_visit


class Failure(Struct, frozen=True):
    """A case that did not come out as the pack says, and how."""

    name: str
    difference: str


def failed_cases(pack: Pack) -> list[Failure]:
    """Return the worked cases of a pack that come out differently."""
    policy = Policy(pack)
    return [Failure(case.name, difference) for case in pack.case for difference in _differences(case, policy)]


def _differences(case: Case, policy: Policy) -> Iterator[str]:
    value, problems = decode(case.visit.encode())
    visit = problems or read_visit(value)
    if not isinstance(visit, Visit):
        yield f"例子里的就诊写错了：{visit[0].field} {visit[0].message}"
    elif not policy.in_force(visit.settled_on) or visit.area != policy.pack.area:
        yield f"例子的统筹区 {visit.area} 或日期 {visit.settled_on} 不属于这一版政策"
    else:
        result = quote(visit, policy, lambda _kind, _name: False)
        yield from _settled_differently(case, result) if isinstance(result, Quote) else _refused(case, result[0])


def _refused(case: Case, problem: Problem) -> Iterator[str]:
    if problem.code != case.refused:
        yield f"被拒绝：{problem.field} {problem.message}"


def _settled_differently(case: Case, quoted: Quote) -> Iterator[str]:
    if case.refused is not None:
        yield f"应以 {case.refused} 拒绝，却结算了"
    amounts = in_yuan(quoted.totals)
    for name, text in case.expect.items():
        if amounts.get(name) != text:
            yield f"{name} 应为 {text}，算得 {amounts.get(name, '没有这一项')}"
    for name, text in case.accumulators.items():
        found = quoted.accumulators.get(name)
        if found is None or yuan(found) != text:
            yield f"累计 {name} 应为 {text}，算得 {'没有' if found is None else yuan(found)}"
