"""个人账户计入: from the text of a request to a month's credit."""

from gongji.core.problems import Problem
from gongji.core.reckoning.credit import Credit, credit, read_credit_request
from gongji.core.strict_json import decode
from gongji.policies import Library


def credit_text(text: bytes, library: Library) -> Credit | list[Problem]:
    """Return the monthly credit a JSON text asks for, or its problems; the policy of the month's first day counts."""
    value, problems = decode(text)
    if problems:
        return problems
    request = read_credit_request(value)
    if isinstance(request, list):
        return request
    policy = library.in_force(request.area, request.first_day, "month")
    return [policy] if isinstance(policy, Problem) else credit(request, policy)
