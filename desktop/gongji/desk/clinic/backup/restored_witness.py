"""The witness after a restore: the restored book replaces the old one by one renaming, and its witness follows.

The prepared copy knows the old book's witness by its fingerprint. Once it is in the old book's place, a witness with
that fingerprint is put aside and a new one begun, by the restore itself or, if that was stopped,
by the next start.
"""

from contextlib import closing
from pathlib import Path

from gongji.desk.witnessing import WITNESS_KEY, Witnessing, witness_key
from gongji.files import put_in_place
from gongji.store import settings
from gongji.store.book_file import witness
from gongji.store.book_file.db import Store
from gongji.store.book_file.folder import Folder
from gongji.store.book_file.keys import new_key
from gongji.store.engine import Connection
from gongji.store.errors import store_errors

_FOLLOWS = "witness_follows"
"""The setting with the fingerprints of the old witness, lines and mark; empty once the new one has begun."""


def follow(connection: Connection, folder: Folder) -> None:
    """Record in a prepared copy which witness its own will replace, inside the caller's transaction."""
    settings.put(connection, _FOLLOWS, f"{witness.digest(folder.witness)} {witness.digest(folder.mark)}")


def begin_witness_anew(folder: Folder, key: bytes, before: Path | None = None) -> None:
    """Begin the witness of a restored book: what it has is witnessed, what it lost it lists itself.

    The old witness is kept under the name of `before`, the old book, or under a free one. Raises
    `StoreError`.
    """
    with closing(Store(folder.book, key)) as store:
        connection = store.reader
        _put_aside(folder, settings.get(connection, _FOLLOWS) or "", before)
        own = witness_key(connection)
        if own is None:
            own = new_key()
            with store.write() as writer:
                settings.put(writer, WITNESS_KEY, own.hex())
        witnessing = Witnessing(folder, own, 0 if not folder.witness.exists() else None)
        with store_errors():
            witnessing.add_lines(connection)
        witnessing.begin(connection)
        with store.write() as writer:
            settings.put(writer, _FOLLOWS, "")
        witnessing.begin(connection)


def is_to_begin_anew(connection: Connection) -> bool:
    """Return whether a book was restored and its witness has not begun yet."""
    return bool(settings.get(connection, _FOLLOWS))


def _put_aside(folder: Folder, follows: str, before: Path | None) -> None:
    names = before or free_place(folder.copies / "before-restore.db")
    with store_errors():
        for one, was, ending in zip(
            (folder.witness, folder.mark), follows.split(), (".witness.jsonl", ".witness.mark"), strict=True
        ):
            if one.exists() and witness.digest(one) == was:
                put_in_place(one, free_place(names.with_suffix(ending)))


def free_place(place: Path) -> Path:
    """Return a path that does not exist yet: several made in one second do not overwrite each other."""
    names = (place, *(place.with_stem(f"{place.stem}-{number}") for number in range(2, 1000)))
    return next(one for one in names if not one.exists())
