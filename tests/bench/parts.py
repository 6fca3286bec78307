"""The parts of the benchmark, each with what it measures: `make bench PART=book` runs one of them.

A measurement stands under its part by its place, `module:function`; its module is loaded when it is measured, so that a
part's memory and start are its own. The function takes nothing and returns a `Section` or yields several. A part takes
less than two minutes on a quiet machine, all of them together about ten.
"""

from collections.abc import Iterator
from importlib import import_module

from tests.bench.report import Section

PARTS: dict[str, tuple[str, ...]] = {
    "engine": ("engine:measure",),
    "quote": ("program:measure_rate", "program:measure_start"),
    "columns": ("peer:measure", "impact:measure"),
    "import": ("search:measure_import",),
    "search": ("search:measure_search",),
    "book": ("book:measure",),
    "verify": ("book:measure_verify",),
    "growth": ("growth:measure",),
    "paper": ("paper:measure",),
    "queue": ("upload:measure", "drain:measure"),
    "window": ("window:measure",),
    "screens": ("held_up:measure",),
    "day": ("long_day:measure",),
}

LEFT = "GONGJI_BENCH_LEFT"
"""The environment variable with the folder for what parts of one run leave to each other (`stocked`)."""


def measured(part: str) -> Iterator[Section]:
    """Yield what a part's measurements find, one after another."""
    for place in PARTS[part]:
        module, function = place.split(":")
        found = getattr(import_module(f"tests.bench.{module}"), function)()
        if isinstance(found, Section):
            yield found
        else:
            yield from found
