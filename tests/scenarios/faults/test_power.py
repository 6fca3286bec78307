"""Power cuts over the real program: a sample of the 4,000 images of `python -m tests.scenarios.faults.power`."""

import os

import pytest

from tests.scenarios.faults import power

IMAGES = int(os.environ.get("GONGJI_POWER_CUTS", "160"))


@pytest.mark.usefixtures("traces")
def test_nothing_acknowledged_is_lost_nothing_corrupt_nothing_half_there() -> None:
    found = power.tried(power.FULL, IMAGES)
    assert found.images >= IMAGES // 2
    assert found.is_clean, found


@pytest.mark.usefixtures("traces")
def test_a_setting_that_loses_is_found_out() -> None:
    assert power.tried(power.NORMAL, IMAGES).lost


@pytest.mark.usefixtures("traces")
def test_a_setting_that_spoils_is_found_out() -> None:
    found = power.tried(power.OFF, IMAGES)
    assert found.corrupt + found.partial + found.lost
