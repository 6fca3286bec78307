"""Power cuts over the real program: what it wrote is recorded, and disks are built as a cut may have left them.

`strace` records every write, flush, creation, renaming and deletion in the data folder, and what was acknowledged when.
After any of them the power may go: each write that no flush has followed is there, is not there, or is torn at 512
bytes, in any combination; names that no flush has followed are there up to some point. A later flush in a folder makes
earlier changes of its names last, as on journalled file systems. A disk that lies about flushing is beyond this.

`python -m tests.scenarios.faults.power [IMAGES]` builds so many images (4,000) for the program as it is, and for two
settings that must lose or spoil something, and says what was found.
"""

import hashlib
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.desk.clinic.backup import relocate
from gongji.desk.clinic.backup.backup import back_up
from gongji.desk.clinic.begin import begin
from gongji.desk.clinic.open import open_counter
from gongji.desk.clinic.operators import add_operator
from gongji.desk.closing.shifts import close_shift
from gongji.desk.imports.forget_person import forget_person
from gongji.desk.roles import Role, attend
from gongji.desk.session import Session
from gongji.desk.settlements.refund import refund
from gongji.desk.settlements.void import void
from gongji.errors import GongjiError
from gongji.store import audit, engine
from gongji.store.book_file import db, integrity, keyed_connection, tally, tally_check
from gongji.store.book_file.folder import Folder
from gongji.store.closing import shifts
from gongji.store.engine import Connection
from gongji.store.people import forgetting, people, person_keys
from gongji.store.people.person_keys import FORGOTTEN
from gongji.store.settlements import settlements
from gongji.store.upload import outbox_records
from tests.scenarios.faults.child import BEGINNING, LIBRARY, digest, do, now
from tests.scenarios.faults.modelled_disk import Disk, play
from tests.scenarios.faults.recorder import Event, record
from tests.scenarios.faults.running import in_memory
from tests.support.clinic import OPERATOR, PASSWORD
from tests.support.in_the_book import wholes
from tests.support.passwords import passwords_cost_little

FULL, NORMAL, OFF = 2, 1, 0
"""SQLite's `synchronous`: the program's own, and two that the harness must find out."""
GONE = "530399196002020018"
"""Whose plain data is destroyed: somebody who was never settled."""
OTHER, OTHER_PASSWORD = "王芳", "王芳的口令 1"
ACTS = (
    ("settle V1", "settle V2", "void V1", "settle V3", "refund V2", "close 1"),
    ("settle V4", "settle V5", "backup 1", "void V4", f"forget {GONE}", "settle V6", "settle V7", "close 2"),
)
"""What is done, session by session."""
REFUNDED = frozenset(act.split(" ")[1] for part in ACTS for act in part if act.startswith("refund"))
_EXTREMES, _TRIES = 2, 8
"""So often another image of a moment is drawn where the last one was judged already."""


class Tally(Struct):
    """What was found in so many different images."""

    images: int = 0
    lost: int = 0
    corrupt: int = 0
    partial: int = 0
    shut_out: int = 0

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.corrupt or self.partial or self.shut_out)


def judge(path: Path, key: bytes, acked: dict[str, str], into: Tally, *, starts: bool) -> None:
    """Look at an image as the next start finds it."""
    into.images += 1
    try:
        there = _what_is_there(path, key)
    except (GongjiError, engine.Error, AssertionError):
        into.corrupt += 1
        return
    if there is None:
        into.partial += 1
        return
    into.lost += any(there.get(act) != one for act, one in acked.items())
    if starts:
        try:
            open_counter(path, LIBRARY, now, OPERATOR, PASSWORD).close()
        except GongjiError:
            into.shut_out += 1


def _what_is_there(path: Path, key: bytes) -> dict[str, str] | None:
    """The acts that a book holds; None where a table is not what the last whole transaction left."""
    store = db.Store(path / "book.db", key, read_only=True)
    try:
        reader = store.reader
        if integrity.damaged_pages(reader) or any(integrity.structural_faults(reader)):
            raise AssertionError("damaged")
        _, kept = tally.kept(reader)
        if any(tally_check.misfits(reader, kept)) or _has_loose_ends(reader):
            return None
        acts = {_act(one): f"{one.no} {digest(one)}" for one in wholes(reader)}
        acts |= {f"forget {one.person_id}": one.at for one in forgetting.forgettings(reader)}
        closed = reversed(shifts.newest(reader, len(ACTS)))
        acts |= {f"close {nth}": f"{one.first_serial}-{one.last_serial} {one.at}" for nth, one in enumerate(closed, 1)}
    finally:
        store.close()
    for nth, copy in enumerate(sorted((path / "backups").glob("book-*.db")), 1):
        if not is_whole(copy, key):
            return None
        acts[f"backup {nth}"] = f"{copy.name} whole"
    return acts


def _has_loose_ends(reader: Connection) -> bool:
    """Tell whether a row points to one that is not there, the log or the queue is broken, or a name cannot be read."""
    loose = (
        any(integrity.dangling_references(reader)) or any(audit.broken(reader)) or any(outbox_records.misfits(reader))
    )
    gone = forgetting.traces(reader, GONE)
    return loose or gone is None or (gone.name == FORGOTTEN) is not person_keys.is_forgotten(reader, GONE)


def is_whole(copy: Path, key: bytes) -> bool:
    """Tell whether a copy of a book opens, and nothing of it is damaged."""
    connection = keyed_connection.connect(copy, key, read_only=True)
    try:
        return not integrity.damaged_pages(connection) and not any(integrity.structural_faults(connection))
    finally:
        connection.close()


def _act(one: StoredSettlement) -> str:
    return (
        f"settle {one.visit_no}"
        if one.kind == "settle"
        else f"{'refund' if one.visit_no in REFUNDED else 'void'} {one.visit_no}"
    )


def images(folder: Path, events: Sequence[Event], wanted: int, seed: int) -> Tally:
    """Build so many images of moments all over what was recorded, and judge them; no image is judged twice."""
    own, seen, found = random.Random(seed), set[bytes](), Tally()
    share = wanted / max(1, len(events))
    key = Folder(folder).key(OPERATOR, PASSWORD)
    with tempfile.TemporaryDirectory(dir=in_memory()) as place:
        disk = Disk(folder)

        def look(at: int, acked: dict[str, str]) -> None:
            """Judge as many more images as bring the whole up to its share of those wanted."""
            for nth in range(max(0, round(share * (at + 1)) - found.images)):
                ways = ("none", "all") if nth < _EXTREMES and share >= 1 else ()
                one = _another(disk, own, ways[nth : nth + 1], seen, acked)
                if one is None:
                    return
                path = Path(place) / str(found.images)
                for name, data in one.items():
                    (path / name).parent.mkdir(parents=True, exist_ok=True)
                    (path / name).write_bytes(data)
                judge(path, key, acked, found, starts=found.images % 10 == 0)
                shutil.rmtree(path)

        play(disk, events, look)
    return found


def _another(
    disk: Disk, own: random.Random, ways: Sequence[str], seen: set[bytes], acked: dict[str, str]
) -> dict[str, bytes] | None:
    """Return an image of this moment that was not judged yet; None where none is drawn."""
    for way in (*ways, *(own.choice(("none", "all", "some", "some")) for _ in range(_TRIES))):
        one = disk.image(own, way)
        mark = _mark(one, acked)
        if mark not in seen:
            seen.add(mark)
            return one
    return None


def _mark(image: dict[str, bytes], acked: dict[str, str]) -> bytes:
    """A fingerprint of an image and of what it must hold."""
    parts = [f"{name} {hashlib.sha256(data).hexdigest()}" for name, data in sorted(image.items())]
    return hashlib.sha256("\n".join((*parts, *sorted(acked))).encode()).digest()


def cheaply() -> None:
    """What a password costs, and where a folder lies, is not what is tried here."""
    passwords_cost_little()
    relocate.place_of = lambda _: "here"  # type: ignore[assignment]


def work(path: Path, synchronous: int) -> None:
    """What is recorded: settle, void, close and open again, each act acknowledged once it is done."""
    cheaply()
    keyed_connection._PRAGMAS["synchronous"] = synchronous  # noqa: SLF001  # the harness must find this out
    keyed_connection._PRAGMAS["wal_autocheckpoint"] = 60  # noqa: SLF001  # so that the log is put away meanwhile, too
    for part in ACTS:
        counter = open_counter(path, LIBRARY, now, OPERATOR, PASSWORD)
        for act in part:
            os.write(1, f"ACK \t{act}\t{_done(counter, act)}\n".encode())
        counter.close()


def _done(session: Session, act: str) -> str:
    """Do an act; return what of it must be there from now on, as `_what_is_there` says it."""
    kind, subject = act.split(" ")
    match kind:
        case "close":
            one, _ = close_shift(session)
            return f"{one.first_serial}-{one.last_serial} {one.at}"
        case "backup":
            copy = back_up(session)
            assert copy is not None
            return f"{copy.name} whole"
        case "forget":
            attend(session, OTHER, OTHER_PASSWORD)
            forget_person(session, subject, "本人要求")
            return forgetting.forgettings(session.store.reader)[-1].at
        case "settle":
            stored, _ = do(session, act)
            return f"{stored.no} {digest(stored)}"
    found = settlements.by_visit_no(session.store.reader, subject)
    assert found is not None
    if kind == "refund":
        refund(session, found.no, "多收了一盒", {0: "0.5"})
    else:
        void(session, found.no, "药品退回")
    (stored,) = (one for one in wholes(session.store.reader) if one.voids == found.no)
    return f"{stored.no} {digest(stored)}"


def begun(path: Path) -> None:
    """Make the folder to work in."""
    cheaply()
    begin(path, BEGINNING, LIBRARY, now)
    counter = open_counter(path, LIBRARY, now, OPERATOR, PASSWORD)
    add_operator(counter, PASSWORD, OTHER, OTHER_PASSWORD, Role.MANAGER)
    with counter.store.write() as connection:
        people.save_person(connection, GONE, "欧阳兰", None)
        person_keys.make_key(connection, GONE)
    counter.close()


def tried(synchronous: int, wanted: int, seed: int = 1) -> Tally:
    """Record the program under a setting and judge so many images of it."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place).resolve() / "data"
        begun(path)
        at_first = Path(place) / "at-first" / "data"
        shutil.copytree(path, at_first)
        events = record(path, Path(place) / "log", synchronous)
        return images(at_first, events, wanted, seed)


def main(arguments: Sequence[str]) -> int:
    """Work as what is recorded, or build images and say what was found."""
    if arguments[:1] == ["--work"]:
        work(Path(arguments[1]), int(arguments[2]))
        return 0
    wanted = int(arguments[0]) if arguments else 4000
    ok = True
    for name, synchronous, count in (
        ("FULL", FULL, wanted),
        ("NORMAL", NORMAL, wanted // 8),
        ("OFF", OFF, wanted // 8),
    ):
        found = tried(synchronous, count)
        print(f"synchronous={name}: {found}")  # a command
        ok &= found.is_clean == (synchronous == FULL)
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
