"""登录 by keys: name, Enter, password, Enter; who was here last is offered, others by initials or arrows."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget

from gongji import __version__
from gongji.desk.clinic.backup.relocate import PLACE
from gongji.desk.clinic.begin import Beginning, begin
from gongji.desk.clinic.open import open_counter
from gongji.desk.clinic.operators import add_operator
from gongji.desk.clinic.workplace import Workplace, keep_workplace, workplace_of
from gongji.desk.session import Session
from gongji.desk.settlements.settle import settle_text
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.settings.support_sheet import SupportSheet
from gongji.gui.shell.login import Login
from gongji.pack_files.library import Library
from gongji.store import settings
from tests.support.clerk import at
from tests.support.clinic import AREA, INSTITUTION, text, visit
from tests.support.waiting import until

NOW = at("2026-11-22 10:00:00")
PASSWORD = "mima123456"  # noqa: S105  # of an invented folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, library: Library) -> Path:
    path = tmp_path_factory.mktemp("login") / "data"
    one = Beginning(
        counter="01", area=AREA, institution=INSTITUTION, operator="李红", password=PASSWORD, training=False
    )
    begin(path, one, library, NOW)
    counter = open_counter(path, library, NOW, "李红", PASSWORD)
    add_operator(counter, PASSWORD, "王芳", PASSWORD)
    add_operator(counter, PASSWORD, "吴刚", PASSWORD)
    counter.close()
    return path


@pytest.fixture
def login(qapp: QApplication, folder: Path, library: Library) -> Iterator[tuple[Login, list[Session]]]:
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"
    keep_workplace(folder, Workplace(operator="王芳"))
    opened: list[Session] = []
    one = Login(folder, library, NOW, opened.append)
    one.open()
    qapp.processEvents()
    yield one, opened
    for counter in opened:
        counter.close()
    if not opened:
        one.reject()
    qapp.processEvents()


def keys(one: QWidget, *pressed: str) -> None:
    named = {"Enter": Qt.Key.Key_Return, "Up": Qt.Key.Key_Up, "Down": Qt.Key.Key_Down}
    for key in pressed:
        target = one.focusWidget()
        if key in named:
            QTest.keyClick(target, named[key])
        else:
            for sign in key:
                target = one.focusWidget()
                if sign.isascii():
                    QTest.keyClick(target, sign)  # type: ignore[call-overload]  # the stubs leave out a character
                else:
                    assert isinstance(target, QLineEdit)
                    target.insert(sign)
        QApplication.processEvents()


def shows(holds: Callable[[], bool]) -> None:
    until(holds, QApplication.processEvents)


def test_who_was_here_last_is_offered(login: tuple[Login, list[Session]], folder: Path) -> None:
    one, opened = login
    assert one.operator.text() == "王芳"
    keys(one, "Enter", PASSWORD, "Enter")
    shows(lambda: bool(opened))
    assert opened[0].operator == "王芳"
    assert workplace_of(folder).operator == "王芳"


@pytest.mark.parametrize("typed", ["李红", "lh", "lihong", "李"])
def test_another_is_typed_by_name_or_initials(login: tuple[Login, list[Session]], folder: Path, typed: str) -> None:
    one, opened = login
    keys(one, typed, "Enter", PASSWORD, "Enter")
    shows(lambda: bool(opened))
    assert opened[0].operator == "李红"
    assert workplace_of(folder).operator == "李红"


def test_another_is_chosen_with_the_arrows(login: tuple[Login, list[Session]]) -> None:
    one, opened = login
    keys(one, "Down", "Down")
    assert one.operator.text() == "吴刚"
    keys(one, "Up", "Enter", PASSWORD, "Enter")
    shows(lambda: bool(opened))
    assert opened[0].operator == "李红"


def test_initials_of_two_show_both_and_take_the_chosen(login: tuple[Login, list[Session]]) -> None:
    one, _ = login
    keys(one, "w")
    assert [one.operator.found.item(place).text() for place in range(one.operator.found.count())] == ["王芳", "吴刚"]
    keys(one, "Down", "Enter")
    assert one.operator.text() == "吴刚"
    assert one.password.hasFocus()


def test_nobody_of_that_name_and_no_password_are_said(login: tuple[Login, list[Session]]) -> None:
    one, opened = login
    keys(one, "zzz", "Enter")
    assert "没有操作员" in one.wrong.text()
    assert one.operator.hasFocus()
    one.operator.setText("李红")
    keys(one, "Enter", "Enter")
    assert "请输入口令" in one.wrong.text()
    assert one.password.hasFocus()
    assert not opened


def test_who_cannot_get_in_still_has_something_to_hand_on(
    login: tuple[Login, list[Session]], folder: Path, tmp_path: Path
) -> None:
    one, opened = login
    one.help_me.click()
    sheet = next(each for each in one.findChildren(SupportSheet) if each.isVisible())
    shows(sheet.save.isEnabled)
    shown = sheet.text.toPlainText()
    assert f"gongji {__version__}" in shown
    assert "正式数据" in shown
    assert "没有打开数据文件" in shown
    assert not any(word in shown for word in ("王芳", "李红", "吴刚", str(folder), PASSWORD))
    sheet.save_to(tmp_path / "bundle.txt")
    shows(lambda: "已存到" in sheet.said.text())
    assert (tmp_path / "bundle.txt").read_text(encoding="utf-8") == shown
    sheet.reject()
    keys(one, "Enter", PASSWORD, "Enter")
    shows(lambda: bool(opened))


class TestEnterInASheet:
    def test_it_presses_the_button_that_has_the_focus(self, qapp: QApplication) -> None:
        pressed: list[str] = []
        sheet = Dialog(None, "退费？")
        second = button("不退", lambda: pressed.append("不退"))
        sheet.buttons(button("退", lambda: pressed.append("退")), second)
        sheet.open()
        second.setFocus()
        QTest.keyClick(second, Qt.Key.Key_Return)
        assert pressed == ["不退"]
        sheet.reject()
        qapp.processEvents()

    def test_a_field_with_an_act_of_its_own_presses_nothing_else(self, qapp: QApplication) -> None:
        pressed: list[str] = []
        sheet = Dialog(None, "登录")
        field, plain = QLineEdit(), QLineEdit()
        sheet.body.addWidget(field)
        sheet.body.addWidget(plain)
        field.returnPressed.connect(lambda: pressed.append("field"))
        sheet.buttons(button("进入", lambda: pressed.append("first")))
        sheet.open()
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert pressed == ["field"]
        plain.setFocus()
        QTest.keyClick(plain, Qt.Key.Key_Return)
        assert pressed == ["field", "first"]
        sheet.reject()
        qapp.processEvents()

    def test_every_button_of_the_window_is_one_that_enter_presses(self, qapp: QApplication) -> None:
        assert qapp is not None
        assert type(button("x", lambda: None)) is not QPushButton


class TestACopiedFolder:
    @pytest.fixture
    def copied(self, folder: Path, tmp_path: Path, library: Library, qapp: QApplication) -> Iterator[Login]:
        assert qapp is not None
        path = Path(shutil.copytree(folder, tmp_path / "copied"))
        counter = open_counter(path, library, NOW, "李红", PASSWORD)
        assert settle_text(counter, text(visit("V1", settled_on="2026-11-22"))).stored is not None
        with counter.store.write() as connection:
            settings.put(connection, PLACE, "elsewhere")
        counter.close()
        self.opened: list[Session] = []
        one = Login(path, library, NOW, self.opened.append)
        one.open()
        one.enter_as("李红", PASSWORD)
        shows(lambda: "复制" in one.wrong.text())
        yield one
        for counter in self.opened:
            counter.close()

    def press(self, one: Login, word: str) -> None:
        (pressed,) = [each for each in one.where.findChildren(QPushButton) if each.text() == word]
        pressed.click()

    def test_it_is_asked_about_and_may_be_left_alone(self, copied: Login) -> None:
        self.press(copied, "都不是，返回")
        assert self.opened == []
        copied.reject()

    def test_it_goes_on_where_the_first_is_used_no_more(self, copied: Login) -> None:
        self.press(copied, "原来的不用了")
        shows(lambda: bool(self.opened))
        assert self.opened[0].clinic.counter == "01"

    def test_a_code_that_cannot_be_is_said_and_asked_again(self, copied: Login) -> None:
        copied.code.setText("０1")  # the first one's own
        QTest.keyClick(copied.code, Qt.Key.Key_Return)
        shows(lambda: "收费台代码 01 不对" in copied.wrong.text())
        QTest.keyClick(copied.password, Qt.Key.Key_Return)
        shows(lambda: "请先说明" in copied.wrong.text())
        self.press(copied, "作为另一个收费台")  # nothing is typed
        assert copied.where.isVisible()
        copied.code.setText("０2")
        QTest.keyClick(copied.code, Qt.Key.Key_Return)
        shows(lambda: bool(self.opened))
        assert self.opened[0].clinic.counter == "02"

    def test_it_becomes_another_counter(self, copied: Login) -> None:
        copied.code.setText("02")
        self.press(copied, "作为另一个收费台")
        shows(lambda: bool(self.opened))
        assert self.opened[0].clinic.counter == "02"
