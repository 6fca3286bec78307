"""差异处理 and 对账 from the window: a visit elsewhere that nobody told us of, another status, another catalogue."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec import json, structs
from PySide6.QtWidgets import QPushButton

from gongji.core.outbox.differences import Difference
from gongji.core.outbox.states import State
from gongji.desk.clinic.backup.restored_doubts import distrust_restored_legs
from gongji.desk.settlements.find import find
from gongji.desk.settlements.settle import settle_text
from gongji.desk.settlements.void import void
from gongji.desk.upload.differences.decisions import take_theirs, waiting_cases
from gongji.desk.upload.queue import queued
from gongji.gui.background.upload_status import UploadStatus
from gongji.gui.closing.screen import ClosingScreen
from gongji.gui.printing.preview import PreviewSheet
from gongji.gui.records.screen import RecordsScreen
from gongji.gui.upload.differences_sheet import DifferencesSheet
from gongji.gui.upload.reconcile_sheet import ReconcilingSheet
from gongji.gui.upload.screen import UploadScreen
from gongji.printing.read_pdf import text_of
from gongji.store.settlements import settlements as settlement_store
from gongji.store.upload import legs
from tests.gui.background.test_upload_service import at_the_platform, connect, going, states, there
from tests.gui.conftest import USUAL_DAY
from tests.support.clerk import Clerk
from tests.support.clinic import AREA, PERSON
from tests.support.driving import PARAMETERS
from tests.support.serving import Running

_ = there
DRUG = {"code": "X1", "name": "阿莫西林胶囊", "category": "drug", "class": "A", "quantity": "1"}
ELSEWHERE = {"id": "H53030300002", "name": "别的卫生院", "type": "township_clinic", "level": "1"}


def visit(clerk: Clerk, number: str, price: str, **more: Any) -> dict[str, Any]:
    """A visit of somebody without an account, for one drug."""
    return {
        "visit_no": number,
        "area": AREA,
        "person": PERSON,
        "settled_on": clerk.station.today.isoformat(),
        "institution": clerk.counter.clinic.institution,
        "lines": [{**DRUG, "unit_price": price}],
        **more,
    }


def settle(clerk: Clerk, one: dict[str, Any]) -> str:
    found: list[str] = []

    def work() -> None:
        done = settle_text(clerk.counter, json.encode(one))
        assert done.stored is not None, done.problems
        found.append(done.stored.no)

    clerk.station.jobs.write(work)
    clerk.until(lambda: bool(found))
    return found[0]


@pytest.fixture
def clerk(sit_down: Callable[..., Clerk], there: Running) -> Clerk:
    """A counter whose platform knows its first patient from one visit."""
    found = sit_down(clock=going(USUAL_DAY))
    connect(found, there.url)
    settle(found, visit(found, "V0", "100.00"))
    found.until(lambda: states(found) == ["accepted"])
    found.until(lambda: found.station.sending.standing is UploadStatus.IDLE)
    return found


@pytest.fixture
def differing(clerk: Clerk, there: Running) -> str:
    """The patient was elsewhere since, and has used up the year's limit there."""
    told = there.control("elsewhere", visit(clerk, "E1", "9200.00", parameters=PARAMETERS, institution=ELSEWHERE))
    assert "error" not in told, told
    no = settle(clerk, visit(clerk, "V1", "2000.00"))
    clerk.until(lambda: "difference" in states(clerk))
    return no


def sheet(clerk: Clerk) -> DifferencesSheet:
    clerk.press("3", with_ctrl=True)
    clerk.press("F10")
    found = clerk.sheet
    assert isinstance(found, DifferencesSheet)
    return found


def difference(found: DifferencesSheet) -> Difference:
    assert found.table.current is not None
    one: Difference = found.table.current.difference
    return one


class TestAVisitElsewhere:
    def test_both_reckonings_stand_side_by_side_with_the_cause(self, clerk: Clerk, differing: str) -> None:
        clerk.until(lambda: clerk.window.header.attention.text() == "需处理 1")
        found = sheet(clerk)
        assert found.table.current.no == differing
        told = found.details.toPlainText()
        assert "患者在别处就诊过" in told
        one = difference(found)
        cash = next(each for each in one.lines if each.name == "cash")
        for fen in (cash.ours_fen, cash.theirs_fen):
            assert f"{fen // 100}.{fen % 100:02d}" in told
        assert found.acts["按平台的数"].isEnabled()
        assert found.acts["冲销重收"].isEnabled()
        assert not found.acts["再试"].isEnabled()

    def test_adopting_prints_a_slip_and_is_in_the_days_close(self, clerk: Clerk, differing: str) -> None:
        found = sheet(clerk)
        one = difference(found)
        clerk.press("Tab", "Tab")
        found.acts["按平台的数"].click()
        assert "理由" in found.said.text()
        assert found.note.hasFocus()
        clerk.type("yi he dui")
        found.acts["按平台的数"].setFocus()
        clerk.press("Space")
        clerk.settle_down()

        (preview,) = clerk.window.findChildren(PreviewSheet)
        preview.reject()
        amount = f"{abs(one.cash_fen) // 100}.{abs(one.cash_fen) % 100:02d}"
        assert f"现金 {amount} 元，差额单号 T1C000001" in found.said.text()
        (paper,) = clerk.counter.folder.receipts.rglob(f"{differing}-difference-*.pdf")
        text = "".join(text_of(paper.read_bytes()))
        assert "T1C000001" in text
        assert amount in text
        assert found.table.rows_model.rows == ()
        clerk.close_sheet()
        clerk.until(lambda: states(clerk) == ["accepted", "accepted"])
        clerk.press("4", with_ctrl=True)
        closing = clerk.window.screen_shown
        assert isinstance(closing, ClosingScreen)
        assert closing.report is not None
        assert closing.report.collected_fen - closing.report.refunded_fen == one.cash_fen
        told = closing.figures.text.toPlainText()
        assert f"差异现金\n{'−' if one.cash_fen < 0 else ''}{amount}" in told

    def test_a_slip_that_a_power_cut_kept_back_is_printed_from_the_record(self, clerk: Clerk, differing: str) -> None:
        case = next(one for one in waiting_cases(clerk.counter) if one.no == differing)
        clerk.station.jobs.write(lambda: take_theirs(clerk.counter, case, "已核对"))
        clerk.settle_down()
        receipts = clerk.counter.folder.receipts
        assert not list(receipts.rglob("*-difference-*"))
        clerk.press("2", with_ctrl=True)
        screen = clerk.window.screen_shown
        assert isinstance(screen, RecordsScreen)
        assert screen.table.current.no == differing
        assert "差额单 T1C000001 还没有出" in screen.detail.text.toPlainText()

        slip_from_records(clerk)
        (paper,) = receipts.rglob("*-difference-*")
        assert case.difference is not None
        fen = abs(case.difference.cash_fen)
        assert f"{fen // 100}.{fen % 100:02d}" in "".join(text_of(paper.read_bytes()))
        assert "补打" not in "".join(text_of(paper.read_bytes()))
        slip_from_records(clerk)
        slip_from_records(clerk)
        for nth in (1, 2):
            again = receipts / paper.relative_to(receipts).with_name(f"{paper.stem}-reprint-{nth}.pdf")
            assert f"补打第{nth}次" in "".join(text_of(again.read_bytes())).replace(" ", "")
        assert "差额单 T1C000001 已出，补打 2 次" in screen.detail.text.toPlainText()
        acts = clerk.counter.store.reader.execute("SELECT subject, detail FROM audit WHERE act = 'reprint'").fetchall()
        assert acts == [(differing, "差额单 T1C000001 补打 第 1 次"), (differing, "差额单 T1C000001 补打 第 2 次")]

    def test_voiding_it_prepares_the_same_visit_anew(self, clerk: Clerk, differing: str, there: Running) -> None:
        found = sheet(clerk)
        found.note.setFocus()
        clerk.type("chong shou")
        found.acts["冲销重收"].click()
        clerk.until(lambda: clerk.window.screen_shown is clerk.screen)
        clerk.settle_down()
        first = find(clerk.counter.store, differing)
        assert first.voided_by is not None
        assert list(clerk.counter.folder.receipts.rglob(f"{first.voided_by}.pdf"))
        assert clerk.names == ["阿莫西林胶囊"]
        assert "核对后按 F9" in clerk.notes
        clerk.until(lambda: "reversed" in states(clerk))
        clerk.until(lambda: clerk.station.sending.standing is UploadStatus.IDLE)
        clerk.settle()
        clerk.until(lambda: states(clerk)[0] in {"accepted", "difference"})
        (_, void, again) = sorted(queued(clerk.counter, None), key=lambda one: one.serial)[1:]
        assert (void.kind, again.state) == ("void", "accepted")  # settled with what the platform told since
        assert there.faults.summary()["met"] == {}


def slip_from_records(clerk: Clerk) -> None:
    clerk.press("F9")
    assert clerk.sheet is not None
    (act,) = [one for one in clerk.sheet.findChildren(QPushButton) if one.text() == "补打差额单 T1C000001"]
    act.click()
    clerk.settle_down()
    assert isinstance(clerk.sheet, PreviewSheet)
    clerk.close_sheet()
    clerk.settle_down()


def test_another_status_is_named(clerk: Clerk, there: Running) -> None:
    there.control("people", {"id": PERSON["id"], "area": AREA, "status": "employed"})
    settle(clerk, visit(clerk, "V1", "300.00"))
    clerk.until(lambda: "difference" in states(clerk))
    assert "人员身份不同" in sheet(clerk).details.toPlainText()


def test_another_catalogue_is_named_and_the_amounts_are_adopted(clerk: Clerk, there: Running) -> None:
    """Here class A, there class B with 10% prepaid: 30.00 of 300.00 go to the patient before anything is shared."""
    there.control("options", {"prepay": {DRUG["code"]: "0.10"}})
    settle(clerk, visit(clerk, "V1", "300.00"))
    clerk.until(lambda: "difference" in states(clerk))
    found = sheet(clerk)
    told = found.details.toPlainText()
    assert "目录不同" in told
    assert "请更新三目录" in told
    prepaid = next(one for one in difference(found).lines if one.name == "prepaid")
    assert (prepaid.ours_fen, prepaid.theirs_fen) == (0, 3000)
    assert difference(found).cash_fen > 0
    found.note.setText("已核对目录")
    found.acts["按平台的数"].click()
    clerk.settle_down()
    assert "补收现金" in found.said.text()


class TestReconciling:
    def compared(self, clerk: Clerk) -> ReconcilingSheet:
        clerk.press("3", with_ctrl=True)
        clerk.press("F11")
        found = clerk.sheet

        assert isinstance(found, ReconcilingSheet)
        clerk.press("Tab", "Tab")
        found.go.click()
        clerk.until(lambda: found.comparing is None)
        clerk.settle_down()
        return found

    def test_all_three_agree(self, clerk: Clerk) -> None:
        paper_of_all(clerk)
        found = self.compared(clerk)
        assert "与平台一致" in found.said.text(), found.said.text()
        assert "1 笔" in found.said.text()
        assert found.table.rows_model.rows == ()

    def test_what_the_platform_lost_is_told_with_what_to_do(self, clerk: Clerk, there: Running) -> None:
        connection = there.payer.platform.connection
        connection.execute("DELETE FROM settlement")
        connection.commit()
        found = self.compared(clerk)
        kinds = {one.kind: one for one in found.table.rows_model.rows}
        assert {"missing_there", "no_paper"} == set(kinds)
        columns = {one.title: one for one in found.table.rows_model.columns}
        lost = kinds["missing_there"]
        assert (columns["本机"].text(lost), columns["平台"].text(lost)) == ("有", "没有")
        assert "不要自动重传" in columns["怎么办"].text(lost)
        clerk.close_sheet()
        assert states(clerk) == ["quarantine"]

    def test_what_the_platform_has_of_ours_is_claimed_by_one_act(self, clerk: Clerk, there: Running) -> None:
        there.control("faults", {"kind": "refused_though_done", "infno": "2207"})
        settle(clerk, visit(clerk, "V9", "50.00"))
        clerk.until(lambda: "rejected" in states(clerk))
        found = self.compared(clerk)
        kinds = [one.kind for one in found.table.rows_model.rows]
        found.table.setCurrentIndex(found.table.model().index(kinds.index("rejected"), 0))
        assert not found.right.isEnabled()
        found.table.setCurrentIndex(found.table.model().index(kinds.index("unclaimed"), 0))
        assert (found.right.isEnabled(), found.right.text()) == (True, "认领")
        found.right.click()
        assert "理由" in found.said.text()
        found.note.setText("医保电话核对，确有这一笔")
        found.right.click()
        clerk.settle_down()
        assert "查询" in found.said.text()
        clerk.close_sheet()
        clerk.until(lambda: set(states(clerk)) == {"accepted"})

    def test_what_is_left_there_is_taken_back_by_one_act(self, clerk: Clerk, there: Running) -> None:
        counter = clerk.counter
        there.control("faults", {"kind": "refused_though_done", "infno": "2207"})
        settle(clerk, visit(clerk, "V9", "50.00"))
        clerk.until(lambda: "rejected" in states(clerk))
        live_before = len(at_the_platform(there, clerk))

        def as_an_older_program() -> None:  # which voided such a record without taking its message back
            (row,) = (one for one in queued(counter, None) if one.state == "rejected")
            serial = settlement_store.by_no(counter.store.reader, row.no).serial  # type: ignore[union-attr]
            with counter.store.write() as connection:
                leg = legs.get(connection, serial, 0)
                legs.save(connection, structs.replace(leg, state=State.VOID), counter.now())
            void(counter, row.no, "退药")

        clerk.station.jobs.write(as_an_older_program)
        clerk.settle_down()
        clerk.until(lambda: not {"pending", "sending"} & set(states(clerk)))
        found = self.compared(clerk)
        kinds = [one.kind for one in found.table.rows_model.rows]
        found.table.setCurrentIndex(found.table.model().index(kinds.index("left_there"), 0))
        assert (found.right.isEnabled(), found.right.text()) == (True, "冲正")
        found.note.setText("医保电话核对，平台多一笔")
        found.right.click()
        clerk.settle_down()
        assert "冲正" in found.said.text()
        clerk.close_sheet()
        clerk.until(lambda: len(at_the_platform(there, clerk)) == live_before - 1)

    def test_everything_of_ours_is_claimed_with_one_key(self, clerk: Clerk, there: Running) -> None:
        there.control("faults", [{"kind": "refused_though_done", "infno": "2207"}] * 2)
        for number in ("V8", "V9"):
            settle(clerk, visit(clerk, number, "50.00"))
        clerk.until(lambda: states(clerk).count("rejected") == 2)
        found = self.compared(clerk)
        assert [one.kind for one in found.table.rows_model.rows].count("unclaimed") == 2
        assert found.every.isEnabled()
        clerk.press("F8")
        clerk.settle_down()
        assert "2 笔" in found.said.text()
        clerk.close_sheet()
        clerk.until(lambda: set(states(clerk)) == {"accepted"})

    def test_a_month_and_what_was_found_before(self, clerk: Clerk) -> None:
        found = self.compared(clerk)
        clerk.close_sheet()
        clerk.press("F11")
        again = clerk.sheet
        assert isinstance(again, ReconcilingSheet)
        assert again is not found
        assert "上次对账" in again.said.text()
        again.month.setChecked(True)
        assert again.days == ("2026-11-01", "2026-11-22")
        assert again.said.text() == ""
        again.go.click()
        clerk.until(lambda: again.comparing is None)
        assert "一致" in again.said.text()
        assert clerk.station.sending.standing is not UploadStatus.PAUSED


def paper_of_all(clerk: Clerk) -> None:
    """Print what was settled, as a counter does."""
    from tests.support.printed import print_receipt  # noqa: PLC0415  # brings in what makes papers

    def work() -> None:
        for one in queued(clerk.counter, None):
            print_receipt(clerk.counter, find(clerk.counter.store, one.no))

    clerk.station.jobs.write(work)
    clerk.settle_down()


def test_after_a_restore_nothing_is_sent_before_a_reconciliation(
    clerk: Clerk, sit_down: Callable[..., Clerk], there: Running
) -> None:
    clerk.station.sending.pause()
    settle(clerk, visit(clerk, "V1", "80.00"))
    counter = clerk.counter
    clerk.station.jobs.write(lambda: distrust_restored_legs(counter))
    clerk.settle_down()
    clerk.leave()
    again = sit_down(clock=going("2026-11-22 11:00:00"))
    again.until(lambda: again.station.sending.standing is UploadStatus.OFFLINE)
    again.press("3", with_ctrl=True)
    screen = again.window.screen_shown
    assert isinstance(screen, UploadScreen)
    assert "请先对账" in screen.strip.said.text()
    assert states(again)[0] == "unknown"
    again.press("F11")
    sheet = again.sheet
    assert isinstance(sheet, ReconcilingSheet)
    sheet.go.click()
    again.until(lambda: sheet.comparing is None)
    again.close_sheet()
    again.until(lambda: states(again) == ["accepted", "accepted"])
    assert len(at_the_platform(there, again)) == 2
