"""培训: a data folder with invented people, items and figures, to try everything without harm.

第一次启动: a new data folder of the clinic's own, ready to settle in; or training data. 重新建立: a wrong choice
can be undone until something was settled, and nothing is deleted.
"""

import datetime
from contextlib import closing
from pathlib import Path
from typing import Any

from msgspec import json

from gongji.core.dates import stamp
from gongji.desk.clinic.begin import TRAINING_OPERATOR, Beginning, begin
from gongji.desk.clinic.open import open_counter
from gongji.desk.clinic.operators import check_password
from gongji.desk.imports.import_table import import_file
from gongji.desk.papers.paper_files import choose_printer
from gongji.desk.session import Clock, Session
from gongji.errors import GongjiError
from gongji.files import read_whole, reason, resource_folder
from gongji.pack_files.library import Library
from gongji.store import settings
from gongji.store.settlements import settlements

_KINDS = ("people", "links", "catalogue", "accumulators")


def begin_training(path: Path, area: str | None, library: Library, clock: Clock) -> str:
    """Create a training folder with the sample clinic of an area, or of the default one; return the area.

    Raises `GongjiError` where there are no samples for the area.
    """
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
    with closing(open_counter(path, library, clock)) as counter:
        at = stamp(clock())
        for kind in _KINDS:
            report = import_file(counter.store, kind, samples / f"{kind}.csv", at=at, operator=counter.operator)
            if not report.kept:  # the samples are right: what is refused is only in the future
                raise GongjiError("培训资料导入不了：其中的日期还没有到", "请核对电脑的日期")
        parameters: list[dict[str, Any]] = json.decode(read_whole(samples / "parameters.json"))
        with counter.store.write() as connection:
            for one in parameters:
                settings.put_parameter(
                    connection, samples.name, one["name"], one["value"], one["notice"], counter.operator, at
                )


def start_own(path: Path, one: Beginning, printer: str, library: Library, clock: Clock) -> Path:
    """Create the clinic's data folder and choose its printer (empty for none). Raises `GongjiError`."""
    check_password(one.password or "")
    begin(path, one, library, clock)
    with closing(open_counter(path, library, clock, one.operator, one.password)) as counter:
        choose_printer(counter, printer)
    return path


def start_training(path: Path, library: Library, clock: Clock, area: str | None = None) -> Path:
    """Create a training folder unless there is one; return it."""
    if not (path / "folder.json").exists():
        begin_training(path, area, library, clock)
    return path


def can_start_over(session: Session) -> bool:
    """Return whether nothing was settled here yet."""
    return not session.clinic.training and not settlements.count(session.store.reader)


def put_aside(path: Path, moment: datetime.datetime) -> Path:
    """Rename a closed data folder, so that another can be created in its place; return its new path.

    Raises `GongjiError` where the disk refuses, and then it stays as it was.
    """
    place = path.with_name(f"{path.name}-undone-{moment:%Y%m%d%H%M%S}")
    try:
        return path.rename(place)
    except OSError as error:
        advice = f"文件夹 {path} 没有动；请关掉打开着它的程序再试"
        raise GongjiError(f"不能重新建立（{reason(error)}）", advice) from error
