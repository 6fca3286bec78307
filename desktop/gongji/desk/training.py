"""培训: a data folder of its own with invented people, items and figures, to try everything without harm."""

from pathlib import Path
from typing import Any

from msgspec import json

from gongji.core.book.times import stamp
from gongji.desk.counter import Clock
from gongji.desk.importing import import_file
from gongji.desk.opening import TRAINING_OPERATOR, Beginning, begin, open_counter
from gongji.errors import GongjiError
from gongji.files import read_whole, resource_folder
from gongji.policies import Library
from gongji.store import settings

_KINDS = ("people", "links", "catalogue", "accumulators")


def begin_training(path: Path, area: str | None, library: Library, clock: Clock) -> str:
    """Make a training folder with the sample clinic of an area, or of the usual one; return the area."""
    samples = resource_folder() / "training"
    usual = json.decode(read_whole(samples / "usual.json"))["area"]
    chosen = samples / (area or usual)
    if not chosen.is_dir():
        there = "、".join(sorted(one.name for one in samples.iterdir() if one.is_dir()))
        raise GongjiError(f"没有统筹区 {chosen.name} 的培训资料", f"现有 {there}")
    clinic = json.decode(read_whole(chosen / "clinic.json"))
    one = Beginning(
        counter=clinic["counter"],
        area=chosen.name,
        institution=clinic["institution"],
        operator=TRAINING_OPERATOR,
        password=None,
        training=True,
    )
    begin(path, one, library, clock)
    _fill(path, chosen, library, clock)
    return chosen.name


def _fill(path: Path, samples: Path, library: Library, clock: Clock) -> None:
    counter = open_counter(path, library, clock)
    at = stamp(clock())
    try:
        for kind in _KINDS:
            report = import_file(counter.store, kind, samples / f"{kind}.csv", at=at, operator=counter.operator)
            if not report.kept:  # the samples are right: what is refused lies in the future
                raise GongjiError("培训资料导入不了：其中的日期还没有到", "请核对电脑的日期")
        parameters: list[dict[str, Any]] = json.decode(read_whole(samples / "parameters.json"))
        with counter.store.write() as connection:
            for one in parameters:
                settings.put_parameter(
                    connection, samples.name, one["name"], one["value"], one["notice"], counter.operator, at
                )
    finally:
        counter.close()
