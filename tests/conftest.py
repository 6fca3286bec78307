"""What all tests share."""

import pytest

from gongji.files import resource_folder
from gongji.policies import Library


@pytest.fixture(scope="session")
def library() -> Library:
    """The packs that come with the program."""
    return Library(resource_folder() / "policies")
