"""Finding people and items as clerks type: what is found, in which order, and what is not."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongji.desk.visits.search import find_items, find_people
from gongji.store.book_file.db import Store
from gongji.store.pinyin import fold, item_words, person_words
from gongji.store.search import index_names
from tests.support.tables import item, load_rows, new_store, number, person

ON = datetime.date(2026, 11, 22)
NAMES = (
    "张伟", "张伟民", "李张伟", "单雄信", "曾国藩", "解晓东", "仇英", "查良镛", "盖聂", "朴树", "尉迟恭", "买买提·艾力",
    "张𬱖", "王㛃", "欧阳修", "吕布", "John Smith",
)  # fmt: skip
ITEMS = (
    ("XN01", {"名称": "维生素B12注射液", "规格": "0.5mg×10", "条码": "6901234567892"}),
    ("XN02", {"名称": "复方维生素B", "规格": "100片"}),
    ("XN03", {"名称": "维生素B1片", "生产企业": "甲厂"}),
    ("XN04", {"名称": "维生素B1片", "生产企业": "乙厂"}),
    ("XN05", {"名称": "丹参滴丸"}),
    ("XN06", {"名称": "阿胶"}),
    ("XN07", {"名称": "注射用重组人胰岛素（甘精）"}),
    ("XN08", {"名称": "0.9%氯化钠注射液"}),
    ("xn09", {"名称": "CT平扫"}),
)

PEOPLE_TYPED = """
单雄信: sxx dxx shanxiong
曾国藩: zgf cgf
解晓东: xxd jxd
仇英: qy cy
查良镛: zly cly
盖聂: gn
朴树: ps piaoshu
尉迟恭: ycg wcg yuchi
买买提·艾力: mmtal 买买提艾力 买买提•艾 艾力
张𬱖: 𬱖 张𬱖
王㛃: 㛃 wj
吕布: LB lvbu 布
欧阳修: oyx ouyang
John Smith: smith joh
张伟: ｚｗ
"""
ITEMS_TYPED = """
XN01: 维生素B12 维生素b12 生素Ｂ１２ b12 12注射 wssb12 6901234567892 XN01 xn01
XN05: dsdw dcdw danshen
XN06: ej aj
XN07: zsyczr 胰岛素甘精 甘精
XN08: 0.9%氯化钠 氯化钠
xn09: ctps ct xn09
"""


def _typed(table: str) -> list[tuple[str, str]]:
    rows = (line.split(": ") for line in table.strip().splitlines())
    return [(text, found) for found, texts in rows for text in texts.split()]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("search")
    with new_store(folder) as one:
        rows = [person(2 * index, 姓名=name) for index, name in enumerate(NAMES, 1)]
        assert load_rows(one, "people", folder, *rows).kept
        items = [
            *(item(code, **cells) for code, cells in ITEMS),
            item("OLD1", 名称="停用药", 终止="2026-06-30"),
            item("NEW1", 名称="未来药", 起始="2027-01-01"),
            item("ED1", 名称="换版药", 单价="1", 起始="2025-01-01"),
            item("ED1", 名称="换版药", 单价="2", 起始="2026-01-01"),
            item("ED2", 名称="试用药", 单价="1", 起始="2025-01-01"),
            item("ED2", 名称="试用药", 单价="2", 起始="2026-01-01", 终止="2026-03-31"),
        ]
        assert load_rows(one, "catalogue", folder, *items).kept
        yield one


def names(store: Store, text: str, limit: int = 20) -> list[str]:
    return [one.name for one in find_people(store, text, limit)]


def codes(store: Store, text: str, on: datetime.date = ON) -> list[str]:
    return [one.code for one in find_items(store, text, on)]


class TestPeople:
    def test_exact_then_beginning_then_part(self, store: Store) -> None:
        assert names(store, "张伟") == ["张伟", "张伟民", "李张伟"]
        assert names(store, "zw")[:2] == ["张伟", "张伟民"]

    @pytest.mark.parametrize(("text", "name"), _typed(PEOPLE_TYPED))
    def test_found(self, store: Store, text: str, name: str) -> None:
        assert name in names(store, text)

    def test_from_the_first_letter(self, store: Store) -> None:
        assert {"张伟", "张𬱖", "曾国藩", "查良镛"} <= set(names(store, "z"))

    def test_by_number(self, store: Store) -> None:
        (found,) = find_people(store, number(4))
        assert (found.name, found.number, found.birth_date, found.sex) == (
            "张伟民", number(4)[:4] + "*" * 10 + number(4)[-4:], "1950-01-01", "女",
        )  # fmt: skip
        assert number(4) not in repr(found)
        assert len(names(store, "5303021950")) == len(NAMES)
        ending_in_x = next(2 * index for index in range(1, 18) if number(2 * index)[-1] == "X")
        assert names(store, number(ending_in_x).lower()) == [NAMES[ending_in_x // 2 - 1]]

    def test_by_the_last_four_as_people_say_them(self, store: Store) -> None:
        for place, name in enumerate(NAMES, 1):
            end = number(2 * place)[-4:]
            for typed in (end, end.lower(), end.translate(str.maketrans("0123456789", "０１２３４５６７８９"))):
                assert names(store, typed)[0] == name

    def test_by_telephone(self, tmp_path: Path) -> None:
        rows = [
            person(2, 姓名="张三", 电话="138-8745-0001"),
            person(4, 姓名="李四", 电话="0874 3120001"),
            person(6, 姓名="王五"),
        ]
        with new_store(tmp_path) as store:
            load_rows(store, "people", tmp_path, *rows)
            assert names(store, "13887450001") == ["张三"]
            assert names(store, "138-8745") == ["张三"]
            assert names(store, "08743120001") == ["李四"]
            assert names(store, "1388745000２") == []

    def test_each_once_and_no_more_than_asked(self, store: Store) -> None:
        for text in ("z", "x", "5", "伟"):
            found = [one.id for one in find_people(store, text)]
            assert len(found) == len(set(found))
        assert len(names(store, "5303", limit=3)) == 3

    def test_a_person_indexed_again(self, tmp_path: Path) -> None:
        with new_store(tmp_path) as store:
            load_rows(store, "people", tmp_path, person(姓名="张三"))
            with store.write() as connection:
                index_names(connection, "person", [(1, "李四")])
            assert names(store, "张三") == []
            assert names(store, "四") == ["张三"]  # as the table of people has it, which this test left alone


class TestItems:
    @pytest.mark.parametrize(("text", "code"), _typed(ITEMS_TYPED))
    def test_found(self, store: Store, text: str, code: str) -> None:
        assert code in codes(store, text)

    def test_exact_then_beginning_then_part(self, store: Store) -> None:
        assert codes(store, "维生素B1") == ["XN01", "XN03", "XN04"]
        assert codes(store, "维生素B") == ["XN01", "XN03", "XN04", "XN02"]
        assert codes(store, "阿胶") == ["XN06"]
        assert codes(store, "XN0")[:2] == ["XN01", "XN02"]

    def test_what_tells_alike_ones_apart(self, store: Store) -> None:
        found = find_items(store, "维生素B1片", ON)
        assert [(one.maker, one.class_, one.unit_price_e4, one.category) for one in found] == [
            ("甲厂", "A", 120_000, "drug"),
            ("乙厂", "A", 120_000, "drug"),
        ]

    def test_only_what_is_in_force(self, store: Store) -> None:
        assert codes(store, "停用药") == []
        assert codes(store, "停用药", datetime.date(2026, 6, 30)) == ["OLD1"]
        assert codes(store, "未来药") == []
        assert codes(store, "未来药", datetime.date(2027, 1, 1)) == ["NEW1"]

    def test_one_edition_on_a_day(self, store: Store) -> None:
        for text in ("换版药", "hby", "ED1"):
            assert [one.unit_price_e4 for one in find_items(store, text, ON)] == [20_000]
            assert [one.unit_price_e4 for one in find_items(store, text, datetime.date(2025, 6, 1))] == [10_000]
        assert [one.unit_price_e4 for one in find_items(store, "试用药", datetime.date(2026, 3, 31))] == [20_000]
        assert [one.unit_price_e4 for one in find_items(store, "试用药", ON)] == [10_000]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=80))
def test_anything_may_be_typed(store: Store, text: str) -> None:
    for find in (find_people(store, text), find_items(store, text, ON)):
        assert len(find) <= 20


@pytest.mark.parametrize(
    "text", ["", " ", '"', "'", "*", '" OR "', "张*", "NEAR(", "\0", "\ud800", "a AND b", "-", "·", "%", "_"]
)
def test_signs_of_query_languages_mean_nothing(store: Store, text: str) -> None:
    find_people(store, text)
    find_items(store, text, ON)


@pytest.mark.parametrize("text", ["", " ", '"', "*", "·", "%", "_"])
def test_nothing_typed_finds_nothing(store: Store, text: str) -> None:
    assert find_people(store, text) == []
    assert codes(store, text) == []


@given(name=st.text(min_size=1, max_size=12))
def test_words_are_what_can_be_typed(name: str) -> None:
    for words in (person_words(name), item_words(name)):
        assert (fold(name) in words) == bool(fold(name))
        assert len(words) < 40


@pytest.mark.parametrize("noun", ["people", "items"])
def test_no_query_sorts_what_it_finds(store: Store, noun: str) -> None:
    """A query that sorts reads everything that fits before it answers, however little is wanted."""
    seen: list[str] = []
    store.reader.set_trace_callback(seen.append)
    if noun == "people":
        find_people(store, "1a")
        find_people(store, "zw")
    else:
        find_items(store, "1a", ON)
        find_items(store, "zw", ON)
    store.reader.set_trace_callback(None)
    assert len(seen) >= 5
    for sql in (one for one in seen if not one.startswith("--")):
        plan = " ".join(str(row[3]) for row in store.reader.execute(f"EXPLAIN QUERY PLAN {sql}"))
        assert "TEMP B-TREE" not in plan, sql
        assert "SCAN person" not in plan.replace("SCAN person_name VIRTUAL", "")
        assert "SCAN item" not in plan.replace("SCAN item_name VIRTUAL", "")
