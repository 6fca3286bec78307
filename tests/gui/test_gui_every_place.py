"""Every sheet and page there is, by keyboard alone and with a scanner in hand.

Everything is reached with Tab, no stray key and no scan acts, types or changes anything, Esc leaves, and the focus is
back. The walk takes its sheets and pages from the classes: a new one is walked, or says why not.
"""

import re
from collections.abc import Callable
from itertools import cycle

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QButtonGroup,
    QComboBox,
    QDialog,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextBrowser,
    QWidget,
)

from gongji.gui.counter.screen import CounterScreen
from gongji.gui.kit.choice import Choice
from gongji.gui.kit.dialogs import Dialog, SideWindow
from gongji.gui.manual.viewer import ManualWindow
from gongji.gui.records.screen import RecordsScreen
from gongji.gui.shell.screen_stack import SCREENS
from tests.gui.conftest import USUAL_DAY
from tests.support.clerk import Clerk
from tests.support.editions import PINGLIANG
from tests.support.every_sheet import (
    BARCODE,
    NOT_OPENED,
    OF_PINGLIANG,
    OTHER_PATIENT,
    OWN,
    SHEETS,
    Opener,
    every_page,
    every_sheet,
    pages,
)
from tests.support.looking import all_told, focus_in, put_away, rows_of_book, sentences

UNKNOWN = "ABC-1234567"
SCANS = ((UNKNOWN, "Enter", 15), (BARCODE, "Tab", 15), (OTHER_PATIENT, "", 4))
KNOWN = cycle(((BARCODE, "Enter", 4), (OTHER_PATIENT, "Tab", 15), (BARCODE, "", 15)))
_MOST_TABS = 80
_STRAY = (
    "Left", "Right", "Up", "Down", "PgUp", "PgDn", "Home", "End", "Backspace",
    *(f"F{number}" for number in range(2, 13)), *"123456789", "Alt+1", "Alt+2", "Ctrl+2", "Ctrl+3",
)  # fmt: skip
_KEY = re.compile(r"(?:Alt|Ctrl|Shift)\+\S+|\bF\d+\b|\bEsc\b")
_INPUTS = (QAbstractButton, QLineEdit, QComboBox, QAbstractItemView, QPlainTextEdit)
Faults = list[str]


def test_every_sheet_is_walked() -> None:
    assert every_sheet() == {*SHEETS, *OWN, *OF_PINGLIANG, *NOT_OPENED}


def test_every_sheet(clerk: Clerk) -> None:
    wrong: Faults = []
    for name, go in SHEETS.items():
        wrong += _in_sheet(clerk, name, go)
    assert not wrong, "\n".join(wrong)


def test_every_sheet_of_a_clinics_own(own: Clerk) -> None:
    """The one that locks the window is walked in test_lock_sheet.py: it is not left with Esc."""
    wrong = _in_sheet(own, "SecretSheet", OWN["SecretSheet"])
    assert not wrong, "\n".join(wrong)


def test_every_sheet_of_another_edition(sit_down: Callable[..., Clerk]) -> None:
    clerk, wrong = sit_down(PINGLIANG, day=USUAL_DAY), list[str]()
    for name, go in OF_PINGLIANG.items():
        wrong += _in_sheet(clerk, name, go)
    assert not wrong, "\n".join(wrong)


def test_every_page(clerk: Clerk) -> None:
    wrong: Faults = []
    seen = set[str]()
    for place, page in pages(clerk):
        seen.add(type(page).__name__)
        first = focus_in(clerk.window)
        if first is None or not clerk.window.screen_shown.isAncestorOf(first):
            wrong.append(f"{place}: begins at {first}")
        wrong += [f"{place}: by mouse alone: {one}" for one in _by_mouse_alone(clerk, page)]
        rows = rows_of_book(clerk)
        for key in ("Left", "Right", "Up", "Down", "PgUp", "PgDn", "Home", "End", *"123"):
            clerk.press(key)
            if clerk.sheet is not None:
                wrong.append(f"{place}: {key} opened {clerk.sheet}")
                put_away(clerk)
        wrong += _unknown_on_page(clerk, place, page)
        wrong += _known_on_page(clerk, place, page)
        if rows_of_book(clerk) != rows:
            wrong.append(f"{place}: the book was changed")
    assert not wrong, "\n".join(wrong)
    assert seen >= every_page()


# ---- in a sheet ------------------------------------------------------------------------------------------------------


def _in_sheet(clerk: Clerk, name: str, go: Opener) -> Faults:
    sheet = _opened(clerk, name, go)
    rows = rows_of_book(clerk)
    first = focus_in(sheet)
    wrong = _helped(clerk, sheet, name) if isinstance(sheet, Dialog) else []
    wrong += [f"{name}: begins at {first}"] if first is None or isinstance(first, QTextBrowser) else []
    wrong += [f"{name}: by mouse alone: {one}" for one in _by_mouse_alone(clerk, sheet)]
    for code, end, pace_ms in SCANS:
        sheet = _opened(clerk, name, go)
        wrong += _scanned(clerk, sheet, f"{name} {code} {end}: ", (code, end, pace_ms))
    wrong += _stray_keys(clerk, name, go)
    clerk.settle_down()
    if rows_of_book(clerk) != rows:
        wrong.append(f"{name}: the book was changed by scans or stray keys")
    if name not in {
        "Dialog",
        "InstallSheet",
    }:  # the questions whether to close the shift, and to install: Enter says so
        wrong += _enter_at_once(clerk, name, go)
    put_away(clerk)
    return wrong


def _stray_keys(clerk: Clerk, name: str, go: Opener) -> Faults:
    """Press every key that is not meant for a sheet, and leave it with Esc: nothing behind it has changed."""
    sheet, wrong = _opened(clerk, name, go), list[str]()
    draft = clerk.screen.state.draft
    for key in _STRAY:
        if isinstance(sheet, Choice) and key.isdecimal():
            continue  # a digit chooses there
        clerk.press(key)
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        if clerk.sheet is not sheet:
            wrong.append(f"{name}: {key} left it for {clerk.sheet}")
            sheet = _opened(clerk, name, go)
    if clerk.screen.state.draft != draft:
        wrong.append(f"{name}: the visit behind it was changed")
    for _ in range(2):  # what is typed into the manual's search goes first
        if clerk.sheet is sheet:
            clerk.press("Esc")
    if clerk.sheet is not None:
        return [*wrong, f"{name}: Esc does not leave"]
    return wrong if focus_in(clerk.window) is not None else [*wrong, f"{name}: no focus after Esc"]


def _helped(clerk: Clerk, sheet: QDialog, name: str) -> Faults:
    """Press F1: the manual is beside the sheet, and Esc closes that alone."""
    clerk.press("F1")
    wrong = [] if isinstance(clerk.sheet, ManualWindow) else [f"{name}: F1 opens {clerk.sheet}"]
    clerk.press("Esc")
    return wrong if clerk.sheet is sheet else [*wrong, f"{name}: Esc in the manual leaves it for {clerk.sheet}"]


def _opened(clerk: Clerk, name: str, go: Opener) -> QDialog:
    """Come to a sheet as a person does, where it is not on top."""
    sheet = clerk.sheet
    if type(sheet).__name__ != name:
        put_away(clerk)
        go(clerk)
        sheet = clerk.sheet
    assert type(sheet).__name__ == name
    assert sheet is not None
    return sheet


def _enter_at_once(clerk: Clerk, name: str, go: Opener) -> Faults:
    """Press Enter in a sheet in which nothing was chosen or typed."""
    _opened(clerk, name, go)
    rows = rows_of_book(clerk)
    clerk.press("Enter")
    clerk.settle_down()
    changed = set(rows_of_book(clerk).items()) - set(rows.items())
    return [f"{name}: Enter at once changed {changed}"] if changed else []


def _scanned(clerk: Clerk, sheet: QDialog, where: str, scan: tuple[str, str, int]) -> Faults:
    """Scan in a sheet: it stays as it is and says so, or gives way and the counter takes the code."""
    before, focus = all_told(sheet), sheet.focusWidget()
    clerk.scan(*scan)
    clerk.settle_down()
    if clerk.sheet is not sheet:
        gives_way = isinstance(sheet, SideWindow) or (isinstance(sheet, Dialog) and sheet.gives_way)
        return ([] if gives_way else [where + "the sheet is gone"]) + _typed(where, scan[0])
    said = [] if "没有录入" in sentences(sheet) else [where + "nothing is said"]
    return said + _changed(where, before, all_told(sheet), is_moved=sheet.focusWidget() is not focus)


def _changed(where: str, before: list[tuple[str, object]], now: list[tuple[str, object]], *, is_moved: bool) -> Faults:
    wrong = [f"{where}{old} became {new}" for old, new in zip(before, now, strict=False) if old != new]
    return wrong + ([f"{where}the focus moved"] if is_moved else [])


def _typed(where: str, code: str) -> Faults:
    fields = [one for top in QApplication.topLevelWidgets() for one in top.findChildren(QLineEdit) if one.isVisible()]
    return [where + "typed"] if any(code[:4] in one.text() or code[-4:] in one.text() for one in fields) else []


# ---- on a page -------------------------------------------------------------------------------------------------------


def _unknown_on_page(clerk: Clerk, place: str, page: QWidget) -> Faults:
    """Scan what nobody knows: it is named, and the page is as it was."""
    before, focus, screen = all_told(page), clerk.window.focusWidget(), clerk.window.screen_shown
    clerk.scan(UNKNOWN, "Enter", 15)
    clerk.settle_down()
    wrong = [] if UNKNOWN in (clerk.notes if clerk.sheet is None else sentences(clerk.sheet)) else [f"{place}: no word"]
    put_away(clerk)
    wrong += [] if clerk.window.screen_shown is screen else [f"{place}: another screen"]
    return wrong + _changed(f"{place}: ", before, all_told(page), is_moved=clerk.window.focusWidget() is not focus)


def _known_on_page(clerk: Clerk, place: str, page: QWidget) -> Faults:
    """Scan what the counter knows: it goes there, and what was typed on the page is still there."""
    screen, before, (code, end, pace_ms) = clerk.window.screen_shown, all_told(page), next(KNOWN)
    clerk.screen.begin_anew()
    screen.enter()
    clerk.scan(code, end, pace_ms)
    clerk.settle_down()
    draft = clerk.screen.state.draft
    is_taken = bool(draft.lines) if code == BARCODE else draft.person_id == code
    wrong = [] if is_taken and clerk.window.screen_shown is clerk.screen else [f"{place}: {code} not taken"]
    wrong += _typed(f"{place}: {code} ", code)
    put_away(clerk)
    clerk.screen.begin_anew()
    clerk.window.go_to(next(one.name for one in SCREENS if clerk.window.screen_named(one.name) is screen))
    if isinstance(screen, CounterScreen | RecordsScreen):  # which begin anew: see their `enter`
        return wrong
    return wrong + _changed(f"{place}: ", before, all_told(page), is_moved=False)


# ---- what is reached -------------------------------------------------------------------------------------------------


def _by_mouse_alone(clerk: Clerk, place: QWidget) -> Faults:
    """What Tab does not reach though a mouse could use it."""
    there = _reached(clerk, place)
    proxies = {one.focusProxy() for one in there} | there
    return [_named(one) for one in _to_reach(place) if one not in proxies]


def _reached(clerk: Clerk, place: QWidget) -> set[QWidget]:
    """Press Tab until the focus is where it was before; return where it has been."""
    first = focus_in(place)
    found: set[QWidget] = set()
    for _ in range(_MOST_TABS):
        here = focus_in(place)
        if here is None:
            break
        if here is first and len(found) > 1:
            break
        found.add(here)
        clerk.press("Tab")
    return found


def _to_reach(place: QWidget) -> list[QWidget]:
    """What a mouse could use in a sheet or on a page and Tab has to reach.

    Arrows go to the others of some buttons of which one is chosen, and in a list that is shown for what is typed; a key
    that is written on a button or on its tip presses it.
    """
    found = [
        one
        for one in place.findChildren(QWidget)
        if isinstance(one, _INPUTS) and one.isVisible() and one.isEnabled() and not _is_part(one)
    ]
    return [one for one in found if not _is_one_of_several(one) and not _has_a_key(one)]


def _is_part(one: QWidget) -> bool:
    """Tell whether a widget is inside another input, such as the field of an editable combo box."""
    above = one.parentWidget()
    while above is not None:
        if isinstance(above, (*_INPUTS, QTabBar)):
            return True
        above = above.parentWidget()
    return False


def _is_one_of_several(one: QWidget) -> bool:
    if not isinstance(one, QAbstractButton) or not one.isCheckable() or one.isChecked():
        return False
    group: QButtonGroup | None = one.group()
    if group is None:
        return one.autoExclusive()
    return group.exclusive()


def _has_a_key(one: QWidget) -> bool:
    if one.focusPolicy() != Qt.FocusPolicy.NoFocus:
        return False
    words = f"{one.text()} {one.toolTip()}" if isinstance(one, QAbstractButton) else ""
    return isinstance(one, QAbstractItemView) or _KEY.search(words) is not None


def _named(one: QWidget) -> str:
    words = [read() for name in ("text", "placeholderText") if callable(read := getattr(one, name, None))]
    return " ".join([type(one).__name__, *(str(word) for word in words if word)])
