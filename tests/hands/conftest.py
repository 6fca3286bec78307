"""One screen and one window a worker; every test begins with an empty form."""

import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from gongji.desk.clinic.first_start.create import begin_training
from gongji.pack_files.library import Library
from tests.hands.display import Display, missing
from tests.hands.seat import MOMENT, Seat
from tests.support.clerk import at

AREA = "530300"


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """A test that failed where the display itself stalled or lost a key says nothing about the window."""
    try:
        return (yield)
    except AssertionError:
        used = [one for one in pyfuncitem.funcargs.values() if isinstance(one, Seat)]
        if any(not one.kept_pace for one in used):
            pytest.skip("this machine was too busy for a scanner to keep its pace")
        if any(one.lost_keys > 0 for one in used):
            pytest.skip("this machine was too busy for the display: a key was given to no window")
        raise


@pytest.fixture(scope="session", autouse=True)
def can_be_done() -> None:
    """Say by name what is missing where these tests cannot run."""
    gone = missing()
    if gone:
        pytest.skip(gone)


@pytest.fixture(scope="session")
def display(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Display]:
    one = Display(tmp_path_factory.mktemp("display"))
    yield one
    one.close()


@pytest.fixture(scope="session")
def practice(tmp_path_factory: pytest.TempPathFactory, library: Library) -> Path:
    """A training folder, to be copied."""
    path = tmp_path_factory.mktemp("practice") / AREA
    begin_training(path, AREA, library, at(MOMENT))
    return path


@pytest.fixture(scope="session")
def window(display: Display, practice: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seat]:
    place = tmp_path_factory.mktemp("window")
    one = Seat(display, shutil.copytree(practice, place / AREA), place)
    yield one
    one.close()


@pytest.fixture
def seat(window: Seat) -> Seat:
    window.anew()
    return window


@pytest.fixture
def busy(seat: Seat) -> Seat:
    """A visit of two lines, ready to settle."""
    seat.choose_patient("ltj")
    seat.add_item("ybzl")
    seat.add_item("amxl", "2")
    return seat
