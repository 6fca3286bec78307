"""What a new version is asked by the one it is to follow: bring a copy of the book up to date, and verify it.

How it is asked is kept for ever (docs/updates.md): any version may be followed by any later one.
"""

from pathlib import Path

from msgspec import Struct, json

from gongji.desk.clinic.verify_book import BookFinding, verify
from gongji.errors import GongjiError
from gongji.packs_on_disk import Library
from gongji.store.db import Store
from gongji.store.folder import Folder

_WITNESS = "见证"


class TrialKey(Struct, frozen=True):
    """What the new version is told on its standard input: the key of the copy, 64 hexadecimal digits."""

    key: str


class Tried(Struct, frozen=True):
    """What it answers: everything verifying the copy found."""

    ok: bool
    findings: tuple[BookFinding, ...]


def try_copy(copy: Path, asked: bytes, library: Library) -> Tried:
    """Bring a copy up to date and verify it; `GongjiError` where it cannot be opened, `NewerBookError` among them."""
    try:
        key = bytes.fromhex(json.decode(asked, type=TrialKey).key)
    except ValueError as error:
        raise GongjiError("没有给出副本的钥匙", "这个命令由更新程序自己使用") from error
    store = Store(copy, key)
    try:
        if store.needs_migration:
            store.upgrade()
        return Tried(ok=True, findings=found_in(Folder(copy.parent), store, library))
    finally:
        store.close()


def found_in(folder: Folder, store: Store, library: Library) -> tuple[BookFinding, ...]:
    """Return what verifying a book finds but for its witness, which stays with the book itself."""
    found = verify(folder, store, library, lambda *_: None)
    return tuple(one for one in found if _WITNESS not in one.place and _WITNESS not in one.text)
