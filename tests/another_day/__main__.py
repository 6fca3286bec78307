"""Runs tests on another day: `python -m tests.another_day [day] [what pytest takes]`, with libfaketime.

The day is one of `DAYS` ("today" is the PC's own); where none is named, the one whose turn it is today, so that each
comes round. The clock is moved by a number of seconds, so that the programs which the tests start share it and it runs
on. What waits (the monotonic clock) and the times of files stay as they are.
"""

import datetime
import os
import sys
from collections.abc import Sequence
from pathlib import Path

DAYS = ("+7d", "+40d", "2026-12-31 23:58", "2027-12-31", "2028-02-29", "2031-06-01", "today")
_LIBRARIES = ("/usr/lib/*/faketime/libfaketime.so.1", "/usr/lib*/faketime/libfaketime.so.1")


def main(arguments: Sequence[str]) -> None:
    """Become pytest, on the day chosen."""
    today = datetime.datetime.now().astimezone()  # noqa: TID251  # what the clock is moved from
    named = arguments[0] if arguments and arguments[0] in DAYS else None
    day = named or DAYS[today.toordinal() % len(DAYS)]
    library = next((one for pattern in _LIBRARIES for one in Path("/").glob(pattern[1:])), None)
    environment = dict(os.environ)
    if library is None:
        print(f"faketime is missing (Debian: apt-get install faketime): not run on {day}, but on the real day")
    else:
        print(f"the clock stands at {day}", flush=True)
        environment |= {
            "LD_PRELOAD": str(library),
            "FAKETIME": f"+{seconds_to(day, today)}s",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
            "PYTHONPATH": os.pathsep.join(filter(None, (str(Path(__file__).parent), os.environ.get("PYTHONPATH")))),
        }
    rest = arguments[1:] if named else arguments
    os.execve(sys.executable, [sys.executable, "-m", "pytest", *rest], environment)  # noqa: S606  # no shell is wanted


def seconds_to(day: str, now: datetime.datetime) -> int:
    """Return by how many seconds a day lies ahead; one without a time begins at the time it is now."""
    if day == "today":
        return 0
    if day.startswith("+"):
        return int(datetime.timedelta(days=int(day[1:-1])).total_seconds())
    at = datetime.datetime.fromisoformat(day)
    if ":" not in day:
        at = datetime.datetime.combine(at, now.time())
    return int((at.astimezone() - now).total_seconds())


if __name__ == "__main__":
    main(sys.argv[1:])
