"""At 150 % every screen and page is as wide as there is room: it moves up and down alone, and figures are whole."""

from pathlib import Path

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QScrollArea

from gongji.gui.closing.screen import ClosingScreen
from gongji.gui.data.import_page import ImportPage
from gongji.gui.data.screen import DataScreen
from gongji.gui.kit.beside import Beside
from gongji.gui.kit.layout import Scroll, WholeFigure, fitting
from gongji.gui.policies.parameters_page import ParametersPage
from gongji.gui.policies.screen import PoliciesScreen
from gongji.gui.shell.screen_stack import SCREENS
from gongji.gui.statistics.screen import StatisticsScreen
from tests.support.clerk import Clerk, page_of

NARROW = (853, 452)
"""1280 × 720 at 150 %, without the title bar."""


def frame_of(clerk: Clerk) -> QScrollArea:
    """Return what scrolls the screen that is shown, once it has taken its room."""
    clerk.settle_down()
    for _ in range(3):  # a part that turns asks for another height, and that is given in turn
        QApplication.processEvents()
    found = clerk.window.screen_shown.parentWidget()
    while found is not None and not isinstance(found, QScrollArea):
        found = found.parentWidget()
    assert found is not None
    return found


def test_no_screen_and_no_page_moves_sideways(clerk: Clerk) -> None:
    clerk.window.resize(*NARROW)
    for place in range(1, len(SCREENS) + 1):
        clerk.press(str(place), with_ctrl=True)
        screen = clerk.window.screen_shown
        pages = getattr(screen, "pages", None)
        for page in range(1 if pages is None else len(pages.keys())):
            if pages is not None:
                pages.turn_to(page)
            assert frame_of(clerk).horizontalScrollBar().maximum() == 0, (type(screen).__name__, page)
            for inside in (one.widget() for one in screen.findChildren(Scroll) if one.isVisible()):
                assert inside.childrenRect().right() <= inside.width(), (type(screen).__name__, page)
                assert inside.minimumSizeHint().width() <= inside.width(), (type(screen).__name__, page)


def test_what_is_refused_of_a_table_can_be_read_without_moving_sideways(clerk: Clerk, tmp_path: Path) -> None:
    clerk.window.resize(*NARROW)
    clerk.press("7", with_ctrl=True)
    screen = clerk.window.screen_shown
    assert isinstance(screen, DataScreen)
    (tmp_path / "people.csv").write_text(
        "身份证号,姓名,参保地,人员状态,状态起始\n1,王五,5303,在职,昨天\n", encoding="utf-8"
    )
    page_of(screen, ImportPage).look_at(tmp_path / "people.csv")
    clerk.until(lambda: page_of(screen, ImportPage).preview is not None)
    assert frame_of(clerk).horizontalScrollBar().maximum() == 0
    assert page_of(screen, ImportPage).shown.height() >= page_of(screen, ImportPage).shown.minimumSizeHint().height()
    refused = page_of(screen, ImportPage).shown.refused
    assert refused.columnWidth(refused.model().columnCount() - 1) >= 6 * QFontMetrics(refused.font()).height()


def test_wrapped_rows_are_as_high_as_the_columns_need_them_now(clerk: Clerk) -> None:
    clerk.press("6", with_ctrl=True)
    screen = clerk.window.screen_shown
    assert isinstance(screen, PoliciesScreen)
    screen.pages.turn_to(1)
    page = screen.pages.current
    assert isinstance(page, ParametersPage)
    for size in (NARROW, (1366, 740), NARROW):
        clerk.window.resize(*size)
        frame_of(clerk)
        for row in range(page.table.model().rowCount()):
            least = page.table.verticalHeader().sectionSizeHint(row)
            assert page.table.rowHeight(row) == max(page.table.sizeHintForRow(row), least), (size, row)


def test_the_period_in_figures_is_never_cut(clerk: Clerk) -> None:
    clerk.window.resize(*NARROW)
    clerk.press("5", with_ctrl=True)
    screen = clerk.window.screen_shown
    assert isinstance(screen, StatisticsScreen)
    for tile in screen.overview.tiles.values():
        tile.show_figure("12,366,083.29", "上一期 12,366,083.29")
    assert frame_of(clerk).horizontalScrollBar().maximum() == 0
    for tile in screen.overview.tiles.values():
        for one in (tile.figure, tile.note):
            assert isinstance(one, WholeFigure)  # it draws in the font that fits; a plain label would cut
            drawn = QFontMetrics(fitting(one.font(), [one.text()], one.contentsRect().width()))
            assert drawn.horizontalAdvance(one.text()) <= one.contentsRect().width(), one.text()


def test_parts_are_stacked_where_they_do_not_fit_and_beside_each_other_again(clerk: Clerk) -> None:
    clerk.press("4", with_ctrl=True)
    screen = clerk.window.screen_shown
    assert isinstance(screen, ClosingScreen)
    for size, stacked in ((NARROW, True), ((1366, 740), False), (NARROW, True)):
        clerk.window.resize(*size)
        frame_of(clerk)
        (both,) = screen.findChildren(Beside)
        assert both.is_stacked is stacked
        drawer, figures = screen.drawer.geometry(), screen.figures.geometry()
        assert not drawer.intersects(figures)
        assert drawer.height() >= screen.drawer.minimumSizeHint().height()
        assert figures.height() >= screen.figures.minimumSizeHint().height()
    assert screen.drawer.y() < screen.figures.y()


def test_a_page_that_needs_much_room_asks_for_none_while_another_is_shown(clerk: Clerk) -> None:
    clerk.press("6", with_ctrl=True)
    screen = clerk.window.screen_shown
    assert isinstance(screen, PoliciesScreen)
    screen.pages.turn_to(4)
    frame_of(clerk)
    high = screen.pages.minimumSizeHint().height()
    screen.pages.turn_to(0)
    frame_of(clerk)
    assert screen.pages.minimumSizeHint().height() < high


@pytest.mark.parametrize("room", range(20, 90))
def test_a_figure_drawn_smaller_is_whole(qapp: QApplication, room: int) -> None:
    lines = ["1,260.35", "1,125.96"]
    font = fitting(qapp.font(), lines, room)
    widest = max(QFontMetrics(font).horizontalAdvance(one) for one in lines)
    assert widest <= room or font.pixelSize() == 7
