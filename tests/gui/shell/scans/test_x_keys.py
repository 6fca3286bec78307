"""A held key is told from one that a scanner types twice in the same moment."""

from gongji.gui.shell.scans.x_keys import HeldKeys

ZERO, ONE = 0x30, 0x31


def _typed(keys: HeldKeys, *presses: tuple[int, int, int]) -> list[bool]:
    """Each press is a key, when it goes down and when it goes up."""
    found = []
    for code, down_ms, up_ms in presses:
        found.append(keys.is_held(code, down_ms))
        keys.note_release(code, up_ms)
    return found


def test_a_scanner_on_a_busy_pc_holds_nothing() -> None:
    assert _typed(HeldKeys(), *((ZERO, at, at + 4) for at in range(0, 112, 4))) == [False] * 28
    assert _typed(HeldKeys(), *((ZERO, 0, 0) for _ in range(28))) == [False] * 28


def test_what_a_keyboard_repeats_is_held_however_fast_it_does() -> None:
    for first_ms, then_ms in ((200, 10), (250, 33), (660, 40)):
        moments = [0, *range(first_ms, first_ms + 20 * then_ms, then_ms)]
        presses = [(ONE, at, later) for at, later in zip(moments, [*moments[1:], moments[-1] + 5], strict=True)]
        assert _typed(HeldKeys(), *presses) == [False] + [True] * 20


def test_asked_again_it_says_the_same() -> None:
    keys = HeldKeys()
    assert not keys.is_held(ONE, 0)
    keys.note_release(ONE, 500)
    assert keys.is_held(ONE, 500)
    assert keys.is_held(ONE, 500)


def test_a_key_pressed_again_by_a_person_is_not_held() -> None:
    assert _typed(HeldKeys(), (ONE, 0, 80), (ONE, 300, 380), (ONE, 600, 680)) == [False] * 3


def test_a_repetition_somebody_else_tells_of_counts_where_the_key_was_down_long_enough() -> None:
    keys = HeldKeys()
    assert not keys.is_held(ONE, 0)
    assert not keys.is_held(ONE, 5, repeated=True)
    assert keys.is_held(ONE, 300, repeated=True)
