"""A training counter with an uploader, and the practice platform on a real port."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from gongji.desk.clinic.open import Beginning, begin, open_counter
from gongji.desk.upload.uploader import TimeAndChance, Uploader
from gongji.packs_on_disk import Library
from gongji.payer.gateway import Address, Gateway
from gongji.payer.regions import profile
from gongji.sandbox.db import Platform
from gongji.sandbox.payer import Options, Payer
from tests.book.clinic import AREA, INSTITUTION, OPERATOR
from tests.book.conftest import Clock
from tests.sandbox.driving import NOW, Clinic
from tests.sandbox.serving import running
from tests.upload.circle import Circle, ticks


@pytest.fixture
def clock() -> Clock:
    return Clock("2025-06-10 09:00:00")


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
