"""Training folders of the five cities, made once and copied, with a window on them."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import shutil  # the platform must be set before Qt is loaded
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from gongji.desk.clinic.begin import Beginning, begin
from gongji.desk.clinic.first_start.create import begin_training
from gongji.desk.session import Clock
from gongji.gui.opening import make_application
from gongji.pack_files.library import Library
from tests.support.clerk import Clerk, at
from tests.support.clinic import AREA, INSTITUTION, OPERATOR, PASSWORD

DAYS = {"445300": "2025-12-22 10:00:00"}
USUAL_DAY = "2026-11-22 10:00:00"
USUAL = "530300"


@pytest.fixture(autouse=True)
def own_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No practice platform that somebody runs on this machine is found."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The program's own application: its font, its style sheet."""
    return make_application()


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, library: Library) -> Callable[[str], Path]:
    """Makes the training folder of a city once."""
    made: dict[str, Path] = {}

    def folder(area: str) -> Path:
        if area not in made:
            path = tmp_path_factory.mktemp("trained") / area
            begin_training(path, area, library, at(DAYS.get(area, USUAL_DAY)))
            made[area] = path
        return made[area]

    return folder


@pytest.fixture
def sit_down(
    qapp: QApplication, trained: Callable[[str], Path], library: Library, tmp_path: Path
) -> Iterator[Callable[..., Clerk]]:
    """Opens the window on a city's training data; the same path again is the same folder, as after a restart."""
    clerks: list[Clerk] = []

    def sit(area: str = USUAL, *, day: str = "", clock: Clock | None = None) -> Clerk:
        assert qapp is not None
        path = tmp_path / area
        if not path.exists():
            shutil.copytree(trained(area), path)
        clerks.append(Clerk(path, library, clock or at(day or DAYS.get(area, USUAL_DAY))))
        return clerks[-1]

    yield sit
    for one in clerks:
        if one.counter.is_open:
            one.leave()


@pytest.fixture
def clerk(sit_down: Callable[..., Clerk]) -> Clerk:
    return sit_down()


@pytest.fixture
def own(library: Library, tmp_path: Path, qapp: QApplication) -> Iterator[Clerk]:
    """The window on a clinic's own data, with one operator."""
    assert qapp is not None
    one = Beginning(
        counter="01", area=AREA, institution=INSTITUTION, operator=OPERATOR, password=PASSWORD, training=False
    )
    begin(tmp_path / "own", one, library, at(USUAL_DAY))
    clerk = Clerk(tmp_path / "own", library, at(USUAL_DAY), OPERATOR, PASSWORD)
    yield clerk
    if clerk.counter.is_open:
        clerk.window.lock.end()
        clerk.leave()
