"""The line numbers of a pack's parts in its text, so that a problem can be found in an editor."""

import re
from collections.abc import Iterable

from msgspec.structs import replace

from gongji.core.problems import Problem

_HEADER = re.compile(r"\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(?:#.*)?")
_KEY = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+))*)\s*=""")
_PART = re.compile(r""""([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+)""")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'')
FULL_WIDTH = dict(zip("，．＝“”‘’［］【】｛｝＃　：％", """,.=""''[][]{}# =%""", strict=True))
"""Characters that Chinese keyboards give where TOML needs the plain one."""


def lines_of(text: str) -> dict[str, int]:
    """Return the line, from 1, of each table and key of a TOML text, by its path."""
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    here = ""
    for number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.fullmatch(line)
        if header is not None:
            here = _path(header[2], counts)
            if header[1] == "[[":
                counts[here] = counts.get(here, -1) + 1
                here = f"{here}.{counts[here]}"
            found.setdefault(here, number)
            continue
        key = _KEY.match(line)
        if key is not None:
            path = ".".join(_parts(key[1]))
            found.setdefault(f"{here}.{path}" if here else path, number)
    return found


def _parts(name: str) -> list[str]:
    return [next(part for part in match.groups() if part is not None) for match in _PART.finditer(name)]


def _path(name: str, counts: dict[str, int]) -> str:
    """Return the path of a header; a list is taken at its newest element."""
    path = ""
    parts = _parts(name)
    for index, part in enumerate(parts):
        path = f"{path}.{part}" if path else part
        if path in counts and index < len(parts) - 1:
            path = f"{path}.{counts[path]}"
    return path


def with_lines(problems: Iterable[Problem], text: str) -> list[Problem]:
    """Return problems with their lines, where those can be found."""
    lines = lines_of(text)
    return [_with_line(one, lines) for one in problems]


def _with_line(problem: Problem, lines: dict[str, int]) -> Problem:
    parts = problem.field.split(".")
    for length in range(len(parts), 0, -1):
        line = lines.get(".".join(parts[:length]))
        if line is not None:
            return replace(problem, message=f"{problem.message}（第 {line} 行）")
    return problem


def full_width_signs(line: str) -> list[str]:
    """Return the full-width characters in a line outside quotes, each once, in order."""
    return list(dict.fromkeys(sign for sign in _QUOTED.sub("", line) if sign in FULL_WIDTH))
