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
    result = _settled(case, policy)
    if isinstance(result, list):
        code = result[0].code
        if code != case.refused:
            yield f"被拒绝：{result[0].field} {result[0].message}"
        return
    if case.refused is not None:
        yield f"应以 {case.refused} 拒绝，却结算了"
    amounts = in_yuan(result.totals)
    for name, text in case.expect.items():
        if amounts.get(name) != text:
            yield f"{name} 应为 {text}，算得 {amounts.get(name, '没有这一项')}"
    for name, text in case.accumulators.items():
        found = result.accumulators.get(name)
        if found is None or yuan(found) != text:
            yield f"累计 {name} 应为 {text}，算得 {'没有' if found is None else yuan(found)}"


def _settled(case: Case, policy: Policy) -> Quote | list[Problem]:
    value, problems = decode(case.visit.encode())
    visit = problems or read_visit(value)
    if not isinstance(visit, Visit):
        return visit
    if not policy.in_force(visit.settled_on) or visit.area != policy.pack.area:
        return [Problem("invalid_input", "settled_on", "例子的统筹区或日期不属于这一版政策")]
    return quote(visit, policy, lambda _kind, _name: False)
