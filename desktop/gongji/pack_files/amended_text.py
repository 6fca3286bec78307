"""The TOML text of a new edition, written from the edition before with its comments kept. The one door to tomlkit."""

import datetime
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import tomlkit
from tomlkit.items import Table

from gongji.core.packs.amendment import RELATION_WORDS, Amendment, EditableFigure, FigureChange, FigurePath
from gongji.core.packs.language import Pack

_DATES = ("settled_on", "birth_date")


def amended_text(text: str, pack: Pack, figures: Sequence[EditableFigure], one: Amendment) -> str:
    """Return the TOML text of the edition that an amendment makes from an earlier edition's text.

    `pack` is the earlier edition and `figures` what can be changed of it. Worked cases move into the new edition's days
    by whole years. The caller checks the result by reading it.
    """
    document: Any = tomlkit.parse(text)
    known = {figure.path: figure for figure in figures}
    name = _free("notice", pack.source)
    source = tomlkit.table()
    source.update({"title": one.title, "number": one.number, "issued": one.issued, "short": one.short})
    document["source"][name] = source
    rules: dict[str, str] = {}
    for change in one.changes:
        if change.article not in rules:
            rules[change.article] = _free("N", [*pack.rule, *rules.values()])
            _cite(document, rules[change.article], one, change)
        _change(document, known[change.path], change, rules[change.article])
    _dates(document, one)
    for place, case in enumerate(pack.case):
        _case(document["case"][place], case.name, one)
    return tomlkit.dumps(document)


def with_asides(text: str, rules: Sequence[str], why: str) -> str:
    """Return the text with a comment (`why`) on each rule that nothing refers to any more."""
    document: Any = tomlkit.parse(text)
    for rule in rules:
        document["rule"][rule]["aside"] = why
    return tomlkit.dumps(document)


def _free(stem: str, taken: Sequence[str] | Mapping[str, Any]) -> str:
    """Return a name that is not used yet: the stem with a number."""
    number = 1
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"


def _cite(document: Any, rule: str, one: Amendment, change: FigureChange) -> None:
    article = f"{one.short}{change.article}"
    document["gist"][article] = change.gist
    entry = tomlkit.table()
    entry.update({"article": article, "title": one.title})
    document["rule"][rule] = entry


def _change(document: Any, figure: EditableFigure, change: FigureChange, rule: str) -> None:
    """Set a figure's new value and the rule that it now stands under."""
    _put(document, figure.path, _value(figure, change.value))
    if figure.rule_path is not None:
        _put(document, figure.rule_path, rule)


def _value(figure: EditableFigure, text: str) -> Any:
    if figure.kind == "date":
        return datetime.date.fromisoformat(text)
    if figure.kind == "relations":
        return [RELATION_WORDS[word] for word in text.split("、")]
    return text


def _put(document: Any, path: FigurePath, value: Any) -> None:
    inside = document
    for part in path[:-1]:
        inside = inside[part]
    inside[path[-1]] = value


def _dates(document: Any, one: Amendment) -> None:
    document["starts"] = one.starts
    document["verified_on"] = one.verified_on
    for key in ("ends", "open_end", "gap", "revision", "review_by"):
        document.pop(key, None)
    document["supersedes"] = True
    if one.revision > 1:
        document["revision"] = one.revision
    if one.ends is None:
        document["open_end"] = True
    else:
        document["ends"] = one.ends


def _case(case: Table, name: str, one: Amendment) -> None:
    """Move a worked case into the edition's days and set its newly computed results."""
    visit = json.loads(str(case["visit"]))
    years = _years_on(datetime.date.fromisoformat(visit["settled_on"]), one.starts)
    moved = {key: _moved(value, key, years) for key, value in visit.items()}
    text = json.dumps(moved, ensure_ascii=False)
    case["visit"] = tomlkit.string(text, literal="'" not in text)
    told = next((change for change in one.cases if change.case == name), None)
    if told is None:
        return
    case["name"] = told.name
    for key, values in (("expect", told.expect), ("accumulators", told.accumulators)):
        for figure, amount in values.items():
            case.setdefault(key, tomlkit.inline_table())[figure] = amount


def _years_on(day: datetime.date, starts: datetime.date) -> int:
    """Return how many years a day has to move to fall into an edition that starts on a given day."""
    years = max(0, starts.year - day.year)
    return years if _by_years(day, years) >= starts else years + 1


def _by_years(day: datetime.date, years: int) -> datetime.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def _moved(value: Any, key: str, years: int) -> Any:
    """Return a part of a visit with its days, and the years of its open parameters, moved by so many years."""
    if isinstance(value, dict):
        return {_year(name, years) if key == "parameters" else name: part for name, part in _parts(value, key, years)}
    if isinstance(value, list):
        return [_moved(part, key, years) for part in value]
    if key in _DATES or key == "facts":
        return _moved_day(value, years)
    return value


def _parts(value: dict[str, Any], key: str, years: int) -> Iterator[tuple[str, Any]]:
    for name, part in value.items():
        inherited = key if key in {"parameters", "facts"} else name
        yield name, _moved(part, inherited, years)


def _year(name: str, years: int) -> str:
    is_year = len(name) == len("2023") and name.isdigit()
    return str(int(name) + years) if is_year else name


def _moved_day(value: Any, years: int) -> Any:
    try:
        return _by_years(datetime.date.fromisoformat(value), years).isoformat()
    except (TypeError, ValueError):
        return value
