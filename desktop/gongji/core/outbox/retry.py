"""When a leg is tried again, and when no more: waiting with full jitter, quiet time, limits. Pure; the dice are given.

Offline is not an error: only a message that may have reached the platform, while the platform answers others, counts
against its leg. How long a leg has been quiet is observed by a clock that cannot jump and only while the program runs,
since a wall clock set forward would make "not found" believed too soon, and a record be sent twice.
"""

import math
from typing import Literal

from msgspec import Struct


class RetryPolicy(Struct, frozen=True, kw_only=True):
    """What a region's platform can be asked, how long it is waited for (seconds), how often before a person is asked.

    `unknown` says how an unknown outcome becomes a known one: by a "query", or by "reverse", where nothing can be asked
    and so it is taken back by its msgid.
    """

    unknown: Literal["query", "reverse"] = "query"
    quiet_s: int = 600
    first_s: int = 5
    most_s: int = 900
    deadline_s: int = 60
    most_sends: int = 6
    most_asks: int = 40


_MOST_DOUBLINGS = 20


def wait_s(ways: RetryPolicy, failures: int, dice: float, retry_after_s: int | None = None) -> int:
    """Return the seconds to wait after so many failures in a row; `dice` is anything from 0 up to 1."""
    longest = min(ways.most_s, ways.first_s << min(max(failures - 1, 0), _MOST_DOUBLINGS))
    wait = math.ceil(dice * longest) + (1 if ways.most_s > ways.first_s else 0)
    return min(ways.most_s, max(wait, retry_after_s or 0))


class Health(Struct, frozen=True):
    """How the line to the platform does: failures in a row, and of these those that never left the machine."""

    failures: int = 0
    not_sent: int = 0

    @property
    def is_good(self) -> bool:
        """Return whether the last exchange was of use, so that a failure now is the message's own."""
        return self.failures == 0

    @property
    def needs_probe(self) -> bool:
        """Return whether only a cheap question should be asked before anything else goes out."""
        return self.failures >= _PROBE_AFTER


REST_S = 3600
"""For how long nothing is sent after too many equal refusals, unless somebody says so."""


class EqualRefusals(Struct, frozen=True):
    """Refusals of one step in a row with the same text: it without numbers, how many, the sentence to report then."""

    infno: str = ""
    words: str = ""
    count: int = 0
    told: str = ""

    def after(self, infno: str, text: str, most: int) -> "EqualRefusals":
        """Return what follows an answer to a step: with its words where it refused, with none where it did not."""
        if not text:
            return EqualRefusals() if infno == self.infno else self
        words = "".join(sign for sign in text if not sign.isdigit())
        count = self.count + 1 if (infno, words) == (self.infno, self.words) else 1
        if count < most:
            return EqualRefusals(infno, words, count)
        sentence = f"平台接连 {count} 次同样拒绝，已暂停发送：{text}；查明原因后按“立即上传”继续"
        return EqualRefusals(infno, words, count, sentence)


_PROBE_AFTER = 3
PROBE_EVERY_S = 60


def after_exchange(health: Health, *, usable: bool, left: bool) -> Health:
    """Return the line's health after an exchange: whether its answer was of use, whether anything left the machine."""
    if usable:
        return Health()
    return Health(health.failures + 1, 0 if left else health.not_sent + 1)
