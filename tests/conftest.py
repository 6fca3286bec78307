"""What all tests share: the packs, a counter with a clock that the test sets, a counter beside a practice platform."""

import gc
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from msgspec.structs import replace

from gongji.desk.clinic.begin import Beginning, begin
from gongji.desk.clinic.open import open_counter
from gongji.desk.session import Session
from gongji.desk.upload.uploader import TimeAndChance
from gongji.files import resource_folder
from gongji.pack_files.library import Library
from gongji.payer.gateway import Address, Gateway
from gongji.payer.regions import profile
from gongji.sandbox.db import Platform
from gongji.sandbox.payer import Payer
from gongji.sandbox.request import Options
from tests.support.circle import Circle, ticks
from tests.support.claiming import Uploader
from tests.support.clinic import AREA, INSTITUTION, OPERATOR, PASSWORD
from tests.support.clock import Clock
from tests.support.driving import NOW, Clinic
from tests.support.passwords import passwords_cost_little
from tests.support.serving import running

# The same examples in every run, so that a failure is the change's doing; fuzzing for long draws afresh.
settings.register_profile("gongji", deadline=None, derandomize="GONGJI_FUZZ_EXAMPLES" not in os.environ)
settings.load_profile("gongji")


STARTERS = {
    "tests.support.outside",
    "tests.support.installed",
    "tests.scenarios.faults.running",
    "tests.cli.test_cli_commands",
}
"""Modules whose functions start the program."""


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> None:
    """Thousands of tests log in; what that costs is tested by itself (tests/store/book_file/test_keys.py)."""
    passwords_cost_little()


@pytest.fixture(scope="session")
def library() -> Library:
    """The packs that come with the program."""
    return Library(resource_folder() / "policies")


def pytest_configure() -> None:
    """Let the program, started thousands of times, find its byte code: some machines keep none by the sources."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(Path(sys.prefix) / "pycache")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Iterator[None]:
    """Let a window's unused cycles go on this thread (gui/shell/preload.py), then Python look for others again.

    All that was made while it did not look is young; what a window kept from being looked through is not.
    """
    was_kept = gc.get_freeze_count() > 0
    yield
    if was_kept:  # by a window that was not closed, or a child that was served in this process
        gc.unfreeze()
    if not gc.isenabled():
        gc.collect(2 if was_kept else 0)
        gc.enable()


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are processors: some tests wait for a person's pace, a disk or a process."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of modules that start processes: `make test` runs them on another day, with libfaketime.

    The tests with hands come first: they wait for a person's pace; as the last they would keep one worker long.
    """
    items.sort(key=lambda item: not item.nodeid.startswith("tests/hands/"))
    for item in items:
        names = vars(item.getparent(pytest.Module).obj)  # type: ignore[union-attr]  # every test here is in a module
        if any(value is subprocess or getattr(value, "__module__", "") in STARTERS for value in names.values()):
            item.add_marker("process")


@pytest.fixture(autouse=True)
def copies_are_at_home(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that copies a data folder it has made before is at home in the copy; what is about places is not."""
    if "TestPlaces" not in request.node.nodeid and "recovery_key_lets" not in request.node.name:
        monkeypatch.setattr("gongji.desk.clinic.backup.relocate.place_of", lambda _: "here")


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
def session(opened: Callable[[], Session]) -> Session:
    return opened()


@pytest.fixture
def clinic(tmp_path: Path, library: Library) -> Iterator[Clinic]:
    """A clinic that settles as the counter would, and a payer it may speak to."""
    platform = Platform(tmp_path / "sandbox.db")
    yield Clinic(Payer(platform, library, lambda: NOW, Options()), library)
    platform.close()


@pytest.fixture
def circle(tmp_path: Path, library: Library, clock: Clock) -> Iterator[Circle]:
    """A counter and the platform it speaks to."""
    one = Beginning(counter="01", area=AREA, institution=INSTITUTION, operator=OPERATOR, password=None, training=True)
    begin(tmp_path / "data", one, library, clock)
    counter = open_counter(tmp_path / "data", library, clock)
    chosen = replace(profile("practice"), quiet_s=1, deadline_s=2, first_s=1, most_s=1)
    with running(tmp_path, library) as there:
        gateway = Gateway(Address(url=there.url), chosen, clock)

        def uploader() -> Uploader:
            return Uploader(counter, chosen, TimeAndChance(clock, ticks, random.Random(1).random))

        yield Circle(counter, uploader, gateway, there, clock)
        gateway.close()
    counter.close()
