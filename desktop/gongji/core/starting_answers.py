"""A settings file for the first start: who the clinic is, which area it is in, what the counter begins with.

One file serves any number of counters: what is at its top holds for all of `counters`, unless one of them says
otherwise. It never holds a password.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct, structs, to_builtins

from gongji.core.identifiers import typed_name
from gongji.core.ledger.stored_settlement import COUNTER_CODE
from gongji.core.operator_names import operator_name
from gongji.core.problems import Problem, invalid, join
from gongji.core.strict_records import prepare, read, shown
from gongji.core.visits import read_institution

LIST = "counters"
TABLES = ("people", "links", "catalogue", "accumulators")
"""The tables that may be imported at once, in this order; each answer is a file's name beside the settings file."""
_SECRET = ("password", "passwd", "passphrase", "pwd", "secret", "口令", "密码", "暗号")
_COUNTY, _DEEPEST = 6, 40
_OF_INSTITUTION = ("name", "type", "level", "grade", "designated", "pooled")
_PLACES = {"id": "institution"}


class StartingAnswers(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The answers for one counter; what is left out is asked for, or takes its default.

    `institution` is its code; `area` follows from the code unless given; `computer` is the PC's name, by which it
    knows which of several counters it is; `paper`, `printer` and `support` as in 设置.
    """

    institution: str
    name: str
    type: str
    level: str
    grade: str | None = None
    designated: bool = True
    pooled: bool = True
    area: str = ""
    counter: str = "01"
    operator: str = ""
    computer: str = ""
    printer: str | None = None
    paper: str = ""
    support: str = ""
    people: str = ""
    links: str = ""
    catalogue: str = ""
    accumulators: str = ""

    @property
    def in_contract(self) -> dict[str, Any]:
        """The institution in the contract's form."""
        facts = {name: value for name, value in to_builtins(self).items() if name in _OF_INSTITUTION}
        return {"id": self.institution, **{name: value for name, value in facts.items() if value is not None}}

    @property
    def tables(self) -> dict[str, str]:
        """The files to import, by kind of table."""
        return {name: getattr(self, name) for name in TABLES if getattr(self, name)}


def area_named_by(code: str, areas: Mapping[str, Any]) -> str:
    """Return the known area that an institution's code names; an empty string where it names none.

    Its first six digits are a county's (GB/T 2260), the first four of them its city's.
    """
    county = county_of(code)
    if len(county) < _COUNTY:
        return ""
    return next((area for area in (county, f"{county[:4]}00") if area in areas), "")


def county_of(code: str) -> str:
    """Return the first six digits of an institution's code, or fewer where it has fewer."""
    return "".join(one for one in code if one.isascii() and one.isdigit())[:_COUNTY]


def read_answers(
    value: Any, levels: Mapping[str, Mapping[str, str]]
) -> tuple[dict[str, StartingAnswers], list[Problem]]:
    """Return the answers of a decoded settings file by their places in it, and every problem of the file.

    With problems the answers must not be used, only checked further. `levels` gives the institution levels (code to
    name) of each area that has a pack.
    """
    if not isinstance(value, dict):
        return {}, [invalid("", "应为一组“名称: 值”")]
    problems = [*_secrets(value, "", 0)]
    common = {name: one for name, one in value.items() if name != LIST}
    several = value.get(LIST)
    if several is not None and (not isinstance(several, list) or not several):
        return {}, [*problems, invalid(LIST, "应为一个列表，每台收费台一项")]
    found: dict[str, StartingAnswers] = {}
    for place, one in enumerate([{}] if several is None else several):
        path = "" if several is None else join(LIST, place)
        if not isinstance(one, dict):
            problems.append(invalid(path, "应为一组“名称: 值”"))
            continue
        merged = {name: each for name, each in {**common, **one}.items() if not _is_secret(name)}
        answers = read(merged, StartingAnswers)
        wrong = answers if isinstance(answers, list) else list(_contradictions(answers, levels))
        problems += [_placed(each, path, one, common) for each in wrong]
        if not isinstance(answers, list):
            found[path] = structs.replace(answers, area=answers.area or area_named_by(answers.institution, levels))
    return found, list(dict.fromkeys((*problems, *_doubles(found))))


def _secrets(value: Any, path: str, depth: int) -> Iterator[Problem]:
    """Yield a problem for every key that looks like a password, and for nesting too deep to search."""
    if depth > _DEEPEST:
        yield invalid(path, f"套了 {_DEEPEST} 层以上，没有这样的设置：请删去")
    elif isinstance(value, dict):
        for name, one in value.items():
            if _is_secret(name):
                sentence = "口令不能写在设置文件里（U 盘会丢，文件会被抄）：请删去，建立时由操作员自己输入"
                yield invalid(join(path, name), sentence)
            else:
                yield from _secrets(one, join(path, name), depth + 1)
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from _secrets(one, join(path, place), depth + 1)


def _is_secret(name: str) -> bool:
    return any(word in str(name).casefold() for word in _SECRET)


def _placed(problem: Problem, path: str, one: dict[str, Any], common: dict[str, Any]) -> Problem:
    """Return a problem with its place in the file: the top where the value was given there, else its counter."""
    name = problem.field.partition(".")[0]
    at_top = not path or (name in common and name not in one)
    return problem if at_top else structs.replace(problem, field=join(path, problem.field))


def _contradictions(one: StartingAnswers, levels: Mapping[str, Mapping[str, str]]) -> Iterator[Problem]:
    institution = read_institution(one.in_contract)
    if isinstance(institution, list):
        yield from (structs.replace(each, field=_PLACES.get(each.field, each.field)) for each in institution)
    area = one.area or area_named_by(one.institution, levels)
    if not area:
        sentence = (
            f"从代码 {shown(one.institution)} 看不出统筹区（或没有它的政策包），请另写 area；现有 {'、'.join(levels)}"
        )
        yield invalid("institution", sentence)
    elif area not in levels:
        yield invalid("area", f"没有统筹区 {shown(area)} 的政策包，现有 {'、'.join(levels)}")
    elif one.level not in levels[area]:
        known = "、".join(f"{name}（{word}）" for name, word in levels[area].items())
        yield invalid("level", f"统筹区 {area} 没有级别 {shown(one.level)}，可用 {known}")
    if not COUNTER_CODE.match(one.counter):
        yield invalid("counter", "应为两位数字或大写字母，例如 01；同一机构各台不得相同")
    for field, normal in (("name", typed_name), ("operator", operator_name)):
        try:
            if getattr(one, field):
                normal(getattr(one, field))
        except ValueError as error:
            yield invalid(field, str(error))


def _doubles(found: Mapping[str, StartingAnswers]) -> Iterator[Problem]:
    """Yield a problem for each counter given twice and each PC assigned to two counters."""
    seen: set[tuple[str, str]] = set()
    for path, one in found.items():
        for name, said in (("counter", f"{one.institution} 的 {one.counter} 台"), ("computer", one.computer)):
            if not said:
                continue
            if (name, said) in seen:
                yield invalid(join(path, name), f"{said} 写了两次")
            seen.add((name, said))


prepare(StartingAnswers)
