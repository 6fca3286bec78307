"""Numbers and days as people write them are read, or it is said what is wrong: nothing is guessed."""

import datetime
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongji.core.money import parse_e4
from gongji.core.typed import (
    figure_as_written,
    month_as_written,
    plain_number,
    ratio_as_written,
    typed_day,
    whole_number,
)
from gongji.desk.visits.drafts import price_fault, quantity_fault

TODAY = datetime.date(2026, 11, 22)
NUMBERS = {
    "50元": "50", "1,280.00": "1280.00", ".5": "0.5", "１２．５": "12.5", "12。5": "12.5", "￥50": "50",
    "１，２８０": "1280", " 36 ": "36", "1,234,567.8元": "1234567.8", "5.": "5", "¥ 3.00": "3.00", "8块": "8",
}  # fmt: skip
NONE = {
    "²": "²", "1²": "²", "①": "①", "二": "二", "1,28": "逗号", "12,80.00": "逗号", "1.2.3": "小数点", "-5": "0",
    "": "数字", "50美元": "美", "1e3": "e", "٣": "〔U+0663〕", "0x10": "x", ".": "小数点", "1\u200b2": "看不见",
}  # fmt: skip
DAYS = {
    "20261120": "2026-11-20", "2026-11-20": "2026-11-20", "2026/1/2": "2026-01-02", "2026.11.20": "2026-11-20",
    "2026年11月20日": "2026-11-20", "11-20": "2026-11-20", "11.20": "2026-11-20", "11月20日": "2026-11-20",
    "12-30": "2025-12-30", "２０２６１１２０": "2026-11-20", "11-22": "2026-11-22", "2-29": "2024-02-29",
}  # fmt: skip


@pytest.mark.parametrize("text", NUMBERS)
def test_read(text: str) -> None:
    assert plain_number(text) == NUMBERS[text]


@pytest.mark.parametrize("text", NONE)
def test_what_is_not_understood_is_said(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(NONE[text])):
        plain_number(text)


@pytest.mark.parametrize("text", DAYS)
def test_days(text: str) -> None:
    assert typed_day(text, TODAY).isoformat() == DAYS[text]


@pytest.mark.parametrize(
    ("text", "back", "near", "ahead"),
    [
        ("11-22", "2026-11-22", "2026-11-22", "2026-11-22"),
        ("12-30", "2025-12-30", "2026-12-30", "2026-12-30"),
        ("11.20", "2026-11-20", "2026-11-20", "2027-11-20"),
        ("１月５日", "2026-01-05", "2027-01-05", "2027-01-05"),
        ("2-29", "2024-02-29", "2028-02-29", "2028-02-29"),
        ("2025-12-31", "2025-12-31", "2025-12-31", "2025-12-31"),
    ],
)
def test_a_day_without_a_year_is_the_one_that_can_be_meant(text: str, back: str, near: str, ahead: str) -> None:
    found = [typed_day(text, TODAY, lean).isoformat() for lean in ("back", "near", "ahead")]
    assert found == [back, near, ahead]


@pytest.mark.parametrize(
    "text", ["", "11", "2026", "2026-13-01", "20261131", "13-01", "②-①", "1120", "明天", "2026-11-20-1"]
)
def test_no_days(text: str) -> None:
    with pytest.raises(ValueError, match=r"日期|没有这一天"):
        typed_day(text, TODAY)


@given(text=st.text(alphabet="0123456789０１９²①.,，。元￥ -x", max_size=12))
def test_whatever_is_typed_is_a_number_or_a_sentence(text: str) -> None:
    fault = price_fault(text)
    if fault:
        assert fault.startswith("单价")
    else:
        assert parse_e4(plain_number(text)) >= 0
    assert bool(quantity_fault(text)) >= bool(fault)


@pytest.mark.parametrize(("text", "read"), [("７", 7), (" 007\n", 7), ("0", 0), ("99", 99), ("0" * 5000 + "5", 5)])
def test_a_whole_number(text: str, read: int) -> None:
    assert whole_number(text, 99) == read


@pytest.mark.parametrize("text", ["", "100", "9" * 5000, "²", "①", "٣", "七", "-1", "1.0", "1e1", "0x1", "1\n2", "+1"])
def test_what_is_no_whole_number(text: str) -> None:
    assert whole_number(text, 99) is None


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("１，２８０元", "1280"), (".5", "0.5"), ("６５％", "65%"), ("＋５", "+5"), ("−3.5", "-3.5"), ("-.5", "-0.5"),
        ("0.65", "0.65"), ("", ""), ("1e5", "1e5"), ("²", "²"), ("+", "+"), ("%", "%"), ("1,28", "1,28"),
        ("--5", "--5"),
    ],
)  # fmt: skip
def test_a_figure_as_its_reader_takes_it(text: str, read: str) -> None:
    assert figure_as_written(text) == read


@pytest.mark.parametrize(("text", "read"), [("65%", "0.65"), ("６．５％", "0.065"), ("0.95", "0.95"), ("650%", "650%")])
def test_a_ratio(text: str, read: str) -> None:
    assert ratio_as_written(text) == read


@pytest.mark.parametrize("text", ["202611", "2026-11", "2026.11", "2026年11月", "２０２６／１１", " 2026 - 11 "])
def test_a_month(text: str) -> None:
    assert month_as_written(text) == "2026-11"


@pytest.mark.parametrize("text", ["", "11", "2026-11-20", "十一月", "²026-11", "20261"])
def test_what_is_no_month_stands_as_it_was_typed(text: str) -> None:
    assert month_as_written(text) == text
