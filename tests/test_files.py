"""What a stick may hold under any name: a file without an end, or larger than any of ours."""

from pathlib import Path

import pytest

from gongji.errors import GongjiError
from gongji.files import path_of, read_whole
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


@pytest.mark.parametrize("typed", ["9" * 5_000, "/".join(["九" * 80] * 40), "九" * 86, "a\0b", "\ud800"])
def test_what_no_system_takes_as_a_path_is_a_sentence(typed: str) -> None:
    with pytest.raises(GongjiError, match="不是文件或文件夹的位置") as caught:
        path_of(typed)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 120


@pytest.mark.parametrize("typed", ["people.csv", "/media/U盘/人员.xlsx", "九" * 85])
def test_a_path(typed: str) -> None:
    assert path_of(typed) == Path(typed)
