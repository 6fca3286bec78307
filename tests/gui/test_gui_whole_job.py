"""The whole job at the counter by keys, once: how long the window's thread is kept from its events is for the bench."""

from collections.abc import Callable

from gongji.gui.printing.preview import PreviewSheet
from tests.support.clerk import Clerk

NEWCOMER = "110101199003078515"
"""The identity number of nobody in the training data."""


def whole_job(clerk: Clerk, person: str) -> None:
    """Everything at the counter: somebody new, lines, every sheet, what is printed, put aside, settled, given back."""
    clerk.press("F1", "Esc")
    clerk.scan(person)
    clerk.type("欧阳小明")
    clerk.press("Enter", "Down", "Enter")
    for item in ("ybzl", "amxl", "gml", "bhsal"):
        clerk.add_item(item, "2")
    clerk.settle_down()
    for sheet in ("F5", "F8", "F12", "Shift+F2", "Shift+F4", "Shift+F5"):
        clerk.press(sheet, "Esc")
    clerk.press("F8", "Ctrl+P")
    clerk.settle_down()
    assert isinstance(clerk.sheet, PreviewSheet)
    clerk.press("Esc", "Esc", "F6")
    clerk.settle_down()
    clerk.press("F7", "Enter", "Enter")
    clerk.type("90")
    clerk.settle()
    assert clerk.screen.state.draft.is_empty, clerk.notes
    clerk.press("F10", "Enter")
    clerk.type("x")
    clerk.press("Enter")
    clerk.settle_down()
    clerk.close_sheet()
    clerk.choose_patient("ltj")
    clerk.add_item("bhsal", "5")
    clerk.settle_down()
    clerk.press("F4", "2", "F11", "F11")
    clerk.settle()
    clerk.press("F8", "Esc")


def test_the_whole_job(sit_down: Callable[..., Clerk]) -> None:
    whole_job(sit_down(), NEWCOMER)
