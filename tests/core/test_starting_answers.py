"""A settings file for forty PCs: what holds for all, what each says itself, and everything wrong at once."""

from typing import Any

import pytest

from gongji.core.starting_answers import StartingAnswers, area_named_by, read_answers

LEVELS = {"530300": {"unrated": "未定级", "1": "一级"}, "520300": {"1": "一级"}}
ONE: dict[str, Any] = {
    "institution": "H53030200001", "name": "曲水乡卫生院", "type": "township_clinic", "level": "1", "operator": "李红",
}  # fmt: skip


def right(value: object) -> list[StartingAnswers]:
    found, problems = read_answers(value, LEVELS)
    assert problems == []
    return [*found.values()]


def wrong(value: object) -> dict[str, str]:
    return {one.field: one.message for one in read_answers(value, LEVELS)[1]}


def test_one_counter_and_its_area_from_the_code() -> None:
    (one,) = right(ONE)
    assert (one.area, one.counter, one.printer) == ("530300", "01", None)
    assert one.in_contract == {
        "id": "H53030200001", "name": "曲水乡卫生院", "type": "township_clinic", "level": "1", "designated": True,
        "pooled": True,
    }  # fmt: skip
    assert area_named_by("H520302", LEVELS) == "520300"
    assert area_named_by("H9", LEVELS) == ""


def test_what_holds_for_all_and_what_one_says_otherwise() -> None:
    common = {"type": "village_station", "level": "unrated", "catalogue": "目录.xlsx", "printer": ""}
    first = {"institution": "H53030200001", "name": "甲村卫生室"}
    second = {"institution": "H53030200002", "name": "乙村卫生室", "level": "1", "counter": "A1", "people": "乙.csv"}
    found = right({**common, "counters": [first, second]})
    assert [(one.name, one.level, one.counter) for one in found] == [
        ("甲村卫生室", "unrated", "01"),
        ("乙村卫生室", "1", "A1"),
    ]
    assert found[0].tables == {"catalogue": "目录.xlsx"}
    assert found[1].tables == {"people": "乙.csv", "catalogue": "目录.xlsx"}
    assert found[0].printer == ""  # said to be none, and so not asked for


@pytest.mark.parametrize("name", ["password", "Password", "operator_password", "口令", "登录密码", "pwd", "secret"])
def test_a_password_is_refused_with_a_sentence_wherever_it_stands(name: str) -> None:
    assert "口令不能写在设置文件里" in wrong({**ONE, name: "不要告诉别人 2025"})[name]
    several = wrong({**ONE, "counters": [{}, {"counter": "02", name: "x"}]})
    assert list(several) == [f"counters.1.{name}"]
    assert all("不要告诉别人" not in one for one in wrong({**ONE, name: "不要告诉别人 2025"}).values())


def test_a_password_is_found_under_a_name_full_of_dots_and_what_is_too_deep_is_told() -> None:
    dotted = "." * 41
    assert "口令不能写在设置文件里" in wrong({**ONE, dotted: {"password": "x"}})[f"{dotted}.password"]
    deep: Any = {"password": "x"}
    for _ in range(41):
        deep = {"a": deep}
    found = wrong({**ONE, "deep": deep})
    assert [one for one in found if "以上" in found[one]] == ["deep" + ".a" * 40]


def test_everything_wrong_at_once_each_in_its_place() -> None:
    found = wrong(
        {
            "type": "castle",
            "level": "9",
            "password": "x",
            "counters": [
                {"institution": "H53030200001", "name": "甲"},
                {"institution": "H99", "name": "乙", "type": "clinic", "level": "1", "counter": "1", "operator": "@"},
                {"institution": "H53030200001", "type": "clinic", "level": "1", "nmae": "丙"},
                "text",
            ],
        }
    )
    assert set(found) == {
        "password", "type", "level", "counters.1.institution", "counters.1.counter", "counters.1.operator",
        "counters.2.name", "counters.2.nmae", "counters.3",
    }  # fmt: skip
    assert "是不是“name”" in found["counters.2.nmae"]


def test_counters_and_pcs_that_stand_twice() -> None:
    two = {"counters": [{"computer": "PC-1"}, {"computer": "PC-1"}]}
    assert set(wrong({**ONE, **two})) == {"counters.1.counter", "counters.1.computer"}


@pytest.mark.parametrize("value", [None, [], "x", {"counters": []}, {"counters": {}}, {}])
def test_nothing_that_answers(value: object) -> None:
    assert wrong(value)


def test_a_name_with_what_nobody_sees_is_refused() -> None:
    assert "看不见的字符" in wrong({**ONE, "name": "曲水乡\u200b卫生院"})["name"]
