"""Loaded by every Python that runs on another day: lets it sleep.

Python sleeps until a moment of the monotonic clock, and libfaketime 0.9.10 takes that moment for one of its own clock:
`time.sleep` then fails with EINVAL. Waiting for no file at all takes a duration instead.
"""

import select
import time


def sleep(seconds: float) -> None:
    """Wait for so many seconds."""
    if seconds < 0:
        message = "sleep length must be non-negative"
        raise ValueError(message)
    ends = time.monotonic() + seconds
    while (left := ends - time.monotonic()) > 0:
        select.select((), (), (), left)


time.sleep = sleep  # type: ignore[assignment]  # a number of seconds is all that anybody gives
