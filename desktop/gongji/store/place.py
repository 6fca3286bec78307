"""Where a data folder lies: which machine, which folder of its disk. A copy of the folder lies elsewhere."""

import hashlib
import sys
import uuid
from pathlib import Path

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
