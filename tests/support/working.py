"""Work already done at a clerk's counter, for screens that show it; written on the writing thread."""

from collections.abc import Sequence

from msgspec import json

from gongji.desk.settlements.settle import settle_text
from tests.support.bookful import samples
from tests.support.clerk import Clerk


def settle_samples(clerk: Clerk, count: int = 4, area: str = "530300", *, first: int = 0) -> list[str]:
    """Settle so many samples of an area today; return their numbers."""
    found: list[str] = []

    def work() -> Sequence[str]:
        today = clerk.station.today.isoformat()
        for place, one in enumerate(samples(area)[first : first + count], first):
            visit = {**one, "visit_no": f"W{place}", "settled_on": today}
            done = settle_text(clerk.counter, json.encode(visit))
            assert done.stored is not None, done.problems
            found.append(done.stored.no)
        return found

    clerk.station.jobs.write(work)
    clerk.settle_down()
    return found
