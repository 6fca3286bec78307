"""Plain text on the disk: names and numbers that may only be in the encrypted book."""

from collections.abc import Iterable, Iterator
from pathlib import Path


def files(*folders: Path) -> Iterator[Path]:
    """Yield every file under some folders."""
    return (one for folder in folders for one in folder.rglob("*") if one.is_file())


def lying_open(identifiers: Iterable[str], *folders: Path) -> list[str]:
    """Return the names of files that contain any of some identifiers, and of every unencrypted paper."""
    needles = [one.encode(code) for one in identifiers for code in ("utf-8", "utf-16-le", "gb18030")]
    found = []
    for one in files(*folders):
        content = one.read_bytes()
        if content.startswith(b"%PDF") or any(needle in content for needle in needles):
            found.append(one.name)
    return found
