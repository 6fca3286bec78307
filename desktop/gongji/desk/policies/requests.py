"""定额包干: from the text of a request to an institution's year.

个人账户计入: from the text of a request to a month's credit.
"""

from gongji.core.engine.capitation import YearEndClearing, clear, read_capitation_request
from gongji.core.engine.credit import MonthlyCredit, credit, read_credit_request
from gongji.core.problems import Problem
from gongji.core.strict_json import decode
from gongji.packs_on_disk import Library


def capitation_text(text: bytes, library: Library) -> YearEndClearing | list[Problem]:
    """Return the year's clearing for a JSON request, or its problems; a policy of any day of the year counts."""
    value, problems = decode(text)
    if problems:
        return problems
    request = read_capitation_request(value)
    if isinstance(request, list):
        return request
    policy = library.in_force_during(request.area, request.first_day, request.last_day, "year")
    return [policy] if isinstance(policy, Problem) else clear(request, policy)


def credit_text(text: bytes, library: Library) -> MonthlyCredit | list[Problem]:
    """Return the monthly credit for a JSON request, or its problems; the policy of the month's first day counts."""
    value, problems = decode(text)
    if problems:
        return problems
    request = read_credit_request(value)
    if isinstance(request, list):
        return request
    policy = library.in_force(request.area, request.first_day, "month")
    return [policy] if isinstance(policy, Problem) else credit(request, policy)
