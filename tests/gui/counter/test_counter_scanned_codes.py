"""What a scanned code is of: every spelling of a number, shared numbers, traceability codes, labels, vouchers."""

from pathlib import Path

import pytest

from gongji.gui.kit.choice import Choice
from tests.support.clerk import Clerk
from tests.support.tables import AT, grid, load_rows


def item(code: str, name: str, barcode: str) -> dict[str, str]:
    return {
        "编码": code, "名称": name, "类别": "药品", "甲乙丙": "甲", "单价": "10", "单位": "盒", "条码": barcode,
        "起始": "2024-01-01",
    }  # fmt: skip


@pytest.fixture
def stocked(clerk: Clerk, tmp_path: Path) -> Clerk:
    """A patient at the counter, and a catalogue with numbers of every kind."""
    _ = AT, grid
    clerk.station.jobs.write(
        lambda: load_rows(
            clerk.counter.store, "catalogue", tmp_path,
            item("A1", "甲药", "6901234567892"),
            item("A2", "乙药", "00012345678905；8123456"),
            item("A3", "丙药", "6900000000007"),
            item("A4", "丁药", "06900000000007"),
            item("A5", "戊药", "YP-000123"),
            item("A6", "己药", "96385074"),
        )
    )  # fmt: skip
    clerk.settle_down()
    clerk.choose_patient("ltj")
    return clerk


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("6901234567892", "甲药"),
        ("06901234567892", "甲药"),
        ("(01)06901234567892(17)261231", "甲药"),
        ("012345678905", "乙药"),
        ("0012345678905", "乙药"),
        ("81234560000000000001", "乙药"),
        ("yp-000123", "戊药"),
        ("YP-000123", "戊药"),
        ("96385074", "己药"),
        ("0000096385074", "己药"),
        ("XJ01CA0001E001010199902", "阿莫西林胶囊"),
    ],
)
def test_an_item_is_found_by_every_spelling(stocked: Clerk, code: str, name: str) -> None:
    stocked.scan(code)
    assert stocked.names == [name]
    stocked.scan(code[:-1] + "2" if name == "乙药" and len(code) == 20 else code)  # each box has a code of its own
    assert [one.quantity for one in stocked.screen.state.draft.lines] == ["2"]


def test_two_items_with_one_number_are_asked_about(stocked: Clerk) -> None:
    stocked.scan("6900000000007")
    assert isinstance(stocked.sheet, Choice)
    assert stocked.names == []
    stocked.scan("6901234567892")  # goes nowhere: which one is it, first
    assert isinstance(stocked.sheet, Choice)
    stocked.press("2")
    assert stocked.names == ["丁药"]


def test_a_traceability_code_nobody_knows_is_named(stocked: Clerk) -> None:
    stocked.scan("89999990000000000001")
    assert "8999999" in stocked.notes
    assert stocked.names == []


def test_a_voucher_is_kept_with_its_patient(stocked: Clerk) -> None:
    voucher = "3301" + "7" * 24
    stocked.scan(voucher)
    assert "医保电子凭证（尾号 7777）" in stocked.notes
    stocked.scan("6901234567892")
    stocked.settle()
    (body,) = stocked.counter.store.reader.execute("SELECT plain_text(body) FROM visit").fetchone()
    assert voucher in body
    stocked.scan(voucher)
    assert "请先选病人" in stocked.notes


def test_half_an_item_is_completed_by_the_next_scan(stocked: Clerk) -> None:
    stocked.press("F3")
    stocked.type("amxl")
    stocked.press("Enter", "3")
    stocked.scan("6901234567892")
    assert [(one.name, one.quantity) for one in stocked.screen.state.draft.lines] == [
        ("阿莫西林胶囊", "3"),
        ("甲药", "1"),
    ]
