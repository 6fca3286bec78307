"""静默时间: for how long nothing of a leg can have left this machine, across runs of the program.

The monotonic clock continues while the program is closed, until the PC restarts. Whether it did is seen by the time
of day: where both clocks agree on the time elapsed, it counts; where they do not, observation begins
again. So neither a wrong clock nor a restart can make a quiet time shorter than it was.
"""

from gongji.core.dates import moment_of, stamp
from gongji.core.outbox.legs import Leg
from gongji.core.outbox.states import State
from gongji.desk.upload.outgoing import TimeAndChance
from gongji.store.engine import Connection
from gongji.store.upload import quiet_times
from gongji.store.upload.quiet_times import Seen

_MAY_DIFFER_S = 2
_WAITING = frozenset({State.UNKNOWN, State.REVERSING})
"""States in which the quiet time is counted."""


class QuietWatch:
    """When one run of the program last observed each leg; the book has the rest."""

    def __init__(self, outside: TimeAndChance) -> None:
        self._outside = outside
        self._ticks: dict[tuple[int, int], float] = {}

    def left(self, connection: Connection, leg: Leg) -> None:
        """Delete the observation of a leg of which a message leaves that may arrive late."""
        self._ticks.pop((leg.serial, leg.part), None)
        quiet_times.drop(connection, leg.serial, leg.part)

    def quiet_from_now(self, connection: Connection, leg: Leg) -> None:
        """Begin observing a leg: nothing more of its last message can leave this machine."""
        self._ticks[leg.serial, leg.part] = self._outside.ticks()
        if leg.state in _WAITING:
            quiet_times.put(connection, leg.serial, leg.part, self._seen())

    def elapsed_s(self, connection: Connection, leg: Leg) -> int:
        """Return the whole seconds since a leg was last observed, and observe it now; 0 where none count."""
        if leg.state not in _WAITING:
            return 0
        key, now = (leg.serial, leg.part), self._outside.ticks()
        before = self._ticks.get(key)
        if before is None:
            elapsed = self._while_closed_s(quiet_times.get(connection, *key))
            self._ticks[key] = now
        else:
            elapsed = int(now - before)
            self._ticks[key] = before + elapsed
        quiet_times.put(connection, *key, self._seen())
        return elapsed

    def _seen(self) -> Seen:
        return Seen(stamp(self._outside.clock()), int(self._outside.ticks()))

    def _while_closed_s(self, before: Seen | None) -> int:
        if before is None:
            return 0
        by_ticks = int(self._outside.ticks()) - before.ticks
        by_day = int((self._outside.clock() - moment_of(before.at)).total_seconds())
        agree = by_ticks >= 0 and abs(by_day - by_ticks) <= _MAY_DIFFER_S
        return max(0, min(by_ticks, by_day)) if agree else 0
