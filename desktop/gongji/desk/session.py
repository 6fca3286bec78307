"""收费台: everything an act of the clerk needs, opened once as a `Session`."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec import Struct, json

from gongji.core.dates import moment_of, stamp
from gongji.core.ledger.audit import Act
from gongji.desk.editions import library_with
from gongji.desk.publisher_keys import pinned_keys
from gongji.desk.witnessing import Witnessing
from gongji.errors import GongjiError
from gongji.files import reason
from gongji.log import close_log, open_log
from gongji.pack_files.library import Library
from gongji.store import audit, settings
from gongji.store.book_file.db import Store
from gongji.store.book_file.folder import Folder
from gongji.store.engine import Connection
from gongji.store.errors import StoreError
from gongji.store.settlements import settlements

Clock = Callable[[], datetime.datetime]
_CLOCK_MAY_LAG = datetime.timedelta(minutes=5)
_CLOCK_MAY_LEAD = datetime.timedelta(days=366)
"""The longest time a clinic may plausibly have been closed."""


class Clinic(Struct, frozen=True, kw_only=True):
    """The clinic's own facts: its code for this counter, its area, the institution in the contract's form."""

    counter: str
    area: str
    institution: dict[str, Any]
    training: bool
    epoch: int
    serial_floor: int


class ClockError(GongjiError):
    """The PC's clock is earlier than the last record."""

    def __init__(self, now: str, last: str) -> None:
        super().__init__(
            f"电脑时间 {now} 早于上一笔记录的时间 {last}",
            "请先核对电脑的日期和时间；现在的时间无误的，选“时间无误，继续”（命令行：--clock-confirmed），会记入日志",
        )


class ClockAheadError(ClockError):
    """The PC's clock is so far after the last record that it is more likely wrong."""

    def __init__(self, now: str, last: str) -> None:
        GongjiError.__init__(
            self,
            f"电脑时间 {now} 比上一笔记录的时间 {last} 晚了一年以上",
            "请先核对电脑的日期和时间；现在的时间无误的，选“时间无误，继续”（命令行：--clock-confirmed），会记入日志",
        )


class Session:
    """An open counter: book, policies, clinic, operator, and a clock that never runs backwards here.

    `log` is the folder's log, in English and without personal data. `shipped` are the packs it was opened
    with, `library` these and added editions; `left_out` says which of those do not fit. `publisher_keys` reads the
    public keys pinned in the program.
    """

    def __init__(self, folder: Folder, store: Store, library: Library, operator: str, clock: Clock) -> None:
        """Use an open, migrated book and the other collaborators."""
        self.folder = folder
        self.store = store
        self.shipped = library
        self.library, self.left_out = library_with(library, store.reader)
        self.operator = operator
        self.clock = clock
        self.publisher_keys: Callable[[], list[bytes]] = pinned_keys
        self.log = open_log(folder.path)
        self.second: tuple[str, str] | None = None  # the second person for an act that needs two, and since when
        self.keeps_paper_files = True  # set by whoever opens it (desk.papers.paper_files)
        # what was shown without being stored: quotations, a shift before its end
        self.loose_papers: dict[Path, bytes] = {}
        self._clock_confirmed = False
        self._last: str | None = settlements.last_at(store.reader)
        self.witnessing: Witnessing | None = None
        self.clinic = clinic_of_book(store)
        self.is_open = True

    def refresh_library(self) -> None:
        """Read the packs and the lists of diseases from the book again."""
        self.library, self.left_out = library_with(self.shipped, self.store.reader)

    def reread(self) -> None:
        """Read the clinic's facts from the book again, after opening has changed it."""
        self.clinic = clinic_of_book(self.store)

    def confirm_clock(self) -> None:
        """Accept the operator's confirmation that the clock is right though it is earlier than the last record."""
        self._clock_confirmed = True

    def now(self) -> str:
        """Return the stamp of now, never before the last record's. Raises `ClockError` when the clock is far off it."""
        now = stamp(self.clock())
        if self._last is None:
            return now
        if now >= self._last:
            if not self._clock_confirmed and moment_of(now) - moment_of(self._last) > _CLOCK_MAY_LEAD:
                raise ClockAheadError(now, self._last)
            return now
        if moment_of(self._last) - moment_of(now) <= _CLOCK_MAY_LAG:
            return self._last
        if not self._clock_confirmed:
            raise ClockError(now, self._last)
        return now

    def stamp(self) -> str:
        """Return the stamp of the PC's own time, unchecked: for what must not wait until the clock is right."""
        return stamp(self.clock())

    def log_clock(self, connection: Connection, at: str) -> None:
        """Log that the operator confirmed an earlier time, where that was so."""
        if self._last is not None and moment_of(at) - moment_of(self._last) > _CLOCK_MAY_LEAD:
            detail = f"电脑时间 {at} 比上一笔 {self._last} 晚一年以上，操作员确认无误"
            audit.append(connection, at, self.operator, Act.CLOCK, self.clinic.counter, detail)
        if self._last is not None and at < self._last:
            detail = f"电脑时间 {at} 早于上一笔 {self._last}，操作员确认无误"
            audit.append(connection, at, self.operator, Act.CLOCK, self.clinic.counter, detail)

    def recorded(self, at: str) -> None:
        """Remember the stamp of the last record."""
        self._last = at

    def newest(self, at: str) -> str:
        """Return the later of a stamp and the last one given."""
        return at if self._last is None else max(at, self._last)

    def keep_setting(self, name: str, value: str, detail: str) -> None:
        """Store a setting of the clinic's, and log what it is now. Raises `ClockError`, `StoreError`."""
        with self.store.write() as connection:
            settings.put(connection, name, value)
            audit.append(connection, self.now(), self.operator, Act.CLINIC, self.clinic.counter, detail)

    def testify(self) -> str | None:
        """Bring the witness file up to the book, on the writing thread, flushed; return why it failed, or None.

        A settlement counts once the book has it: a witness that cannot be written is reported and completed later.
        """
        if self.witnessing is None:
            return None
        try:
            self.witnessing.add_lines(self.store.writer)  # which has just written these rows and need not read them
        except (OSError, StoreError) as error:
            why = reason(error) if isinstance(error, OSError) else error.title
            return f"见证文件没有写上（{why}），下次结算时会补上；请检查磁盘"
        return None

    def witness_with(self, witnessing: Witnessing) -> None:
        """Have every transaction witnessed from now on."""
        self.witnessing = witnessing
        witnessing.seen = settlements.next_serial(self.store.reader, 0) - 1
        self.store.kept = lambda commit: witnessing.kept(self.store.writer, commit)

    def close(self) -> None:
        """Close the book and release the folder; closing twice is harmless."""
        if not self.is_open:
            return
        self.is_open = False
        try:
            self.store.close()
        except StoreError:
            pass  # nothing is lost: what could not be moved into the file stays in the log and is read from there
        finally:
            self.log.info("closed")
            close_log(self.log)
            self.folder.unlock()


def clinic_of_book(store: Store) -> Clinic:
    """Return the clinic's own facts from a book. Raises `StoreError` where it has none."""

    def required(name: str) -> str:
        value = settings.get(store.reader, name)
        if value is None:
            raise StoreError("SQLITE_CORRUPT")
        return value

    return Clinic(
        counter=required("counter"),
        area=required("area"),
        institution=json.decode(required("institution")),
        training=required("training") == "1",
        epoch=int(required("epoch")),
        serial_floor=int(required("serial_floor")),
    )
