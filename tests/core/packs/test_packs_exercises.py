"""The exercise packs: outside the clinic's list, marked, and each with ten worked cases that come out."""

from pathlib import Path

import pytest

from gongji.core.packs.checks import pack_warnings
from gongji.core.packs.language import Pack
from gongji.desk.policies.packs import failed_cases
from gongji.files import resource_folder
from gongji.pack_files.library import Library
from gongji.pack_files.read_pack import parse_pack, read_pack, read_pack_and_text
from tests.support.visits import line, notices, quoted, refused, settled, visit

SHORTEST = Path(__file__).parents[2] / "shapes" / "02-no-cap.toml"
PATHS = sorted((resource_folder() / "exercises").glob("*.toml"))
each = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def test_there_are_four() -> None:
    assert [path.stem.partition("-")[2] for path in PATHS] == ["北京", "宁波", "长沙", "居民"]


@each
def test_it_is_marked_and_its_ten_cases_come_out(path: Path) -> None:
    pack = read_pack(path)
    assert pack.exercise is not None
    assert "练习" in pack.area_name
    assert (pack.scheme == "residents") == ("居民" in path.stem)
    assert len(pack.case) == 10
    assert failed_cases(pack) == []
    assert list(pack_warnings(pack)) == []


@each
def test_it_is_not_in_the_clinics_list(path: Path, library: Library) -> None:
    assert read_pack(path).area not in library.areas


class TestResidents:
    """A scheme of its own: its people are those of the status resident, and there are no accounts."""

    @pytest.fixture
    def both(self, library: Library) -> Library:
        """The residents' exercise, and a pack of the employees' insurance for the same area and days."""
        residents = next(path for path in PATHS if "居民" in path.stem)
        text = SHORTEST.read_bytes().replace(b'area = "990002"', b'area = "990300"')
        employees = parse_pack(text)
        assert isinstance(employees, Pack)
        return library.joined_by([read_pack_and_text(residents), (employees, text)])

    def test_each_is_settled_under_the_own_scheme(self, both: Library) -> None:
        resident = {"status": "resident", "facts": {"cohort": "学生儿童"}}
        assert settled(both, visit("990300", line("100.00"), person=resident))["fund"] == "65.00"
        assert quoted(both, visit("990300", line("100.00")))["settlements"][0]["benefit"] == "general"
        assert both.editions("990300")[0].pack.scheme == "employees"

    def test_where_a_document_has_none_they_are_charged_in_full(self, both: Library) -> None:
        for asked in (
            visit("530300", person={"status": "resident"}),
            visit("990300", settled_on="2022-12-31", person={"status": "resident"}),
        ):
            answer = quoted(both, asked)
            assert (answer["settlements"][0]["benefit"], answer["totals"]["fund"]) == ("resident", "0.00")

    def test_employees_are_nobody_of_it(self, library: Library) -> None:
        alone = library.joined_by([read_pack_and_text(next(path for path in PATHS if "居民" in path.stem))])
        assert refused(alone, visit("990300")) == ("unknown_area", "area")

    def test_offered_accounts_are_told_of(self, both: Library) -> None:
        resident = {"status": "resident", "facts": {"cohort": "学生儿童"}}
        asked = visit("990300", person=resident, accounts={"own": {"balance": "9.00"}})
        assert notices(both, asked) == [["no_accounts"]]
        assert settled(both, asked)["cash"] == "35.00"

    def test_it_cannot_say_how_accounts_are_used(self) -> None:
        text = next(path for path in PATHS if "居民" in path.stem).read_text(encoding="utf-8")
        wrong = text.replace(
            "none = true\n\n# ----", 'none = true\nrelations = [{ allowed = ["spouse"], rule = "accounts" }]\n\n# ----'
        )
        found = parse_pack(wrong.encode())
        assert isinstance(found, list)
        assert [one.field for one in found] == ["accounts.none"]
