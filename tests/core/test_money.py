"""Reading, rounding and writing of money, prices and ratios."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongji.core.money import (
    E12_ONE,
    base_fen,
    fraction_text,
    grouped,
    line_fen,
    parse_e4,
    parse_fen,
    parse_percent,
    parse_ratio,
    percent,
    plain_e4,
    price,
    round_half_up,
    share_fen,
    yuan,
)

AMOUNTS = st.integers(0, 10**12 - 1)
MILLE_E12 = E12_ONE // 1000


def half_up(value: Fraction) -> int:
    """The nearest whole, a half going up, by definition."""
    below = value.numerator // value.denominator
    return below + (value - below >= Fraction(1, 2))


@given(AMOUNTS)
def test_fen_are_read_as_they_are_written(fen: int) -> None:
    assert parse_fen(yuan(fen)) == fen


@pytest.mark.parametrize(("text", "fen"), [("0", 0), ("12", 1200), ("12.5", 1250), ("12.50", 1250), ("007.01", 701)])
def test_fen(text: str, fen: int) -> None:
    assert parse_fen(text) == fen


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "1.",
        ".5",
        "1.234",
        "-1",
        "+1",
        "1e3",
        "1,000",
        "NaN",
        "Infinity",
        "１",
        "٣",
        "1 ",
        " 1",
        "1_0",
        "0x1",
        "1.2.3",
        "1" * 11,
        "1" * 5000,
        "1\n",
    ],
)
def test_what_is_not_an_amount_is_refused_with_a_sentence(text: str) -> None:
    for parse in (parse_fen, parse_e4, parse_ratio, parse_percent):
        if parse in {parse_e4, parse_ratio} and text == "1.234":
            continue
        with pytest.raises(ValueError, match="应为"):
            parse(text)


def test_prices_and_quantities_have_four_decimals() -> None:
    assert parse_e4("1.2345") == 12345
    assert parse_e4("24") == 240_000
    with pytest.raises(ValueError, match="最多四位"):
        parse_e4("1.23456")


def test_ratios_lie_between_nothing_and_the_whole() -> None:
    assert [parse_ratio("0"), parse_ratio("0.65"), parse_ratio("1")] == [0, 65 * E12_ONE // 100, E12_ONE]
    assert parse_ratio("0.333333333333") == 333_333_333_333
    assert [parse_percent("0%"), parse_percent("65%"), parse_percent("2.8%")] == [0, 650 * MILLE_E12, 28 * MILLE_E12]
    for text in ("1.01", "1.000000000001", "2", "0.1234567890123"):
        with pytest.raises(ValueError, match="0 到 1"):
            parse_ratio(text)
    for text in ("100.01%", "65", "0.12345%", "%"):
        with pytest.raises(ValueError, match="100%"):
            parse_percent(text)


@given(st.integers(0, 10**15), st.integers(1, 10**7))
def test_a_half_goes_up(numerator: int, denominator: int) -> None:
    assert round_half_up(numerator, denominator) == half_up(Fraction(numerator, denominator))


@given(st.integers(0, 10**8), st.integers(0, 10**8))
def test_a_line_is_price_times_quantity(price_e4: int, quantity_e4: int) -> None:
    assert line_fen(price_e4, quantity_e4) == half_up(Fraction(price_e4, 10**4) * Fraction(quantity_e4, 10**4) * 100)


@given(AMOUNTS, st.integers(0, E12_ONE))
def test_a_share_is_rounded_once_and_leaves_the_rest(fen: int, ratio_e12: int) -> None:
    share = share_fen(fen, ratio_e12)
    assert share == half_up(Fraction(fen * ratio_e12, E12_ONE))
    assert 0 <= share <= fen


@given(AMOUNTS, st.integers(1, E12_ONE))
def test_the_base_of_a_share(fen: int, ratio_e12: int) -> None:
    assert base_fen(fen, ratio_e12) == half_up(Fraction(fen * E12_ONE, ratio_e12))


def test_halves() -> None:
    assert line_fen(parse_e4("0.125"), parse_e4("0.04")) == 1  # 0.005 yuan
    assert share_fen(1, 500 * MILLE_E12) == 1
    assert share_fen(1, 500 * MILLE_E12 - 1) == 0


def test_words() -> None:
    assert [yuan(0), yuan(5), yuan(100), yuan(1234567)] == ["0.00", "0.05", "1.00", "12345.67"]
    assert [price(186_000), price(12_345), price(0), price(12_300)] == ["18.60", "1.2345", "0.00", "1.23"]
    assert [plain_e4(240_000), plain_e4(5_000), plain_e4(0)] == ["24", "0.5", "0"]
    assert [percent(650 * MILLE_E12), percent(28 * MILLE_E12), percent(E12_ONE)] == ["65%", "2.8%", "100%"]
    assert percent(1) == "0.0000000001%"
    assert [fraction_text(1, 3, 4), fraction_text(2, 3, 4), fraction_text(5, 4, 2)] == ["0.3333", "0.6667", "1.25"]


@pytest.mark.parametrize(
    ("fen", "text"),
    [(0, "0.00"), (-1, "−0.01"), (-50, "−0.50"), (-99, "−0.99"), (-123456, "−1,234.56"), (100000000, "1,000,000.00")],
)
def test_an_amount_on_a_screen_keeps_its_sign(fen: int, text: str) -> None:
    assert grouped(fen) == text


@given(st.integers(-(10**12), 10**12))
def test_an_amount_on_a_screen_is_the_amount_written_plainly(fen: int) -> None:
    assert grouped(fen).replace(",", "").replace("−", "-") == yuan(fen)
