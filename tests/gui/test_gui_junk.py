"""Junk in every field there is, as it is pasted from anywhere: it is read or refused, nothing breaks or is settled."""

import sys
from collections.abc import Iterator
from itertools import cycle

import pytest
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from gongji.desk.settlements.find import of_day
from tests.support.clerk import Clerk

JUNK = ("9" * 10_000, "²①٣😀\0", "\u202e12\u200b", "1e5\t0x10\nNaN", "\ud800", "-1", "1" * 400 + ".5")


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What broke in a slot: Qt gives it to nobody else."""
    found: list[str] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, _: found.append(f"{kind.__name__}: {error}"))
    yield found
    assert found == []


def _fill(place: QWidget, first: int) -> int:
    """Put a text into every field, as pasting does; return how many there are."""
    fields = [one for one in place.findChildren(QLineEdit) if one.isVisible() and one.isEnabled()]
    junk = cycle(JUNK[first:] + JUNK[:first])
    for field, text in zip(fields, junk, strict=False):
        field.selectAll()
        field.insert(text)
        field.editingFinished.emit()
    return len(fields)


def _press_main(clerk: Clerk, place: QWidget) -> None:
    for main in place.findChildren(QPushButton):
        if main.isVisible() and main.isEnabled() and (main.isDefault() or main.property("part") == "main"):
            main.click()
            break
    clerk.settle_down()


def test_in_every_sheet_of_the_counter(clerk: Clerk, faults: list[str]) -> None:
    for first in range(0, len(JUNK), 3):
        clerk.screen.begin_anew()
        clerk.choose_patient("ltj")
        clerk.add_item("amxljn")
        for key in ("Shift+F2", "Shift+F4", "Shift+F5", "F5", "F7"):
            clerk.press(key)
            if clerk.sheet is not None:
                _fill(clerk.sheet, first)
                _press_main(clerk, clerk.sheet)
            while clerk.sheets:
                clerk.press("Esc")
        _fill(clerk.screen, first)
        clerk.press("Enter", "F9")
        clerk.settle_down()
        while clerk.sheets:
            clerk.press("Esc")
    assert faults == []
    assert not list(of_day(clerk.counter.store, None))


def test_in_every_page(clerk: Clerk, faults: list[str]) -> None:
    for screen, keys in (("2", "7"), ("4", "38"), ("6", "35679"), ("7", "347"), ("8", "2345789")):
        clerk.press(screen, with_ctrl=True)
        for place, key in enumerate(keys):
            clerk.press(f"F{key}")
            clerk.settle_down()
            for above in (clerk.sheet or clerk.window.screen_shown,):
                _fill(above, place % len(JUNK))
                _press_main(clerk, above)
            while clerk.sheets:
                clerk.press("Esc")
    assert faults == []
