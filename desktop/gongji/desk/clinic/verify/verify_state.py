"""How far a stopped check had come, beside the book: sealed, so that nobody can claim that a book was checked.

Only what was found in order counts as done, and only ranges of rows that never change: whole-book checks may
find something else by then. Where the book is no longer the same one, nothing counts.
"""

from collections.abc import Iterable
from contextlib import suppress

from msgspec import DecodeError, Struct, json, structs

from gongji.desk.clinic.verify.verify_tasks import VerifyTask
from gongji.desk.witnessing import witness_key
from gongji.errors import GongjiError
from gongji.files import write_whole
from gongji.store import audit
from gongji.store.book_file.folder import Folder
from gongji.store.book_file.witness import mac_of
from gongji.store.engine import Connection

_FROZEN = {"结算", "单据"}


class VerifyState(Struct, frozen=True):
    """Which tasks were done when the book's log was at an entry, by its serial and seal."""

    done: tuple[VerifyTask, ...]
    audit: int
    seal: str
    mac: str = ""


def keep(folder: Folder, connection: Connection, done: Iterable[VerifyTask]) -> None:
    """Store which ranges are done, if any; where that fails, a stopped check begins again."""
    ranges = tuple(one for one in done if one.about in _FROZEN)
    if not ranges:
        clear(folder)
        return
    serial, seal = audit.last(connection)
    state = VerifyState(ranges, serial, seal)
    with suppress(GongjiError):  # a full disk, or a read-only folder
        write_whole(folder.checked, json.encode(structs.replace(state, mac=_mac(connection, state))))


def kept(folder: Folder, connection: Connection) -> frozenset[VerifyTask]:
    """Return the ranges that a stopped check had done; none where there was no such check or the book is another."""
    try:
        state = json.decode(folder.checked.read_bytes(), type=VerifyState)
    except (OSError, DecodeError):
        return frozenset()
    is_ours = state.mac == _mac(connection, structs.replace(state, mac=""))
    if not is_ours or (state.audit and audit.seal_of(connection, state.audit) != state.seal):
        return frozenset()
    return frozenset(one for one in state.done if one.about in _FROZEN)


def clear(folder: Folder) -> None:
    """Delete the state: the check is complete, or nothing is done."""
    with suppress(OSError):  # then the next continued check only does what is new
        folder.checked.unlink(missing_ok=True)


def _mac(connection: Connection, state: VerifyState) -> str:
    return mac_of(json.encode(state), witness_key(connection) or b"")
