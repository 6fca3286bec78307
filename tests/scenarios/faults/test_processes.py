"""Two processes and two threads at once."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from gongji.desk.clinic.open import open_counter
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.store.settlements import settlements
from tests.scenarios.faults.child import LIBRARY, Order, do
from tests.scenarios.faults.running import Child, looked
from tests.support.clinic import OPERATOR, PASSWORD
from tests.support.clock import Clock


def ended(*children: Child) -> None:
    for child in children:
        assert child.end() == 0
        assert not [one for one in child.said if one[0] in {"TOLD", "CRASH", "WARNED"}], child.said


class TestTwoProcesses:
    def test_the_second_is_told_in_one_sentence(self, session: Session, data: Path, clock: Clock) -> None:
        with pytest.raises(GongjiError) as refused:
            open_counter(data, LIBRARY, clock, OPERATOR, PASSWORD, wait_seconds=0.3)
        assert str(refused.value) == "结算台已经打开着。请回到已打开的窗口，或等另一个命令做完再试。"
        do(session, "settle V1")  # the first goes on

    def test_the_second_waits_for_the_first(self, opened: Callable[[], Session], data: Path) -> None:
        first = opened()
        do(first, "settle V1")
        second = Child(Order(path=str(data), acts=("settle V2",)))
        second.go()
        second.line.settimeout(0.5)
        with pytest.raises(TimeoutError):
            second.hear()
        first.close()
        second.line.settimeout(60)
        ended(second)
        assert [*looked(data).acts] == ["settle V1", "settle V2"]

    def test_looking_needs_no_waiting(self, session: Session, data: Path) -> None:
        do(session, "settle V1")
        with session.store.write():
            assert [*looked(data).acts] == ["settle V1"]

    @pytest.mark.parametrize("count", [2, 4])
    def test_settling_in_turns(self, data: Path, count: int) -> None:
        shared = [f"settle C{index}" for index in range(4)]
        own = [[f"settle P{process}-{index}" for index in range(8)] for process in range(count)]
        children = []
        for process in range(count):
            acts = [act for three in zip(shared, own[process][::2], own[process][1::2], strict=True) for act in three]
            children.append(Child(Order(path=str(data), acts=tuple(acts), shortly=True)))
        for child in children:
            child.go()
        ended(*children)
        book = looked(data)
        assert book.findings == ()
        assert {*book.acts} == {*shared, *(act for acts in own for act in acts)}
        acked = [(act, (no, found)) for child in children for word, act, no, found in _four(child) if word == "ACK"]
        assert len(acked) == count * 12
        assert all(book.acts[act] == answer for act, answer in acked)

    def test_beginning_at_once(self, tmp_path: Path) -> None:
        for again in range(10):
            path = tmp_path / f"data{again}"
            children = [Child(Order(path=str(path), begins=True)) for _ in range(2)]
            for child in children:
                child.go()
            assert [child.end() for child in children] == [0, 0]
            said = sorted(child.said[0][0] for child in children)
            assert said == ["BEGUN", "TOLD"], [child.said for child in children]
            assert looked(path).findings == ()


def _four(child: Child) -> list[list[str]]:
    return [one for one in child.said if len(one) == 4]


class TestTwoThreads:
    def test_a_reader_never_waits_for_the_writer(self, session: Session) -> None:
        do(session, "settle V1")
        found: list[int] = []

        def read() -> None:
            found.append(settlements.count(session.store.reader))

        with session.store.write() as connection:
            connection.execute("INSERT INTO setting (name, value) VALUES ('a', 'b')")
            reader = threading.Thread(target=read)
            reader.start()
            reader.join(30)
            assert found == [1]  # while the writer's transaction is still open

    def test_a_reader_sees_whole_settlements_only(self, session: Session) -> None:
        stop = threading.Event()
        seen: list[int] = []
        wrong: list[str] = []

        def read() -> None:
            while not stop.is_set():
                reader = session.store.reader
                (one, records) = reader.execute(
                    "SELECT (SELECT count(*) FROM settlement), (SELECT count(*) FROM record_state)"
                ).fetchone()
                seen.append(one)
                if one != records:
                    wrong.append(f"{one} settlements, {records} records")

        thread = threading.Thread(target=read)
        thread.start()
        for number in range(30):
            do(session, f"settle V{number}")
        stop.set()
        thread.join(30)
        assert wrong == []
        assert seen == sorted(seen)
        assert len({*seen}) > 2

    def test_a_second_writer_is_a_bug(self, session: Session) -> None:
        do(session, "settle V1")
        raised: list[BaseException] = []

        def write() -> None:
            try:
                do(session, "settle V2")
            except AssertionError as error:
                raised.append(error)

        thread = threading.Thread(target=write)
        thread.start()
        thread.join(30)
        assert [str(error) for error in raised] == ["the book is written by one thread only"]
        assert settlements.count(session.store.reader) == 1
