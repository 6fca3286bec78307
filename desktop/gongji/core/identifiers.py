"""The normal form of identifiers: persons and accounts, visits, items, institutions. Made nowhere else.

Whichever way one enters (window, command, import, wire, stick), it is brought into this form before it is looked up
or stored: no space around it, full-width letters and digits as plain ones, the check character of an
identity number (and every letter of a number on a card) in upper case. What has no normal form is refused:
line ends and invisible characters, what only looks like a letter or digit (², ①), another script's digits. Radicals,
which a PDF's fonts give in place of characters (⻢ for 马), are replaced by the characters they look like.

What makes two items one drug is a name or a code, and has one form as well, alone and within an accumulator's name.

The name of a patient or of a clinic, typed or pasted, has one form as well; that of an operator, who signs with it, is
stricter (`operator_names`).
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from gongji.core.problems import Problem, invalid, quoted

_CACHED = 1 << 14
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_UNSEEN_IN_NAMES = _INVISIBLE - {"Co"}
"""Old systems keep rare characters of names at private code points (core.papers.printable)."""
_UNSEEN = "含有换行、制表符或看不见的字符，请删去后重新填写"
_TURNING = frozenset({"R", "AL", "AN"})
_LONGEST = 200
_WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x00A0: 0x20}


@lru_cache(_CACHED)
def person_id(text: str) -> str:
    """Return the number of a person or of an account: no space in it, letters in upper case. Raises ValueError."""
    return _visible(text).replace(" ", "").upper()


institution_id = person_id
"""Return the code of an institution, of the same form."""


@lru_cache(_CACHED)
def item_code(text: str) -> str:
    """Return the code of an item; upper and lower case are distinguished. Raises ValueError."""
    return _visible(text)


visit_no = item_code
"""Return the number of a visit, of the same form."""


@lru_cache(_CACHED)
def drug_name(text: str) -> str:
    """Return what makes two items one drug: a code in plain form, a name as it is typed. Raises ValueError."""
    name = typed_name(text.replace("\u3000", " ").replace("\u00a0", " "))
    if not name:
        raise ValueError("不能为空")
    if not name.isprintable():
        raise ValueError(_UNSEEN)
    code = name.translate(_WIDE)
    return code if code.isascii() else name


def typed_name(text: str) -> str:
    """Return the normal form of a patient's or a clinic's name, empty for an empty text. Raises ValueError.

    On one line, with single spaces and none around it, radicals from a PDF as the characters they stand for; full-width
    signs stay, as a clinic's own brackets are.
    """
    line = " ".join(part for part in unicodedata.normalize("NFC", without_radicals(text)).strip().split(" ") if part)
    _refuse(line, _UNSEEN_IN_NAMES)
    odd = radical_in(line)
    if odd is not None:
        raise ValueError(f"“{odd}”是从 PDF 里来的部首，不是字，请改为对应的汉字")
    return line


def typed_remark(text: str) -> str:
    """Return the normal form of a remark, such as a reason or a dose, empty for an empty text. Raises ValueError.

    As a name's, but pasted line ends and tabs become spaces, and old systems' private characters are refused.
    """
    line = " ".join(unicodedata.normalize("NFC", without_radicals(text)).split())
    _refuse(line, _INVISIBLE)
    return line


def _refuse(line: str, unseen: frozenset[str]) -> None:
    """Refuse, by ValueError, a line that is too long or has characters of these categories."""
    if len(line) > _LONGEST:
        raise ValueError(f"太长，最多 {_LONGEST} 个字符")
    if any(unicodedata.category(character) in unseen for character in line):
        raise ValueError(_UNSEEN)


def _visible(text: str) -> str:
    """Return a text in its plain form. Raises ValueError with a Chinese sentence when it has none."""
    if text.isascii() and text.isprintable() and text[:1] != " " != text[-1:] and 0 < len(text) <= _LONGEST:
        return text
    plain = unicodedata.normalize("NFC", text.translate(_WIDE)).strip(" ")
    if not plain:
        raise ValueError("不能为空")
    if len(plain) > _LONGEST:
        raise ValueError(f"太长，最多 {_LONGEST} 个字符")
    for character in plain:
        if unicodedata.category(character) in _INVISIBLE:
            raise ValueError(_UNSEEN)
        looks_like_another = unicodedata.normalize("NFKC", character) != character
        if not character.isascii() and (looks_like_another or _is_of_another_script(character)):
            raise ValueError(f"“{quoted(character)}”不是普通的字母或数字，请改正")
    return plain


def _is_of_another_script(character: str) -> bool:
    """Return whether a sign is another script's digit, or turns the line: the code would be read otherwise."""
    return character.isdecimal() or unicodedata.bidirectional(character) in _TURNING


_PLAIN = re.compile(rf"[!-~]{{1,{_LONGEST}}}").fullmatch
_UPPER = re.compile(rf"[!-`{{-~]{{1,{_LONGEST}}}").fullmatch
_plain_codes: set[str] = set()
"""Item codes already known to be in normal form, as a cache: a catalogue has some thousands of them."""

_FIELDS: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("person", "id", person_id),
    ("person", "selected_institution", institution_id),
    ("institution", "id", institution_id),
    ("prescriber", "id", institution_id),
)
"""Where a visit holds identifiers: the part, the field's name and its normal form."""


def normal_visit(value: Any) -> tuple[Any, list[Problem]]:
    """Return a visit (decoded JSON) with its identifiers in normal form, and a problem for each that has none.

    The value itself is not changed; parts of a wrong shape are left for the reader to refuse.
    """
    if not isinstance(value, dict):
        return value, []
    problems: list[Problem] = []
    found = _normal(value, "visit_no", visit_no, problems, "")
    changed: dict[str, Any] = {}
    for whose, name, normal in _FIELDS:
        given = value.get(whose)
        if given is not None:
            part = _normal(changed.get(whose, given), name, normal, problems, whose)
            if part is not given:
                changed[whose] = part
    lines = value.get("lines")
    if isinstance(lines, list):
        _normal_list(changed, "lines", lines, "code", item_code, problems, "lines")
        _normal_list(changed, "lines", changed.get("lines", lines), "drug", drug_name, problems, "lines")
    totals = value.get("accumulators")
    if isinstance(totals, dict):
        _normal_totals(changed, totals, problems)
    accounts = value.get("accounts")
    if isinstance(accounts, dict) and isinstance(accounts.get("family"), list):
        inner: dict[str, Any] = {}
        _normal_list(inner, "family", accounts["family"], "id", person_id, problems, "accounts.family")
        if inner:
            changed["accounts"] = {**accounts, **inner}
    return ({**found, **changed} if changed else found), problems


def are_normal(number: str, numbers: Iterable[str | None], codes: Sequence[str], drugs: Iterable[str]) -> bool:
    """Return whether a visit's number, those of its people and institutions, and its items' codes are in normal form.

    `drugs` are what it says of drugs, alone or in an accumulator's name. It is a quick test that most visits pass;
    False means only that `normal_visit` has to look.
    """
    for drug in drugs:
        if _PLAIN(drug) is None and not _is_named(drug):
            return False
    for one in numbers:
        if one is not None and _UPPER(one) is None:
            return False
    return _PLAIN(number) is not None and (_plain_codes.issuperset(codes) or _are_plain(codes))


@lru_cache(_CACHED)
def _is_named(text: str) -> bool:
    try:
        return drug_name(text) == text
    except ValueError:
        return False


def _normal_totals(into: dict[str, Any], totals: dict[str, Any], problems: list[Problem]) -> None:
    """Put the accumulators into a visit with the drugs in their names in normal form, where any was not."""
    found: dict[str, Any] = {}
    for name, value in totals.items():
        kind, _, rest = name.partition(".")
        drug, dot, last = rest.rpartition(".")
        plain: str = name
        try:
            plain = f"{kind}.{drug_name(drug)}.{last}" if dot else name
        except ValueError as error:
            problems.append(invalid(f"accumulators.{name[:_LONGEST]}", str(error)))
        if plain in found:
            problems.append(invalid(f"accumulators.{name[:_LONGEST]}", "同一个年度累计写了两次，请只留一个"))
        found[plain] = value
    if list(found) != list(totals):
        into["accumulators"] = found


def _are_plain(codes: Iterable[str]) -> bool:
    """Return whether these codes are in normal form; those that are will be known."""
    for code in codes:
        if _PLAIN(code) is None:
            return False
        if len(_plain_codes) >= _CACHED:
            _plain_codes.clear()
        _plain_codes.add(code)
    return True


def _normal_list(
    into: dict[str, Any],
    name: str,
    given: list[Any],
    key: str,
    normal: Callable[[str], str],
    problems: list[Problem],
    path: str,
) -> None:
    """Put the normalised copy of a list of records into its group, where any record changed."""
    parts = [_normal(one, key, normal, problems, path, place) for place, one in enumerate(given)]
    if any(part is not one for part, one in zip(parts, given, strict=True)):
        into[name] = parts


def _normal(value: Any, name: str, normal: Callable[[str], str], problems: list[Problem], *path: str | int) -> Any:
    """Return a record with its identifier in normal form; the same object where it already is."""
    text = value.get(name) if isinstance(value, dict) else None
    if not isinstance(text, str) or not text:
        return value
    try:
        plain = normal(text)
    except ValueError as error:
        problems.append(invalid(".".join([*(str(part) for part in path if part != ""), name]), str(error)))
        return value
    return value if plain == text else {**value, name: plain}


_RADICALS = re.compile("[\u2e80-\u2fdf]")
_RADICALS_SUPPLEMENT = str.maketrans(
    "⺁⺇⺎⺏⺐⺒⺓⺛⺝⺞⺟⺠⺩⺪⺬⺺⺽⻁⻃⻄⻅⻆⻇⻉⻊⻋⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳⺫",
    "厂几兀尣尢巳幺旡月歹母民王疋示聿臼虎覀西见角角贝足车長长门雨青韦页风飞食马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟目",
)
"""Those of the CJK Radicals Supplement and their characters, by Unicode's EquivalentUnifiedIdeograph (Kangxi: NFKC)."""


def without_radicals(text: str) -> str:
    """Return a text with each radical replaced by the character it looks like; radicals without one stay."""
    if _RADICALS.search(text) is None:
        return text
    return _RADICALS.sub(lambda found: unicodedata.normalize("NFKC", found[0].translate(_RADICALS_SUPPLEMENT)), text)


def radical_in(text: str) -> str | None:
    """Return the first radical in a text, if any."""
    found = _RADICALS.search(text)
    return None if found is None else found[0]
