"""docs/speed.md: what the benchmark found last, part by part, with the machine; written by the benchmark itself.

The figures stand in docs/speed.json, so that one part can be measured anew without the others.
"""

from pathlib import Path

from msgspec import Struct, json

from tests.bench.parts import PARTS
from tests.bench.report import Row, Section, mark

_HEAD = """\
# How fast it is

Written by `make bench`, not by hand; `make bench PART=name` measures one part anew. Figures are read beside their
targets (reach), the second column being what was reached; those without a target are there for scale. A benchmark
asserts nothing: what is missed says so.
"""


class PartResult(Struct, frozen=True, kw_only=True):
    """What one part found: on which day, under which version, on which machine beside how much else, in how long."""

    part: str
    day: str
    version: str
    machine: str
    busy: str
    seconds: int
    sections: tuple[Section, ...]


def keep(folder: Path, result: PartResult) -> None:
    """Put a part's result in the place of its last one, and write the page anew."""
    figures, page = folder / "speed.json", folder / "speed.md"
    results = kept(figures) if figures.exists() else {}
    results[result.part] = result
    ordered = [results[name] for name in PARTS if name in results]
    figures.write_bytes(json.format(json.encode(ordered), indent=1) + b"\n")
    page.write_text(written(ordered), encoding="utf-8")


def kept(figures: Path) -> dict[str, PartResult]:
    """Return the results in a file, by part."""
    return {one.part: one for one in json.decode(figures.read_bytes(), type=list[PartResult])}


def written(results: list[PartResult]) -> str:
    """Return the page for these results."""
    return "\n".join([_HEAD, *map(_part, results)])


def _part(one: PartResult) -> str:
    about = (
        f"`make bench PART={one.part}`, {one.seconds} s, {one.day}, version {one.version}. {one.machine}; {one.busy}."
    )
    return "\n".join([f"## {one.part}", "", about, "", *map(_section, one.sections)])


def _section(section: Section) -> str:
    head = [f"**{_cell(section.title)}**", "", "| | reached | reach | | |", "|---|--:|--:|---|---|"]
    return "\n".join([*head, *map(_row, section.rows), ""])


def _row(row: Row) -> str:
    return f"| {' | '.join(map(_cell, (row.figure, row.reached, row.reach, mark(row.met), row.note)))} |".replace(
        "  ", " "
    )


def _cell(text: str) -> str:
    return text.strip().replace("|", "\\|").replace("<=", "≤").replace(">=", "≥")
