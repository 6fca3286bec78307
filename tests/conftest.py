"""What all tests share."""

import os
import subprocess
from collections.abc import Sequence

import pytest
from hypothesis import settings

from gongji.files import resource_folder
from gongji.packs_on_disk import Library

# The same examples in every run, so that a failure is the change's doing; fuzzing for long draws afresh.
settings.register_profile("gongji", deadline=None, derandomize="GONGJI_FUZZ_EXAMPLES" not in os.environ)
settings.load_profile("gongji")


STARTERS = {"tests.sandbox.outside", "tests.book.faults.running"}
"""Modules whose functions start the program."""


@pytest.fixture(scope="session")
def library() -> Library:
    """The packs that come with the program."""
    return Library(resource_folder() / "policies")


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Mark the tests of modules that start processes: `make test` runs them on another day, with libfaketime."""
    for item in items:
        names = vars(item.getparent(pytest.Module).obj)  # type: ignore[union-attr]  # every test here is in a module
        if any(value is subprocess or getattr(value, "__module__", "") in STARTERS for value in names.values()):
            item.add_marker("process")


@pytest.fixture(autouse=True)
def copies_are_at_home(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that copies a data folder it has made before is at home in the copy; what is about places is not."""
    if "TestPlaces" not in request.node.nodeid and "recovery_key_lets" not in request.node.name:
        monkeypatch.setattr("gongji.desk.clinic.relocate.place_of", lambda _: "here")
