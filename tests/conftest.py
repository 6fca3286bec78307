"""What all tests share."""

import os

import pytest
from hypothesis import settings

from gongji.files import resource_folder
from gongji.packs_on_disk import Library

# The same examples in every run, so that a failure is the change's doing; fuzzing for long draws afresh.
settings.register_profile("gongji", deadline=None, derandomize="GONGJI_FUZZ_EXAMPLES" not in os.environ)
settings.load_profile("gongji")


@pytest.fixture(scope="session")
def library() -> Library:
    """The packs that come with the program."""
    return Library(resource_folder() / "policies")
