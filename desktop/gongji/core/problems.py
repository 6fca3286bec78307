"""What is wrong with an input, as data: every problem has a code, a place and a sentence that says what to do.

A sentence shows what it refuses with `quoted`: its beginning, on one line. A pasted page, line ends, invisible signs or
letters that are written from the right would make it unreadable, or read otherwise than it is.
"""

import unicodedata

from msgspec import Struct

INVALID_INPUT = "invalid_input"
UNKNOWN_AREA = "unknown_area"
NO_POLICY_IN_FORCE = "no_policy_in_force"
BENEFIT_NOT_DEFINED = "benefit_not_defined"
MISSING_PARAMETER = "missing_parameter"

LONGEST_QUOTED = 60
"""How many characters of a text are quoted."""
_NAMES = {"\n": "〔换行〕", "\t": "〔制表符〕", "\u3000": " "}
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Mn", "Me"})
"""Categories of characters that are not seen, or are seen only on the one before."""
_TURNING = frozenset({"R", "AL", "AN", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "FSI", "PDF", "PDI"})
"""Classes of characters that turn the direction of what follows (Unicode Standard Annex 9)."""


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


def in_path(key: str) -> str:
    """Return a key for use in a field's path: as it was written, for a program to find it by, but shortened."""
    return key if len(key) <= LONGEST_QUOTED else key[:LONGEST_QUOTED] + "…"


def quoted(text: str, most: int = LONGEST_QUOTED) -> str:
    """Return a text for use between quotation marks: at most so many of its characters, all of them plain to see."""
    if len(text) <= most and text.isascii() and text.isprintable():
        return text
    plain = unicodedata.normalize("NFC", text[: 2 * most].replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(map(_seen, plain[:most])) + ("…" if len(plain) > most or len(text) > 2 * most else "")


def _seen(one: str) -> str:
    if one in _NAMES:
        return _NAMES[one]
    is_space = one.isspace() and one != " "
    if is_space or unicodedata.category(one) in _UNSEEN or unicodedata.bidirectional(one) in _TURNING:
        return f"〔U+{ord(one):04X}〕"
    return one
