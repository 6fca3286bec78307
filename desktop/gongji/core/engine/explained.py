"""Which amount a step of a reckoning explains, so that each figure can open into its own sentences."""

import re
from collections.abc import Iterable

from gongji.core.engine.trace import Step

_BEGINNINGS = (
    (r"丙类项目全自费", "self_paid"),
    (r"超过限价", "over_price"),
    (r"乙类先行自付|.*先由个人自付：", "prepaid"),
    (r"不予支付", "excluded"),
    (r"政策范围内费用", "eligible"),
    (r"统筹基金不支付", "fund"),
    (r"本人个人账户可用", "account_own"),
    (r"第 \d+ 个共济账户可用", "account_family"),
    (r"公务员医疗补助", "civil_servant"),
    (r"大额医疗费用补助", "large_medical"),
    (r".*起付标准", "deductible"),
    (r".* × \S+% = ", "fund"),
)
_PATTERNS = tuple((re.compile(pattern, re.DOTALL), name) for pattern, name in _BEGINNINGS)


def amount_of(step: Step) -> str:
    """Return the amount a step explains, in the contract's words; what bars an account explains what is left: cash."""
    return next((name for pattern, name in _PATTERNS if pattern.match(step.text)), "cash")


def steps_of(trace: Iterable[Step], *names: str) -> list[Step]:
    """Return the steps that explain any of these amounts."""
    return [step for step in trace if amount_of(step) in names]
