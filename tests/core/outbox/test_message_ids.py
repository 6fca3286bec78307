"""Numbers of messages, waiting, limits, the line's health."""

import datetime
import string

from hypothesis import given
from hypothesis import strategies as st

from gongji.core.dates import CHINA, stamp
from gongji.core.outbox.message_ids import MessageNumber, counter_of, following, msgid, numbers_of
from gongji.core.outbox.retry import Health, RetryPolicy, after_exchange, wait_s

BEGIN = datetime.datetime(2020, 1, 1, tzinfo=CHINA)
MOMENTS = st.integers(min_value=0, max_value=15 * 366 * 86400).map(
    lambda seconds: stamp(BEGIN + datetime.timedelta(seconds=seconds))
)


@given(st.lists(MOMENTS, min_size=1, max_size=50), st.integers(min_value=1, max_value=400))
def test_no_number_comes_twice_however_the_clock_jumps(moments: list[str], at_once: int) -> None:
    seen: set[str] = set()
    mark: MessageNumber | None = None
    for now in moments:
        for _ in range(at_once):
            mark = following(mark, now, len(numbers_of("01")))
            number = msgid("H53030200001", "01", mark)
            assert number not in seen
            seen.add(number)
    assert all(len(one) == 30 for one in seen)


def test_a_full_second_goes_to_the_next() -> None:
    mark = following(MessageNumber("2025-12-31 23:59:59", 398), "2025-12-31 23:59:59", 400)
    assert mark == MessageNumber("2025-12-31 23:59:59", 399)
    assert following(mark, "2025-12-31 23:59:59", 400) == MessageNumber("2026-01-01 00:00:00", 0)


def test_two_counters_never_meet() -> None:
    mark = MessageNumber("2025-06-10 09:00:00", 7)
    assert msgid("H53030200001", "01", mark) == "H53030200001202506100900001007"
    assert msgid("H53030200001", "02", mark) == "H53030200001202506100900002007"
    taken: dict[int, str] = {}
    characters = string.digits + string.ascii_uppercase
    for code in (one + other for one in characters for other in characters):
        for number in numbers_of(code):
            assert 0 <= number < 10_000
            assert taken.setdefault(number, code) == code, (number, code, taken[number])
    assert len({*taken.values()}) == 36 * 36


def test_a_number_says_whose_it_is() -> None:
    at = "2025-06-10 09:00:00"
    for code in ("00", "01", "10", "29", "30", "99", "A1", "T1", "ZZ"):
        for place in (0, len(numbers_of(code)) - 1):
            assert counter_of(msgid("H53030200001", code, MessageNumber(at, place)), "H53030200001") == code
    for nobodys in ("", "H53030200001", "H99999900001202506100900000000", "H530302000012025061009000099ab"):
        assert counter_of(nobodys, "H53030200001") is None


@given(st.integers(min_value=0, max_value=100), st.floats(min_value=0, max_value=1, exclude_max=True))
def test_waiting_grows_to_its_limit_with_full_jitter(failures: int, dice: float) -> None:
    ways = RetryPolicy()
    longest = min(900, 5 * 2 ** max(failures - 1, 0))
    assert 1 <= wait_s(ways, failures, dice) <= min(900, longest + 1)
    assert wait_s(ways, failures, dice, 120) >= min(120, 900)
    practice = RetryPolicy(first_s=1, most_s=5)
    assert wait_s(practice, failures, dice) <= 5


def test_only_a_cheap_question_after_three_failures_in_a_row() -> None:
    health = Health()
    for _ in range(3):
        assert not health.needs_probe
        health = after_exchange(health, usable=False, left=False)
    assert health.needs_probe
    assert after_exchange(health, usable=True, left=True).is_good
