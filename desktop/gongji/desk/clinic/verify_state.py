"""How far a check that was stopped had come, beside the book: sealed, so that nobody can say of a book it was checked.

Only what was found in order counts as done, and only ranges of rows that never change: what is about the whole book may
be other by then. Where the book is no longer the one it was, nothing does.
"""

from collections.abc import Iterable
from contextlib import suppress

from msgspec import DecodeError, Struct, json, structs

from gongji.desk.clinic.verify_tasks import VerifyTask
from gongji.desk.witnessing import witness_key
from gongji.errors import GongjiError
from gongji.files import write_whole
from gongji.store import audit
from gongji.store.engine import Connection
from gongji.store.folder import Folder
from gongji.store.witness import mac_of

_FROZEN = {"结算", "单据"}


class VerifyState(Struct, frozen=True):
    """Which tasks were done when the book's log stood at an entry, by its serial and seal."""

    done: tuple[VerifyTask, ...]
    audit: int
    seal: str
    mac: str = ""


def keep(folder: Folder, connection: Connection, done: Iterable[VerifyTask]) -> None:
    """Keep which ranges are done, if any; where nothing can be written, a check that is stopped begins again."""
    ranges = tuple(one for one in done if one.about in _FROZEN)
    if not ranges:
        clear(folder)
        return
    serial, seal = audit.last(connection)
    state = VerifyState(ranges, serial, seal)
    with suppress(GongjiError):  # a full disk, or a folder that is only to be read
        write_whole(folder.checked, json.encode(structs.replace(state, mac=_mac(connection, state))))


def kept(folder: Folder, connection: Connection) -> frozenset[VerifyTask]:
    """Return which ranges a check that was stopped had done; none where there was none or the book is another."""
    try:
        state = json.decode(folder.checked.read_bytes(), type=VerifyState)
    except (OSError, DecodeError):
        return frozenset()
    is_ours = state.mac == _mac(connection, structs.replace(state, mac=""))
    if not is_ours or (state.audit and audit.seal_of(connection, state.audit) != state.seal):
        return frozenset()
    return frozenset(one for one in state.done if one.about in _FROZEN)


def clear(folder: Folder) -> None:
    """Forget it: the check came to its end, or nothing is done."""
    with suppress(OSError):  # then the next check that goes on finds nothing left to do but what is new
        folder.checked.unlink(missing_ok=True)


def _mac(connection: Connection, state: VerifyState) -> str:
    return mac_of(json.encode(state), witness_key(connection) or b"")
