"""Junk wherever a password or a key is asked for: it is wrong, or it is one and opens what it was chosen for.

Each field gets every text alone, with what is right in the others. Nothing breaks, nothing is kept of what was refused,
nothing that was typed is said again, and whoever knows the right one comes in afterwards.
"""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from gongji.core.operator_names import password_problem
from gongji.desk.clinic import locks
from gongji.desk.clinic.open import open_counter
from gongji.desk.clinic.operators import add_operator, make_recovery_key
from gongji.desk.imports.by_hand import keep_by_hand
from gongji.desk.policies.accepted_makers import AcceptedMaker, accept_maker
from gongji.desk.roles import Role
from gongji.desk.session import Session
from gongji.gui.data.forget_sheet import ForgetSheet
from gongji.gui.data.people_page import PeoplePage
from gongji.gui.data.screen import DataScreen
from gongji.gui.policies.install_sheet import PackSheet
from gongji.gui.settings.gateway_page import GatewayPage
from gongji.gui.settings.operators_page import OperatorsPage
from gongji.gui.settings.screen import SettingsScreen
from gongji.gui.settings.settings_page import SecretSheet
from gongji.gui.shell.login import Login
from gongji.pack_files.library import Library
from gongji.store.book_file import keys
from gongji.store.signing import Signer
from tests.gui.conftest import USUAL_DAY
from tests.support.clerk import Clerk, at, page_of
from tests.support.clinic import OPERATOR, PASSWORD
from tests.support.every_sheet import click
from tests.support.junk import JUNK, put
from tests.support.looking import put_away
from tests.support.tables import number, person
from tests.support.waiting import until

OTHER, OTHER_PASSWORD, NEW = "王芳", "王芳的口令 1", "新的口令 2026"
_STEP = 1 if os.environ.get("GONGJI_JUNK") == "all" else 3
_BUG = "程序出了错"
SECRETS: dict[str, tuple[tuple[str, ...], tuple[int, ...]]] = {
    "增加操作员": ((PASSWORD, "赵敏", NEW, NEW), (0, 2, 3)),
    "改自己的口令": ((PASSWORD, NEW, NEW), (0, 1, 2)),
    "重设选中的口令": ((PASSWORD, NEW, NEW), (0, 1, 2)),
    "删除选中的": ((PASSWORD,), (0,)),
    "改岗位": ((PASSWORD, "收费员"), (0,)),
    "第二人在场": ((OTHER, OTHER_PASSWORD), (0, 1)),
    "恢复钥匙": ((PASSWORD,), (0,)),
    "试恢复钥匙": (("",), (0,)),
    "登记审计的钥匙": ((PASSWORD, "审计赵敏", "age1"), (0, 2)),
}
"""The sheets of 设置 → 操作员: what is right in each field, and in which of them junk never is."""


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a password costs is not what is tested here."""
    monkeypatch.setattr(keys, "MEMORY_KIB", 64)
    monkeypatch.setattr(keys, "ITERATIONS", 1)


@pytest.fixture
def two(own: Clerk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clerk]:
    """A clinic's own window with two managers, a recovery key, and a maker of packs; whatever breaks in it is seen."""
    broken: list[BaseException] = []
    monkeypatch.setattr("sys.excepthook", lambda _kind, error, _trace: broken.append(error))

    def prepare() -> None:
        add_operator(own.counter, PASSWORD, OTHER, OTHER_PASSWORD, Role.MANAGER)
        make_recovery_key(own.counter, PASSWORD)
        with own.counter.store.write() as connection:
            accept_maker(
                connection,
                AcceptedMaker(
                    who="县医保局",
                    public=Signer(bytes(range(32))).public.hex(),
                    at=own.counter.stamp(),
                    operator=OPERATOR,
                    second=OTHER,
                ),
            )

    own.station.jobs.write(prepare)
    own.settle_down()
    yield own
    assert broken == []


def texts(nth: int) -> list[tuple[str, str]]:
    """The texts for the nth field; its neighbours get the others, all of them where GONGJI_JUNK is "all"."""
    return [one for place, one in enumerate(JUNK.items()) if (nth + place) % _STEP == 0]


def kept(clerk: Clerk) -> tuple[bytes, list[tuple[str, str]], int]:
    reader = clerk.counter.store.reader
    rows = reader.execute("SELECT name, value FROM setting WHERE name != 'witness_marked' ORDER BY name").fetchall()
    return (
        (clerk.counter.folder.path / "keys.json").read_bytes(),
        rows,
        int(reader.execute("SELECT count(*) FROM audit").fetchone()[0]),
    )


def said(place: QWidget) -> str:
    return "\n".join(one.text() for one in place.findChildren(QLabel) if one.isVisible())


def check_said(words: str, junk: str, where: str) -> None:
    shown = "".join(sign for sign in junk if sign.isprintable()).strip()
    assert len(shown) < 3 or shown not in words, f"{where}: said again"  # a sign or two is anywhere
    assert _BUG not in words, where


def operators(clerk: Clerk) -> OperatorsPage:
    clerk.press("8", with_ctrl=True)
    clerk.press("F3")
    screen = clerk.window.screen_shown
    assert isinstance(screen, SettingsScreen)
    return page_of(screen, OperatorsPage)


def secret_sheet(clerk: Clerk, word: str) -> SecretSheet:
    page = operators(clerk)
    page.table.selectRow(list(page.table.rows_model.rows).index(OTHER))
    click(clerk, word)
    sheet = clerk.sheet
    assert isinstance(sheet, SecretSheet)
    return sheet


@pytest.mark.parametrize("word", SECRETS)
def test_in_the_sheets_of_the_operators(two: Clerk, word: str) -> None:
    right, places = SECRETS[word]
    before = kept(two)
    for place in places:
        for what, junk in texts(place):
            sheet, where = secret_sheet(two, word), f"{word}, {place}: {what}"
            for field, text in zip(sheet.fields, right, strict=True):
                field.setText(text)
            put(sheet.fields[place], junk)
            sheet.take()
            two.settle_down()
            assert two.sheet is sheet, where
            assert sheet.wrong.text() not in {"", "请稍候……"}, where
            check_said(said(sheet), junk, where)
            assert kept(two) == before, where
            put_away(two)


def test_what_is_taken_as_a_new_password_opens(two: Clerk, library: Library) -> None:
    """Pasted twice as the new one: refused with a sentence, or the lock and the log-in take it, pasted there."""
    path, now, taken = two.counter.folder.path, PASSWORD, 0
    for what, junk in JUNK.items():
        sheet = secret_sheet(two, "改自己的口令")
        sheet.fields[0].setText(now)
        for field in sheet.fields[1:]:
            put(field, junk)
        typed = sheet.fields[1].text()
        sheet.take()
        two.settle_down()
        if password_problem(typed, OPERATOR) is not None:
            assert two.sheet is sheet, what
            assert "口令" in sheet.wrong.text(), what
            put_away(two)
            continue
        assert two.sheet is None, (what, sheet.wrong.text())
        assert typed.isprintable(), f"{what}: nobody could type it again"
        now, taken = typed, taken + 1
        two.window.lock.lock()
        lock = two.window.lock.sheet
        assert lock is not None
        put(lock.password, junk)
        QTest.keyClick(lock.password, Qt.Key.Key_Return)
        two.settle_down()
        assert two.window.isVisible(), what
    assert taken > 3  # or nothing was tried
    two.leave()
    open_counter(path, library, at(USUAL_DAY), OPERATOR, now).close()


def test_in_the_lock(two: Clerk) -> None:
    path = two.counter.folder.path
    two.window.lock.lock()
    sheet = two.window.lock.sheet
    assert sheet is not None
    for what, junk in JUNK.items():
        put(sheet.password, junk)
        QTest.keyClick(sheet.password, Qt.Key.Key_Return)
        two.settle_down()
        assert two.window.lock.sheet is sheet, what
        assert "口令" in sheet.wrong.text(), what
        check_said(said(sheet), junk, what)
        locks.passed(path, OPERATOR)  # else it is not looked at for a while
    sheet.password.setText(PASSWORD)
    QTest.keyClick(sheet.password, Qt.Key.Key_Return)
    two.settle_down()
    assert two.window.isVisible()


def test_at_the_login(two: Clerk, library: Library) -> None:
    path = two.counter.folder.path
    two.leave()
    opened: list[Session] = []
    login = Login(path, library, at(USUAL_DAY), opened.append)
    login.open()
    for field, other, right in ((login.operator, login.password, PASSWORD), (login.password, login.operator, OPERATOR)):
        for what, junk in JUNK.items():
            other.setText(right)
            put(field, junk)
            wanted = field is login.password or not login.operator.chosen
            login.wrong.setText("")
            login._enter.click()  # noqa: SLF001  # its button
            _until(lambda: bool(opened) or login.wrong.text() not in {"", "正在打开数据文件……"})
            assert bool(opened) is not wanted, (what, login.wrong.text())
            check_said(said(login), junk, what)
            for name in (OPERATOR, OTHER, login.operator.text().strip()):
                locks.passed(path, name)
    login.operator.setText(OPERATOR)
    login.password.setText(PASSWORD)
    login._enter.click()  # noqa: SLF001  # its button
    _until(lambda: bool(opened))
    opened[0].close()
    QApplication.processEvents()


def _until(holds: Callable[[], bool]) -> None:
    until(holds, QApplication.processEvents)


def _gateway(clerk: Clerk) -> tuple[QWidget, QLineEdit, QLineEdit, QLabel, Callable[[], None]]:
    clerk.press("8", with_ctrl=True)
    clerk.press("F5")
    screen = clerk.window.screen_shown
    assert isinstance(screen, SettingsScreen)
    page = page_of(screen, GatewayPage)
    page.address.setText("http://10.0.0.1")
    page.region.setCurrentIndex(page.region.findData("plain"))
    return page, page.second, page.password, page.said, page.save


def _forget(clerk: Clerk) -> tuple[QWidget, QLineEdit, QLineEdit, QLabel, Callable[[], None]]:
    clerk.press("7", with_ctrl=True)
    screen = clerk.window.screen_shown
    assert isinstance(screen, DataScreen)
    screen.pages.turn_to(1)
    page_of(screen, PeoplePage).field.setText(number(1))
    clerk.settle_down()
    page_of(screen, PeoplePage).forget()
    sheet = clerk.sheet
    assert isinstance(sheet, ForgetSheet)
    sheet.reason.setText("保存期满，第 3 号销毁清册")
    return sheet, sheet.second, sheet.password, sheet.wrong, sheet._forget  # noqa: SLF001  # its button


def _makers(clerk: Clerk) -> tuple[QWidget, QLineEdit, QLineEdit, QLabel, Callable[[], None]]:
    clerk.press("6", with_ctrl=True)
    clerk.press("F10")
    click(clerk, "认可的制作人")
    sheet = clerk.sheet
    assert isinstance(sheet, PackSheet)
    return sheet, sheet.second, sheet.password, sheet.wrong, sheet._go.click  # noqa: SLF001  # its button


@pytest.mark.parametrize("come", [_gateway, _forget, _makers])
def test_of_a_second_person(
    two: Clerk, come: Callable[[Clerk], tuple[QWidget, QLineEdit, QLineEdit, QLabel, Callable[[], None]]]
) -> None:
    cells = person(1, 姓名="欧阳紫薇")
    two.station.jobs.write(lambda: keep_by_hand(two.counter, "people", cells))
    two.settle_down()
    before = kept(two)
    for nth, right in enumerate((OTHER_PASSWORD, OTHER)):
        for what, junk in texts(nth):
            place, second, password, wrong, go = come(two)
            asked, other = (second, password) if nth == 0 else (password, second)
            other.setText(right)
            put(asked, junk)
            wrong.setText("")
            go()
            two.settle_down()
            where = f"{type(place).__name__}, {nth}: {what}"
            assert wrong.text(), where
            check_said(said(place), junk if asked is password else "", where)
            assert kept(two) == before, where
            assert two.counter.second is None, where
            put_away(two)


def test_every_hidden_field_is_walked() -> None:
    """Where the program hides what is typed: a new place is walked here, or said to be elsewhere."""
    gui = Path(__file__).parents[2] / "desktop" / "gongji" / "gui"
    hides = re.compile(r"EchoMode\.Password|kit\.form import .*\bpassword\b")
    found = {one.name for one in gui.rglob("*.py") if hides.search(one.read_text(encoding="utf-8"))}
    elsewhere = {"audit_sheet.py", "first_start.py", "form.py"}  # test_gui_junk.py walks these; it makes others
    assert found - elsewhere == {
        "forget_sheet.py",
        "gateway_page.py",
        "install_sheet.py",
        "lock_sheet.py",
        "login.py",
        "settings_page.py",
    }
