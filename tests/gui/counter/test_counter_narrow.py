"""The counter on small screens at 125 and 150 %: each line's quantity and amount is seen without scrolling sideways."""

import pytest

from gongji.gui.counter.lines_table import NAME, QUANTITY
from gongji.gui.kit.layout import ScrolledBothWays
from tests.support.clerk import Clerk

AMOUNT = 6
SIZES = {"1366x768 at 125 %": (1092, 586), "1366x768 at 150 %": (910, 484), "1280x720 at 150 %": (853, 452)}


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_what_is_charged_is_seen(clerk: Clerk, size: tuple[int, int]) -> None:
    clerk.window.resize(*size)
    clerk.choose_patient("ltj")
    for item in ("ybzl", "amxl", "gml"):
        clerk.add_item(item, "2")
    clerk.settle_down()
    screen = clerk.screen
    left, table = screen.findChild(ScrolledBothWays), screen.lines.table
    assert left is not None
    assert not left.horizontalScrollBar().isVisible()
    for column in (NAME, QUANTITY, AMOUNT):
        assert not table.isColumnHidden(column)
        cell = table.visualRect(table.lines.index(table.place, column))
        assert table.viewport().rect().contains(cell), (column, cell)
    assert "10g×9袋" in str(table.lines.index(2, NAME).data())
    for one in (screen.patient.field, screen.lines.field, screen.lines.quantity):
        assert left.viewport().rect().contains(one.mapTo(left.viewport(), one.rect().topRight()).x(), 1)


def test_a_line_under_another_benefit_says_so_where_its_column_is_left_out(clerk: Clerk) -> None:
    clerk.window.resize(853, 452)
    clerk.choose_patient("ltj")
    clerk.add_item("bhsal", "2")
    clerk.press("F4", "2")
    clerk.settle_down()
    table = clerk.screen.lines.table
    assert table.isColumnHidden(7)
    assert "慢性病" in str(table.lines.index(0, NAME).data())
    clerk.window.resize(1366, 740)
    clerk.settle_down()
    assert not table.isColumnHidden(7)
    assert table.lines.index(0, NAME).data() == "苯磺酸氨氯地平片"


def test_a_number_is_shown_by_its_end_and_never_cut(clerk: Clerk) -> None:
    clerk.window.resize(853, 452)
    clerk.choose_patient("ltj")
    card = clerk.screen.patient
    assert card._number.text() == "…3996"  # noqa: SLF001  # what is written there
    clerk.window.resize(1366, 740)
    clerk.settle_down()
    assert card._number.text().startswith("5303*")  # noqa: SLF001  # as above
