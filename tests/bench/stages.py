"""Where the time of one visit goes on its way through the program, stage by stage, in this process."""

from collections.abc import Sequence
from itertools import pairwise
from time import perf_counter_ns

from msgspec import json

from gongji.cli.answers import quoted_answer
from gongji.core.strict_json import decode
from gongji.core.visits import Visit, read_visit
from gongji.desk.visits.quote import quote_visit
from tests.bench.engine import library
from tests.bench.timing import NS_PER_S

_STAGES = ("decode", "read", "quote", "answer", "encode")
_RUNS = 1


def stage_seconds(lines: Sequence[bytes]) -> dict[str, float]:
    """Return the seconds that all lines take in each stage: the best of some runs, after one to warm up."""
    runs = [_once(lines) for _ in range(_RUNS + 1)][1:]
    return {name: min(run[index] for run in runs) / NS_PER_S for index, name in enumerate(_STAGES)}


def _once(lines: Sequence[bytes]) -> list[int]:
    """Take one line after another through the stages, as the program does; return the nanoseconds of each stage."""
    taken = [0] * len(_STAGES)
    packs, encode = library(), json.Encoder().encode
    for line in lines:
        at = [perf_counter_ns()]
        value, _ = decode(line)
        at.append(perf_counter_ns())
        visit = read_visit(value)
        at.append(perf_counter_ns())
        assert isinstance(visit, Visit), visit
        quoted = quote_visit(visit, packs)
        at.append(perf_counter_ns())
        answer = quoted_answer(quoted)
        at.append(perf_counter_ns())
        encode(answer)
        at.append(perf_counter_ns())
        for index, (start, end) in enumerate(pairwise(at)):
            taken[index] += end - start
    return taken
