"""docs/advisories.md is about what is in the lock: what was raised is looked through anew, and the date with it."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "advisories.md"
IN_A_WHEEL = {
    "SQLite in SQLCipher", "SQLCipher's OpenSSL", "expat, of Python 3.11", "OpenSSL, of Python 3.11",
    "tarfile, of Python 3.11",
}  # fmt: skip
"""What has no line of its own in the lock."""


def locked() -> dict[str, set[str]]:
    """Versions by name: there are two where systems differ."""
    found: dict[str, set[str]] = {}
    lines = (ROOT / "requirements.lock").read_text("utf-8")
    for name, version in re.findall(r"^([\w.-]+)==([\w.]+)", lines, re.MULTILINE):
        found.setdefault(name.removesuffix("-essentials"), set()).add(version)
    return found


def rows() -> dict[str, str]:
    """What stands under "in the lock", by library."""
    cells = [line.split("|")[1:3] for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    return {name.strip(): version.strip() for name, version in cells if name.strip() not in {"library", *IN_A_WHEEL}}


def test_versions_are_those_of_the_lock() -> None:
    there = locked()
    for library, told in rows().items():
        names = [one for one in re.split(r", in |, ", library.lower()) if one in there]
        assert names, library
        assert {*told.split(", ")} == {version for one in names for version in there[one]}, library
