"""A person and a scanner are told apart by their pace alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongji.gui.shell.scans.burst import ECHO_MS, NEXT_MS, Burst


def typed(burst: Burst, text: str, pace_ms: float, *, typed_into: bool = True) -> float:
    at = 0.0
    for sign in text:
        if not burst.goes_on(at):
            burst.clear()
        burst.add(sign, at, typed_into=typed_into)
        at += pace_ms
    return at


@given(
    text=st.text(st.sampled_from("0123456789"), min_size=8, max_size=39),
    pace_ms=st.floats(0, 40),
    typed_into=st.booleans(),
)
def test_a_scanner_is_known(text: str, pace_ms: float, *, typed_into: bool) -> None:
    burst = Burst()
    end = typed(burst, text, pace_ms, typed_into=typed_into)
    assert burst.is_scan
    assert burst.text == text
    assert burst.ends(end, typed_into=typed_into)


@given(
    text=st.text(st.sampled_from("0123456789.abcxyz"), min_size=1, max_size=39), pace_ms=st.floats(NEXT_MS + 1, 2000)
)
def test_a_person_never_is(text: str, pace_ms: float) -> None:
    burst = Burst()
    end = typed(burst, text, pace_ms)
    assert not burst.is_scan
    assert not burst.ends(end, typed_into=True)


@pytest.mark.parametrize("text", ["36", "amxl", "100000", "zhangxiuying", "amoxilinjiaonang"])
def test_a_quick_hand_in_a_field_is_no_scanner(text: str) -> None:
    burst = Burst()
    end = typed(burst, text, 15)
    assert not burst.is_scan
    assert not burst.ends(end, typed_into=True)


def test_a_short_code_ends_where_nobody_types() -> None:
    burst = Burst()
    assert burst.ends(typed(burst, "12345", 5, typed_into=False), typed_into=False)
    assert not burst.ends(typed(Burst(), "1", 5, typed_into=False), typed_into=False)


def test_a_second_end_sign_is_the_scanners_own_unless_something_was_pressed_between() -> None:
    burst = Burst()
    burst.note_end(1000)
    assert burst.is_echo(1000 + ECHO_MS)
    assert not burst.is_echo(1001 + ECHO_MS)
    burst.no_more_echo()
    assert not burst.is_echo(1001)
