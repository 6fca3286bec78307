"""锁定: the window locked while its operator is away; the password that opened the book unlocks it."""

from gongji.core.ledger.audit import Act
from gongji.desk.clinic import lockout
from gongji.desk.roles import only
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.store import audit, settings
from gongji.store.folder import WrongPasswordError

_SETTING = "lock_after"
USUAL_MINUTES, MOST_MINUTES = 10, 240


def lock_minutes(session: Session) -> int:
    """Return after how many minutes without a touch the window locks itself; 0 never does, nor does practice."""
    kept = settings.get(session.store.reader, _SETTING)
    return 0 if session.clinic.training else USUAL_MINUTES if kept is None else int(kept)


@only("clinic")
def set_lock_minutes(session: Session, minutes: int) -> None:
    """Keep after how many minutes the window locks itself, 0 for never; logged."""
    if not 0 <= minutes <= MOST_MINUTES:
        raise GongjiError(f"分钟数应在 0 至 {MOST_MINUTES} 之间", "0 为不自动锁定")
    with session.store.write() as connection:
        settings.put(connection, _SETTING, str(minutes))
        detail = f"{minutes} 分钟不用自动锁定" if minutes else "不自动锁定"
        audit.append(connection, session.now(), session.operator, Act.CLINIC, session.clinic.counter, detail)


def unlock(session: Session, password: str) -> None:
    """Let the operator go on; `GongjiError` where the password is not theirs. Wrong ones count as at the log-in."""
    path, name = session.folder.path, session.operator
    lockout.refuse_while_locked(path, name, session.clock())
    try:
        found = session.folder.keys_for(name, password)
    except WrongPasswordError:
        found = []
    if session.store.key not in found:
        lockout.failed(path, name, session.clock())
        raise WrongPasswordError
    failures = lockout.passed(path, name)
    if failures >= lockout.TOLD:
        with session.store.write() as connection:
            detail = f"解锁前连续输错口令 {failures} 次"
            audit.append(connection, session.newest(session.stamp()), name, Act.LOCKED, name, detail)
