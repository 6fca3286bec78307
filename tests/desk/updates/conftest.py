"""Three versions of the program and their sticks, made once."""

import shutil
from pathlib import Path

import pytest

from tests.support.installed import start
from tests.support.releases import Keys, install, make_keys, make_program, make_stick


@pytest.fixture(scope="session")
def release_keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return make_keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="session")
def old_program(tmp_path_factory: pytest.TempPathFactory, release_keys: Keys) -> Path:
    return make_program(tmp_path_factory.mktemp("old") / "program", "0.1.0", release_keys)


@pytest.fixture(scope="session")
def new_program(tmp_path_factory: pytest.TempPathFactory, release_keys: Keys) -> Path:
    """Two versions on, with two further steps of the book's tables."""
    return make_program(tmp_path_factory.mktemp("new") / "program", "0.3.0", release_keys, ("m9001_a", "m9002_b"))


@pytest.fixture(scope="session")
def stick(tmp_path_factory: pytest.TempPathFactory, release_keys: Keys, new_program: Path) -> Path:
    return make_stick(tmp_path_factory.mktemp("stick"), "0.3.0", new_program, release_keys.files[0])


@pytest.fixture
def top(tmp_path: Path, old_program: Path) -> Path:
    """The old version as it is installed on a PC."""
    return install(tmp_path / "Gongji", "0.1.0", old_program)


@pytest.fixture(scope="session")
def settled(tmp_path_factory: pytest.TempPathFactory, old_program: Path) -> Path:
    """A training folder with settlements in it, made by the old version itself."""
    place = tmp_path_factory.mktemp("settled")
    top = install(place / "Gongji", "0.1.0", old_program)
    data = place / "data"
    begun = start(top, "init", "--training", "--data", data)
    assert begun.status == 0, begun.err
    visits = old_program / "resources" / "training" / "530300" / "visits.jsonl"
    done = start(top, "settle", "--no-receipt", "--data", data, visits)
    assert done.out.count('"ok":true') >= 3, done.err
    return data


@pytest.fixture
def data(settled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(settled, tmp_path / "data"))
