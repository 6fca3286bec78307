"""A copied data folder is noticed; only an answer lets it become another counter or continue at the new place.

A folder's place is its machine and its folder on the disk; a copy is at another place.
"""

import hashlib
import sys
import uuid
from pathlib import Path

from msgspec import Struct

from gongji.core.ledger.audit import Act
from gongji.core.ledger.stored_settlement import COUNTER_CODE
from gongji.desk.clinic.backup.restored_doubts import ORIGIN, Forerunner, distrust_restored_legs, new_origin
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.store import audit, concerns, settings
from gongji.store.concerns import Concern
from gongji.store.engine import Connection
from gongji.store.settlements import settlements
from gongji.store.upload import legs, stick_packages

PLACE = "place"
"""The setting that keeps where the folder was last worked in."""
_MACHINE_IDS = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))


def place_of(path: Path) -> str:
    """Return an identifier of the folder's place: constant while it stays on this machine and is not copied.

    Raises OSError where the folder does not exist.
    """
    return hashlib.sha256(f"{_machine()}/{path.stat().st_ino}".encode()).hexdigest()[:32]


def _machine() -> str:
    if sys.platform == "win32":
        import winreg  # noqa: PLC0415  # only there

        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key:
            return str(winreg.QueryValueEx(key, "MachineGuid")[0])
    for one in _MACHINE_IDS:
        if one.is_file():
            return one.read_text(encoding="ascii", errors="replace").strip()
    return str(uuid.getnode())


class Whereabouts(Struct, frozen=True, kw_only=True):
    """The answer for a folder at another place: it `moved` for good, or is `another` counter with this code."""

    moved: bool = False
    another: str | None = None


class CopiedFolderError(GongjiError):
    """A data folder is at another place than it was last worked in, and there is no answer yet."""

    def __init__(self, counter: str) -> None:
        super().__init__(
            f"这个数据文件夹（收费台 {counter}）不在原来的电脑或原来的位置：它可能是复制出来的，两份同时用会重号、重报",
            "如果原来的那份不再使用，请加 --folder-moved；如果要当作另一个收费台，请加 --as-counter 新代码；"
            "都不是的，请回到原来的那份",
        )


def is_elsewhere(connection: Connection, path: Path) -> bool:
    """Return whether a real clinic's folder with settlements is at another place than it was last worked in."""
    kept = settings.get(connection, PLACE)
    if kept is None or settings.get(connection, "training") == "1" or not settlements.count(connection):
        return False
    return kept != place_of(path)


def check_answer(connection: Connection, path: Path, said: Whereabouts) -> None:
    """Raise `CopiedFolderError` where a folder is at another place and no fitting answer was given.

    Raises `GongjiError` for a code that no other counter can have.
    """
    if not is_elsewhere(connection, path):
        return
    code = settings.get(connection, "counter") or ""
    if said.another is not None and (not COUNTER_CODE.match(said.another) or said.another == code):
        raise GongjiError(f"收费台代码 {said.another} 不对", f"应为两位数字或大写字母，不同于原来的 {code}")
    if not said.moved and said.another is None:
        raise CopiedFolderError(code)


def settle_in(session: Session, said: Whereabouts) -> None:
    """Accept the folder's place, by the answer given or because it never moved."""
    connection = session.store.reader
    path = session.folder.path
    if settings.get(connection, PLACE) == place_of(path):
        return
    if is_elsewhere(connection, path):
        if said.another is not None:
            _become(session, said.another)
        else:
            from gongji.desk.clinic.backup.restore import reserved_of  # noqa: PLC0415  # hardly ever, and with it all that checks a copy

            before = Forerunner(epoch=0, serial=0, reserved=reserved_of(session), elsewhere=True)
            distrust_restored_legs(session, before)
        session.reread()
    with session.store.write() as writer:
        settings.put(writer, PLACE, place_of(path))


def _become(session: Session, code: str) -> None:
    """Become another counter: what waits for upload stays the first one's, and numbers carry the new code."""
    at = session.newest(session.stamp())
    with session.store.write() as connection:
        before = session.clinic.counter
        waiting = legs.open_lanes(connection)
        settings.put(connection, "counter", code)
        settings.put(connection, "epoch", str(session.clinic.epoch + 1))
        settings.put(connection, ORIGIN, new_origin())
        if waiting:
            stick_packages.leave_with(connection, waiting, f"{before} 号收费台", at)
        text = f"由 {before} 号收费台的一份复制成为 {code} 号收费台；复制前 {len(waiting)} 条队列由 {before} 号上传"
        concerns.put(connection, [Concern(kind="place", subject=code, text=text)], at)
        audit.append(connection, at, session.operator, Act.PLACE, code, text)
