"""`gongji find` finds what the window's search finds; what is printed for people cannot steer a terminal."""

import json
from pathlib import Path

from gongji.cli.io import escaped
from tests.cli.test_cli_book import LOGIN, PASSWORD, book, data, settled
from tests.cli.test_cli_commands import gongji
from tests.support.clinic import visit
from tests.support.tables import csv_file, item, number, person

__all__ = ["data"]


def test_people_and_items(data: Path, tmp_path: Path) -> None:
    people = csv_file(tmp_path / "p.csv", [person(2, 电话="138-0000-0000"), person(4, 姓名="李卫国")])
    items = csv_file(tmp_path / "i.csv", [item("A1", 名称="参苓白术散"), item("A2", 名称="左炔诺孕酮片")])
    assert book(data, "load", "people", str(people)).status == 0
    assert book(data, "load", "catalogue", str(items)).status == 0
    for typed in ("zxy", "张秀", number(2), number(2)[-4:], "13800000000"):
        (answer,) = book(data, "find", "people", typed, "--json").answers
        assert [one["name"] for one in answer["people"]] == ["张秀英"]
        assert number(2) not in json.dumps(answer)
    for typed, name in (
        ("slbzs", "参苓白术散"),
        ("zqnyt", "左炔诺孕酮片"),
        ("白术", "参苓白术散"),
        ("A2", "左炔诺孕酮片"),
    ):
        (answer,) = book(data, "find", "items", typed, "--on", "2026-06-01", "--json").answers
        assert [one["name"] for one in answer["items"]] == [name]
    assert "没有找到" in book(data, "find", "items", "slbzs", "--on", "2025-12-31").out
    assert "参苓白术散" in book(data, "find", "items", "slbzs", "--on", "2026-06-01").out


def test_an_offices_table_is_asked_about_and_then_taken(data: Path, tmp_path: Path) -> None:
    row = {
        "序号": "1",
        "药品编码": "B1",
        "药品名称": "试药",
        "医保等级": "乙类10%",
        "零售价（元）": "1,280元",
        "执行日期": "20260101",
    }
    path = csv_file(tmp_path / "office.csv", [row])
    asked = book(data, "load", "catalogue", str(path))
    assert asked.status == 2
    assert "药品编码 → 编码" in asked.err
    assert "--as-proposed" in asked.err
    assert book(data, "load", "catalogue", str(path), "--as-proposed", "--set", "类别=药品").status == 0
    (found,) = book(data, "find", "items", "B1", "--on", "2026-06-01", "--json").answers
    assert found["items"][0]["unit_price"] == "1280.00"


def test_what_is_listed_does_not_steer_a_terminal(data: Path) -> None:
    assert "invalid_input" in book(data, "settle", given=json.dumps(visit("V\x1b[31m1"))).out
    settled(data, visit("V1"))
    assert "\x1b" not in book(data, "list").out
    assert escaped("a\x1b[31mb\nc\u202e") == "a\\x1b[31mb\nc\\u202e"


def test_items_without_a_national_code_are_listed(data: Path, tmp_path: Path) -> None:
    items = csv_file(tmp_path / "i.csv", [item("A1", 名称="参苓白术散"), item("A2", 名称="左炔诺孕酮片")])
    assert book(data, "load", "catalogue", str(items)).status == 0
    (answer,) = gongji("mapping", "list", "--data", data, *LOGIN, "--json", env=PASSWORD).answers
    assert {(one["code"], one["name"]) for one in answer["unmapped"]} >= {("A1", "参苓白术散"), ("A2", "左炔诺孕酮片")}
    assert "A2  左炔诺孕酮片" in gongji("mapping", "list", "--data", data, *LOGIN, env=PASSWORD).out
