"""A folder whose password is cheap to check, so that it can be opened thousands of times."""

import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from gongji.desk.clinic.begin import begin
from tests.scenarios.faults import running
from tests.scenarios.faults.child import BEGINNING, LIBRARY, now


@pytest.fixture(scope="session", autouse=True)
def server() -> None:
    running.start_server()


@pytest.fixture(scope="session")
def traces(server: None) -> None:
    del server
    if not running.can_trace():
        pytest.skip("strace is not installed or may not trace here (make setup installs it where it may)")


@pytest.fixture(scope="session")
def new_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("quick") / "data"
    begin(path, BEGINNING, LIBRARY, now)
    return path


@pytest.fixture
def data(new_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(new_folder, tmp_path / "data"))


@pytest.fixture(scope="session")
def old_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the first release has worked in: settlements, a void, a closed shift, a second operator."""
    place = tmp_path_factory.mktemp("old")
    with tarfile.open(Path(__file__).parent / "old" / "book-0013.tar.xz") as packed:
        packed.extractall(place, filter="data")
    return place / "data"


@pytest.fixture
def disk() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=running.in_memory()) as place:
        yield Path(place)
