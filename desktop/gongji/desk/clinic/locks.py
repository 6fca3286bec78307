"""锁定: wrong passwords delay the next try; and the window is locked while its operator is away.

Wrong passwords are counted in a file beside the book, because nobody has opened the book yet; whoever deletes it has
the folder and could as well try the keys elsewhere. It stops a stranger at the keyboard.
"""

import datetime
import hashlib
from pathlib import Path
from typing import Annotated

from msgspec import DecodeError, Meta, Struct, ValidationError, json

from gongji.core.dates import moment_of, stamp
from gongji.core.ledger.audit import Act
from gongji.desk.roles import only
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.files import write_whole
from gongji.store import audit, settings
from gongji.store.book_file.folder import WrongPasswordError

_NAME = "lockout.json"
TOLD = 5
"""After this many wrong passwords the book's log records them."""
_FREE, _FIRST_S, _MOST_S = 5, 30, 3600
_MOST_COUNTED = 1_000_000


class _Tries(Struct, frozen=True):
    failures: Annotated[int, Meta(ge=0, le=_MOST_COUNTED)]
    until: str

    def __post_init__(self) -> None:
        """Raise ValueError for an invalid stamp, so that a file with one counts as unreadable."""
        if self.until:
            moment_of(self.until)


class LockedError(GongjiError):
    """Too many wrong passwords: the next one is refused for a while."""

    def __init__(self, seconds: int) -> None:
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
    left_s = (moment_of(tries.until) - moment_of(stamp(now))).total_seconds()
    wait_s = _wait_s(tries.failures)
    if left_s > wait_s:  # the clock was set back since: the wait begins now and does not last until that day
        left_s = wait_s
        _keep(path, name, tries.failures, now)
    if left_s > 0:
        raise LockedError(int(left_s))


def failed(path: Path, name: str, now: datetime.datetime) -> None:
    """Count a wrong password."""
    tries = _kept(path).get(_of(name))
    _keep(path, name, 1 if tries is None else tries.failures + 1, now)


def _keep(path: Path, name: str, failures: int, now: datetime.datetime) -> None:
    wait_s = _wait_s(failures)
    until = stamp(now + datetime.timedelta(seconds=wait_s)) if wait_s else ""
    write_whole(path / _NAME, json.encode({**_kept(path), _of(name): _Tries(min(failures, _MOST_COUNTED), until)}))


def _wait_s(failures: int) -> int:
    """Return how many seconds the next try has to wait after this many wrong passwords."""
    return 0 if failures < _FREE else min(_FIRST_S * 2 ** min(failures - _FREE, 16), _MOST_S)


def passed(path: Path, name: str) -> int:
    """Clear a name's wrong passwords; return how many there were."""
    kept = _kept(path)
    tries = kept.pop(_of(name), None)
    if tries is None:
        return 0
    write_whole(path / _NAME, json.encode(kept))
    return tries.failures


_SETTING = "lock_after"
USUAL_MINUTES, MOST_MINUTES = 10, 240


def lock_minutes(session: Session) -> int:
    """Return after how many idle minutes the window locks itself; 0 for never, as in practice."""
    kept = settings.get(session.store.reader, _SETTING)
    return 0 if session.clinic.training else USUAL_MINUTES if kept is None else int(kept)


@only("clinic")
def set_lock_minutes(session: Session, minutes: int) -> None:
    """Set after how many idle minutes the window locks itself, 0 for never; logged.

    Raises `GongjiError` beyond `MOST_MINUTES`.
    """
    if not 0 <= minutes <= MOST_MINUTES:
        raise GongjiError(f"分钟数应在 0 至 {MOST_MINUTES} 之间", "0 为不自动锁定")
    session.keep_setting(_SETTING, str(minutes), f"{minutes} 分钟不用自动锁定" if minutes else "不自动锁定")


def unlock(session: Session, password: str) -> None:
    """Unlock for the operator. Raises `GongjiError` for a wrong password, which counts as one at login."""
    path, name = session.folder.path, session.operator
    refuse_while_locked(path, name, session.clock())
    try:
        found = session.folder.keys_for(name, password)
    except WrongPasswordError:
        found = []
    if session.store.key not in found:
        failed(path, name, session.clock())
        raise WrongPasswordError
    failures = passed(path, name)
    if failures >= TOLD:
        with session.store.write() as connection:
            detail = f"解锁前连续输错口令 {failures} 次"
            audit.append(connection, session.newest(session.stamp()), name, Act.LOCKED, name, detail)
