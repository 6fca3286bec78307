"""The five packs that come with the program: what is in them, when they are in force, who else knows of them."""

import datetime
from pathlib import Path

import pytest

import gongji
from gongji.core.engine.policy import Policy
from gongji.core.packs.checks import articles_of
from gongji.core.packs.figures import figures
from gongji.core.packs.language import Pack
from gongji.core.problems import NO_POLICY_IN_FORCE, UNKNOWN_AREA, Problem
from gongji.desk.policies.packs import failed_cases
from gongji.files import resource_folder
from gongji.pack_files.library import Library
from gongji.pack_files.read_pack import read_pack

RULES = {"530300": ("QJ", 16), "520300": ("ZY", 7), "620800": ("PL", 10), "511900": ("BZ", 11), "445300": ("YF", 10)}
CITIES = {"530300": "曲靖", "520300": "遵义", "620800": "平凉", "511900": "巴中", "445300": "云浮"}
SPANS = {
    "530300": ("2022-10-01", None),
    "520300": ("2023-01-01", None),
    "620800": ("2023-01-01", "2027-12-31"),
    "511900": ("2023-01-01", "2027-12-31"),
    "445300": ("2022-09-01", "2025-12-31"),
}
PATHS = sorted((resource_folder() / "policies").glob("*/*.toml"))
PACKS = {path.parent.name: read_pack(path) for path in PATHS}  # BadPackError here is a pack with problems
DAY = datetime.timedelta(days=1)

each_area = pytest.mark.parametrize("area", RULES)
each_pack = pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS.keys())


def test_there_is_one_pack_for_each_area() -> None:
    assert len(PATHS) == len(PACKS)
    assert PACKS.keys() == RULES.keys()


@each_area
def test_each_pack_is_in_the_folder_and_file_of_its_area_and_start(area: str) -> None:
    pack = PACKS[area]
    assert pack.area == area
    assert CITIES[area] in pack.area_name
    assert [path.stem for path in PATHS if path.parent.name == area] == [str(pack.starts)]


@each_area
def test_every_rule_is_there(area: str) -> None:
    letters, count = RULES[area]
    named = [name for name in PACKS[area].rule if name.startswith(letters) and name[len(letters) :].isdigit()]
    assert named == [f"{letters}{number}" for number in range(1, count + 1)]


@each_area
def test_rules_of_other_areas_are_not(area: str) -> None:
    others = [letters for letters, _ in RULES.values() if letters != RULES[area][0]]
    assert [name for name in PACKS[area].rule if name.startswith(tuple(others))] == []


@each_pack
def test_every_cited_article_has_a_gist_of_one_sentence(pack: Pack) -> None:
    for article in articles_of(pack):
        gist = pack.gist[article]
        assert gist.endswith("。"), article
        assert gist.count("。") == 1, article
        assert not set("！？\n") & set(gist), article
        assert 5 <= len(gist) <= 90, article


@each_pack
def test_no_gist_is_of_an_article_that_is_not_cited(pack: Pack) -> None:
    cited = articles_of(pack)
    assert [
        one for one in pack.gist if one not in cited and not any(name.startswith(f"{one}(") for name in cited)
    ] == []


@each_pack
def test_every_figure_stands_under_rules_of_the_pack(pack: Pack) -> None:
    found = figures(pack)
    assert found
    for figure in found:
        assert figure.what
        assert figure.says
        assert all(rule in pack.rule for rule in figure.rule.split("、")), figure


@each_pack
def test_no_figure_is_listed_twice(pack: Pack) -> None:
    found = figures(pack)
    assert len({(one.what, one.says) for one in found}) == len(found)


@each_pack
def test_the_cases_of_the_pack_come_out(pack: Pack) -> None:
    assert failed_cases(pack) == []


@each_area
def test_in_force_from_the_first_day_to_the_last(library: Library, area: str) -> None:
    starts, ends = SPANS[area]
    first = datetime.date.fromisoformat(starts)
    before = library.in_force(area, first - DAY)
    assert isinstance(before, Problem)
    assert before.code == NO_POLICY_IN_FORCE
    assert CITIES[area] in before.message
    assert starts in before.message
    days = [first, first + DAY]
    if ends is None:
        days.append(datetime.date.max)
    else:
        last = datetime.date.fromisoformat(ends)
        days += [last - DAY, last]
        after = library.in_force(area, last + DAY)
        assert isinstance(after, Problem)
        assert after.code == NO_POLICY_IN_FORCE
    for day in days:
        policy = library.in_force(area, day)
        assert isinstance(policy, Policy), day
        assert policy.id == f"{area}@{starts}"


@each_area
def test_dates_are_written_as_asked(area: str) -> None:
    pack, (starts, ends) = PACKS[area], SPANS[area]
    assert str(pack.starts) == starts
    assert pack.open_end is (ends is None)
    assert (None if pack.ends is None else str(pack.ends)) == ends
    assert pack.gap is None


def test_an_area_without_a_pack(library: Library) -> None:
    found = library.in_force("110100", datetime.date(2024, 1, 1))
    assert isinstance(found, Problem)
    assert (found.code, found.field) == (UNKNOWN_AREA, "area")
    assert all(area in found.message for area in RULES)


def test_the_program_knows_no_area() -> None:
    """Area codes and cities stand in packs and nowhere else."""
    folder = Path(gongji.__file__).parents[1]
    assert folder.name == "desktop"
    words = [word.encode() for area, city in CITIES.items() for word in (area, city)]
    files = [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert len(files) > 40
    assert [(str(path), word.decode()) for path in files for word in words if word in path.read_bytes()] == []
