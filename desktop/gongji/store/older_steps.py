"""Which amount a step of an older book explains, told from its sentence: books since then keep it with the step."""

import re

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


def amount_of(text: str) -> str:
    """Return the key of the amount that a step with this sentence explains; what bars an account is about cash."""
    return next((name for pattern, name in _PATTERNS if pattern.match(text)), "cash")
