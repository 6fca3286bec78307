"""锁定: wrong passwords are counted beside the book, and each beyond some makes the next wait longer.

It stands in a file because nobody has opened the book yet; whoever deletes it has the folder and could as well try the
keys elsewhere. It stops a stranger at the keyboard.
"""

import datetime
import hashlib
from pathlib import Path

from msgspec import DecodeError, Struct, ValidationError, json

from gongji.core.dates import moment_of, stamp
from gongji.errors import GongjiError
from gongji.files import write_whole

_NAME = "lockout.json"
TOLD = 5
"""After so many wrong passwords the log of the book tells of them."""
_FREE, _FIRST_S, _MOST_S = 5, 30, 3600


class _Tries(Struct, frozen=True):
    failures: int
    until: str


class LockedError(GongjiError):
    """Too many wrong passwords: the next is not looked at before a while has passed."""

    def __init__(self, seconds: int) -> None:
        """Say how long."""
        wait = f"{seconds} 秒" if seconds < 120 else f"{(seconds + 59) // 60} 分钟"  # noqa: PLR2004  # two minutes
        super().__init__("口令连续输错，暂时不能登录", f"请在 {wait}后再试；忘了口令的，请管理员重设")


def _kept(path: Path) -> dict[str, _Tries]:
    try:
        return json.decode((path / _NAME).read_bytes(), type=dict[str, _Tries])
    except (OSError, DecodeError, ValidationError):
        return {}


def _of(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def refuse_while_locked(path: Path, name: str, now: datetime.datetime) -> None:
    """Raise `LockedError` while a name, known or not, has to wait."""
    tries = _kept(path).get(_of(name))
    if tries is None or not tries.until:
        return
    left = (moment_of(tries.until) - moment_of(stamp(now))).total_seconds()
    if left > 0:
        raise LockedError(min(int(left), _MOST_S))


def failed(path: Path, name: str, now: datetime.datetime) -> None:
    """Count a wrong password."""
    kept = _kept(path)
    failures = (kept[_of(name)].failures if _of(name) in kept else 0) + 1
    wait_s = min(_FIRST_S * 2 ** (failures - _FREE), _MOST_S) if failures >= _FREE else 0
    until = stamp(now + datetime.timedelta(seconds=wait_s)) if wait_s else ""
    write_whole(path / _NAME, json.encode({**kept, _of(name): _Tries(failures, until)}))


def passed(path: Path, name: str) -> int:
    """Forget a name's wrong passwords; return how many there were."""
    kept = _kept(path)
    tries = kept.pop(_of(name), None)
    if tries is None:
        return 0
    write_whole(path / _NAME, json.encode(kept))
    return tries.failures
