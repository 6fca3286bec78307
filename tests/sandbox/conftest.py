"""A practice platform in a file of its own, and a clinic that speaks to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gongji.pack_files.library import Library
from gongji.sandbox.db import Platform
from gongji.sandbox.payer import Payer
from gongji.sandbox.request import Options
from tests.support.driving import NOW, Clinic


@pytest.fixture
def payer(tmp_path: Path, library: Library) -> Iterator[Payer]:
    platform = Platform(tmp_path / "sandbox.db")
    yield Payer(platform, library, lambda: NOW, Options())
    platform.close()


@pytest.fixture
def clinic(payer: Payer, library: Library) -> Clinic:
    return Clinic(payer, library)
