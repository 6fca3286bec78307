"""What a stick may hold under any name: a file without an end, or larger than any of ours."""

from pathlib import Path

import pytest

from gongji.errors import GongjiError
from gongji.files import read_whole
from gongji.spreadsheets.open_table import open_table

ENDLESS = Path("/dev/zero")


@pytest.fixture(params=["a device", "fifty gigabytes of nothing"])
def endless(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    if request.param == "a device":
        if not ENDLESS.is_char_device():
            pytest.skip("no such device here")
        path.symlink_to(ENDLESS)
    else:
        with path.open("wb") as file:
            file.truncate(50 << 30)
    return path


def test_it_is_refused_before_it_is_read(endless: Path) -> None:
    with pytest.raises(GongjiError, match="读不到文件"):
        read_whole(endless)
    with pytest.raises(GongjiError, match="读不到文件"), open_table(endless):
        pass
