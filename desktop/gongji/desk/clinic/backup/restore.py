"""恢复: the book restored from a copy that was checked and prepared; the replaced book is kept."""

from contextlib import closing
from pathlib import Path

from msgspec import Struct

from gongji.desk.clinic.backup.backup import digits_of
from gongji.desk.clinic.backup.check_copy import bring_copy, check_copy, clear_copy, open_copy
from gongji.desk.clinic.backup.restored_doubts import Forerunner, distrust_restored_legs, forgotten_since, lost_by
from gongji.desk.clinic.backup.restored_witness import begin_witness_anew, follow, free_place
from gongji.desk.roles import only, second
from gongji.desk.session import Session
from gongji.desk.witnessing import witness_key
from gongji.files import put_in_place
from gongji.store.book_file import witness
from gongji.store.errors import StoreError, store_errors
from gongji.store.settlements import settlements
from gongji.store.upload import messages


class Restored(Struct, frozen=True, kw_only=True):
    """The result of a restore.

    How many records are asked after first, where the replaced book is kept, and how many of its settlements and voids
    are not in the copy and have to be entered again or explained.
    """

    doubted: int
    before: Path
    lost: int = 0


@only("restore")
def restore(session: Session, path: Path) -> Restored:
    """Restore the book from a copy; on the writing thread. The counter is closed afterwards, to be opened again.

    What the book has and the copy lacks is listed in the new book, number by number, to be entered again or
    explained. Nothing is sent before the next reconciliation, and numbers continue above the highest ever used.
    Raises `GongjiError` where the copy cannot be used or somebody else reads the book, whose write-ahead log would be
    taken for the copy's: then nothing has changed and the counter stays open, except for a reader that begins
    meanwhile.
    """
    check_copy(session, path)
    other = second(session, "restore")
    session.store.empty_log()
    folder = session.folder
    before = free_place(folder.copies / f"before-restore-{digits_of(session.stamp())}.db")
    session.store.backup(before)
    fresh = bring_copy(session, path)
    try:
        doubted, lost = _made_ready(session, fresh, other)
        session.store.empty_log()
        session.store.close()
        if session.store.has_log():
            session.close()
            raise StoreError("SQLITE_BUSY")
        with store_errors():
            put_in_place(fresh, folder.book)
        begin_witness_anew(folder, session.store.key, before)
    finally:
        clear_copy(fresh)
    session.close()
    return Restored(doubted=doubted, before=before, lost=lost)


def _made_ready(session: Session, fresh: Path, other: str) -> tuple[int, int]:
    """Mark everything in a copy that is not final as unconfirmed, and list what it lacks, before it is the book."""
    with closing(open_copy(session, fresh)) as store:
        if store.key != session.store.key:
            store.rekey(session.store.key)
        if store.needs_migration:
            store.upgrade()
        lost = tuple(lost_by(session.store.reader, store.reader))
        before = Forerunner(
            epoch=session.clinic.epoch,
            serial=settlements.next_serial(session.store.reader, session.clinic.serial_floor) - 1,
            reserved=reserved_of(session),
            lost=lost,
            second=other,
            forgotten=forgotten_since(session.store.reader, store.reader),
        )
        anew = Session(session.folder, store, session.library, session.operator, session.clock)
        doubted = distrust_restored_legs(anew, before)
        with store.write() as connection:
            follow(connection, session.folder)
        return doubted, len(lost)


def reserved_of(session: Session) -> str:
    """Return up to when (a stamp) the book's message numbers may have been used."""
    key = witness_key(session.store.reader)
    mark = None if key is None else witness.mark(session.folder.mark, key)
    return max(messages.last_at(session.store.reader), "" if mark is None else mark.reserved)
