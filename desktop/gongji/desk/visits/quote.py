"""试算: from the text of a visit to what it would settle at, or to all problems that prevent it."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from msgspec import Struct

from gongji.core.engine.bill import line_problems
from gongji.core.engine.policy import Policy
from gongji.core.engine.quote import Quote, quote, without_policy
from gongji.core.identifiers import are_normal, normal_visit
from gongji.core.problems import Problem, in_path, invalid
from gongji.core.strict_json import decode
from gongji.core.strict_records import did_you_mean, shown
from gongji.core.visits import FeeLine, Visit, read_line, read_visit
from gongji.pack_files.library import Library


class PartialVisit(Struct, frozen=True):
    """A visit without its malformed parts, and the original places of its lines."""

    visit: Visit
    places: tuple[int, ...]

    def renumbered(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """Yield problems with the line numbers of the whole visit."""
        for problem in problems:
            parts = problem.field.split(".")
            if parts[0] == "lines":
                parts[1] = str(self.places[int(parts[1])])
            yield Problem(problem.code, ".".join(parts), problem.message)


def salvage(value: Any, problems: Iterable[Problem]) -> PartialVisit | None:
    """Return the visit without the lines and the optional parts that have problems; None where too little is left."""
    if not isinstance(value, dict) or not isinstance(value.get("lines"), list):
        return None
    bad_lines = set()
    rest = dict(value)
    for problem in problems:
        path = problem.field.split(".")
        if path[0] == "lines" and path[1:2] and path[1].isascii() and path[1].isdigit():
            bad_lines.add(int(path[1]))
        else:
            _drop(rest, path)
    places = tuple(index for index in range(len(value["lines"])) if index not in bad_lines)
    visit = read_visit({**rest, "lines": [value["lines"][index] for index in places]})
    return PartialVisit(visit, places) if isinstance(visit, Visit) else None


def _drop(value: dict[str, Any], path: list[str]) -> None:
    """Remove what is at a path, copying what is changed on the way; a list is removed as a whole.

    A name may itself contain dots, as accumulators' names do.
    """
    key, *further = path
    whole = ".".join(path)
    if whole in value:
        del value[whole]
    elif further and isinstance(value.get(key), dict):
        value[key] = dict(value[key])
        _drop(value[key], further)
    else:
        value.pop(key, None)


class Quoted(Struct, frozen=True, kw_only=True):
    """The outcome for one visit: a quote, or problems of which the first is the refusal (G20)."""

    visit_no: str | None
    visit: Visit | None = None
    policy: Policy | None = None
    quote: Quote | None = None
    problems: tuple[Problem, ...] = ()


def unknown_parameters(given: Mapping[str, Any], visit: Visit, library: Library) -> list[Problem]:
    """Return a problem for each open parameter of a visit as it was handed in that no pack has.

    Most are asked for by name where they are missing. A date that opens something is not: misspelt, it would
    silently leave a relative's account unused or an internet hospital unpaid.
    """
    policy = library.of_visit(visit)
    return _unknown_parameters(given, None if isinstance(policy, Problem) else policy, library)


def _unknown_parameters(given: Mapping[str, Any], policy: Policy | None, library: Library) -> list[Problem]:
    known = {} if policy is None else policy.pack.parameter
    return [
        invalid(
            f"parameters.{in_path(name)}",
            f"没有“{shown(name)}”这个参数{did_you_mean(name, [*known])}；请改正名称或删去",
        )
        for name in given
        if name not in known and not library.knows("parameter", name)
    ]


def quote_text(text: bytes, library: Library, *, thorough: bool = False) -> Quoted:
    """Quote the visit in a JSON text.

    Where the shape of the input is wrong, `thorough` looks for further problems in what can be read.
    """
    given, problems = decode(text)
    if problems:
        return Quoted(visit_no=visit_no_of(given), problems=tuple(problems))
    visit = read_visit(given)
    if isinstance(visit, Visit) and _is_normal(visit):
        return _quote_given(visit, library)
    value, problems = normal_visit(given)
    visit_no = visit_no_of(value)
    visit = read_visit(value)
    if isinstance(visit, Visit):
        if not problems:
            return _quote_given(visit, library)
        visit = []
    problems += visit
    if thorough:
        rest = salvage(value, problems)
        if rest is not None:
            problems = [*problems, *rest.renumbered(_quote_given(rest.visit, library).problems)]
        else:
            problems = [*problems, *_line_problems(value)]
    return Quoted(visit_no=visit_no, problems=tuple(problems))


def _quote_given(visit: Visit, library: Library) -> Quoted:
    quoted = quote_visit(visit, library)
    unknown = _unknown_parameters(visit.parameters, quoted.policy, library) if visit.parameters else []
    if not unknown:
        return quoted
    return Quoted(visit_no=visit.visit_no, visit=visit, policy=quoted.policy, problems=(*unknown, *quoted.problems))


def _is_normal(visit: Visit) -> bool:
    """Return whether every identifier of a visit is in normal form, as far as a quick test can tell."""
    person, prescriber, family = visit.person, visit.prescriber, visit.accounts.family
    numbers = [person.id, person.selected_institution, visit.institution.id]
    if prescriber is not None:
        numbers.append(prescriber.id)
    if family:
        numbers += [account.id for account in family]
    codes, drugs = [], []
    for line in visit.lines:
        codes.append(line.code)
        if line.drug is not None:
            drugs.append(line.drug)
    if visit.accumulators:
        drugs += [name for name in visit.accumulators if name.count(".") > 1]
    return are_normal(visit.visit_no, numbers, codes, drugs)


def quote_visit(visit: Visit, library: Library, sources: Mapping[str, str] = MappingProxyType({})) -> Quoted:
    """Quote a visit under the policy in force where the person is insured (G9), on its date (G6).

    `sources` gives the notices from which open parameters were entered.
    """
    policy = library.of_visit(visit)
    if isinstance(policy, Problem):
        problems = without_policy(visit, policy, library.knows)
        return Quoted(visit_no=visit.visit_no, visit=visit, problems=tuple(problems))
    result = quote(visit, policy, library.knows, sources)
    if isinstance(result, Quote):
        return Quoted(visit_no=visit.visit_no, visit=visit, policy=policy, quote=result)
    return Quoted(visit_no=visit.visit_no, visit=visit, policy=policy, problems=tuple(result))


def _line_problems(value: Any) -> Iterator[Problem]:
    """Yield problems of the lines that can be read by themselves, where the visit around them cannot."""
    lines = value.get("lines") if isinstance(value, dict) else None
    for index, part in enumerate(lines if isinstance(lines, list) else ()):
        line = read_line(part)
        if isinstance(line, FeeLine):
            yield from line_problems(index, line, None)


def visit_no_of(value: Any) -> str | None:
    """Return the visit's number where it can be read, to identify the refused visit."""
    visit_no = value.get("visit_no") if isinstance(value, dict) else None
    return visit_no if isinstance(visit_no, str) else None
