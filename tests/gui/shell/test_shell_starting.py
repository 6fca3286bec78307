"""The guide derives the area and can be undone; operators change without leaving; what the first day still needs."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from gongji.desk.clinic.first_start.create import can_start_over
from gongji.desk.clinic.settings import support
from gongji.gui.app import Program
from gongji.gui.first_start.first_start import FirstStart
from gongji.gui.shell.login import Login
from gongji.gui.shell.window import MainWindow
from tests.gui.first_start import test_first_start
from tests.gui.first_start.test_first_start import own_data, shown, wait_for
from tests.support.clerk import Clerk

start = test_first_start.start
Start = Callable[..., Program]


def test_the_code_names_the_area_and_nothing_lapsed_is_chosen_before(start: Start) -> None:  # a fixture
    guide = start().guide
    guide.own.setChecked(True)
    guide.go_on()
    assert guide.clinic.area.currentData() == ""
    guide.clinic.code.insert("H62082300017")
    guide.clinic.code.textEdited.emit(guide.clinic.code.text())
    assert guide.clinic.area.currentData() == "620800"
    assert guide.clinic.level.count() > 1
    words = [guide.clinic.area.itemText(place) for place in range(guide.clinic.area.count())]
    assert any("云浮" in word and "已到期" in word for word in words)
    guide.clinic.code.setText("H99999900017")
    guide.clinic.code.textEdited.emit(guide.clinic.code.text())
    assert "没有政策包" in guide.clinic.about_area.text()


def test_a_wrong_choice_is_undone_and_nothing_is_deleted(start: Start, qapp: QApplication) -> None:
    program = start()
    window = own_data(program)
    path = window.station.counter.folder.path
    assert can_start_over(window.station.counter)
    window.station.starts_over.emit()
    wait_for(lambda: bool(shown(FirstStart)))
    assert not shown(MainWindow)
    assert not path.exists()
    assert len(list(path.parent.glob(f"{path.name}-undone-*/book.db"))) == 1
    assert qapp is not None


def test_operators_change_without_leaving(start: Start) -> None:  # a fixture
    program = start()
    window = own_data(program)
    window.station.operator_leaves.emit()
    wait_for(lambda: bool(shown(Login)))
    assert not shown(MainWindow)
    assert program.station is None
    (login,) = shown(Login)
    assert isinstance(login, Login)
    login.enter_as("李红", "口令口令 1")
    wait_for(lambda: bool(shown(MainWindow)))


def test_another_operator_sits_down_after_two_keys_and_a_password(start: Start) -> None:  # a fixture
    """Ctrl+L and Enter at the real window while something is being typed; the log-in then waits for who comes."""
    program = start()
    window = own_data(program)
    window.activateWindow()
    QTest.keyClicks(focused(window), "zhang")
    wait_for(lambda: window.station.jobs.is_idle)
    QTest.keyClick(focused(window), Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    sheet = QApplication.activeModalWidget()
    assert sheet is not None
    assert shown(MainWindow)
    QTest.keyClick(focused(sheet), Qt.Key.Key_Return)
    wait_for(lambda: bool(shown(Login)))
    assert not shown(MainWindow)
    (login,) = shown(Login)
    for typed in ("李红", "口令口令 1"):
        field = focused(login)
        assert isinstance(field, QLineEdit)
        field.insert(typed)
        QTest.keyClick(field, Qt.Key.Key_Return)
    wait_for(lambda: bool(shown(MainWindow)))
    assert program.station is not None
    assert program.station.counter.operator == "李红"


def focused(window: QWidget) -> QWidget:
    """Where a key goes."""
    found: QWidget | None = window.focusWidget()
    return window if found is None else found


def test_an_empty_counter_says_what_the_first_day_needs(start: Start) -> None:  # a fixture
    window = own_data(start())
    said = "".join(note.text for note in window.screen_shown.panel.notes.shown)  # type: ignore[attr-defined]  # the counter's
    for word in ("第一天", "人员（还没有导入）", "目录（还没有导入）", "累计", "打印测试页"):
        assert word in said


def test_whom_to_call_is_kept(clerk: Clerk) -> None:
    clerk.press("8", with_ctrl=True)
    clerk.press("F9")
    page = clerk.window.screen_shown.pages.current  # type: ignore[attr-defined]  # the settings'
    page.who.setText("县医保中心 张工 0874-1234567")
    page.save()
    clerk.settle_down()
    assert support(clerk.counter) == "县医保中心 张工 0874-1234567"
