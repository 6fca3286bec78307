"""一个数据文件夹到了别处: a copied folder is noticed, and becomes another counter, or goes on, only by an answer.

Where a folder lies is which machine and which folder of its disk; a copy lies elsewhere.
"""

import hashlib
import sys
import uuid
from pathlib import Path

from msgspec import Struct

from gongji.core.ledger.audit import Act
from gongji.core.ledger.stored_settlement import COUNTER_CODE
from gongji.desk.clinic.restore import reserved_of
from gongji.desk.clinic.restored_doubts import ORIGIN, Forerunner, distrust_restored_legs, new_origin
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.store import audit, concerns, legs, settings, settlements, stick_packages
from gongji.store.concerns import Concern
from gongji.store.engine import Connection

PLACE = "place"
"""The setting that keeps where the folder was last worked in."""
_MACHINE_IDS = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))


def place_of(path: Path) -> str:
    """Return a name for the place of a folder: the same as long as it stays on this machine and is not copied.

    Raises OSError where the folder is not there.
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
    """What somebody says of a folder that lies elsewhere: it `moved` for good, or is `another` counter by this code."""

    moved: bool = False
    another: str | None = None


class CopiedFolderError(GongjiError):
    """A data folder lies elsewhere than it was last worked in, and nobody has said what it is now."""

    def __init__(self, counter: str) -> None:
        super().__init__(
            f"这个数据文件夹（收费台 {counter}）不在原来的电脑或原来的位置：它可能是复制出来的，两份同时用会重号、重报",
            "如果原来的那份不再使用，请加 --folder-moved；如果要当作另一个收费台，请加 --as-counter 新代码；"
            "都不是的，请回到原来的那份",
        )


def is_elsewhere(connection: Connection, path: Path) -> bool:
    """Return whether a folder with settlements in it, of a real clinic, lies elsewhere than it was last worked in."""
    kept = settings.get(connection, PLACE)
    if kept is None or settings.get(connection, "training") == "1" or not settlements.count(connection):
        return False
    return kept != place_of(path)


def check_answer(connection: Connection, path: Path, said: Whereabouts) -> None:
    """Raise `CopiedFolderError` where a folder lies elsewhere and nothing fitting was said of it.

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
    """Let the folder be at home where it lies: by what was said of it, or because it never was elsewhere."""
    connection = session.store.reader
    path = session.folder.path
    if settings.get(connection, PLACE) == place_of(path):
        return
    if is_elsewhere(connection, path):
        if said.another is not None:
            _become(session, said.another)
        else:
            before = Forerunner(epoch=0, serial=0, reserved=reserved_of(session), elsewhere=True)
            distrust_restored_legs(session, before)
        session.reread()
    with session.store.write() as writer:
        settings.put(writer, PLACE, place_of(path))


def _become(session: Session, code: str) -> None:
    """Become another counter: what waits to be uploaded is the first one's, and numbers are of the new code."""
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
