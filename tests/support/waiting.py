"""Waiting for what another thread or program does, for as long as it takes on a busy machine."""

import time
from collections.abc import Callable

_PATIENCE_SECONDS, _LOOK_SECONDS = 180, 0.005


def until(
    holds: Callable[[], object],
    meanwhile: Callable[[], object] | None = None,
    patience_seconds: float = _PATIENCE_SECONDS,
) -> None:
    """Look until something holds, doing `meanwhile` between two looks (a window's events); fail where it never does."""
    deadline = time.monotonic() + patience_seconds
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        if meanwhile is not None:
            meanwhile()
        time.sleep(_LOOK_SECONDS)  # threads that are waited for need the interpreter
