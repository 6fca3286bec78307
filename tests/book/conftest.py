"""A counter in a folder of its own, with a clock that the test sets."""

import datetime
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gongji.core.dates import CHINA
from gongji.desk.clinic.open import Beginning, begin, open_counter
from gongji.desk.session import Session
from gongji.packs_on_disk import Library
from tests.book.clinic import AREA, INSTITUTION, OPERATOR, PASSWORD


class Clock:
    """A clock that stands where it is set."""

    def __init__(self, text: str) -> None:
        self.moment = datetime.datetime.fromisoformat(text).replace(tzinfo=CHINA)

    def __call__(self) -> datetime.datetime:
        return self.moment

    def set(self, text: str) -> None:
        self.moment = datetime.datetime.fromisoformat(text).replace(tzinfo=CHINA)

    def forward(self, **by: float) -> None:
        self.moment += datetime.timedelta(**by)


def set_back_after(clock: Clock, asked: int) -> Callable[[], datetime.datetime]:
    """A clock that somebody sets back by a day once it has been asked so often."""
    times = iter(range(asked))
    return lambda: clock.moment if next(times, None) is not None else clock.moment - datetime.timedelta(days=1)


@pytest.fixture
def clock() -> Clock:
    return Clock("2025-06-10 09:00:00")


@pytest.fixture(scope="session")
def new_folder(tmp_path_factory: pytest.TempPathFactory, library: Library) -> Path:
    """A data folder nobody has worked in yet, made once and copied by each test."""
    path = tmp_path_factory.mktemp("new") / "data"
    one = Beginning(
        counter="01", area=AREA, institution=INSTITUTION, operator=OPERATOR, password=PASSWORD, training=False
    )
    begin(path, one, library, Clock("2025-06-01 08:00:00"))
    return path


@pytest.fixture
def data(new_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(new_folder, tmp_path / "data"))


@pytest.fixture
def opened(data: Path, library: Library, clock: Clock) -> Iterator[Callable[[], Session]]:
    """Opens the folder's counter; what is still open at the end is closed."""
    counters: list[Session] = []

    def open_it() -> Session:
        counters.append(open_counter(data, library, clock, OPERATOR, PASSWORD))
        return counters[-1]

    yield open_it
    for counter in counters:
        if counter.is_open:
            counter.close()


@pytest.fixture
def counter(opened: Callable[[], Session]) -> Session:
    return opened()
