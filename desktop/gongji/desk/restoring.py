"""恢复之后: a book that was put back from a copy believes nothing that is not final before the platform was asked."""

from gongji.core.outbox.states import FINAL, LIVE, State
from gongji.core.outbox.turns import put_back
from gongji.desk.counter import Counter
from gongji.store import audit, legs, settings, settlements, watches, witness

RECONCILE_FIRST = "reconcile_first"
"""Set to "1" from a restore until the next reconciliation: nothing is sent before."""


def believe_nothing(counter: Counter) -> int:
    """Begin a new epoch in a book that was put back from a copy; return how many legs have to be asked after.

    Numbers go on above the highest that the witness has seen, since what was made after the copy may be on paper. Open
    the counter anew afterwards.
    """
    at = counter.now()
    seen = witness.last(counter.folder.witness)
    with counter.store.write() as connection:
        last = settlements.next_serial(connection, counter.clinic.serial_floor) - 1
        floor = max(last, 0 if seen is None else seen.serial)
        settings.put(connection, "epoch", str(counter.clinic.epoch + 1))
        settings.put(connection, "serial_floor", str(floor))
        settings.put(connection, RECONCILE_FIRST, "1")
        doubted = [leg for leg in legs.in_state(connection, *State) if leg.state not in FINAL | LIVE]
        for leg in doubted:
            legs.save(connection, put_back(leg), at)
        watches.drop_all(connection)
        audit.append(connection, at, counter.operator, "restored", counter.clinic.counter, f"{len(doubted)} 条待查")
    return len(doubted)
