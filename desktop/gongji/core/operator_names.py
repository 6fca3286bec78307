"""操作员姓名与口令: one rule for each, wherever they are typed.

A name is stored as it looks: Han characters, Latin letters, digits and the dot between the parts of a name,
normalised (NFKC), at most twenty signs. Two names that look alike are one.
"""

import unicodedata

_HAN = (("\u3400", "\u4dbf"), ("\u4e00", "\u9fff"))
_BETWEEN = " ·-"
_LONGEST = 20
_ALIKE = str.maketrans({"0": "o", "1": "l", "i": "l", " ": None, "·": None, "-": None})
LEAST, LEAST_DIGITS = 6, 10
"""The least length of a password; more where it is all digits."""
_COMMON = frozenset(("password", "qwerty", "abc123", "iloveyou", "admin123", "letmein", "welcome", "a123456"))


def operator_name(text: str) -> str:
    """Return a name in the form in which it is stored. Raises ValueError with what is wrong with it."""
    plain = unicodedata.normalize("NFKC", text.replace("・", "·").replace("•", "·"))
    name = " ".join(plain.strip(" ").split(" "))
    if not name:
        raise ValueError("没有写操作员姓名")
    if len(name) > _LONGEST:
        raise ValueError(f"操作员姓名太长，最多 {_LONGEST} 个字")
    if not _is_sign(name[0]) or not all(_is_sign(one) or one in _BETWEEN for one in name):
        raise ValueError("操作员姓名只能用汉字、字母、数字、空格、“·”和“-”")
    return name


def _is_sign(one: str) -> bool:
    return (one.isascii() and one.isalnum()) or any(first <= one <= last for first, last in _HAN)


def look(name: str) -> str:
    """Return a key for what a name looks like: two names with the same key may not both exist."""
    return unicodedata.normalize("NFKC", name).casefold().translate(_ALIKE)


def password_problem(password: str, name: str) -> str | None:
    """Return what is wrong with a new password; None where it is acceptable.

    What cannot be seen was pasted, and its owner could not type it again.
    """
    if not password.isprintable():
        return "口令里有换行、制表符或看不见的字符，请用键盘输入"
    if len(password) < LEAST or not password.strip():
        return f"口令太短，至少 {LEAST} 个字符"
    if password.isdigit() and len(password) < LEAST_DIGITS:
        return f"只有数字的口令至少 {LEAST_DIGITS} 位"
    if len({*password}) < 3 or password.casefold() in _COMMON or password == name:  # noqa: PLR2004  # as it says
        return "口令太容易猜"
    return None
