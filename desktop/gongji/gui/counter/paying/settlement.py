"""结算并打印 (F9): commit first, then paper; errors of printing lose nothing and can be retried."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from gongji.core.engine.amounts import Amounts
from gongji.core.engine.policy import Policy
from gongji.core.engine.quote import Quote
from gongji.core.ledger.draft import Draft
from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.core.visits import Visit
from gongji.gui.background.lazy import paperwork, preview, printing, settling
from gongji.gui.counter.paying.tender import Tender
from gongji.gui.printing.make_paper import make_paper
from gongji.gui.shell.workspace import Workspace

if TYPE_CHECKING:
    from gongji.desk.settlements.settle import Committed


class Asked(Struct, frozen=True, kw_only=True):
    """A visit as shown on the screen when F9 was pressed: all that is needed to report on it, or restore it."""

    draft: Draft
    name: str
    tender: Tender
    expected: Amounts


class SettlementAct(QObject):
    """Settles visits, one after the other, and makes their papers; the next may be entered meanwhile."""

    settled = Signal(object, object)
    refused = Signal(object, object)
    failed = Signal(object, object)
    not_printed = Signal(object, object, object)

    def __init__(self, station: Workspace) -> None:
        super().__init__()
        self._station = station

    def settle(self, asked: Asked) -> None:
        """Settle a visit for good, if the result is what the clerk was shown."""
        counter = self._station.counter
        self._station.jobs.write(
            lambda: settling().settle_draft(counter, asked.draft, asked.tender.paid(), asked.expected),
            lambda done: self._done(done, asked),
            lambda error: self.failed.emit(asked, error),
            owner=self,
            at_close=lambda done: None if done.stored is None else paperwork().store_at_close(counter, done.stored),
        )

    def _done(self, done: "Committed", asked: Asked) -> None:
        if done.stored is None:
            self.refused.emit(done, asked)
            return
        self.settled.emit(done, asked)
        self.make_papers(done.stored)

    def make_papers(self, stored: StoredSettlement) -> None:
        """Make the settlement's papers, and print them where a printer is set up."""
        said = partial(self._station.notice.emit, f"结算单已生成：{stored.no}.pdf")
        printing().send(self._station, stored, said, lambda error: self._paper_failed(stored, error))

    def reprint(self, stored: StoredSettlement) -> None:
        """补打: the same receipt, marked and counted."""
        counter = self._station.counter
        make_paper(
            self._station.jobs,
            lambda: paperwork().again(counter, stored),
            lambda path: self._send_file(stored, path),
            lambda error: self._paper_failed(stored, error),
            self,
        )

    def explain(self, stored: StoredSettlement) -> None:
        """Make the reckoning slip for a patient who asks, to be looked at and printed."""
        counter = self._station.counter
        preview().show_paper(
            self._station, "为什么是这个数", lambda: paperwork().reckoning_steps(counter, stored), self
        )

    def quotation(self, visit: Visit, quote: Quote, policy: Policy) -> None:
        """Make the quotation slip, to be looked at and printed."""
        station = self._station
        station.jobs.device(
            lambda: paperwork().print_quotation(station.counter, visit, quote, policy.pack),
            lambda path: preview().PreviewSheet(station, "预结算说明", path),
            station.fail,
            owner=self,
        )

    def _send_file(self, stored: StoredSettlement, path: Path) -> None:
        """Print a marked receipt without making it again."""
        said, again = partial(self._station.notice.emit, f"已补打：{path.name}"), partial(self._send_file, stored, path)
        printing().send_file(self._station, path, said, lambda error: self.not_printed.emit(stored, error, again))

    def _paper_failed(self, stored: StoredSettlement, error: BaseException) -> None:
        self.not_printed.emit(stored, error, partial(self.make_papers, stored))
