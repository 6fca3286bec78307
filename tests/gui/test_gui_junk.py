"""Junk in every field there is, then Tab, Enter or the main button: it is read or refused, and nothing breaks.

The fields are found in the sheets and pages, which are found from the classes: a new field is walked. Nothing is
settled, voided or closed; no figure is taken from a text that is none; what is stored can all be seen; a refusal names
its field, and quotes nothing that hides or turns the words around it. Every field gets a part of the texts, its
neighbours the others; all of them where GONGJI_JUNK is "all".
"""

import os
import sys
import unicodedata
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QWidget
from shiboken6 import isValid

from gongji.gui.first_start.first_start import FirstStart
from gongji.gui.kit.dialogs import Dialog
from gongji.gui.shell.pages import Pages
from gongji.gui.shell.screen_stack import SCREENS
from tests.gui.conftest import USUAL_DAY
from tests.support.clerk import Clerk
from tests.support.editions import PINGLIANG
from tests.support.every_sheet import NOT_OPENED, OF_PINGLIANG, OWN, SHEETS, Opener, begin_visit, every_sheet
from tests.support.junk import FIGURES, JUNK, Field, fields_of, label_of, put, takes_figures, words_of
from tests.support.looking import put_away, rows_of_book

Come = Callable[[], QWidget]
Faults = list[str]
_STEP = 1 if os.environ.get("GONGJI_JUNK") == "all" else 5
_ENDINGS = ("Enter", "main", "Tab")
_BUG = "程序出了错"
_LONGEST_SENTENCE = 400
_MONEY = ("settlement", "closing")
_STEPS = (1, 2)
"""The first start's steps with fields that are asked for; the last one makes the data."""
_ELSEWHERE = {
    "Dialog": "the question whether to close the shift: it has no field, and Enter closes",
    "FirstStart": "a step is shown after another: see test_in_the_first_start",
    "SecretSheet": "is in a clinic's own window: see test_in_a_clinics_own",
    "LockSheet": "its password is compared, never shown or stored: see test_lock_sheet.py",
    **NOT_OPENED,
}
_REFUNDS = "RefundSheet"
_COMPANIONS = {
    "处方编号": "CF1", "开具日期": "2026-11-20", "依据": "保存期满，第 3 号销毁清册", "要旨": "起付标准降低",
    "出自哪个通知": "第 3 号通知",
    "通知的": "第二条", "改为": "100", "算式": "(300 − 100) × 65%",
    "原因": "卡纸", "起号": "0001", "号码": "0001", "止号": "0100",
}  # fmt: skip
"""What stands in the other fields of a sheet, so that the one that is looked at is what is refused."""


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[Faults]:
    """What broke in a slot: Qt gives it to nobody else."""
    found: Faults = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, _: found.append(f"{kind.__name__}: {error}"))
    yield found
    assert found == []


def test_every_sheet_is_walked() -> None:
    assert every_sheet() == {*SHEETS, *OF_PINGLIANG, *_ELSEWHERE}


def test_in_the_first_start(clerk: Clerk, broken: Faults) -> None:
    wrong: Faults = []
    for step in _STEPS:
        wrong += _Walk(clerk, f"FirstStart, step {step}", broken, has_fields=True).in_place(_step(clerk, step))
    assert not wrong, "\n".join(wrong)


def test_in_a_clinics_own(own: Clerk, broken: Faults) -> None:
    wrong = _Walk(own, "SecretSheet", broken, has_fields=True).in_place(_sheet(own, "SecretSheet", OWN["SecretSheet"]))
    assert not wrong, "\n".join(wrong)


def test_in_every_sheet(clerk: Clerk, broken: Faults) -> None:
    wrong: Faults = []
    for name, go in SHEETS.items():
        if name not in _ELSEWHERE:
            wrong += _Walk(clerk, name, broken).in_place(_sheet(clerk, name, go))
    assert not wrong, "\n".join(wrong)


def test_in_every_sheet_of_another_edition(sit_down: Callable[..., Clerk], broken: Faults) -> None:
    clerk, wrong = sit_down(PINGLIANG, day=USUAL_DAY), list[str]()
    for name, go in OF_PINGLIANG.items():
        wrong += _Walk(clerk, name, broken).in_place(_sheet(clerk, name, go))
    assert not wrong, "\n".join(wrong)


def test_in_every_page(clerk: Clerk, broken: Faults) -> None:
    wrong: Faults = []
    for number, entry in enumerate(SCREENS, 1):
        clerk.press(str(number), with_ctrl=True)
        inside = next((one for one in clerk.window.screen_shown.findChildren(Pages) if one.isVisible()), None)
        for key in [None] if inside is None else list(inside.keys()):
            name = entry.title if key is None else f"{entry.title} → {key.word}"
            wrong += _Walk(clerk, name, broken).in_place(_page(clerk, number, "" if key is None else key.key, inside))
    assert not wrong, "\n".join(wrong)


def _sheet(clerk: Clerk, name: str, go: Opener) -> Come:
    def come() -> QWidget:
        go(clerk)
        sheet = clerk.sheet
        assert type(sheet).__name__ == name
        assert sheet is not None
        return sheet

    return come


def _step(clerk: Clerk, step: int) -> Come:
    def come() -> QWidget:
        SHEETS["FirstStart"](clerk)
        sheet = clerk.sheet
        assert isinstance(sheet, FirstStart)
        sheet.own.setChecked(True)
        sheet._show(step)  # noqa: SLF001  # without what the steps before it ask for
        return sheet.pages.currentWidget()

    return come


def _page(clerk: Clerk, number: int, key: str, inside: Pages | None) -> Come:
    def come() -> QWidget:
        if number == 1:
            begin_visit(clerk)
        clerk.press(str(number), with_ctrl=True)
        if key:
            clerk.press(key)
        clerk.settle_down()
        return clerk.window.screen_shown if inside is None else inside.current

    return come


class _Walk:
    """Through the fields of one place."""

    def __init__(self, clerk: Clerk, name: str, broken: Faults, *, has_fields: bool = False) -> None:
        self.clerk, self.name, self.broken, self.has_fields = clerk, name, broken, has_fields
        self.wrong: Faults = []
        self.place: QWidget | None = None
        self._read_at, self._read = -1, dict[str, object]()

    def in_place(self, come: Come) -> Faults:
        self.place = come()
        before, count = self._book(), len(fields_of(self.place))
        self.wrong += [f"{self.name}: no field"] if self.has_fields and not count else []
        for at in range(count):
            for step, (what, text) in enumerate(JUNK.items()):
                if (at + step) % _STEP == 0:
                    self._try(come, at, what, _ENDINGS[(at + step // _STEP) % len(_ENDINGS)], text)
        if self.name != _REFUNDS and self._book() != before:
            self.wrong.append(f"{self.name}: settled, voided or closed")
        self.wrong += [f"{self.name}: stored {one}" for one in _unseen_in_book(self.clerk)]
        put_away(self.clerk)
        return self.wrong

    def _book(self) -> dict[str, int]:
        rows = rows_of_book(self.clerk)
        return {name: rows[name] for name in _MONEY}

    def _is_there(self) -> bool:
        try:
            above = self.clerk.sheet
            return (
                self.place is not None and self.place.isVisible() and above in {None, self.place, self.place.window()}
            )
        except RuntimeError:  # Qt has deleted it
            return False

    def _try(self, come: Come, at: int, what: str, ending: str, text: str) -> None:
        if not self._is_there():
            put_away(self.clerk)
            self.place = come()
        place = self.place
        assert place is not None
        reached = fields_of(place)
        field = reached[at]() if at < len(reached) else None
        if field is None:
            return  # it depends on what stands in another one
        self._fill_others(place, field)
        draft, stored, said = self.clerk.screen.state.draft, self._stored(), _said(self.clerk, place)
        stood, words, asks_name = _text(field), words_of(field), takes_figures(field) or bool(label_of(field))
        is_figure = takes_figures(field)
        others = {label_of(one) for one in place.findChildren(QLineEdit) if one.isVisible()} - {""}
        put(field, text)
        self._press(field, ending)
        told = [one for one in self._told() if one not in said]
        where = f"{self.name} “{words}” {what}, {ending}: "
        self.wrong += [where + one for one in _odd(told)]
        if is_figure and what not in FIGURES and (self.clerk.screen.state.draft != draft or self._stored() != stored):
            self.wrong.append(f"{where}taken as a figure")
        if asks_name and told and not any(word in one for word in [words, *others] for one in told):
            self.wrong.append(f"{where}not named in {told}")
        self._restore(field, stood)
        if self.clerk.screen.state.draft != draft:
            put_away(self.clerk)
            self.clerk.screen.state.reset(draft)
            self.clerk.settle_down()

    def _fill_others(self, place: QWidget, field: Field) -> None:
        for one in place.findChildren(QLineEdit):
            if one is not field and one.isVisible() and one.isEnabled() and not one.text():
                told = _COMPANIONS.get(words_of(one)) or _COMPANIONS.get(one.placeholderText())
                if told is not None:
                    one.setText(told)

    def _press(self, field: Field, ending: str) -> None:
        if ending == "main":
            button = _main_of(self.place)
            if button is None:
                ending = "Enter"
            else:
                button.click()
        if ending != "main":
            QTest.keyClick(field, {"Enter": Qt.Key.Key_Return, "Tab": Qt.Key.Key_Tab}[ending])
        QApplication.processEvents()
        self.clerk.until(lambda: self.clerk.station.jobs.is_idle)

    def _told(self) -> list[str]:
        """What is said now on the place and in every sheet above it; those are put away."""
        if self.broken:
            self.wrong.append(f"{self.name}: broke: {self.broken}")
            self.broken.clear()
        told = _said(self.clerk, self.place) if self._is_there() else []
        own = {self.place, self.place.window()} if self.place is not None and isValid(self.place) else set()
        for sheet in self.clerk.sheets:
            if sheet in own:
                continue
            told.append("\n".join(one.text() for one in sheet.findChildren(QLabel) if one.isVisible()))
            if sheet.windowTitle() == _BUG:
                self.wrong.append(f"{self.name}: {[one.toPlainText() for one in sheet.findChildren(QPlainTextEdit)]}")
            if isinstance(sheet, Dialog):
                sheet.reject()
        return told

    def _restore(self, field: Field, stood: str) -> None:
        try:
            if self._is_there() and isinstance(field, QLineEdit) and field.isVisible():
                field.setText(stood)
        except RuntimeError:  # the editor of a cell is gone
            return

    def _stored(self) -> dict[str, object]:
        """What the book holds, read again where anybody wrote to it."""
        reader = self.clerk.counter.store.reader
        version = reader.execute("PRAGMA data_version").fetchone()[0]
        if version != self._read_at:
            settings = reader.execute("SELECT name, value FROM setting ORDER BY name").fetchall()
            self._read_at, self._read = version, {**rows_of_book(self.clerk), "setting": settings}
        return self._read


def _text(field: Field) -> str:
    return field.text() if isinstance(field, QLineEdit) else field.toPlainText()


def _said(clerk: Clerk, place: QWidget | None) -> list[str]:
    """What is said to be wrong, on the place and among the counter's notes."""
    if place is None:
        return []
    labels = [one for one in place.findChildren(QLabel) if one.isVisible() and one.property("part") == "wrong"]
    return [one.text() for one in labels if one.text()] + [note.text for note in clerk.screen.panel.notes.shown]


def _main_of(place: QWidget | None) -> QPushButton | None:
    there = (
        [] if place is None else [one for one in place.findChildren(QPushButton) if one.isVisible() and one.isEnabled()]
    )
    return next((one for one in there if one.isDefault() or one.property("part") == "main"), None)


def _odd(told: list[str]) -> Iterator[str]:
    """What is wrong with sentences as such: too long to be read, or with signs that hide or turn their words."""
    for one in told:
        if len(one) > _LONGEST_SENTENCE:
            yield f"{len(one)} characters are said: {one[:40]}…"
        if any(_is_unseen(sign) for sign in one if sign != "\n"):
            yield f"said as it was: {one[:80]!r}"


def _is_unseen(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Cn"} or unicodedata.bidirectional(sign) in {
        "R",
        "AL",
        "AN",
    }


def _unseen_in_book(clerk: Clerk) -> Iterator[str]:
    """What of the texts a person stored cannot be seen."""
    reader = clerk.counter.store.reader
    for name, columns in (
        ("setting", "name, value"),
        ("audit", "subject, detail"),
        ("person", "name"),
    ):
        for row in reader.execute(f"SELECT {columns} FROM {name}"):  # noqa: S608  # the test's own words
            for one in row:
                if isinstance(one, str) and any(_is_unseen(sign) for sign in one if sign not in "\n\r\t"):
                    yield f"{name}: {one[:60]!r}"
