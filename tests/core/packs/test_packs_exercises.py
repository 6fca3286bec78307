"""The exercise packs: outside the clinic's list, marked, and each with ten worked cases that come out."""

from pathlib import Path

import pytest

from gongji.core.packs.reminders import pack_warnings
from gongji.desk.policies.packs import failed_cases
from gongji.files import resource_folder
from gongji.packs_on_disk import Library, read_pack

PATHS = sorted((resource_folder() / "exercises").glob("*.toml"))
each = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def test_there_are_three() -> None:
    assert [path.stem.partition("-")[2] for path in PATHS] == ["北京", "宁波", "长沙"]


@each
def test_it_is_marked_and_its_ten_cases_come_out(path: Path) -> None:
    pack = read_pack(path)
    assert pack.exercise is not None
    assert "练习" in pack.area_name
    assert len(pack.case) == 10
    assert failed_cases(pack) == []
    assert list(pack_warnings(pack)) == []


@each
def test_it_is_not_in_the_clinics_list(path: Path, library: Library) -> None:
    assert read_pack(path).area not in library.areas
