"""The window on small screens at large scales: the amount due and F9 are seen, no amount is hidden by a warning."""

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QLineEdit, QScrollArea, QWidget

from gongji.gui.counter.notes.notes import ALERT, Note
from gongji.gui.kit.table import TableView
from gongji.gui.shell.screen_stack import SCREENS
from tests.support.clerk import Clerk
from tests.support.working import settle_samples

SIZES = {
    "1366x768": (1366, 740),
    "1280x720": (1280, 692),
    "1366x768 at 125 %": (1092, 586),
    "1280x720 at 125 %": (1024, 548),
    "1366x768 at 150 %": (910, 484),
    "1280x720 at 150 %": (853, 452),
}
"""What is left for the window in its own pixels, a title bar taken off."""


@pytest.fixture(params=SIZES)
def small(clerk: Clerk, request: pytest.FixtureRequest) -> Clerk:
    clerk.window.resize(*SIZES[request.param])
    clerk.choose_patient("ltj")
    clerk.add_item("ybzl")
    clerk.add_item("amxl", "60")
    clerk.settle_down()
    return clerk


def is_whole(one: QWidget, window: QWidget) -> bool:
    """Tell whether all of a widget is seen in the window."""
    place = QRect(one.mapTo(window, QPoint(0, 0)), one.size())
    return (
        window.rect().contains(place)
        and not one.visibleRegion().isEmpty()
        and (one.visibleRegion().boundingRect() == one.rect())
    )


def test_it_takes_no_more_room_than_there_is(small: Clerk) -> None:
    assert small.window.minimumSizeHint().width() <= small.window.width()
    assert (small.window.width(), small.window.height()) in SIZES.values()


def test_what_is_due_and_f9_are_always_seen(small: Clerk) -> None:
    panel = small.screen.panel
    for one in (panel.tender.due, panel.tender.field, panel.button):
        assert is_whole(one, small.window)


def test_what_gains_the_focus_comes_into_sight(small: Clerk) -> None:
    for key in ("F2", "F3"):
        small.press(key)
        focus = small.window.focusWidget()
        assert focus is not None
        seen = focus.visibleRegion().boundingRect()
        assert seen.height() == focus.height()
        assert seen.width() > focus.width() // 2


@pytest.mark.parametrize("screen", [one.name for one in SCREENS[1:]])
def test_every_other_screen_is_scrolled_not_cut(clerk: Clerk, screen: str) -> None:
    clerk.window.resize(*SIZES["1280x720 at 150 %"])
    shown = clerk.window.go_to(screen)
    clerk.settle_down()
    frame = clerk.window._stack.currentWidget()  # noqa: SLF001  # what is shown
    assert isinstance(frame, QScrollArea)
    across = frame.horizontalScrollBar()
    down = frame.verticalScrollBar()
    assert across.maximum() + frame.viewport().width() >= shown.minimumSizeHint().width()
    clerk.until(  # parts that are stacked ask for another height, which is given in turn
        lambda: down.maximum() + frame.viewport().height() >= shown.minimumSizeHint().height()
    )


def test_what_a_field_is_called_stays_in_sight(clerk: Clerk) -> None:
    clerk.window.resize(*SIZES["1280x720 at 150 %"])
    clerk.window.go_to("settings")
    clerk.settle_down()
    frame = clerk.window._stack.currentWidget()  # noqa: SLF001  # what is shown
    assert isinstance(frame, QScrollArea)
    for key in ("F5", "F8", "F9", "F2"):
        clerk.press(key)
        clerk.settle_down()
        assert isinstance(clerk.window.focusWidget(), QLineEdit)
        assert frame.horizontalScrollBar().value() == 0


def test_a_page_first_turned_to_is_not_squeezed(clerk: Clerk) -> None:
    clerk.window.resize(*SIZES["1280x720 at 150 %"])
    shown = clerk.window.go_to("policies")
    for key in ("F6", "F7"):
        clerk.press(key)
        clerk.settle_down()
        clerk.until(lambda: shown.height() >= shown.minimumSizeHint().height())
        assert shown.width() >= shown.minimumSizeHint().width()


def test_a_benefit_of_the_statement_is_whole(clerk: Clerk) -> None:
    settle_samples(clerk, 1)
    clerk.window.resize(*SIZES["1280x720 at 150 %"])
    shown = clerk.window.go_to("statistics")
    clerk.press("F3")
    clerk.settle_down()
    (table,) = (one for one in shown.findChildren(TableView) if one.isVisible())
    assert len(table.rows_model.rows) > 1
    assert table.columnWidth(1) >= table.sizeHintForColumn(1)


def test_a_warning_hides_no_amount(clerk: Clerk) -> None:
    clerk.window.resize(*SIZES["1280x720"])
    clerk.choose_patient("ltj")
    clerk.add_item("ybzl")
    clerk.add_item("amxl", "60")
    clerk.settle_down()
    panel = clerk.screen.panel
    panel.notes.show_notes([Note(kind=ALERT, text="这是一条很长的警告，" * 12) for _ in range(4)])
    clerk.settle_down()
    rows = [one for one in panel.amounts.rows.values() if not one.isHidden()]
    assert len(rows) >= 5
    for one in rows:
        assert is_whole(one, clerk.window), one.name


def test_sentences_give_way_and_come_when_asked_for(clerk: Clerk) -> None:
    clerk.window.resize(*SIZES["1366x768 at 150 %"])
    clerk.choose_patient("ltj")
    clerk.add_item("amxl", "60")
    clerk.settle_down()
    fund = clerk.screen.panel.amounts.rows["fund"]
    assert not fund.is_open
    fund.toggle()
    assert fund.is_open
