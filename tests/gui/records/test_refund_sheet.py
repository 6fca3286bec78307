"""A refund names the means it was paid by: in the sheet, in the notice, and for what is kept of it."""

import pytest

from gongji.core.ledger.giving_back import tendered
from gongji.desk.closing.shifts import cash_fen, shift_report
from gongji.desk.settlements.find import find, of_day
from gongji.gui.records.refund_sheet import RefundSheet
from tests.support.clerk import Clerk


@pytest.fixture
def paid(clerk: Clerk) -> str:
    """A visit paid in full by WeChat and Alipay; its number."""
    clerk.choose_patient("ltj")
    clerk.add_item("ybzl")
    clerk.add_item("amxl", "2")
    clerk.settle_down()
    clerk.press("F5", "Space", "Enter")  # nothing from the account
    clerk.screen.panel.tender.field.setText("10")
    clerk.screen.panel.tender.pay_by("wechat")
    clerk.screen.panel.tender.pay_by("alipay")
    clerk.settle()
    (one,) = of_day(clerk.counter.store, None)
    return one.no


def sheet_of(clerk: Clerk, no: str) -> RefundSheet:
    clerk.press("F10")
    clerk.settle_down()
    clerk.press("Enter")
    clerk.settle_down()
    found = clerk.sheet
    assert isinstance(found, RefundSheet)
    assert no in found.windowTitle()
    return found


def test_the_whole(clerk: Clerk, paid: str) -> None:
    found = sheet_of(clerk, paid)
    assert "微信 10.00" in found.effect.text()
    assert "支付宝" in found.effect.text()
    assert "现金" not in found.effect.text()
    found.reason.setText("药品退回")
    clerk.press("Enter", "Enter")  # the whole of it, on to why, and go
    clerk.settle_down()
    notice = clerk.sheet
    assert notice is not None
    said = " ".join(one.text() for one in notice.findChildren(type(found.effect)))
    assert "请退 微信 10.00、支付宝" in said
    assert "现金" not in said
    assert cash_fen(shift_report(clerk.counter.store.reader, clerk.counter.operator)) == 0


def test_of_what_the_account_paid_alone_nothing_is_handed_back(clerk: Clerk) -> None:
    clerk.choose_patient("ltj")
    clerk.add_item("ybzl")
    clerk.settle_down()
    clerk.settle()
    (one,) = of_day(clerk.counter.store, None)
    assert tendered(find(clerk.counter.store, one.no).payments) == ()
    assert "不用收钱" in clerk.notes
    found = sheet_of(clerk, one.no)
    assert found.effect.text().startswith("冲销原单：不用退钱，退回 个人账户 ")
    assert "现金" not in found.effect.text()
    found.reason.setText("药品退回")
    clerk.press("Enter", "Enter")
    clerk.settle_down()
    notice = clerk.sheet
    assert notice is not None
    said = " ".join(label.text() for label in notice.findChildren(type(found.effect)))
    assert "不用退钱" in said
    assert "0.00" not in said


def test_of_a_part_that_the_account_pays_again_nothing_is_handed_over_either_way(clerk: Clerk) -> None:
    clerk.choose_patient("ltj")
    clerk.add_item("ybzl", "2")
    clerk.settle_down()
    clerk.settle()
    (one,) = of_day(clerk.counter.store, None)
    found = sheet_of(clerk, one.no)
    found.part.click()
    found.table.lines.setData(found.table.lines.index(0, 4), "1")
    assert "不用收钱。合起来不退不补。" in found.effect.text()
    found.reason.setText("药品退回")
    found._refund()  # noqa: SLF001  # its button
    clerk.settle_down()
    assert "原单已冲销（不用退钱）" in clerk.notes
    assert "不用收钱，合起来不退不补" in clerk.notes
    assert "0.00" not in clerk.notes


def test_what_is_kept_is_paid_the_same_way(clerk: Clerk, paid: str) -> None:
    before = dict(tendered(find(clerk.counter.store, paid).payments))
    found = sheet_of(clerk, paid)
    found.part.click()
    found.table.lines.setData(found.table.lines.index(1, 4), "1")
    assert "合起来应退" in found.effect.text()
    assert "现金" not in found.effect.text()
    found.reason.setText("药品退回")
    found._refund()  # noqa: SLF001  # its button
    clerk.settle_down()
    assert "现金" not in clerk.notes.split("核对后按 F9")[0]
    clerk.settle()
    last = list(of_day(clerk.counter.store, None))[-1]
    after = dict(tendered(find(clerk.counter.store, last.no).payments))
    assert after.keys() <= before.keys()
    assert all(after[means] <= before[means] for means in after)
    assert cash_fen(shift_report(clerk.counter.store.reader, clerk.counter.operator)) == 0


def test_keeping_everything_is_no_refund(clerk: Clerk, paid: str) -> None:
    found = sheet_of(clerk, paid)
    found.part.click()
    found.reason.setText("药品退回")
    found._refund()  # noqa: SLF001  # its button
    clerk.settle_down()
    assert "没有要退的" in found.effect.text()
    assert find(clerk.counter.store, paid).voided_by is None


def test_keeping_nothing_is_said_to_be_the_whole(clerk: Clerk, paid: str) -> None:
    found = sheet_of(clerk, paid)
    found.part.click()
    for place in (0, 1):
        found.table.lines.setData(found.table.lines.index(place, 4), "0")
    assert found.effect.text().startswith("一项也没有留下：就是整笔退费")
