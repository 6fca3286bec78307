"""What is left of a misshapen visit: enough to look for the problems that the misshapen parts do not hide."""

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from gongji.core.problems import Problem
from gongji.core.visits import Visit, read_visit


class PartialVisit(Struct, frozen=True):
    """A visit without its misshapen parts, and the places its lines had before."""

    visit: Visit
    places: tuple[int, ...]

    def renumbered(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """Yield problems of the rest with the line numbers of the whole."""
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
    """Take away what stands at a path, copying what is changed on the way; a list goes as a whole.

    A name may itself hold dots, as those of accumulators do.
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
