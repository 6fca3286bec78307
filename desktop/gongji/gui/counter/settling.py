"""结算并打印 (F9): commit first, then paper; what goes wrong with the paper loses nothing and can be done again."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from gongji.core.book.draft import Draft
from gongji.core.book.settled import Stored
from gongji.core.reckoning.amounts import Amounts
from gongji.desk.committing import Committed
from gongji.desk.entering import settle_draft
from gongji.errors import GongjiError
from gongji.gui.jobs import Changed
from gongji.gui.later import paperwork, printing
from gongji.gui.messages import Sheet, button
from gongji.gui.station import Station

Tendered = tuple[tuple[str, int], ...]


class Settling(QObject):
    """Settles one visit at a time and sees to its papers."""

    settled = Signal(object)
    refused = Signal(object)
    papers_done = Signal()
    failed = Signal()

    def __init__(self, station: Station) -> None:
        """Begin idle."""
        super().__init__()
        self._station = station
        self.is_busy = False

    def settle(self, draft: Draft, tender: Tendered, expected: Amounts) -> None:
        """Settle a visit for good, if what comes out is what the clerk was shown."""
        self.is_busy = True
        counter = self._station.counter
        self._station.jobs.write(
            lambda: settle_draft(counter, draft, tender, expected),
            self._done,
            self._failed,
            owner=self,
            changes=Changed.SETTLEMENTS | Changed.QUEUE | Changed.PEOPLE,
        )

    def _done(self, done: Committed) -> None:
        self.is_busy = False
        if done.stored is None:
            self.refused.emit(done)
            return
        self.settled.emit(done)
        self.make_papers(done.stored)

    def _failed(self, error: BaseException) -> None:
        self.is_busy = False
        self.failed.emit()
        self._station.fail(error)

    def make_papers(self, stored: Stored) -> None:
        """Make the settlement's paper, and the notice for a claim where the patient paid in full; then print."""
        counter, in_full = self._station.counter, is_in_full(stored)
        self._station.jobs.write(
            lambda: paperwork().make(counter, stored, in_full=in_full),
            lambda _: self._send(stored),
            lambda error: self._paper_failed(stored, error),
            owner=self,
        )

    def reprint(self, stored: Stored) -> None:
        """补打: the same paper, marked and counted."""
        counter = self._station.counter
        self._station.jobs.write(
            lambda: paperwork().again(counter, stored),
            lambda path: self._send(stored, path.name),
            lambda error: self._paper_failed(stored, error),
            owner=self,
        )

    def explain(self, stored: Stored) -> None:
        """Print the reckoning for a patient who asks."""
        counter = self._station.counter
        self._station.jobs.write(
            lambda: paperwork().explain(counter, stored),
            lambda path: self._said(f"依据单已生成：{path.name}"),
            lambda error: self._paper_failed(stored, error),
            owner=self,
        )

    def _send(self, stored: Stored, name: str = "") -> None:
        """Send the paper to the printer that is set; without one it lies ready as a file."""
        self._said(f"结算单已生成：{name or f'{stored.no}.pdf'}")
        printing().send(self._station, stored, self.papers_done.emit, lambda error: self._paper_failed(stored, error))

    def _said(self, text: str) -> None:
        self._station.notice.emit(text)

    def _paper_failed(self, stored: Stored, error: BaseException) -> None:
        if isinstance(error, GongjiError):
            paper_trouble(self._station.window, stored, error, self)
        else:
            self._station.fail(error)


def is_in_full(stored: Stored) -> bool:
    """Tell whether a settlement was paid in full for a later claim."""
    return any(notice.code == "full_payment" for part in stored.parts for notice in part.notices)


def paper_trouble(parent: QWidget | None, stored: Stored, error: GongjiError, settling: Settling) -> Sheet:
    """Say that the money is safe and the paper is not there, and offer to try again or another printer."""
    sheet = Sheet(parent, "结算已记下，单子没有打出来")
    sheet.say(f"{stored.no} 已经记好，不要重新收费。")
    sheet.say(f"{error.title}。{error.advice}。")

    def again() -> None:
        sheet.accept()
        settling.make_papers(stored)

    def another() -> None:
        sheet.accept()
        printing().choose(settling._station, lambda: settling.make_papers(stored))  # noqa: SLF001  # one of us

    sheet.buttons(button("重打", again, "main"), button("换一台打印机", another), button("以后再打", sheet.reject))
    sheet.open()
    return sheet
