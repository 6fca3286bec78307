"""`gongji registrations`: who is registered with a disease on no list, and deciding what that stands for."""

from pathlib import Path

from tests.cli.test_cli_book import book, data  # noqa: F401  # a fixture
from tests.support.tables import csv_file, number, person

OLD = "高血压三级"


def registered(data: Path, tmp_path: Path, *places: int) -> None:  # noqa: F811  # the fixture's value
    rows = [person(place, 慢特病登记=f"{OLD}；糖尿病", 登记起始="2025-01-01") for place in places]
    table = csv_file(tmp_path / "people.csv", rows)
    assert book(data, "load", "people", str(table)).status == 0


def test_nobody_is_waiting_where_all_are_on_lists(data: Path) -> None:  # noqa: F811
    ran = book(data, "registrations")
    assert (ran.status, ran.out.strip()) == (0, "登记的病种都在名录里")
    assert book(data, "registrations", "--json").answers == [{"ok": True, "registrations": []}]


def test_each_is_listed_masked_with_the_nearest_and_decided_one_by_one(data: Path, tmp_path: Path) -> None:  # noqa: F811
    registered(data, tmp_path, 1, 2)
    (listed,) = book(data, "registrations", "--json").answers
    assert {(one["area"], one["disease"]) for one in listed["registrations"]} == {("530300", OLD)}
    assert len(listed["registrations"]) == 2
    assert all("高血压" in one["nearest"][0] for one in listed["registrations"])
    assert number(1) not in str(listed)
    ran = book(data, "registrations", "--decide", OLD, "高血压", "--person", number(1), "--json")
    assert ran.answers == [{"ok": True, "people": 1}]
    ran = book(data, "registrations", "--decide", OLD, "高血压")
    assert (ran.status, ran.out.strip()) == (0, f"1 人的“{OLD}”已另记为“高血压”")
    assert book(data, "registrations", "--json").answers == [{"ok": True, "registrations": []}]


def test_what_is_on_no_list_is_refused_and_changes_nothing(data: Path, tmp_path: Path) -> None:  # noqa: F811
    registered(data, tmp_path, 1)
    ran = book(data, "registrations", "--decide", OLD, "不在名录的病")
    assert ran.status == 2
    assert ran.err
    assert len(book(data, "registrations", "--json").answers[0]["registrations"]) == 1
