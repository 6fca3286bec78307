"""病人到窗口: from a name typed, a card read or a barcode scanned to the visit of that patient."""

from typing import TYPE_CHECKING, Any

from gongji.core.book.identity import is_identity_number
from gongji.desk.entering import item_of_barcode
from gongji.desk.searching import find_people
from gongji.gui.later import sheets

if TYPE_CHECKING:
    from gongji.gui.screens.counter import CounterScreen


class Arriving:
    """Takes patients, and what a scanner reads, for a counter's screen."""

    def __init__(self, screen: "CounterScreen") -> None:
        """Work for a counter's screen."""
        self._screen = screen

    def open_patient(self, person_id: str) -> None:
        """Take a patient of the book and go on to the items."""
        self.take({"id": person_id})

    def take(self, person: dict[str, Any], area: str | None = None) -> None:
        """Take a patient as told in the contract's words, insured in an area where that was told."""
        screen = self._screen
        screen.advice.clear_done()
        screen.patient.field.clear()
        screen.panel.tender.clear()
        screen.state.choose_patient(person, area)
        screen.lines.field.setFocus()

    def unknown(self, text: str) -> None:
        """Enrol somebody the book does not know, where a whole identity number was given."""
        number = text.upper()
        if is_identity_number(number):
            sheets().PersonSheet(self._screen.window(), self._screen.state, self.take, number)
        else:
            self._screen.advice.note(f"没有找到“{text}”；输入完整的身份证号可登记新病人", wrong=True)

    def scanned(self, text: str) -> None:
        """Open the patient of a scanned number, or add the item of a scanned barcode."""
        screen = self._screen
        if is_identity_number(text):
            if any(one.id == text for one in find_people(screen.station.counter.store, text, 1)):
                self.open_patient(text)
            else:
                self.unknown(text)
            return
        item = item_of_barcode(screen.station.counter, text, screen.state.day)
        if item is None:
            screen.advice.note(f"目录里没有条码 {text} 的项目", wrong=True)
        else:
            screen.lines.clear()
            screen.added(screen.state.add_one(item), item)
