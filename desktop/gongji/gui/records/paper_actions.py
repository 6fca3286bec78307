"""The papers of one settlement or void: its own, printed or 补打, and why each figure is what it is."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.core.money import grouped
from gongji.desk.papers.receipts import receipt_steps
from gongji.desk.papers.slips import reckoning_steps
from gongji.desk.policies.documents import words_of
from gongji.desk.records import SettlementRecord, record_of
from gongji.desk.upload.differences.difference_slips import DifferenceSlip, difference_slip_steps
from gongji.gui.kit import dialogs
from gongji.gui.printing import send_paper
from gongji.gui.printing.make_paper import make_paper
from gongji.gui.printing.paperwork import again
from gongji.gui.printing.preview import print_or_show, show_paper
from gongji.gui.records.reckoning_sheet import ReckoningSheet
from gongji.gui.records.record_card import slip_word
from gongji.gui.shell.workspace import Workspace


class PaperActions(QObject):
    """Makes papers, and shows or prints them."""

    def __init__(self, station: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self._station = station

    def explain(self, one: SettlementRecord) -> None:
        """Show why each figure is what it is."""
        words = words_of(one.policy, self._station.counter.folder.path)
        ReckoningSheet(self._station.window, one.quote, one.policy, words, lambda: self._print_reckoning(one))

    def _print_reckoning(self, one: SettlementRecord) -> None:
        station, stored = self._station, one.stored
        if stored.kind == "void":
            stored = record_of(station.counter, str(stored.voids)).stored
        show_paper(station, "为什么是这个数", lambda: reckoning_steps(station.counter, stored), self)

    def preview(self, one: SettlementRecord) -> None:
        """Show the paper, made now where it is not there yet; a paper that was printed before is only reprinted."""
        station, stored = self._station, one.stored
        print_it = partial(self.reprint, one) if one.printed else partial(send_paper.print_settlement, station, stored)
        show_paper(station, f"单据 {stored.no}", lambda: receipt_steps(station.counter, stored), self, print_it)

    def reprint(self, one: SettlementRecord) -> None:
        """补打: the same paper, marked with which time, and counted; asked first, for it cannot be taken back."""
        nth = len(one.reprints) + 1
        dialogs.ask(
            self._station.window,
            f"补打 {one.name} 的 {one.stored.no}？",
            (
                f"{one.stored.at[5:16]}，总费用 {grouped(one.stored.totals.total_fen)} 元。",
                f"单上会印“补打 第 {nth} 次”、时间和操作员 {self._station.counter.operator}，并计入日志。",
            ),
            (f"补打第 {nth} 次", lambda: self._reprint(one.stored)),
            or_else=tuple(
                (f"补打{slip_word(each)}", partial(self._print_evened, one.stored, each)) for each in one.differences
            ),
        )

    def _print_evened(self, stored: StoredSettlement, one: DifferenceSlip) -> None:
        """补打差额单: made where it never was, else marked and counted."""
        counter = self._station.counter
        print_or_show(self._station, slip_word(one), lambda: difference_slip_steps(counter, stored, one), self)

    def _reprint(self, stored: StoredSettlement) -> None:
        counter = self._station.counter
        make_paper(
            self._station.jobs, lambda: again(counter, stored), lambda path: self._send_file(stored, path), owner=self
        )

    def _send_file(self, stored: StoredSettlement, path: Path) -> None:
        station = self._station
        send_paper.send_file(
            station,
            path,
            lambda: station.notice.emit(f"{stored.no} 已补打"),
            lambda error: send_paper.not_printed(station, stored, error, lambda: self._send_file(stored, path)),
        )
