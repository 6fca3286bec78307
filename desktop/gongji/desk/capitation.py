"""定额包干: from the text of a request to an institution's year."""

from gongji.core.problems import Problem
from gongji.core.reckoning.capitation import Clearing, clear, read_capitation_request
from gongji.core.strict_json import decode
from gongji.policies import Library


def capitation_text(text: bytes, library: Library) -> Clearing | list[Problem]:
    """Return the year's clearing a JSON text asks for, or its problems; a policy of any day of the year counts."""
    value, problems = decode(text)
    if problems:
        return problems
    request = read_capitation_request(value)
    if isinstance(request, list):
        return request
    policy = library.in_force_during(request.area, request.first_day, request.last_day, "year")
    return [policy] if isinstance(policy, Problem) else clear(request, policy)
