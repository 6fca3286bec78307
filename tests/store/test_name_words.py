"""Names are found by the same words whether this program works them out or another process beside it."""

import datetime
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gongji.store import name_words, search
from gongji.store.book_file.db import Store
from gongji.store.name_words import NameWords, words_beside, words_of
from tests.support.tables import everything, item, load_rows, new_store

TODAY = datetime.date(2026, 11, 22)
NAMES = [(number, name) for number, name in enumerate(["丹参滴丸", "维生素Ｂ１２", "重楼", "A片", "阿司匹林"], 1)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path) as one:
        yield one


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name_words, "_MANY", 1)


def test_a_process_finds_what_this_one_does() -> None:
    with words_beside("item", len(NAMES)) as beside:
        assert beside is not None
        assert beside.exchange(NAMES[:3]) == NameWords()
        assert beside.exchange(NAMES[3:]) == words_of("item", NAMES[:3])
        assert beside.exchange([]) == words_of("item", NAMES[3:])
        assert beside.exchange([]) == NameWords()
    with words_beside("person", 1) as beside:
        assert beside is not None
        beside.exchange([(7, "单于")])
        assert beside.exchange([]) == words_of("person", [(7, "单于")])


@pytest.mark.parametrize("begins", [True, False])
def test_without_a_process_this_one_does_it(monkeypatch: pytest.MonkeyPatch, begins: bool) -> None:
    begin = subprocess.Popen

    def beginning(_words: Any, **how: Any) -> object:
        if not begins:
            raise BlockingIOError
        return begin([sys.executable, "-c", ""], **how)

    monkeypatch.setattr(subprocess, "Popen", beginning)
    with words_beside("item", len(NAMES)) as beside:
        assert (beside is not None) == begins
        if beside is not None:
            beside.exchange(NAMES[:3])
            assert beside.exchange(NAMES[3:]) == words_of("item", NAMES[:3])
            assert beside.exchange([]) == words_of("item", NAMES[3:])


def test_what_was_renamed_is_found_by_the_new_name_alone(store: Store) -> None:
    with store.write() as connection:
        connection.execute("INSERT INTO person (rank, id, name) VALUES (1, 'P1', '张三'), (2, 'P2', '王五')")
        search.index_names(connection, "person", [(1, "张三"), (2, "王五")])
    with words_beside("person", 2) as beside, store.write() as connection:
        search.index_names(connection, "person", [(1, "李四")], beside)
        assert connection.execute("SELECT count(*) FROM person_word WHERE word = 'zs'").fetchone() == (1,)
        search.index_names(connection, "person", [], beside)
    words = [word for (word,) in store.reader.execute("SELECT word FROM person_word WHERE person = 1 ORDER BY word")]
    assert words == ["'lisi", "ls", "李四"]
    assert [one.rank for one in search.find_people(store.reader, "王", 5)] == [2]


def test_an_import_stores_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for most, folder in ((1, tmp_path / "beside"), (100, tmp_path / "here")):
        folder.mkdir()
        monkeypatch.setattr(name_words, "_MANY", most)
        with new_store(folder) as one:
            load_rows(one, "catalogue", folder, *(item(f"XN{number:03d}", 名称=name) for number, name in NAMES))
            load_rows(one, "catalogue", folder, item("XN001", 名称="川芎"), item("XN009", 名称="川贝"))
            words = one.reader.execute("SELECT word, item FROM item_word ORDER BY word, item").fetchall()
            kept = everything(one)
            del kept["audit"]  # it begins when the book is made
            found.append((kept, words, [each.code for each in search.find_items(one.reader, "川", TODAY, 5)]))
    assert found[0] == found[1]
    assert found[0][2] == ["XN001", "XN009"]
