"""The next visit is typed while a slow disk takes its time, and the book then refuses: nobody's visit is lost."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gongji.desk.settlements.find import of_day
from gongji.desk.visits.held_visits import held
from gongji.gui.counter.put_aside import HeldSheet
from gongji.gui.kit.dialogs import Dialog
from tests.support.clerk import Clerk


@contextmanager
def slow_disk(clerk: Clerk) -> Iterator[None]:
    """Let nothing be written until the block ends."""
    goes_on = threading.Event()
    clerk.station.jobs.write(goes_on.wait)
    try:
        yield
    finally:
        goes_on.set()
        clerk.settle_down()


@pytest.fixture
def full_disk(clerk: Clerk) -> Callable[[bool], None]:
    """Says whether the book takes anything from now on: the engine itself refuses every change."""

    def say(now: bool) -> None:
        store = clerk.counter.store
        clerk.station.jobs.write(lambda: store.writer.execute(f"PRAGMA query_only = {int(now)}"))

    return say


def begin(clerk: Clerk, item: str = "amxl", quantity: str = "2") -> None:
    clerk.choose_patient("ltj")
    clerk.add_item(item, quantity)
    clerk.screen.panel.tender.field.clear()


def put_aside(clerk: Clerk) -> list[list[tuple[str, str]]]:
    return [[(line.name, line.quantity) for line in one.draft.lines] for one in held(clerk.counter)]


class TestRefused:
    def test_another_sum_by_then_is_named_and_waits_while_the_next_is_typed(self, clerk: Clerk) -> None:
        """The first visit uses up the year's limit, so that the second comes to more than was shown."""
        with slow_disk(clerk):
            begin(clerk, "amxl", "5000")
            clerk.press("F9")
            while clerk.sheet is not None:  # so large a bill is asked about
                clerk.press("Down", "Enter")
            begin(clerk, "gml", "3")
            clerk.press("F9")
            begin(clerk, "ybzl", "1")
        assert [one.kind for one in of_day(clerk.counter.store, None)] == ["settle"]
        assert clerk.names == ["一般诊疗费"]
        assert "龙天军 没有结算：资料刚刚有更新" in clerk.notes
        assert "已挂单，按 F7 取回" in clerk.notes
        assert [[quantity for _, quantity in one] for one in put_aside(clerk)] == [["3"]]
        clerk.settle()
        assert len(list(of_day(clerk.counter.store, None))) == 2

    def test_a_full_disk_takes_nothing_and_nothing_is_lost(
        self, clerk: Clerk, full_disk: Callable[[bool], None]
    ) -> None:
        with slow_disk(clerk):
            full_disk(True)
            begin(clerk, "amxl", "2")
            clerk.press("F9")
            begin(clerk, "ybzl", "1")
            clerk.press("F9")
            clerk.choose_patient("ltj")
            clerk.press("F3")
            clerk.type("gm")
        assert clerk.sheets == [], "a sheet would take what is being typed"
        assert clerk.screen.lines.field.text() == "gm"
        assert clerk.notes.count("龙天军 没有结算") == 2
        assert "账本写不进去" in clerk.notes
        assert list(of_day(clerk.counter.store, None)) == []
        clerk.press("Esc", "F7")
        sheet = clerk.sheet
        assert isinstance(sheet, HeldSheet)
        assert [one.lines for one in sheet.table.rows_model.rows] == [1, 1]
        full_disk(False)
        clerk.press("Enter")
        clerk.settle_down()
        assert clerk.names == ["阿莫西林胶囊"]
        clerk.settle()
        assert "账本写不进去" not in clerk.notes
        assert [[name for name, _ in one] for one in put_aside(clerk)] == [
            ["一般诊疗费"],
            [],
        ]  # and who was chosen last
        assert [one.kind for one in of_day(clerk.counter.store, None)] == ["settle"]

    def test_with_nothing_typed_it_is_back_on_the_screen(self, clerk: Clerk, full_disk: Callable[[bool], None]) -> None:
        begin(clerk)
        clerk.settle_down()
        full_disk(True)
        clerk.press("F9")
        clerk.settle_down()
        assert isinstance(clerk.sheet, Dialog)
        clerk.press("Enter")
        assert clerk.sheets == []
        assert clerk.names == ["阿莫西林胶囊"]
        full_disk(False)
        clerk.settle()
        assert [one.kind for one in of_day(clerk.counter.store, None)] == ["settle"]


class TestPutAside:
    def test_is_there_before_the_disk_has_it(self, clerk: Clerk) -> None:
        begin(clerk)
        with slow_disk(clerk):
            clerk.press("F6", "F7")
            sheet = clerk.sheet
            assert isinstance(sheet, HeldSheet)
            assert [one.label for one in sheet.table.rows_model.rows] == ["龙天军"]
            clerk.press("Enter")
            assert clerk.names == ["阿莫西林胶囊"]
        assert held(clerk.counter) == []

    def test_a_full_disk_loses_none(self, clerk: Clerk, full_disk: Callable[[bool], None]) -> None:
        begin(clerk)
        full_disk(True)
        clerk.press("F6")
        clerk.settle_down()
        assert "账本写不进去" in clerk.notes
        begin(clerk, "ybzl", "1")
        full_disk(False)
        clerk.press("F6")
        clerk.settle_down()
        assert "账本写不进去" not in clerk.notes
        assert sorted(put_aside(clerk)) == [[("一般诊疗费", "1")], [("阿莫西林胶囊", "2")]]

    def test_it_is_written_once_the_disk_has_room_though_nobody_does_anything(
        self, clerk: Clerk, full_disk: Callable[[bool], None]
    ) -> None:
        begin(clerk)
        full_disk(True)
        clerk.press("F6")
        clerk.settle_down()
        assert put_aside(clerk) == []
        full_disk(False)
        clerk.until(lambda: put_aside(clerk) == [[("阿莫西林胶囊", "2")]])
        clerk.until(lambda: "账本写不进去" not in clerk.notes)

    def test_one_thrown_away_while_the_disk_was_full_does_not_come_back(
        self, clerk: Clerk, full_disk: Callable[[bool], None]
    ) -> None:
        begin(clerk)
        clerk.press("F6")
        clerk.settle_down()
        (one,) = held(clerk.counter)
        full_disk(True)
        clerk.screen.keeping.drop(one.draft.visit_no)
        clerk.settle_down()
        full_disk(False)
        clerk.until(lambda: held(clerk.counter) == [])

    def test_closing_the_window_writes_what_the_disk_had_refused(
        self, clerk: Clerk, full_disk: Callable[[bool], None], sit_down: Callable[..., Clerk]
    ) -> None:
        begin(clerk)
        full_disk(True)
        clerk.press("F6")
        clerk.settle_down()
        full_disk(False)
        clerk.leave()
        assert put_aside(sit_down()) == [[("阿莫西林胶囊", "2")]]


class TestASheetThatComesByItself:
    def test_what_is_being_typed_answers_nothing(self, clerk: Clerk, full_disk: Callable[[bool], None]) -> None:
        begin(clerk)
        clerk.settle_down()
        full_disk(True)
        clerk.press("F9")
        clerk.settle_down()
        sheet = clerk.sheet
        assert isinstance(sheet, Dialog)
        assert sheet.is_waiting
        for key in (Qt.Key.Key_A, Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Escape, Qt.Key.Key_F9):
            QTest.keyClick(sheet.focusWidget(), key)
            assert sheet.isVisible()
        full_disk(False)
        clerk.until(lambda: not sheet.is_waiting)
        clerk.press("Esc")
        assert clerk.sheet is None

    def test_a_paper_that_does_not_come_is_a_note_while_the_next_is_typed(self, clerk: Clerk) -> None:
        folder = clerk.counter.folder.receipts
        folder.mkdir(parents=True, exist_ok=True)
        blocked = folder / "2026"
        blocked.write_bytes(b"")  # where the year's folder should be
        begin(clerk)
        with slow_disk(clerk):
            clerk.press("F9")
            begin(clerk, "ybzl", "1")
        assert clerk.sheet is None
        assert clerk.names == ["一般诊疗费"]
        assert "单子没有打出来" in clerk.notes
        blocked.unlink()
        again = next(one for one in clerk.screen.panel.notes.shown if "单子没有打出来" in one.text)
        assert [word for word, _ in again.acts] == ["重打", "换一台打印机", "以后再打"]
        again.acts[0][1]()
        clerk.settle_down()
        assert "单子没有打出来" not in clerk.notes
        assert len(list(folder.rglob("*.pdf"))) == 1
