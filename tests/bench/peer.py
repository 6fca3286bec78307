"""The same rule in OpenFisca-Core, in the same run: one person at a time, and very many at once."""

import datetime
import json
import subprocess
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from gongji.core.columns.settle_batch import settle
from gongji.core.columns.visit_batch import Batch
from gongji.core.engine.policy import Policy
from gongji.core.money import FEN_PER_YUAN
from gongji.core.visits import read_visit
from tests.bench import visits
from tests.bench.engine import Quoting, job, library, quoted, read
from tests.bench.report import Row, Section, at_most, for_scale
from tests.bench.timing import NS_PER_US, Spread, repeated, spread, timed

_PERSONS = 100_000
_SINGLES, _SINGLE_ROUNDS, _MANY_ROUNDS = 50, 40, 9
_CHUNK = 1_000
_TOLERANCE_FEN = 0.02
_AMOUNTS = ("eligible", "deductible_before", "fund_before")
_PEER = Path(__file__).parents[2] / ".venv-bench"
_RATIOS = {"level_1": 70, "level_2": 60, "level_3": 50}

Columns = dict[str, list[Any]]
Paid = list[tuple[int, int]]
"""What the fund and the patient pay for each person, in fen."""


class _Peer(NamedTuple):
    version: str
    dtype: str
    single: Spread
    many: Spread
    plain: Paid
    tolerant: Paid


def measure() -> Section:
    """Reckon the same persons in both engines, compare every result, and time both."""
    columns = _persons(visits.generator("peer"))
    peer = _peer(columns)
    quoting_us, reading_us = _one_at_a_time(columns)
    both_us, single_us = quoting_us + reading_us, peer.single.median / NS_PER_US
    taken, paid, batch = _all(columns)
    by_columns, settled = _by_columns(batch)
    ours_us, theirs_us = (ns / _PERSONS / NS_PER_US for ns in (taken, peer.many.best))
    columns_us = by_columns.best / _PERSONS / NS_PER_US
    exact = list(_exact(columns))
    rows = (
        for_scale("one person: gongji, quote with trace", quoting_us, "us", "median"),
        for_scale("one person: gongji, read the record and quote", both_us, "us", "medians"),
        for_scale("one person: OpenFisca, build and calculate", single_us, "us", "median"),
        for_scale("  gongji / OpenFisca, quoting alone", quoting_us / single_us, ""),
        for_scale("  gongji / OpenFisca, reading included", both_us / single_us, ""),
        for_scale(f"each of {_PERSONS:,}: gongji, one after another", ours_us, "us", "with trace"),
        for_scale(f"each of {_PERSONS:,}: OpenFisca, one array", theirs_us, "us", "best"),
        for_scale("  gongji / OpenFisca", ours_us / theirs_us, ""),
        for_scale(f"each of {_PERSONS:,}: gongji, by columns, all fifteen amounts", columns_us, "us", "best"),
        at_most("  gongji by columns / OpenFisca", columns_us / theirs_us, 3, ""),
        _agreement("differing to the fen: gongji by columns", paid, settled, exact),
        _agreement(f"differing to the fen: OpenFisca ({peer.dtype})", paid, peer.plain, exact),
        _agreement(f"the same, halves found within {_TOLERANCE_FEN} fen", paid, peer.tolerant, exact),
    )
    return Section(f"d. the general rule of 520300, beside {peer.version}", rows)


def _persons(random: Random) -> Columns:
    """Return persons as columns, amounts in fen: bills from 5 to 3,000 yuan, at any point of their year."""
    count = range(_PERSONS)
    return {
        "level": [random.choice(tuple(_RATIOS)) for _ in count],
        "status": [random.choice(("employed", "retired")) for _ in count],
        "eligible": [int(500 * 600 ** random.random()) for _ in count],
        "deductible_before": [random.choice((0, random.randrange(15_000), 15_000)) for _ in count],
        "fund_before": [random.randrange(200_001) for _ in count],
    }


def _visit(columns: Columns, index: int) -> visits.Json:
    """Return a person's visit: one line of class A."""
    institution = {"id": "H52030200001", "type": "hospital", "level": columns["level"][index].removeprefix("level_")}
    price = visits.yuan_text(columns["eligible"][index])
    return {
        "visit_no": f"MZ{index:08d}",
        "area": "520300",
        "settled_on": visits.SETTLED_ON,
        "institution": institution,
        "person": {"id": f"5203021950{index:08d}", "status": columns["status"][index]},
        "lines": [{"code": "X1", "category": "drug", "class": "A", "unit_price": price, "quantity": "1"}],
        "accumulators": {
            "general.deductible": visits.yuan_text(columns["deductible_before"][index]),
            "general.fund": visits.yuan_text(columns["fund_before"][index]),
        },
    }


def _one_at_a_time(columns: Columns) -> tuple[float, float]:
    """Return the median microseconds of quoting a visit that is read, and of reading its record."""
    packs, firsts = library(), [_visit(columns, index) for index in range(_SINGLES)]
    quoting = [repeated(job(read(one), packs), _SINGLE_ROUNDS) for one in firsts]
    reading = [repeated(partial(read_visit, one), _SINGLE_ROUNDS) for one in firsts]
    quoting_ns, reading_ns = (spread([ns for one in each for ns in one.readings]) for each in (quoting, reading))
    return quoting_ns.median / NS_PER_US, reading_ns.median / NS_PER_US


def _all(columns: Columns) -> tuple[int, Paid, Batch]:
    """Quote every person's visit; return the nanoseconds the quoting took, what it came to, and all of them as columns.

    Reading the records is not in it, for the peer is handed its arrays too.
    """
    packs, taken = library(), 0
    policy = packs.in_force("520300", datetime.date.fromisoformat(visits.SETTLED_ON))
    assert isinstance(policy, Policy), policy
    batch = Batch(policy, packs.knows)
    paid: Paid = []
    for start in range(0, _PERSONS, _CHUNK):
        chunk = [read(_visit(columns, index)) for index in range(start, min(start + _CHUNK, _PERSONS))]
        chunk_ns, results = timed(partial(_each, [job(one, packs) for one in chunk]))
        taken += chunk_ns
        paid += results
        assert all(batch.take(one) for one in chunk), start
    return taken, paid, batch


def _by_columns(batch: Batch) -> tuple[Spread, Paid]:
    """Settle all persons at once, from columns as the peer has them; return how long it took and what it came to."""
    taken = repeated(partial(settle, batch), _MANY_ROUNDS)
    amounts = settle(batch).amounts
    return taken, list(zip(amounts["fund"].tolist(), amounts["patient"].tolist(), strict=True))


def _each(jobs: list[Quoting]) -> Paid:
    totals = (quoted(one).totals for one in jobs)
    return [(one.fund_fen, one.patient_fen) for one in totals]


def _peer(columns: Columns) -> _Peer:
    """Run the other side in its own environment."""
    in_yuan = {name: [fen / FEN_PER_YUAN for fen in columns[name]] for name in _AMOUNTS}
    request = {
        "day": visits.SETTLED_ON,
        "columns": {**columns, **in_yuan},
        "singles": _SINGLES,
        "single_rounds": _SINGLE_ROUNDS,
        "many_rounds": _MANY_ROUNDS,
        "tolerance": _TOLERANCE_FEN,
    }
    subprocess.run([_PEER.with_name("installers") / "bench.sh"], check=True)
    python = next(path for path in (_PEER / "bin/python", _PEER / "Scripts/python.exe") if path.exists())
    script = Path(__file__).with_name("openfisca_side.py")
    done = subprocess.run(
        [python, script], input=json.dumps(request), stdout=subprocess.PIPE, text=True, encoding="utf-8", check=True
    )
    answer = json.loads(done.stdout)
    plain, tolerant = ([*zip(*answer[name], strict=True)] for name in ("plain", "tolerant"))
    single, many = spread(answer["single_ns"]), spread(answer["many_ns"])
    return _Peer(answer["version"], answer["dtype"], single, many, plain, tolerant)


def _exact(columns: Columns) -> Iterator[tuple[int, int]]:
    """Yield the rule's results by decimal arithmetic, to tell who is right where two engines differ."""
    for level, status, eligible, before, paid in zip(*columns.values(), strict=True):
        ratio = _RATIOS[level] + (5 if status == "retired" else 0)
        base = Decimal(eligible - min(eligible, max(0, 15_000 - before)))
        share = int((base * ratio / 100).quantize(Decimal(1), ROUND_HALF_UP))
        fund = min(share, max(0, 200_000 - paid))
        yield fund, eligible - fund


def _agreement(figure: str, ours: Paid, theirs: Paid, exact: Paid) -> Row:
    """Return how many persons the two engines differ on, by how much, and on how many of those each is exact."""
    differing = [trio for trio in zip(ours, theirs, exact, strict=True) if trio[0] != trio[1]]
    note = f"of {len(ours):,}"
    if differing:
        most = max(abs(one[0] - other[0]) for one, other, _ in differing)
        right = [sum(trio[side] == trio[2] for trio in differing) for side in (0, 1)]
        note += f", by at most {most} fen; exact in decimals: gongji {right[0]:,}, OpenFisca {right[1]:,}"
    return Row(figure, f"{len(differing):,}", note=note)
