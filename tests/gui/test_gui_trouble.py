"""Refusals, trouble and faults: nothing entered is lost, nothing settled is lost."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit

from gongji.core.ledger.draft import draft_to_json
from gongji.desk.clinic.open import open_counter
from gongji.desk.settlements.find import of_day
from gongji.desk.settlements.settle import settle_text
from gongji.errors import GongjiError
from gongji.gui.app import Program
from gongji.gui.counter.actions import Asking
from gongji.gui.kit.dialogs import Dialog
from gongji.gui.opening import make_application
from gongji.gui.records.refund_sheet import RefundSheet
from gongji.pack_files.library import Library
from tests.gui.test_gui_keys import busy
from tests.support.clerk import Clerk, at

_ = (busy, make_application, Program, draft_to_json, settle_text)


def words(sheet: object) -> str:
    assert isinstance(sheet, Dialog)
    return "\n".join(one.text() for one in sheet.findChildren(QLabel))


class TestRefusals:
    def test_an_expired_policy_is_an_answer_and_the_visit_is_not_lost(self, sit_down: Callable[..., Clerk]) -> None:
        clerk = sit_down("445300", day="2026-11-22 10:00:00")
        clerk.choose_patient("lcl")
        clerk.add_item("amxl")
        clerk.settle_down()
        assert "没有有效的政策" in clerk.notes
        assert "由管理员" in clerk.notes
        clerk.settle()
        assert not list(of_day(clerk.counter.store, None))
        clerk.press("F6")
        clerk.settle_down()
        clerk.press("F7", "Enter")
        assert clerk.names == ["阿莫西林胶囊"]

    def test_a_missing_disease_names_what_to_do(self, busy: Clerk) -> None:
        busy.press("F4", "3")
        busy.settle_down()
        assert "须注明病种" in busy.notes
        busy.press("F9")
        assert not list(of_day(busy.counter.store, None))

    def test_nothing_entered(self, clerk: Clerk) -> None:
        clerk.press("F9")
        assert "请先选病人" in clerk.notes
        clerk.choose_patient("ltj")
        clerk.press("F9")
        assert "请先录入项目" in clerk.notes

    def test_an_item_half_entered_is_not_left_out(self, busy: Clerk) -> None:
        busy.press("F3")
        busy.type("gml")
        busy.press("Enter", "F9")
        assert "没有录完" in busy.notes

    def test_what_has_changed_since_it_was_shown_is_shown_first(self, busy: Clerk) -> None:
        state = busy.screen.state
        assert state.patient is not None
        told = {"visit_no": "别处", "person": {"id": state.patient.id}, "accounts": {"own": {"balance": "5.00"}}}
        line = {"code": "X", "category": "drug", "class": "A", "unit_price": "1.00", "quantity": "1"}
        import json  # noqa: PLC0415  # only here

        text = json.dumps({**told, "lines": [line]}).encode()
        busy.station.jobs.write(lambda: settle_text(busy.counter, text))
        busy.settle()
        assert "资料刚刚有更新" in busy.notes
        assert len(list(of_day(busy.counter.store, None))) == 1
        busy.settle()
        assert len(list(of_day(busy.counter.store, None))) == 2


class TestProposals:
    def test_a_registered_disease_is_spoken_of_and_taken_up(self, busy: Clerk) -> None:
        busy.add_item("bhsal", "5")
        busy.settle_down()
        assert "患者登记了高血压" in busy.notes
        assert "按门诊慢性病多报" in busy.notes
        busy.press("F4", "2")
        busy.settle_down()
        assert busy.screen.state.draft.lines[2].benefit == "chronic"
        assert busy.screen.state.quote is not None
        assert [part.benefit for part in busy.screen.state.quote.settlements] == ["general", "chronic"]
        assert "患者登记了" not in busy.notes
        busy.settle()
        (stored,) = of_day(busy.counter.store, None)
        assert stored.totals.fund_fen > 0


class TestFullPayment:
    def test_pays_everything_with_the_notice_for_a_claim(self, sit_down: Callable[..., Clerk]) -> None:
        clerk = sit_down("511900")
        clerk.choose_patient("dsx")
        clerk.add_item("amxl", "2")
        clerk.settle_down()
        clerk.press("F11")
        assert clerk.amount("fund") == "0.00"
        assert clerk.due == clerk.amount("total")
        assert "最迟 2027-06-30 前办理" in clerk.notes
        assert "医药费用发票原件" in clerk.notes
        clerk.settle()
        (stored,) = of_day(clerk.counter.store, None)
        assert stored.totals.cash_fen == stored.totals.total_fen
        assert stored.moved == ()
        assert list(clerk.counter.folder.receipts.rglob("*-claim.pdf"))


class TestPaper:
    def test_a_fault_of_the_printer_loses_nothing(self, busy: Clerk) -> None:
        folder = busy.counter.folder.receipts
        folder.mkdir(parents=True, exist_ok=True)
        blocked = folder / "2026"
        blocked.write_bytes(b"")  # where the year's folder should be
        busy.settle()
        assert len(list(of_day(busy.counter.store, None))) == 1
        assert "单子没有打出来" in words(busy.sheet)
        blocked.unlink()
        busy.press("Enter")
        busy.settle_down()
        assert len(list(folder.rglob("*.pdf"))) == 1


class TestRefund:
    def test_asks_why_and_says_what_comes_back(self, busy: Clerk) -> None:
        busy.settle()
        busy.press("F10", "Enter")
        assert "冲销原单：不用退钱，退回 个人账户" in words(busy.sheet)  # the account paid all of it
        busy.press("Enter", "Enter")
        assert "请写明原因" in words(busy.sheet)
        busy.type("录错")
        busy.press("Enter")
        busy.settle_down()
        assert "已退费" in words(busy.sheet)
        assert [one.kind for one in of_day(busy.counter.store, None)] == ["settle", "void"]

    def test_a_part_goes_back_and_what_is_kept_is_settled_again(self, busy: Clerk) -> None:
        """Two boxes of amoxicillin were taken, one is brought back."""
        busy.settle()
        (before,) = of_day(busy.counter.store, None)
        busy.press("F10", "Enter")
        sheet = busy.sheet
        assert isinstance(sheet, RefundSheet)
        sheet.part.setFocus()
        busy.press("Space")
        assert sheet.table.hasFocus()
        busy.press("Down", "1", "Enter")
        sheet.reason.setFocus()
        busy.type("退回一盒")
        busy.press("Enter")
        busy.settle_down()
        assert busy.sheet is None
        assert [(one.name, one.quantity) for one in busy.screen.state.draft.lines] == [
            ("一般诊疗费", "1"),
            ("阿莫西林胶囊", "1"),
        ]
        assert "原单已冲销" in busy.notes
        busy.settle()
        first, void, second = of_day(busy.counter.store, None)
        assert (first.no, void.kind, second.kind) == (before.no, "void", "settle")
        assert void.totals.total_fen == -first.totals.total_fen
        line_fen = before.totals.total_fen - second.totals.total_fen
        assert second.totals.total_fen == 1000 + line_fen


class TestASecondStart:
    def test_says_that_one_is_open_already(self, clerk: Clerk, library: Library) -> None:
        with pytest.raises(GongjiError, match="已经打开着"):
            open_counter(clerk.counter.folder.path, library, at("2026-11-22 10:00:00"), wait_seconds=0.1)


class TestAFaultOfOurs:
    def test_shows_one_report_with_nothing_personal(
        self,
        busy: Clerk,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        person = busy.screen.state.draft.person_id
        assert person is not None

        def broken(_asking: Asking) -> None:
            raise ValueError(f"{person} 龙天军")

        monkeypatch.setattr(Asking, "explain", broken)
        error: BaseException | None = None
        try:
            busy.screen.asking.explain()
        except ValueError as raised:
            error = raised
        assert error is not None
        busy.station.bugs.doing = "收费：F8 依据"
        busy.station.fail(error)
        report = next(one for one in busy.sheet.findChildren(QPlainTextEdit)).toPlainText()  # type: ignore[union-attr]
        assert "F8 依据" in report
        assert "ValueError" in report
        assert person not in report
        assert "龙天军" not in report
        busy.close_sheet()
        busy.station.fail(error)
        assert busy.sheet is None
        assert len(list(Path(busy.counter.folder.path, "reports").glob("*.txt"))) == 1
        QApplication.processEvents()
