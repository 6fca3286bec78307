"""Every sheet of the window and how a person comes to it, and every page: for walks that leave none out."""

import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget

from gongji import gui
from gongji.desk.imports.by_hand import keep_by_hand
from gongji.gui.data.import_page import ImportPage
from gongji.gui.data.screen import DataScreen
from gongji.gui.policies.amend_page import AmendPage
from gongji.gui.policies.amend_sheets import FigureSheet
from gongji.gui.policies.install_page import InstallPage
from gongji.gui.policies.screen import PoliciesScreen
from gongji.gui.shell.pages import Pages, ScreenPage
from gongji.gui.shell.screen_stack import SCREENS
from gongji.spreadsheets.write_table import write_table
from tests.support.clerk import Clerk, choose_kind, page_of
from tests.support.editions import LOWER, following
from tests.support.tables import person

Opener = Callable[[Clerk], None]
PATIENT, OTHER_PATIENT = "530399194410303996", "530399194905028607"
BARCODE = "2990000000019"


def every_sheet() -> set[str]:
    """The names of all classes of the window that are a window above it."""
    for one in pkgutil.walk_packages(gui.__path__, "gongji.gui."):
        import_module(one.name)
    return {one.__name__ for one in _below(QDialog) if one.__module__.startswith("gongji.gui")}


def every_page() -> set[str]:
    """The names of all classes of a page of a screen."""
    every_sheet()
    inner = {one for one in _below(ScreenPage) if one.__module__.startswith("gongji.gui")}
    return {one.__name__ for one in inner if not one.__subclasses__()}


def _below(one: type) -> Iterator[type]:
    subclasses: list[type] = one.__subclasses__()
    for other in subclasses:
        yield other
        yield from _below(other)


def pages(clerk: Clerk) -> Iterator[tuple[str, QWidget]]:
    """Go through all pages of all screens as they are shown, each by its keys; a screen without pages is one."""
    for number, entry in enumerate(SCREENS, 1):
        _screen(clerk, number)
        shown = clerk.window.screen_shown
        inside = next((one for one in shown.findChildren(Pages) if one.isVisible()), None)
        if inside is None:
            yield entry.title, shown
            continue
        for key in inside.keys():  # noqa: SIM118  # those of the keyboard
            _screen(clerk, number)
            clerk.press(key.key)
            clerk.settle_down()
            yield f"{entry.title} → {key.word}", inside.current


# ---- what a person does to come to a sheet -------------------------------------------------------------------------


def begin_visit(clerk: Clerk) -> None:
    """Two lines of somebody at the counter, where they are not there yet."""
    _screen(clerk, 1)
    draft = clerk.screen.state.draft
    if draft.person_id == PATIENT and [one.quantity for one in draft.lines] == ["1", "2"]:
        return
    clerk.screen.begin_anew()
    clerk.choose_patient("ltj")
    clerk.add_item("ybzl")
    clerk.add_item("amxl", "2")
    clerk.settle_down()


def _screen(clerk: Clerk, number: int) -> None:
    if clerk.window.screen_shown is not clerk.window.screen_named(SCREENS[number - 1].name):
        clerk.press(str(number), with_ctrl=True)
        clerk.settle_down()


def _pressed(clerk: Clerk, *keys: str) -> None:
    for key in keys:
        clerk.press(key)
        clerk.settle_down()


def click(clerk: Clerk, word: str) -> None:
    """Click the button with a word, in the sheet on top or on the screen."""
    above = clerk.sheet or clerk.window
    (one,) = [
        each for each in above.findChildren(QPushButton)
        if each.isVisible() and each.isEnabled() and each.text().startswith(word)
    ]  # fmt: skip
    QTest.mouseClick(one, Qt.MouseButton.LeftButton)
    clerk.settle_down()


def _at_counter(*keys: str) -> Opener:
    def go(clerk: Clerk) -> None:
        begin_visit(clerk)
        _pressed(clerk, *keys)

    return go


def _on(screen: int, *keys: str, word: str = "") -> Opener:
    def go(clerk: Clerk) -> None:
        _screen(clerk, screen)
        _pressed(clerk, *keys)
        if word:
            click(clerk, word)

    return go


def settle_one(clerk: Clerk) -> None:
    """Settle a visit, to be found again; nothing where there is one already that was not given back."""
    (standing,) = clerk.counter.store.reader.execute(
        "SELECT coalesce(sum(CASE kind WHEN 'settle' THEN 1 ELSE -1 END), 0) FROM settlement"
    ).fetchone()
    if not standing:
        begin_visit(clerk)
        clerk.settle()


def _of_settled(then: Opener) -> Opener:
    def go(clerk: Clerk) -> None:
        settle_one(clerk)
        then(clerk)

    return go


def _line(clerk: Clerk) -> None:
    begin_visit(clerk)
    clerk.screen.asking.line(1)


def _doubts(clerk: Clerk) -> None:
    begin_visit(clerk)
    clerk.add_item("hmsc", "3000")
    clerk.settle_down()
    clerk.press("F9")
    clerk.settle_down()


def _held(clerk: Clerk) -> None:
    begin_visit(clerk)
    _pressed(clerk, "F6", "F7")


def _parameters(clerk: Clerk) -> None:
    _policy(clerk, "开放参数", 1)
    clerk.press("Enter")


def _policy(clerk: Clerk, page: str, least_rows: int = 0) -> ScreenPage:
    """Turn to a page of 政策, of an edition that has something to show there."""
    _screen(clerk, 6)
    screen = clerk.window.screen_shown
    assert isinstance(screen, PoliciesScreen)
    keys = screen.keys()
    key = next(one.key for one in keys if one.word == page)
    clerk.press(key)
    for place in range(screen.edition.count()):
        shown = screen.pages.current
        table = getattr(shown, "table", None)
        if not least_rows or len(table.rows_model.rows) >= least_rows:  # type: ignore[union-attr]  # these have one
            break
        screen.edition.setCurrentIndex(place)
        clerk.settle_down()
    return screen.pages.current


def _amending(clerk: Clerk) -> AmendPage:
    page = _policy(clerk, "补充通知")
    assert isinstance(page, AmendPage)
    return page


def _figure(clerk: Clerk) -> None:
    page = _amending(clerk)
    page.figures.setFocus()
    clerk.press("Enter")


def _install(clerk: Clerk) -> None:
    path = clerk.counter.folder.path.parent / "next.toml"
    path.write_text(following("2026-11-23", LOWER), encoding="utf-8")
    page = _policy(clerk, "安装新版")
    assert isinstance(page, InstallPage)
    page.open_paths([path])
    clerk.settle_down()
    page.ask_to_install()


_OF_A_CASE = "普通门诊支付比例：在职、三级、甲等或特等"
"""The figure of 平凉 by which one of its worked cases comes out otherwise."""


def _case(clerk: Clerk) -> None:
    page = _amending(clerk)
    if page.prepared is None:
        page.notice.title.setText("关于调整门诊共济待遇的补充通知")
        page.notice.number.setText("平医保〔2026〕1号")
        figures = page.figures.rows_model.rows
        page.figures.selectRow(next(at for at, one in enumerate(figures) if one.what == _OF_A_CASE))
        page.change_chosen()
        sheet = clerk.sheet
        assert isinstance(sheet, FigureSheet)
        for field, said in ((sheet.value, "50%"), (sheet.article, "第二条"), (sheet.gist, "比例降到一半")):
            field.setText(said)
        _pressed(clerk, "Enter")
        page.check()
        clerk.settle_down()
    page.work_out_next()


def _registrations(clerk: Clerk) -> None:
    cells = person(1, 慢特病登记="高血压三级", 登记起始="2025-01-01", 参保地="530300")
    clerk.station.jobs.write(lambda: keep_by_hand(clerk.counter, "people", cells))
    clerk.settle_down()
    _on(7, "F3", word="登记病种核对")(clerk)


def _person(clerk: Clerk) -> None:
    _on(7, "F3")(clerk)
    clerk.type(PATIENT[-4:])
    clerk.settle_down()


def _by_hand(clerk: Clerk) -> None:
    _person(clerk)
    _pressed(clerk, "F8")


def _forget(clerk: Clerk) -> None:
    _person(clerk)
    click(clerk, "按规定删除")


def _columns(clerk: Clerk) -> None:
    _on(7, "F2")(clerk)
    path = Path(clerk.counter.folder.path, "..", "office.xlsx")
    write_table(path, [["某县药品目录"], ["药品编码", "药品名称", "货位"], ["ZZ1", "试药一", "3"]])
    screen = clerk.window.screen_shown
    assert isinstance(screen, DataScreen)
    choose_kind(page_of(screen, ImportPage), "catalogue")
    page_of(screen, ImportPage).look_at(path)
    clerk.settle_down()


def _lock(clerk: Clerk) -> None:
    clerk.window.lock.lock()
    QApplication.processEvents()


SHEETS: dict[str, Opener] = {
    "PersonSheet": _at_counter("Shift+F2"),
    "VisitSheet": _at_counter("Shift+F4"),
    "YearFiguresSheet": _at_counter("Shift+F5"),
    "Choice": _at_counter("F4"),
    "AccountsSheet": _at_counter("F5"),
    "ReckoningSheet": _at_counter("F8"),
    "TryingSheet": _at_counter("F12"),
    "LineSheet": _line,
    "DoubtsSheet": _doubts,
    "HeldSheet": _held,
    "ManualWindow": _at_counter("F1"),
    "RefundList": _of_settled(_on(1, "F10")),
    "RefundSheet": _of_settled(_on(2, "F10")),
    "CheckingSheet": _on(2, "F7"),
    "PreviewSheet": _of_settled(_on(2, "F4")),
    "CarryingSheet": _on(3, "F7"),
    "DifferencesSheet": _on(3, "F10"),
    "ReconcilingSheet": _on(3, "F11"),
    "ShiftHistorySheet": _on(4, "F7"),
    "BillsSheet": _on(4, "F8"),
    "Dialog": _on(4, "F9"),
    "FillSheet": _parameters,
    "FigureSheet": _figure,
    "MakersSheet": _on(6, "F10", word="认可的制作人"),
    "ImportHistorySheet": _on(7, "F2", word="导入记录"),
    "ColumnsSheet": _columns,
    "ByHandSheet": _by_hand,
    "RegistrationsSheet": _registrations,
    "ForgetSheet": _forget,
    "UnmappedSheet": _on(7, "F4", word="目录对照"),
    "AuditSheet": _on(8, "F6", word="审计"),
    "FirstStart": _on(8, "F7", word="建立本院"),
    "UpdateSheet": _on(8, "F9", word="从 U 盘更新"),
    "SupportSheet": _on(8, "F9", word="支持包"),
}
"""How to come to a sheet in a window of practice."""

OWN: dict[str, Opener] = {"SecretSheet": _on(8, "F3", word="增加操作员"), "LockSheet": _lock}
"""Those that are in a clinic's own window alone."""

OF_PINGLIANG: dict[str, Opener] = {"CaseSheet": _case, "InstallSheet": _install}
"""Those that come of another edition of 平凉: of a notice that changes what a case comes to, and of one in a file."""

NOT_OPENED = {
    "SideWindow": "the base of the manual's window",
    "PackSheet": "the base of the sheets that install packs",
    "RowChoice": "the base of the lists to choose from",
    "FormSheet": "the base of the sheets that keep what is entered, or say what is wrong with it",
    "Login": "is there before the window: see test_scanner_sheets.py",
}
