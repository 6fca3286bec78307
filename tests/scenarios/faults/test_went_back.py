"""A book that went back, by whatever hand or fault: noticed at the start or healed from the log, and never taken on.

Each image is a data folder as a fault could leave it. Either the start refuses it, or it opens with everything that was
acknowledged, or it opens and begins by asking the platform first. Never does it open as if nothing had happened.
"""

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gongji.desk.clinic.backup import relocate
from gongji.desk.clinic.backup.restored_doubts import RECONCILE_FIRST
from gongji.desk.clinic.open import open_counter
from gongji.desk.session import Session
from gongji.desk.witnessing import ShortBookError
from gongji.errors import GongjiError
from gongji.store import concerns, settings
from gongji.store.book_file import tally, tally_check
from gongji.store.settlements import settlements
from gongji.store.upload import messages
from tests.scenarios.faults.child import LIBRARY, do, now
from tests.scenarios.faults.test_trouble import PAGE, flip, write
from tests.support.clinic import OPERATOR, PASSWORD

TURNS = 12


def opened(path: Path) -> Session:
    return open_counter(path, LIBRARY, now, OPERATOR, PASSWORD)


def turn(session: Session, number: int) -> str:
    """What a night's upload writes: a message kept before its first byte, its answer; no settlement, no log entry."""
    at = f"2025-06-10 22:{number:02d}:00"
    with session.store.write() as connection:
        mark = messages.next_mark(connection, at)
        name = f"M{number:04d}"
        messages.put(connection, name, None, "9001", "session", at, bytes(2000))
    with session.store.write() as connection:
        messages.put_answer(connection, name, at, "done", "", bytes(2000))
    return f"{mark.at}/{mark.number:03d}"


@pytest.fixture(scope="module")
def upload_tail(new_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int, str]:
    """Settlements put away, then only turns of an upload in the log, and the program killed."""
    path = Path(shutil.copytree(new_folder, tmp_path_factory.mktemp("tail") / "data"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(relocate, "place_of", lambda _: "here")  # as for the tests: a copy is at home where it lies
        counter = opened(path)
        for number in range(3):
            do(counter, f"settle V{number}")
        counter.close()
        counter = opened(path)
        last = [turn(counter, number) for number in range(TURNS)][-1]
        commits, _ = tally.kept(counter.store.reader)
        killed = Path(shutil.copytree(path, path.parent / "killed"))
        counter.close()
    assert (killed / "book.db-wal").stat().st_size > 10 * PAGE
    return killed, commits, last


def frames(log: bytes) -> Iterator[int]:
    yield from range(32, len(log) - 24, 24 + PAGE)


def judged(path: Path, commits: int, last: str) -> str:
    """Open an image and say how it was taken; what is taken for whole must be."""
    try:
        counter = opened(path)
    except relocate.CopiedFolderError:  # refused for being a copy, and not looked at
        raise
    except (GongjiError, ShortBookError) as error:
        return type(error).__name__
    try:
        reader = counter.store.reader
        back = [one for one in concerns.open_ones(reader) if one.concern.kind == "back"]
        if back:
            assert settings.get(reader, RECONCILE_FIRST) == "1"
            with counter.store.write() as connection:
                mark = messages.next_mark(connection, "2025-06-10 09:00:00")
            assert f"{mark.at}/{mark.number:03d}" > last
            return "asks first"
        assert tally.kept(reader)[0] == commits, "taken for whole though it is not"
        assert not list(tally_check.misfits(reader, tally.kept(reader)[1]))
        return "healed"
    finally:
        counter.close()


def images(source: Path, place: Path, count: int, spoil: Callable[[Path, random.Random], None]) -> Iterator[Path]:
    for number in range(count):
        path = Path(shutil.copytree(source, place / f"image{number}"))
        spoil(path, random.Random(number))
        yield path
        shutil.rmtree(path)


def flip_in_log(path: Path, own: random.Random) -> None:
    flip(path / "book.db-wal", own.randrange((path / "book.db-wal").stat().st_size), 1 << own.randrange(8))


def cut_log(path: Path, own: random.Random) -> None:
    log = (path / "book.db-wal").read_bytes()
    write(path / "book.db-wal", log[: own.randrange(len(log))])


def cut_log_at_frame(path: Path, own: random.Random) -> None:
    log = (path / "book.db-wal").read_bytes()
    write(path / "book.db-wal", log[: own.choice([*frames(log)])])


def cut_book_at_page(path: Path, own: random.Random) -> None:
    book = (path / "book.db").read_bytes()
    write(path / "book.db", book[: own.randrange(1, len(book) // PAGE) * PAGE])


SPOILT = {"a bit of the log": flip_in_log, "the log cut": cut_log, "the log cut at a frame": cut_log_at_frame,
          "the book cut at a page": cut_book_at_page}  # fmt: skip


@pytest.mark.parametrize("name", SPOILT)
def test_a_tail_without_settlements_or_a_cut_book_is_noticed_or_healed(
    upload_tail: tuple[Path, int, str], disk: Path, name: str
) -> None:
    source, commits, last = upload_tail
    found: dict[str, int] = {}
    for path in images(source, disk, 75, SPOILT[name]):
        outcome = judged(path, commits, last)
        found[outcome] = found.get(outcome, 0) + 1
    print(name, found)
    assert sum(found.values()) == 75
    assert found.get("healed", 0) < 75


def test_what_a_kill_left_and_nobody_spoilt_is_healed(upload_tail: tuple[Path, int, str], disk: Path) -> None:
    source, commits, last = upload_tail
    assert judged(Path(shutil.copytree(source, disk / "data")), commits, last) == "healed"


def test_an_evening_copy_laid_back_by_hand_asks_first(new_folder: Path, tmp_path: Path) -> None:
    path = Path(shutil.copytree(new_folder, tmp_path / "data"))
    counter = opened(path)
    do(counter, "settle V1")
    counter.close()
    evening = (path / "book.db").read_bytes()
    counter = opened(path)
    last = [turn(counter, number) for number in range(5)][-1]
    commits, _ = tally.kept(counter.store.reader)
    counter.close()
    write(path / "book.db", evening)
    assert judged(path, commits, last) == "asks first"


def test_yesterdays_copy_settled_up_to_the_same_number_is_noticed(new_folder: Path, tmp_path: Path) -> None:
    path = Path(shutil.copytree(new_folder, tmp_path / "data"))
    counter = opened(path)
    do(counter, "settle V1")
    counter.close()
    yesterday = (path / "book.db").read_bytes()
    marked = (path / "witness.mark").read_bytes(), (path / "witness.jsonl").read_bytes()
    counter = opened(path)
    do(counter, "settle V2")
    counter.close()
    today = (path / "witness.mark").read_bytes(), (path / "witness.jsonl").read_bytes()
    write(path / "book.db", yesterday)
    write(path / "witness.mark", marked[0])
    write(path / "witness.jsonl", marked[1])
    counter = opened(path)
    do(counter, "settle V3")
    counter.close()
    write(path / "witness.mark", today[0])
    write(path / "witness.jsonl", today[1])
    counter = opened(path)
    try:
        assert "back" in {one.concern.kind for one in concerns.open_ones(counter.store.reader)}
        assert settlements.count(counter.store.reader) == 2
    finally:
        counter.close()


GONE: dict[str, Callable[[Path], None]] = {
    "gone": lambda path: path.unlink(),
    "empty": lambda path: write(path, b""),
    "cut": lambda path: write(path, path.read_bytes()[: path.stat().st_size // 3]),
    "junk behind": lambda path: write(path, path.read_bytes() + b"x" * 70_000 + b"\n"),
    "a bit": lambda path: flip(path, path.stat().st_size // 2, 1),
}


@pytest.mark.parametrize("name", GONE)
def test_a_spoilt_witness_is_told_until_somebody_explains_it(new_folder: Path, tmp_path: Path, name: str) -> None:
    path = Path(shutil.copytree(new_folder, tmp_path / "data"))
    counter = opened(path)
    for number in range(4):
        do(counter, f"settle V{number}")
    counter.close()
    GONE[name](path / "witness.jsonl")
    told: list[concerns.Kept] = []
    for more in ("V8", "V9"):
        counter = opened(path)
        told = concerns.open_ones(counter.store.reader)
        assert {one.concern.kind for one in told} == {"witness"}
        do(counter, f"settle {more}")
        counter.close()
    counter = opened(path)
    with counter.store.write() as connection:
        for one in told:
            concerns.explain(connection, one.id, "硬盘坏道，已换", OPERATOR, "", "2025-06-10 09:00:00")
    assert concerns.open_ones(counter.store.reader) == []
    counter.close()
