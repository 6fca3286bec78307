"""A kill, an I/O error and a full disk at every call that writes; by default at some, all with GONGJI_FAULTS=all.

The work is: open a folder whose log is still full because its last program was killed, settle twice, void once, close.
"""

import os
import shutil
from pathlib import Path

import pytest

from tests.scenarios.faults.child import Order
from tests.scenarios.faults.running import LATER, UNREAD, Outcome, begun_or_begins, calls_of, faulted, looked, ran

pytestmark = pytest.mark.usefixtures("traces")

ALL = os.environ.get("GONGJI_FAULTS") == "all"
FAULTS = ("signal=KILL", "error=EIO", "error=ENOSPC")
SHARES = 2  # so that the work can be shared out among processes
_ABOUT = 10  # points of each kind of call by default, evenly spread; of most there are fewer
ACTS = ("settle V1", "settle V2", "void 01-20250610-000002", "settle V3")


@pytest.fixture(scope="session")
def killed_folder(new_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One settlement, all of it in the log."""
    path = Path(shutil.copytree(new_folder, tmp_path_factory.mktemp("killed") / "data"))
    assert ran(Order(path=str(path), acts=ACTS[:1], dies=True)).code == -9
    assert (path / "book.db-wal").stat().st_size > 0
    return path


def fresh(folder: Path, place: Path) -> Order:
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(folder, place)
    return Order(path=str(place), acts=ACTS)


def points(calls: dict[str, int], share: int, about: int = _ABOUT) -> list[tuple[str, int]]:
    """One share of the calls by name and number, or of some of them; the last of each name is one more than made."""
    found = [
        (name, number)
        for name, count in calls.items()
        for number in range(1, count + 2)
        if ALL or number % max(1, count // about) == 0
    ]
    return found[share::SHARES]


def check(order: Order, outcome: Outcome) -> None:
    """Nothing acknowledged is lost, nothing is half there, and all can be done again to the same end."""
    path = Path(order.path)
    assert not outcome.crashes, outcome.crashes[0]
    book = looked(path)
    assert book.faults == []
    assert {act: book.acts.get(act) for act in outcome.acked} == outcome.acked
    assert {*book.acts} <= {*outcome.acked, *outcome.pending, *ACTS[:1]}
    again = ran(order)
    assert again.done, again.said
    assert not again.told, again.told
    assert {act: again.acked[act] for act in book.acts} == book.acts
    after = looked(path)
    assert [one for one in after.findings if UNREAD not in one] == [], "the witness has caught up"
    assert after.acts == again.acked


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("fault", FAULTS)
def test_one_call_fails(killed_folder: Path, disk: Path, fault: str, share: int) -> None:
    calls = calls_of(fresh(killed_folder, disk / "data"))
    told, warned, kept = 0, 0, 0
    for name, number in points(calls, share):
        order = fresh(killed_folder, disk / "data")
        outcome = faulted(order, f"{name}:{fault}:when={number}")
        kept += any(act in looked(disk / "data").acts for act in outcome.pending)
        check(order, outcome)
        told += bool(outcome.told)
        warned += bool(outcome.warned)
        if number > calls[name]:
            assert outcome.said == ran(fresh(killed_folder, disk / "data")).said, "no call is left to fail"
    print(
        f"{fault}: {len(points(calls, share))} points of {calls}, {told} told, {warned} warned, "
        f"{kept} kept without being acknowledged"
    )


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("error", ["EIO", "ENOSPC", "EROFS"])
def test_all_calls_fail_from_one_on(killed_folder: Path, disk: Path, error: str, share: int) -> None:
    """The disk breaks, fills or turns read-only while the program works, and is well when it is started again."""
    for name, number in points(calls_of(fresh(killed_folder, disk / "data")), share):
        order = fresh(killed_folder, disk / "data")
        check(order, faulted(order, f"{name}:error={error}:when={number}+"))


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("fault", FAULTS)
def test_a_call_fails_in_bringing_a_book_up_to_date(old_folder: Path, disk: Path, fault: str, share: int) -> None:
    calls = calls_of(fresh(old_folder, disk / "data"))
    for name, number in points(calls, share, 2):
        order = fresh(old_folder, disk / "data")
        outcome = faulted(order, f"{name}:{fault}:when={number}")
        assert not outcome.crashes, outcome.crashes[0]
        again = ran(order)
        assert again.done, again.said
        assert not again.told, again.told
        assert {act: again.acked[act] for act in outcome.acked} == outcome.acked
        book = looked(disk / "data")
        assert book.findings == ()
        assert {act: book.acts[act] for act in again.acked} == again.acked
    print(f"{fault}: {len(points(calls, share, 2))} points of {calls}")


def test_what_cannot_be_read_is_told(killed_folder: Path, disk: Path) -> None:
    for number in range(1, 200 if ALL else 40, 1 if ALL else 3):
        order = fresh(killed_folder, disk / "data")
        check(order, faulted(order, f"pread64:error=EIO:when={number}"))


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("fault", FAULTS)
def test_a_call_fails_in_beginning(disk: Path, fault: str, share: int) -> None:
    path = disk / "data"
    calls = calls_of(Order(path=str(path), begins=True))
    for name, number in points(calls, share, 3):
        shutil.rmtree(path)
        outcome = faulted(Order(path=str(path), begins=True), f"{name}:{fault}:when={number}")
        assert not outcome.crashes, outcome.crashes[0]
        begun_or_begins(path)
        path.mkdir(exist_ok=True)
    print(f"{fault}: {len(points(calls, share, 3))} points of {calls}")


@pytest.mark.parametrize("fault", ["write:error=ENOSPC:when=1+", "openat:error=EACCES:when=1+"])
def test_a_witness_that_cannot_be_written_holds_nothing_up(killed_folder: Path, disk: Path, fault: str) -> None:
    order = fresh(killed_folder, disk / "data")
    outcome = faulted(order, fault, path=disk / "data" / "witness.jsonl")
    assert [*outcome.acked] == [*ACTS]
    assert outcome.done
    assert len(outcome.warned) >= 3, outcome.said
    assert all(one.startswith("见证文件没有写上（") and "下次结算时会补上" in one for one in outcome.warned)
    late = [one for one in looked(disk / "data").findings if LATER in one]
    assert len(late) == 3
    assert all(UNREAD in one for one in looked(disk / "data").findings if LATER not in one)
    check(order, outcome)


def test_a_commit_that_cannot_be_flushed_is_told_as_uncertain(killed_folder: Path, disk: Path) -> None:
    order = fresh(killed_folder, disk / "data")
    outcome = faulted(order, "fsync,fdatasync:error=EIO:when=1+", path=disk / "data" / "book.db-wal")
    assert not outcome.acked.keys() - {"settle V1"}
    assert {title for _, title, _ in outcome.told} == {"读写数据文件出错", "没有结算 01-20250610-000002"}
    assert all("重新打开程序核对上一笔" in advice for kind, _, advice in outcome.told if kind == "StoreError")
    check(order, outcome)


def test_a_full_disk_says_so(killed_folder: Path, disk: Path) -> None:
    order = fresh(killed_folder, disk / "data")
    outcome = faulted(order, "pwrite64:error=ENOSPC:when=1+", path=disk / "data" / "book.db-wal")
    assert outcome.told[0][1] == "磁盘已满，本次没有记下任何内容"
    assert {*looked(disk / "data").acts} == {"settle V1"}
    check(order, outcome)
