"""What can be wrong with a data folder: one sentence each with what to do, and nothing in the folder changes by it."""

import contextlib
import hashlib
import os
import random
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec import json, structs

from gongji.cli.main import run as command
from gongji.desk.clinic.begin import begin
from gongji.desk.clinic.open import open_counter, open_to_read
from gongji.desk.clinic.verify.verify_book import verify
from gongji.desk.session import Session
from gongji.desk.settlements.settle import settle_text
from gongji.desk.settlements.void import void
from gongji.desk.witnessing import ShortBookError, witness_key
from gongji.errors import GongjiError
from gongji.store.book_file import keyed_connection, witness
from gongji.store.book_file.db import Store
from gongji.store.book_file.folder import Folder
from gongji.store.engine import Connection
from gongji.store.errors import StoreError
from gongji.store.settlements import settlements
from tests.scenarios.faults.child import BEGINNING, LIBRARY, Order, do, now, visit_text
from tests.scenarios.faults.running import LATER, Child, looked, ran
from tests.support.clinic import OPERATOR, PASSWORD
from tests.support.clock import Clock

PAGE = 4096
ACTS = ("settle V1", "settle V2", "settle V3")
NUMBERS = [f"01-20250610-00000{serial}" for serial in (1, 2, 3)]


@pytest.fixture(scope="session")
def settled_folder(new_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = Path(shutil.copytree(new_folder, tmp_path_factory.mktemp("settled") / "data"))
    assert ran(Order(path=str(path), acts=ACTS)).done
    return path


@pytest.fixture(scope="session")
def killed_folder(new_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three settlements, all of them in the log."""
    path = Path(shutil.copytree(new_folder, tmp_path_factory.mktemp("killed") / "data"))
    assert ran(Order(path=str(path), acts=ACTS, dies=True)).code == -9
    return path


@pytest.fixture
def settled(settled_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(settled_folder, tmp_path / "data"))


@pytest.fixture
def killed(killed_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(killed_folder, tmp_path / "data"))


def contents(path: Path) -> dict[str, str]:
    """A fingerprint of every file; what only coordinates programs, or is an empty log, says nothing."""
    return {
        str(one.relative_to(path)): hashlib.sha256(one.read_bytes()).hexdigest()
        for one in sorted(path.rglob("*"))
        if one.is_file() and one.name not in {"lock", "lockout.json"} and not one.name.endswith("-shm")
        if not (one.name.endswith("-wal") and one.stat().st_size == 0)
    }


def opening(path: Path, operator: str = OPERATOR, password: str | None = PASSWORD) -> None:
    open_counter(path, LIBRARY, now, operator, password).close()


def write(path: Path, content: bytes | str) -> None:
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def flip(path: Path, place: int, mask: int = 1) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= mask
    path.write_bytes(content)


def cut(path: Path, size: int) -> None:
    path.write_bytes(path.read_bytes()[:size])


def newer_book(path: Path) -> None:
    connection = keyed_connection.connect(path / "book.db", Folder(path).key(OPERATOR, PASSWORD))
    connection.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('gongji', 'm9999', 'x')"
    )
    connection.close()


def other_book(path: Path) -> None:
    begin(path.parent / "other", BEGINNING, LIBRARY, now)
    shutil.copy(path.parent / "other" / "book.db", path / "book.db")


def both(change: Callable[[Path], None]) -> Callable[[Path], None]:
    def change_both(path: Path) -> None:
        for name in ("keys.json", "keys.copy.json"):
            change(path / name)

    return change_both


DAMAGED = "数据文件已损坏"
NO_BOOK = "打不开数据文件"
WRONG = "打不开数据文件：口令不对，或文件已损坏"
TROUBLE: dict[str, tuple[Callable[[Path], None], str]] = {
    "no folder": (shutil.rmtree, "这里没有数据文件夹"),
    "folder.json away": (lambda path: (path / "folder.json").unlink(), "folder.json 缺失或已损坏"),
    "folder.json cut": (lambda path: cut(path / "folder.json", 20), "folder.json 缺失或已损坏"),
    "folder.json empty": (lambda path: cut(path / "folder.json", 0), "folder.json 缺失或已损坏"),
    "folder.json not text": (
        lambda path: write(path / "folder.json", b'{"format":"\xff"}'),
        "folder.json 缺失或已损坏",
    ),
    "folder.json newer": (
        lambda path: write(path / "folder.json", '{"format":2,"counters":["01"]}'),
        "数据文件夹由更新版本的程序写过，这个版本打不开",
    ),
    "keys away": (both(Path.unlink), "钥匙文件 keys.json 缺失或已损坏"),
    "keys cut": (both(lambda one: cut(one, 30)), "钥匙文件 keys.json 缺失或已损坏"),
    "keys not text": (both(lambda one: write(one, b'{"training":"\xff"}')), "钥匙文件 keys.json 缺失或已损坏"),
    "no keys in it": (both(lambda one: write(one, "{}")), "操作员姓名或口令不对"),
    "book away": (lambda path: (path / "book.db").unlink(), NO_BOOK),
    "book empty": (lambda path: cut(path / "book.db", 0), WRONG),
    "book garbage": (lambda path: write(path / "book.db", random.Random(1).randbytes(40 * PAGE)), WRONG),
    "book text": (lambda path: write(path / "book.db", "不是数据文件" * 999), WRONG),
    "book of another folder": (other_book, WRONG),
    "book cut in a page": (lambda path: cut(path / "book.db", 20 * PAGE + 100), DAMAGED),
    "book cut between pages": (lambda path: cut(path / "book.db", 20 * PAGE), DAMAGED),
    "book's first page": (lambda path: flip(path / "book.db", 2000), WRONG),
    "book's second page": (lambda path: flip(path / "book.db", PAGE + 9), DAMAGED),
    "book's fortieth page": (lambda path: flip(path / "book.db", 39 * PAGE + 4000), DAMAGED),
    "book's last byte": (lambda path: flip(path / "book.db", -1), DAMAGED),
    "book newer": (newer_book, "数据文件由更新版本的程序写过，这个版本打不开"),
}
NO_LOG: dict[str, Callable[[Path], None]] = {
    "away": lambda path: (path / "book.db-wal").unlink(),
    "empty": lambda path: cut(path / "book.db-wal", 0),
    "cut": lambda path: cut(path / "book.db-wal", (path / "book.db-wal").stat().st_size // 2),
    "header flipped": lambda path: flip(path / "book.db-wal", 20),
    "first frame flipped": lambda path: flip(path / "book.db-wal", 500),
    "garbage": lambda path: write(path / "book.db-wal", random.Random(2).randbytes(99_999)),
}


class TestOneSentence:
    @pytest.mark.parametrize("name", TROUBLE)
    def test_on_opening(self, settled: Path, name: str) -> None:
        change, title = TROUBLE[name]
        change(settled)
        before = contents(settled)
        with pytest.raises(GongjiError) as refused:
            opening(settled)
        assert refused.value.title == title
        assert refused.value.advice.startswith("请")
        assert contents(settled) == before
        with pytest.raises(GongjiError):
            opening(settled)  # again the same: no lock is left behind
        assert contents(settled) == before

    @pytest.mark.parametrize("name", TROUBLE)
    @pytest.mark.parametrize("words", [["settle", "{text}"], ["verify"], ["list"]], ids=lambda words: str(words[0]))
    def test_on_the_command_line(
        self,
        settled: Path,
        name: str,
        words: list[str],
        capfd: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        change, _ = TROUBLE[name]
        change(settled)
        before = contents(settled)
        write(settled.parent / "text", visit_text("V4"))
        monkeypatch.setenv("GONGJI_PASSWORD", PASSWORD)
        given = [word.replace("{text}", str(settled.parent / "text")) for word in words]
        status = command([*given, "--data", str(settled), "--operator", OPERATOR], now)
        said = capfd.readouterr()
        assert contents(settled) == before
        assert "程序出错" not in said.err
        if words[0] == "settle" or status != 0:
            assert status == 2
            assert words[0] == "verify" or said.out == ""
            sentences = [one for one in said.err.splitlines() if one.startswith("gongji：")]
            assert len(sentences) == (0 if said.out else 1)

    @pytest.mark.parametrize(("operator", "password"), [(OPERATOR, "错的"), ("没有的人", PASSWORD), (OPERATOR, "")])
    def test_a_wrong_password(self, settled: Path, operator: str, password: str) -> None:
        before = contents(settled)
        with pytest.raises(GongjiError, match="操作员姓名或口令不对。请核对后再试。"):
            opening(settled, operator, password)
        assert contents(settled) == before

    def test_no_password(self, settled: Path) -> None:
        with pytest.raises(GongjiError, match="没有口令。请"):
            opening(settled, OPERATOR, None)


class TestOlderBook:
    def test_looking_says_what_to_do_first(self, old_folder: Path, tmp_path: Path) -> None:
        path = Path(shutil.copytree(old_folder, tmp_path / "data"))
        before = contents(path)
        with pytest.raises(GongjiError, match="数据文件还是旧版本的，要先升级才能查看。请先打开结算台"):
            open_to_read(path, OPERATOR, PASSWORD)
        assert contents(path) == before
        opening(path)
        (copy,) = (path / "backups").iterdir()
        assert copy.name == "before-migration-20250610090000.db"
        assert looked(path).findings == ()


class TestKeys:
    @pytest.mark.parametrize("lost", ["keys.json", "keys.copy.json"])
    def test_either_file_is_enough(self, settled: Path, lost: str) -> None:
        (settled / lost).unlink()
        opening(settled)

    @pytest.mark.parametrize("damaged", ["keys.json", "keys.copy.json"])
    @pytest.mark.parametrize("mask", [1, 2, 128])
    def test_damage_anywhere_in_one_of_them_shuts_nobody_out(self, settled: Path, damaged: str, mask: int) -> None:
        key = Folder(settled).key(OPERATOR, PASSWORD)
        whole = (settled / damaged).read_bytes()
        costs = whole.index(b"memory_kib"), whole.index(b"lanes")  # a larger cost is only slow to try
        for place in [place for place in range(len(whole)) if not costs[0] <= place < costs[1]]:
            write(settled / damaged, whole)
            flip(settled / damaged, place, mask)
            assert Folder(settled).key(OPERATOR, PASSWORD) == key, place

    def test_damage_anywhere_in_the_card_is_told(self, settled: Path) -> None:
        whole = (settled / "folder.json").read_bytes()
        for place in range(len(whole)):
            write(settled / "folder.json", whole)
            flip(settled / "folder.json", place, 4)
            with contextlib.suppress(GongjiError):
                Folder(settled).card()


class TestDamagedPages:
    def test_on_any_page(self, settled: Path) -> None:
        whole = (settled / "book.db").read_bytes()
        own = random.Random(3)
        for page in range(1, len(whole) // PAGE):
            write(settled / "book.db", whole)
            flip(settled / "book.db", page * PAGE + own.randrange(PAGE), 1 << own.randrange(8))
            before = contents(settled)
            with pytest.raises(StoreError, match=DAMAGED):
                opening(settled)
            assert contents(settled) == before

    def test_looking_at_a_damaged_book_is_told_too(self, settled: Path) -> None:
        whole = (settled / "book.db").read_bytes()
        refused = 0
        for page in range(1, len(whole) // PAGE):
            write(settled / "book.db", whole)
            flip(settled / "book.db", page * PAGE + 1000)
            try:
                folder, store = open_to_read(settled, OPERATOR, PASSWORD)
            except StoreError:
                refused += 1
                continue
            try:
                found = [str(one) for one in verify(folder, store, LIBRARY, lambda *_: None)]
                assert "有 1 页已损坏" in found[0]
            except StoreError:
                refused += 1
            finally:
                store.close()
        assert refused > 10

    def test_a_page_torn_while_the_log_was_put_away_is_made_whole_from_it(self, killed: Path) -> None:
        log = (killed / "book.db-wal").read_bytes()
        pages = {int.from_bytes(log[place : place + 4]) for place in range(32, len(log), 24 + PAGE)}
        book = bytearray((killed / "book.db").read_bytes())
        torn = [page for page in pages if page * PAGE <= len(book)]
        assert len(torn) > 10
        for page in torn:
            book[page * PAGE - 2048 : page * PAGE] = bytes(2048)
        write(killed / "book.db", bytes(book))
        opening(killed)
        assert [*looked(killed).acts] == [*ACTS]
        assert looked(killed).findings == ()


class TestLostLog:
    @pytest.mark.parametrize("name", NO_LOG)
    def test_what_the_witness_saw_is_missed(self, killed: Path, name: str) -> None:
        log = (killed / "book.db-wal").read_bytes()
        NO_LOG[name](killed)
        before = contents(killed)
        with pytest.raises(ShortBookError) as refused:
            opening(killed)
        last = {"cut": NUMBERS[0]}.get(name, "（空）")
        assert refused.value.title == f"数据文件比见证文件短：见证到 {NUMBERS[2]}，数据文件只到 {last}"
        assert "不要删除或移动任何文件" in refused.value.advice
        assert contents(killed) == before, "what is left of the log is evidence"
        folder, store = open_to_read(killed, OPERATOR, PASSWORD)
        missed = [one.place for one in verify(folder, store, LIBRARY, lambda *_: None) if "丢失了这一笔" in one.text]
        store.close()
        assert missed == NUMBERS[1 if name == "cut" else 0 :]
        assert contents(killed) == before
        write(killed / "book.db-wal", log)  # found again
        assert [*looked(killed).acts] == [*ACTS]
        opening(killed)
        assert looked(killed).findings == ()

    def test_cut_or_flipped_anywhere(self, killed: Path) -> None:
        log = (killed / "book.db-wal").read_bytes()
        book = (killed / "book.db").read_bytes()
        own = random.Random(4)
        refused = 0
        for trial in range(60):
            write(killed / "book.db", book)
            write(killed / "book.db-wal", log)
            place = own.randrange(len(log))
            if trial % 2:
                cut(killed / "book.db-wal", place)
            else:
                flip(killed / "book.db-wal", place, 1 << own.randrange(8))
            before = contents(killed)
            try:
                opening(killed)
            except ShortBookError:
                refused += 1
                assert contents(killed) == before
            else:
                assert [*looked(killed).acts] == [*ACTS], f"trial {trial}: something is missing and nobody says so"
        assert refused > 40


class TestUnknownOutcome:
    """An error from COMMIT leaves open whether it took: what the book holds decides."""

    @staticmethod
    def failing(session: Session, patch: pytest.MonkeyPatch, *, kept: bool) -> None:
        whole = Store.write

        @contextmanager
        def write_and_fail(store: Store) -> Iterator[Connection]:
            with whole(store) as connection:
                yield connection
                if not kept:
                    raise StoreError("SQLITE_IOERR")
            raise StoreError("SQLITE_IOERR")

        patch.setattr(type(session.store), "write", write_and_fail)

    def test_a_settlement_that_took(self, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
        self.failing(session, monkeypatch, kept=True)
        done = settle_text(session, visit_text("V1"))
        assert done.stored is not None
        assert not done.again
        assert done.stored == settlements.by_visit_no(session.store.reader, "V1")
        assert not list(verify(session.folder, session.store, LIBRARY, lambda *_: None))

    def test_a_void_that_took(self, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
        stored, _ = do(session, "settle V1")
        self.failing(session, monkeypatch, kept=True)
        done = void(session, stored.no, "药品退回")
        assert done.stored.voids == stored.no
        assert not list(verify(session.folder, session.store, LIBRARY, lambda *_: None))

    def test_one_that_did_not(self, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
        stored, _ = do(session, "settle V1")
        with monkeypatch.context() as patch:
            self.failing(session, patch, kept=False)
            with pytest.raises(StoreError, match="重新打开程序核对上一笔"):
                settle_text(session, visit_text("V2"))
            with pytest.raises(StoreError, match="重新打开程序核对上一笔"):
                void(session, stored.no, "药品退回")
        assert settlements.count(session.store.reader) == 1
        assert do(session, "settle V2")[0].serial == 2


def not_marked_yet(path: Path) -> None:
    """Have the mark as it is before the third line is written: a mark comes after its lines."""
    store = Store(path / "book.db", Folder(path).key(OPERATOR, PASSWORD), read_only=True)
    key = witness_key(store.reader)
    store.close()
    assert key is not None
    mark = witness.mark(path / "witness.mark", key)
    assert mark is not None
    before = witness.sealed(structs.replace(mark, owed=3), key)
    for commits in (before.commits, before.commits + 1):  # both places
        one = witness.sealed(structs.replace(before, commits=before.commits), key)
        content = json.encode(one).ljust(1023) + b"\n"
        whole = bytearray((path / "witness.mark").read_bytes().ljust(2048))
        whole[commits % 2 * 1024 : commits % 2 * 1024 + 1024] = content
        write(path / "witness.mark", bytes(whole))


class TestWitness:
    def test_one_that_cannot_be_written(self, session: Session) -> None:
        session.folder.witness.mkdir()
        for visit_no in ("V1", "V2"):
            done = settle_text(session, visit_text(visit_no))
            assert done.stored is not None
            assert done.warnings == ("见证文件没有写上（这是文件夹），下次结算时会补上；请检查磁盘",)
        session.folder.witness.rmdir()
        found = list(verify(session.folder, session.store, LIBRARY, lambda *_: None))
        assert [(one.place, one.text) for one in found] == [(no, LATER) for no in NUMBERS[:2]]
        assert settle_text(session, visit_text("V3")).warnings == ()
        assert not list(verify(session.folder, session.store, LIBRARY, lambda *_: None))

    def test_half_a_line_as_a_crash_leaves_it(self, settled: Path) -> None:
        """A kill cuts a line where it crosses two pages of the file; it did so once in about a thousand."""
        whole = (settled / "witness.jsonl").read_bytes()
        last = whole.index(b'{"serial":3')
        for size in (*range(last + 1, len(whole), 16), len(whole) - 2, len(whole) - 1):
            write(settled / "witness.jsonl", whole[:size])
            not_marked_yet(settled)
            assert {*looked(settled).findings} <= {f"{NUMBERS[2]}：{LATER}"}
            counter = open_counter(settled, LIBRARY, now, OPERATOR, PASSWORD)
            assert counter.testify() is None  # as after the next settlement
            counter.close()
            assert looked(settled).findings == ()

    def test_half_a_line_twice(self, settled: Path) -> None:
        whole = (settled / "witness.jsonl").read_bytes()
        last = whole.index(b'{"serial":3')
        for first, second in ((20, 40), (40, 20), (30, 30), (30, 0)):
            torn = whole[: last + first] + b"\n" + whole[last : last + second]
            write(settled / "witness.jsonl", torn + b"\n" + whole[last:])
            assert looked(settled).findings == ()

    def test_a_line_that_was_changed_is_not_taken_for_half_of_one(self, settled: Path) -> None:
        whole = (settled / "witness.jsonl").read_bytes()
        for place in (3, whole.index(b"\n") + 30, whole.rindex(b"}")):
            write(settled / "witness.jsonl", whole[:place] + b"\xff" + whole[place + 1 :])
            found = looked(settled).findings
            assert "见证文件：有 1 行读不出来" in found
            assert len(found) == 2

    def test_one_that_cannot_be_read_holds_up_no_opening(self, settled: Path) -> None:
        (settled / "witness.jsonl").unlink()
        (settled / "witness.jsonl").mkdir()
        opening(settled)


@pytest.fixture
def for_nobody(settled_folder: Path) -> Iterator[Path]:
    """A folder that only may be read, outside the tests' own folder, which is closed to others."""
    place = Path(tempfile.mkdtemp())
    place.chmod(0o755)
    path = Path(shutil.copytree(settled_folder, place / "data"))
    for one in (*path.rglob("*"), path):
        one.chmod(0o555 if one.is_dir() else 0o444)
    yield path
    for one in (path, place):
        one.chmod(0o755)
    shutil.rmtree(place)


def root() -> bool:
    return os.name == "posix" and os.geteuid() == 0


class TestReadOnlyFolder:
    """Root may write everywhere, so that as root a child that has become nobody does the work."""

    def test_one_sentence(self, for_nobody: Path) -> None:
        before = contents(for_nobody)
        outcome = ran(Order(path=str(for_nobody), acts=ACTS, as_nobody=root()))
        assert outcome.said[0] == [
            "TOLD",
            "StoreError",
            "数据文件夹只能读不能写",
            "请检查文件夹权限，或换到可以写入的位置",
        ]
        assert contents(for_nobody) == before

    def test_no_folder_is_begun_in_it(self, for_nobody: Path) -> None:
        outcome = ran(Order(path=str(for_nobody / "new"), begins=True, as_nobody=root()))
        assert outcome.said[0][:3] == ["TOLD", "StoreError", "数据文件夹只能读不能写"]

    def test_a_folder_that_may_not_even_be_read(self, for_nobody: Path) -> None:
        for_nobody.chmod(0o000)
        outcome = ran(Order(path=str(for_nobody), acts=ACTS, as_nobody=root()))
        assert outcome.said[0][:2] == ["TOLD", "StoreError"]
        for_nobody.chmod(0o555)


class TestFullDisk:
    def test_files_that_may_not_grow(self, data: Path) -> None:
        """No more than a limit may be written to any file, the last write cut short there."""
        limit = (data / "book.db").stat().st_size + 50_000
        limited = Order(path=str(data), acts=tuple(f"settle V{number}" for number in range(20)), limit=limit)
        outcome = ran(limited)
        assert outcome.done, outcome.said
        assert 0 < len(outcome.acked) < 20
        assert {title for _, title, _ in outcome.told} <= {"读写数据文件出错", "磁盘已满，本次没有记下任何内容"}
        book = looked(data)
        assert book.faults == []
        assert book.acts.items() >= outcome.acked.items()
        again = ran(Order(path=str(data), acts=limited.acts))
        assert len(again.acked) == 20
        assert looked(data).findings == ()

    def test_a_small_disk(self, data: Path, tmp_path: Path) -> None:
        """A file system of its own, where one may be mounted."""
        place = tmp_path / "disk"
        place.mkdir()
        mount = [shutil.which("mount") or "false", "-o"]
        made = [*mount, "size=1m", "-t", "tmpfs", "tmpfs", str(place)]
        if subprocess.run(made, capture_output=True, check=False).returncode:
            pytest.skip("nothing may be mounted here; test_io_faults fills the disk by strace")
        try:
            path = Path(shutil.copytree(data, place / "data"))
            acts = tuple(f"settle V{number}" for number in range(20))
            outcome = ran(Order(path=str(path), acts=acts))
            assert outcome.done, outcome.said
            assert 0 < len(outcome.acked) < 20
            assert {title for _, title, _ in outcome.told} == {"磁盘已满，本次没有记下任何内容"}
            assert looked(path).acts == outcome.acked
            subprocess.run([*mount, "remount,size=16m", str(place)], check=True)
            assert len(ran(Order(path=str(path), acts=acts)).acked) == 20
            assert [one for one in looked(path).findings if "见证文件" not in one] == []
        finally:
            subprocess.run([shutil.which("umount") or "false", "-l", str(place)], check=True)


def test_the_lock_of_a_program_that_was_killed_is_nobody_s(data: Path, clock: Clock) -> None:
    child = Child(Order(path=str(data), seed=1))
    child.go()
    child.hear()
    child.kill()
    child.end()
    open_counter(data, LIBRARY, clock, OPERATOR, PASSWORD, wait_seconds=1).close()
