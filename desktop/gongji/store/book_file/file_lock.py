"""A lock file held by one program at a time; the system releases it when the process ends.

The lock is the system's own (flock; on Windows a locked byte), so that programs of all versions exclude each other.
"""

import errno
import os
import sys
import time
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_AGAIN_S = 0.05
_HELD = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}
_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)


class LockHeldError(Exception):
    """Another program holds the lock."""


class FileLock:
    """A lock on a file, which is created with its folder and never deleted; acquiring it twice holds it once."""

    def __init__(self, path: Path, wait_seconds: float) -> None:
        """`wait_seconds` is how long to wait for another holder."""
        self._path = path
        self._wait_seconds = wait_seconds
        self._file: int | None = None

    def acquire(self) -> None:
        """Acquire the lock. Raises `LockHeldError` where another holds it too long, `OSError` where locking fails."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        until = time.monotonic() + self._wait_seconds
        while not self._hold():
            if time.monotonic() >= until:
                raise LockHeldError
            time.sleep(_AGAIN_S)

    def _hold(self) -> bool:
        if self._file is not None:
            return True
        file = os.open(self._path, _FLAGS, 0o600)
        try:
            _lock(file)
        except OSError as error:
            os.close(file)
            if error.errno in _HELD:
                return False
            raise
        self._file = file
        return True

    def release(self) -> None:
        """Release the lock; no effect where it is not held."""
        file, self._file = self._file, None
        if file is not None:
            _unlock(file)
            os.close(file)


if sys.platform == "win32":

    def _lock(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

    def _unlock(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_UNLCK, 1)

else:

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
