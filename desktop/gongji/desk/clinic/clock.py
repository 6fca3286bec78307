"""The clock of a data folder: the PC's, and for practice one that may be set to another day."""

import datetime
import os
from functools import cache
from pathlib import Path

from gongji.core.dates import CHINA
from gongji.core.problems import quoted
from gongji.desk.clinic.open import is_data_folder, is_training
from gongji.desk.session import Clock
from gongji.errors import GongjiError

VARIABLE = "GONGJI_PRACTICE_CLOCK"


def clock_for(path: Path, clock: Clock) -> Clock:
    """Return a data folder's clock: for training the practice clock, for a real clinic always `clock`.

    Raises `GongjiError` as `practice_clock` does, and where the folder's card cannot be read.
    """
    return practice_clock(clock) if is_data_folder(path) and is_training(path) else clock


def practice_clock(clock: Clock) -> Clock:
    """Return the clock of training data and of the practice platform.

    It is `clock`; where the variable `GONGJI_PRACTICE_CLOCK` holds a time (ISO 8601, of China where no zone is
    written), it began there with its first use in this process and runs on as `clock` does. Raises `GongjiError` where
    the variable holds no time.
    """
    text = os.environ.get(VARIABLE, "")
    return _set_to(text, clock) if text else clock


@cache
def _set_to(text: str, clock: Clock) -> Clock:
    try:
        first = datetime.datetime.fromisoformat(text)
    except ValueError as error:
        raise GongjiError(
            f"环境变量 {VARIABLE} 里的“{quoted(text)}”不是时间", "应写成 2026-11-22T10:00:00，或不设"
        ) from error
    ahead = (first if first.tzinfo else first.replace(tzinfo=CHINA)) - clock()
    return lambda: clock() + ahead
