"""Any sequence of keys, scans, clicks and pauses: what is in the book stood on the screen when it was asked for.

A clerk who presses anything at all, at any pace. Whatever was settled must have stood on the screen, to the line, the
figure and the means, at a moment when something was pressed that settles; nothing is reversed but from its own sheet.
"""

import os
from decimal import Decimal
from typing import Any, ClassVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from gongji.core.labels import TENDER_WORDS
from tests.hands.seat import Seat, Shown

EXAMPLES = int(os.environ.get("GONGJI_FUZZ_EXAMPLES", "6"))
STEPS = 14
NAME, PRICE, QUANTITY = 1, 4, 5
MEANS = {word: means for means, word in TENDER_WORDS.items()}

_VISIT = ("F2", *"ltj", "Enter", *"amxl", "Enter", "2", "Enter")
_ONE_KEY = (
    "Enter", "Enter", "Tab", "Esc", "Up", "Down", "Delete", "Backspace", "Space", "F2", "F3", "F4", "F5", "F6", "F7",
    "F8", "F9", "F9", "F9", "F10", "F11", "F12", "Alt+1", "Alt+2", "Alt+3", "Alt+Y", "Ctrl+1", "Ctrl+2",
)  # fmt: skip
_TYPED = ("36", "1", "0", "10", "50", "999999", "amxl", "ybzl", "ltj", ".5", "0.")
_STROKES = st.one_of(
    st.sampled_from(_ONE_KEY).map(lambda one: (one,)),
    st.sampled_from(_TYPED).map(tuple),
    st.just(("Esc", "Esc", "Ctrl+1", *_VISIT)),
    st.just(("Esc", "Esc", "Ctrl+1", *_VISIT, "F9")),
    st.just(("F3", "Up")),
)
_CODES = (
    "2990000000019", "02990000000019", "530399194905028607", "6999999999999", "ABC-1234", "12345678",
    "0" * 28, "81234567890123456789", "(01)06901234567892(17)261231(10)AB",
)  # fmt: skip
_CLICKS = ("结算并打印", "微信", "现金", "阿莫西林胶囊", "F6", "F11")


class RandomClerk(RuleBasedStateMachine):
    """Presses, scans and clicks; looks into the book after each."""

    seat: ClassVar[Seat]
    settled: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.seat.anew()
        self.seen = 0
        self.before: list[Shown] = []

    @initialize()
    def begin(self) -> None:
        self.seat.press(*_VISIT, pause_ms=15)

    @rule(strokes=st.lists(_STROKES, min_size=1, max_size=5), pace=st.sampled_from((15, 30, 60, 150)))
    def press(self, strokes: list[tuple[str, ...]], pace: int) -> None:
        self.seat.press(*(key for stroke in strokes for key in stroke), pause_ms=pace)
        self.check()

    @rule(code=st.sampled_from(_CODES), end=st.sampled_from(("Enter", "Tab", "")), pace=st.sampled_from((2, 8, 16)))
    def scan(self, code: str, end: str, pace: int) -> None:
        before = len(self.seat.booked)
        self.seat.scan(code, end, pace)
        assert not self.seat.kept_pace or len(self.seat.booked) == before, "a scan settled or reversed something"
        self.check()

    @rule(text=st.sampled_from(_CLICKS), times=st.sampled_from((1, 1, 2)))
    def click(self, text: str, times: int) -> None:
        at = self.seat.ask("where", text=text)
        if at is not None:
            across, down = at
            self.seat.hands.click(across, down, times=times)
        self.check()

    @rule(key=st.sampled_from(("1", "Enter", "Down", "Delete")))
    def hold(self, key: str) -> None:
        self.seat.hands.hold(key, 900)
        self.check()

    def check(self) -> None:
        shown = self.seat.look()
        booked = self.seat.booked
        for one in booked[self.seen :]:
            if one["kind"] == "settle":
                assert any(_is_shown(one, asked) for asked in self.seat.ask("asked")), one
            else:
                assert any(sheet["kind"] == "RefundSheet" for sheet in self.before), one
        type(self).settled += len(booked) - self.seen
        self.seen = len(booked)
        self.before = shown["sheets"] + [sheet for sheet in self.before if sheet["kind"] == "RefundSheet"][:1]


def _is_shown(one: Shown, asked: Shown) -> bool:
    """Tell whether a settlement is what a screen showed: who, every line, the sum, the cash and by which means."""
    lines = [[row[NAME], _e4(row[PRICE]), _e4(row[QUANTITY])] for row in asked["lines"]]
    paid = {means: fen for means, fen in one["paid"] if means in MEANS.values()}
    return (
        asked["person"] == one["person"]
        and lines == [line[1:] for line in one["lines"]]
        and _fen(asked["due"]) == one["cash_fen"]
        and asked["sum"].endswith(f"{one['total_fen'] / 100:,.2f}")
        and _means(asked, one["cash_fen"]) == paid
    )


def _means(asked: Shown, cash_fen: int) -> dict[str, int]:
    """Return what the buttons say of each means; one alone has no figure and pays all."""
    found: dict[str, int] = {}
    for text in asked["means"]:
        word, _, figure = text.partition(" ")
        found[MEANS[word]] = _fen(figure) if figure else cash_fen
    return {means: fen for means, fen in found.items() if fen}


def _e4(text: str) -> int | None:
    return int(Decimal(text.strip(".") or "0") * 10_000) if text.replace(".", "").isdigit() else None


def _fen(text: str) -> int:
    return int(Decimal(text.replace(",", "")) * 100)


def test_any_clerk(seat: Seat) -> None:
    RandomClerk.seat = seat
    how: Any = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(RandomClerk, settings=how)
    assert RandomClerk.settled  # else nothing was tried
