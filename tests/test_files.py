"""What a stick may hold under any name: a file without an end, or larger than any of ours."""

from pathlib import Path

import pytest

from gongji.desk.clinic.audit_book import make_reviewer_key
from gongji.desk.policies.packs import pack_named
from gongji.desk.publisher_keys import make_key
from gongji.errors import GongjiError
from gongji.files import is_file, is_folder, is_there, path_of, read_whole, resource_folder
from gongji.pack_files.library import Library
from gongji.payer.stick.carrier import Carrier
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


@pytest.mark.parametrize("at", ["{0}", "{0}/x"])
def test_what_the_system_lets_nobody_look_at_is_not_there(tmp_path: Path, library: Library, at: str) -> None:
    """As in a folder without permission; root may look into that, and at no path with such a name."""
    path = tmp_path / at.format("x" * 300)
    assert not any(look(path) for look in (is_there, is_file, is_folder))
    for act in (
        lambda: Library(resource_folder() / "policies", [path]),
        lambda: pack_named(library, str(path)),
        lambda: make_reviewer_key(path),
        lambda: make_key(path),
        lambda: Carrier(path, "转送机"),
    ):
        with pytest.raises(GongjiError) as refused:
            act()
        assert refused.value.advice
