"""The engine by itself: a visit of 20 lines that is already read, quoted with every sentence of its trace."""

import cProfile
import pstats
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from gongji.core.engine.policy import Policy
from gongji.core.engine.quote import Quote, quote
from gongji.core.problems import Problem
from gongji.core.visits import Visit, read_visit
from gongji.files import resource_folder
from gongji.pack_files.library import Library
from tests.bench import visits
from tests.bench.report import Section, aligned, at_most, for_scale
from tests.bench.timing import NS_PER_US, Spread, repeated, spread

_VISITS = 50
_REPETITIONS = 200
_PROFILED = 100
_SHOWN = 14

Quoting = Callable[[], Quote | list[Problem]]


def library() -> Library:
    """Return the packs that come with the program."""
    return Library(resource_folder() / "policies")


def read(value: visits.Json) -> Visit:
    """Return a made-up visit as the engine takes it."""
    visit = read_visit(value)
    assert isinstance(visit, Visit), visit
    return visit


def job(visit: Visit, packs: Library) -> Quoting:
    """Return the quoting of a visit under the policy in force, ready to be done."""
    policy = packs.in_force(visit.area, visit.settled_on)
    assert isinstance(policy, Policy), policy
    return partial(quote, visit, policy, packs.knows)


def quoted(work: Quoting) -> Quote:
    """Do the quoting; the made-up visits are all there to settle."""
    done = work()
    assert isinstance(done, Quote), done
    return done


def measure() -> Section:
    """Quote several visits thousands of times, one reading each time."""
    packs = library()
    jobs = [(visit.area, job(visit, packs)) for visit in map(read, visits.long_visits(_VISITS))]
    for _, one in jobs:
        quoted(one)
    readings = [(area, repeated(one, _REPETITIONS)) for area, one in jobs]
    all_readings = spread([reading for _, one in readings for reading in one.readings])
    note = f"{_VISITS} visits x {_REPETITIONS}"
    rows = [
        at_most("quote, 20 lines with trace: p50", all_readings.median / NS_PER_US, 30, "us", note),
        for_scale("quote, 20 lines with trace: p99", all_readings.percentile(99) / NS_PER_US, "us"),
        for_scale("the same, median visit at its best", _best(readings) / NS_PER_US, "us"),
    ]
    for area in visits.AREAS:
        of_area = spread([reading for where, one in readings if where == area for reading in one.readings])
        rows.append(for_scale(f"  p50 of {area}", of_area.median / NS_PER_US, "us"))
    return Section("a. engine", tuple(rows), tuple(_breakdown([one for _, one in jobs])))


def _best(readings: list[tuple[str, Spread]]) -> float:
    return spread([one.best for _, one in readings]).median


def _breakdown(jobs: list[Quoting]) -> Iterator[str]:
    """Yield where the time goes, by module and by function, as the profiler sees it (it makes small calls dearer)."""
    profiler = cProfile.Profile(builtins=False)
    profiler.enable()
    for _ in range(_PROFILED):
        for one in jobs:
            one()
    profiler.disable()
    done = _PROFILED * len(jobs)
    modules: dict[str, float] = {}
    functions = []
    for (file, _, name), (_, calls, own_s, _, _) in pstats.Stats(profiler).stats.items():  # type: ignore[attr-defined]
        module = Path(file).stem
        modules[module] = modules.get(module, 0.0) + own_s
        functions.append((own_s, f"{module}.{name}", calls / done))
    whole_s = sum(modules.values())
    largest = sorted(modules.items(), key=lambda item: -item[1])
    yield "share of time by module: " + ", ".join(f"{name} {own_s / whole_s:.0%}" for name, own_s in largest[:10])
    yield "share of time by function, and its calls a visit:"
    cells = [
        (f"{own_s / whole_s:6.1%}", name, f"{calls:.1f}")
        for own_s, name, calls in sorted(functions, reverse=True)[:_SHOWN]
    ]
    yield from (f"  {line}" for line in aligned(cells, right={0, 2}))
