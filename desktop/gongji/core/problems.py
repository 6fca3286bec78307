"""What is wrong with an input, as data: every problem has a code, a place and a sentence that says what to do."""

from msgspec import Struct

INVALID_INPUT = "invalid_input"
UNKNOWN_AREA = "unknown_area"
NO_POLICY_IN_FORCE = "no_policy_in_force"
BENEFIT_NOT_DEFINED = "benefit_not_defined"
MISSING_PARAMETER = "missing_parameter"


class Problem(Struct, frozen=True):
    """One thing that is wrong.

    `field` is the path from the top of the input ("lines.0.amount"), empty for the whole of it; `message` is one
    Chinese sentence that says what to do.
    """

    code: str
    field: str
    message: str


def invalid(field: str, message: str) -> Problem:
    """Return a problem of the input itself."""
    return Problem(INVALID_INPUT, field, message)


def join(path: str, key: str | int) -> str:
    """Return the path of a part of what is at path."""
    return f"{path}.{key}" if path else str(key)
