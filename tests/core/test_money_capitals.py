"""大写: the vectors of the receipt standard, and amounts read back by a reader that shares nothing with the writer."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongji.core.money import MOST_FEN, capitals

VECTORS = [
    (0, "零元整"),
    (1, "壹分"),
    (5, "伍分"),
    (10, "壹角整"),
    (50, "伍角整"),
    (99, "玖角玖分"),
    (100, "壹元整"),
    (105, "壹元零伍分"),
    (150, "壹元伍角整"),
    (1000, "壹拾元整"),
    (1005, "壹拾元零伍分"),
    (1050, "壹拾元零伍角整"),
    (1053, "壹拾元零伍角叁分"),
    (2008, "贰拾元零捌分"),
    (10000, "壹佰元整"),
    (10050, "壹佰元零伍角整"),
    (10500, "壹佰零伍元整"),
    (11030, "壹佰壹拾元零叁角整"),
    (32504, "叁佰贰拾伍元零肆分"),
    (100000, "壹仟元整"),
    (100100, "壹仟零壹元整"),
    (101010, "壹仟零壹拾元零壹角整"),
    (140950, "壹仟肆佰零玖元伍角整"),
    (168032, "壹仟陆佰捌拾元零叁角贰分"),
    (600714, "陆仟零柒元壹角肆分"),
    (1000000, "壹万元整"),
    (1000500, "壹万零伍元整"),
    (1005050, "壹万零伍拾元零伍角整"),
    (1050000, "壹万零伍佰元整"),
    (1640902, "壹万陆仟肆佰零玖元零贰分"),
    (10000000, "壹拾万元整"),
    (10000100, "壹拾万零壹元整"),
    (10700053, "壹拾万柒仟元零伍角叁分"),
    (11000000, "壹拾壹万元整"),
    (20050007, "贰拾万零伍佰元零柒分"),
    (100001000, "壹佰万零壹拾元整"),
    (100800030, "壹佰万捌仟元零叁角整"),
    (1000100000, "壹仟万壹仟元整"),
    (1010000000, "壹仟零壹拾万元整"),
    (10000000000, "壹亿元整"),
    (10000000100, "壹亿零壹元整"),
    (10001000000, "壹亿零壹万元整"),
    (1234567890123, "壹佰贰拾叁亿肆仟伍佰陆拾柒万捌仟玖佰零壹元贰角叁分"),
    (-3000, "负叁拾元整"),
    (-140950, "负壹仟肆佰零玖元伍角整"),
    (-5, "负伍分"),
]

BILLION_YUAN = 10**9
_DIGITS = {sign: value for value, sign in enumerate("零壹贰叁肆伍陆柒捌玖")}
_TEN = {"拾": 10, "佰": 100, "仟": 1000}
_GROUP = {"万": 10**4, "亿": 10**8}


def read(text: str) -> int:
    """The fen that capitals stand for."""
    sign, text = (-1, text[1:]) if text.startswith("负") else (1, text)
    yuan, _, cents = text.rpartition("元")
    fen = 100 * _whole(yuan)
    for unit, worth in (("角", 10), ("分", 1)):
        found = re.search(f"(.){unit}", cents)
        fen += worth * _DIGITS[found[1]] if found else 0
    return sign * fen


def _whole(text: str) -> int:
    total, group, digit = 0, 0, 0
    for one in text:
        if one in _DIGITS:
            digit = _DIGITS[one]
        elif one in _TEN:
            group, digit = group + digit * _TEN[one], 0
        else:
            total, group, digit = total + (group + digit) * _GROUP[one], 0, 0
    return total + group + digit


@pytest.mark.parametrize(("fen", "text"), VECTORS)
def test_the_vectors(fen: int, text: str) -> None:
    assert capitals(fen) == text
    assert read(text) == fen


def test_there_are_forty_six_vectors() -> None:
    assert len(VECTORS) == 46


@given(st.integers(-100 * BILLION_YUAN, 100 * BILLION_YUAN))
def test_what_is_written_is_read_back(fen: int) -> None:
    text = capitals(fen)
    assert read(text) == fen
    assert text.endswith("整") == (fen % 10 == 0)
    assert "零零" not in text
    assert not re.search("零[拾佰仟万亿角分]", text)


@given(st.integers(0, 9), st.integers(0, 11), st.integers(0, 9), st.integers(0, 11))
def test_amounts_that_are_mostly_zeros(first: int, place: int, second: int, other: int) -> None:
    fen = first * 10**place + second * 10**other
    assert read(capitals(fen)) == fen


def test_the_largest_and_what_lies_beyond() -> None:
    assert read(capitals(MOST_FEN)) == MOST_FEN
    with pytest.raises(ValueError, match=str(MOST_FEN + 1)):
        capitals(MOST_FEN + 1)
