"""Copies of the book: made beside the work, checked page by page, and a book put back from one."""

import datetime
import os
from base64 import urlsafe_b64decode
from collections.abc import Callable
from pathlib import Path

import pytest

from gongji.core.dates import CHINA
from gongji.core.ledger.audit import PREFIX, read_anchor
from gongji.core.progress import StoppedError
from gongji.desk.clinic.audit_book import AuditRequest, reviewed
from gongji.desk.clinic.backup.anchors import BREAKS, FITS, MISSING, make_anchor
from gongji.desk.clinic.backup.backup import (
    SECOND_DEVICE,
    back_up,
    back_up_when_due,
    copies,
    second_device,
    set_second_device,
    thin_out,
)
from gongji.desk.clinic.backup.check_copy import check_copy, drill, log_drill
from gongji.desk.clinic.backup.restore import restore
from gongji.desk.clinic.backup.restored_doubts import RECONCILE_FIRST
from gongji.desk.clinic.explain import explain
from gongji.desk.clinic.open import open_counter
from gongji.desk.clinic.operators import make_recovery_key
from gongji.desk.clinic.verify.verify_book import verify
from gongji.desk.session import Session
from gongji.desk.settlements.find import of_day
from gongji.desk.settlements.settle import settle_text
from gongji.errors import GongjiError
from gongji.pack_files.library import Library
from gongji.store import audit, settings
from gongji.store.book_file import integrity, keyed_connection
from gongji.store.errors import StoreError
from gongji.store.upload import legs
from tests.desk.clinic.test_audit_book import NEVER_UPDATE, covered_up
from tests.support.clinic import OPERATOR, PASSWORD, PERSON, text, visit
from tests.support.clock import Clock
from tests.support.elsewhere import read_meanwhile


def settle(session: Session, *numbers: str) -> list[str]:
    found = [settle_text(session, text(visit(one))).stored for one in numbers]
    return [one.no for one in found if one is not None]


def copied(session: Session, beside: Path | None = None) -> Path:
    place = back_up(session, beside)
    assert place is not None
    return place


class TestACopy:
    def test_it_is_from_one_moment_though_settling_goes_on(self, session: Session) -> None:
        """The copy is read in steps; what is settled between two of them is not in it, and the file is whole."""
        settle(session, "V1")
        seen: list[int] = []

        def meanwhile(done: int, of: int) -> bool:
            seen.append(of)
            settle(session, f"M{len(seen)}")
            return done <= of

        place = back_up(session, None, meanwhile)
        assert place is not None
        assert len(seen) > 1
        assert check_copy(session, place).settlements == 1
        assert check_copy(session, place).missing == len(seen)

    def test_stopped_it_leaves_nothing(self, session: Session) -> None:
        settle(session, "V1")
        assert back_up(session, None, lambda _done, _of: False) is None
        assert copies(session) == []
        assert not list(session.folder.copies.glob("*"))
        settle(session, "V2")
        assert check_copy(session, copied(session)).settlements == 2

    def test_a_damaged_one_is_refused(self, session: Session) -> None:
        settle(session, "V1")
        place = copied(session)
        content = bytearray(place.read_bytes())
        content[len(content) // 2] ^= 1
        place.write_bytes(content)
        with pytest.raises(GongjiError, match="损坏"):
            check_copy(session, place)
        with pytest.raises(GongjiError, match="损坏"):
            restore(session, place)
        assert session.is_open
        assert len(list(of_day(session.store, None))) == 1

    def test_one_whose_rows_point_to_nothing_is_refused(self, session: Session) -> None:
        settle(session, "V1")
        writer = session.store.writer
        writer.execute("PRAGMA foreign_keys = 0")
        writer.execute("INSERT INTO reprint VALUES (99, 1, '李红', '2025-06-10 09:00:00')")
        place = back_up(session)
        assert place is not None
        with pytest.raises(GongjiError, match="已损坏"):
            restore(session, place)

    def test_checking_it_is_told_of_and_stopped(self, session: Session) -> None:
        settle(session, "V1")
        place, told = copied(session), []
        assert check_copy(session, place, lambda done, of: told.append((done, of))).settlements == 1
        assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]
        for step in range(3):
            with pytest.raises(StoppedError, match="已停止"):
                check_copy(session, place, lambda done, _of, step=step: done < step)  # type: ignore[misc]
            assert not list(session.folder.path.glob("restoring*"))

    @pytest.mark.parametrize("content", [b"", b"no book" * 1000])
    def test_what_is_no_copy_is_refused(self, session: Session, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "x.db").write_bytes(content)
        with pytest.raises(GongjiError, match=r"没有改动|已损坏"):
            check_copy(session, tmp_path / "x.db")
        with pytest.raises(GongjiError, match="读不到备份"):
            check_copy(session, tmp_path / "gone.db")
        assert not list(session.folder.path.glob("restoring*"))


class TestItsAnchor:
    """A copy that leaves the clinic has an anchor of its own moment beside it, in a file of its own."""

    @pytest.fixture
    def carried(self, session: Session, tmp_path: Path) -> tuple[Path, str]:
        secret = make_recovery_key(session, PASSWORD)
        settle(session, "V1")
        (tmp_path / "stick").mkdir()
        return copied(session, tmp_path / "stick"), secret

    def results(self, copy: Path, anchors: Path, secret: str) -> list[str]:
        return [one.result for one in reviewed(AuditRequest(copy=copy, anchors=(anchors,), secret=secret)).anchors]

    def test_is_one_line_that_fits_the_copy_and_the_book_that_went_on(
        self, session: Session, carried: tuple[Path, str]
    ) -> None:
        place, secret = carried
        (line,) = (place / "anchor.txt").read_text(encoding="ascii").splitlines()
        one = read_anchor(line)
        assert one is not None
        assert (one.no, one.at) == ("01-20250610-000001", session.stamp())
        assert self.results(place, place / "anchor.txt", secret) == [FITS]
        settle(session, "V2")
        path = session.folder.path
        session.close()
        assert self.results(path, place / "anchor.txt", secret) == [FITS]

    def test_is_told_as_what_it_is_where_a_reviewer_has_not_got_it(self, carried: tuple[Path, str]) -> None:
        place, secret = carried
        (place / "none.txt").write_text("", encoding="ascii")
        (told,) = reviewed(AuditRequest(copy=place, anchors=(place / "none.txt",), secret=secret)).anchors
        assert told.result == MISSING
        assert "带走的备份" in told.text

    def test_names_nobody(self, carried: tuple[Path, str]) -> None:
        place, _ = carried
        line = (place / "anchor.txt").read_text(encoding="ascii").strip()
        content = urlsafe_b64decode(line.removeprefix(PREFIX) + "==")
        assert not [one for one in (*PERSON.values(), OPERATOR) if one.encode() in content]

    def test_comes_after_those_of_before_in_the_file_of_all(self, session: Session, tmp_path: Path) -> None:
        make_recovery_key(session, PASSWORD)
        settle(session, "V1")
        first = make_anchor(session, "日结")
        place = copied(session, tmp_path)
        mine = (place / "anchor.txt").read_text(encoding="ascii")
        assert (place / "anchors.txt").read_text(encoding="ascii") == f"{first}\n{mine}"

    def test_breaks_where_the_copy_was_changed_afterwards(self, session: Session, carried: tuple[Path, str]) -> None:
        place, secret = carried
        connection = keyed_connection.connect(place / "book.db", session.store.key)
        connection.execute("DROP TRIGGER payment_never_update")
        connection.execute("UPDATE payment SET means = 'wechat' WHERE means = 'cash'")
        connection.execute(NEVER_UPDATE)
        covered_up(connection)
        connection.close()
        assert self.results(place, place / "anchor.txt", secret) == [BREAKS]

    def test_goes_along_to_the_second_device(self, session: Session, tmp_path: Path, clock: Clock) -> None:
        secret = make_recovery_key(session, PASSWORD)
        (tmp_path / "stick").mkdir()
        set_second_device(session, str(tmp_path / "stick"))
        settle(session, "V1")
        assert back_up_when_due(session) is not None
        (place,) = (tmp_path / "stick").iterdir()
        assert self.results(place, place / "anchor.txt", secret) == [FITS]
        clock.forward(minutes=31)
        assert back_up_when_due(session) is None, "the anchor is no change that wants another copy"

    def test_a_copy_that_stays_makes_none(self, session: Session) -> None:
        settle(session, "V1")
        copied(session)
        back_up_when_due(session)
        assert audit.anchors(session.store.reader) == []


class TestOnSchedule:
    def test_one_is_made_where_the_book_has_changed_and_the_last_is_old(self, session: Session, clock: Clock) -> None:
        settle(session, "V1")
        assert back_up_when_due(session) is not None
        assert back_up_when_due(session) is None, "nothing has changed"
        settle(session, "V2")
        assert back_up_when_due(session) is None, "the last is young"
        assert back_up_when_due(session, leaving=True) is not None
        clock.forward(minutes=31)
        settle(session, "V3")
        made = back_up_when_due(session)
        assert made is not None
        assert check_copy(session, made).settlements == 3

    def test_old_ones_are_thinned_out(self, tmp_path: Path) -> None:
        now = datetime.datetime(2026, 6, 1, 12, tzinfo=CHINA)
        for hours in range(0, 24 * 400, 6):
            moment = now - datetime.timedelta(hours=hours)
            (tmp_path / f"book-{moment:%Y%m%d%H%M%S}.db").write_bytes(b"")
        thin_out(tmp_path, now)
        left = len(list(tmp_path.glob("*.db")))
        assert 8 + 12 + 9 + 8 <= left <= 8 + 13 + 11 + 10
        thin_out(tmp_path, now)
        assert len(list(tmp_path.glob("*.db"))) == left

    def test_to_a_second_device_once_a_day_without_any_operators_key(
        self, session: Session, clock: Clock, tmp_path: Path
    ) -> None:
        make_recovery_key(session, PASSWORD)
        with session.store.write() as connection:
            settings.put(connection, SECOND_DEVICE, str(tmp_path / "stick"))
        (tmp_path / "stick").mkdir()
        for number in range(3):
            settle(session, f"V{number}")
            clock.forward(minutes=31)
            assert back_up_when_due(session) is not None
        (place,) = (tmp_path / "stick").iterdir()
        assert OPERATOR not in (place / "keys.json").read_text(encoding="utf-8")

    def test_a_drill_proves_a_copy_and_touches_nothing(self, session: Session) -> None:
        settle(session, "V1")
        place = copied(session)
        settle(session, "V2")
        before = sorted(one.name for one in session.folder.path.iterdir())

        done = drill(session, place)
        assert (done.settlements, done.found) == (1, ())
        assert sorted(one.name for one in session.folder.path.iterdir()) == before
        log_drill(session, done)
        (entry,) = audit.of_acts(session.store.reader, ["drill"])
        assert "能恢复" in entry.detail

    @pytest.mark.parametrize("act", [drill, check_copy])
    @pytest.mark.parametrize(
        ("place", "told"),
        [
            ("nothing", "读不到备份 .*（文件不存在）"),
            ("folder", "读不到备份 .*book.db（文件不存在）"),
            ("folder/of/folders", "读不到备份 .*book.db（这是文件夹）"),
            ("file/inside", "读不到备份 .*（路径中有一段不是文件夹）"),
            ("file", "这个备份打不开"),
            pytest.param(
                "device",
                "读不到备份 .*（不是文件）",
                marks=pytest.mark.skipif(os.name == "nt", reason="Windows has no devices among its files"),
            ),
        ],
    )
    def test_what_is_no_copy_is_told_in_a_sentence(
        self, session: Session, tmp_path: Path, act: Callable[[Session, Path], object], place: str, told: str
    ) -> None:
        """And nothing of it stays in the data folder."""
        (tmp_path / "folder/of/folders/book.db").mkdir(parents=True)
        (tmp_path / "file").write_text("x")
        if os.name != "nt":
            (tmp_path / "device").mkdir()
            (tmp_path / "device/book.db").symlink_to(os.devnull)
        before = sorted(one.name for one in session.folder.path.iterdir())
        with pytest.raises(GongjiError, match=told) as refused:
            act(session, tmp_path / place)
        assert "备份" in refused.value.advice
        assert sorted(one.name for one in session.folder.path.iterdir()) == before

    def test_a_second_device_is_a_folder_that_is_there(self, session: Session, tmp_path: Path) -> None:
        with pytest.raises(GongjiError, match="没有文件夹"):
            set_second_device(session, str(tmp_path / "none"))
        with pytest.raises(GongjiError, match="没有文件夹"):  # as one without permission: nobody may look there
            set_second_device(session, str(tmp_path / ("x" * 300)))
        (tmp_path / "stick").mkdir()
        with pytest.raises(GongjiError, match="恢复钥匙"):
            set_second_device(session, str(tmp_path / "stick"))
        make_recovery_key(session, PASSWORD)
        set_second_device(session, str(tmp_path / "stick"))
        assert second_device(session) == str(tmp_path / "stick")


class TestWhereSomebodyElseReads:
    """What is in the log cannot be put into the file then."""

    def test_no_copy_takes_the_place_beside_the_log_of_another(
        self, session: Session, opened: Callable[[], Session]
    ) -> None:
        settle(session, "V1")
        place = back_up(session)
        assert place is not None
        numbers = settle(session, "V2")
        with read_meanwhile(session), pytest.raises(StoreError) as refused:
            restore(session, place)
        assert refused.value.kind == "SQLITE_BUSY"
        assert session.is_open
        assert not list(session.folder.path.glob("restoring.db*"))
        assert [one.no for one in of_day(session.store, "2025-06-10")][-1:] == numbers, "nothing has changed"
        restore(session, place)
        assert not any(integrity.structural_faults(opened().store.reader))

    def test_the_log_is_not_said_to_be_empty(self, session: Session) -> None:
        settle(session, "V1")
        with read_meanwhile(session):
            with pytest.raises(StoreError):
                session.store.empty_log()
            with pytest.raises(StoreError):
                session.store.rekey(bytes(32))
        assert session.store.has_log()
        session.store.empty_log()
        assert not session.store.has_log()
        assert settings.get(session.store.reader, "counter") == "01"


def test_what_is_explained_is_told_no_more(session: Session, opened: Callable[[], Session]) -> None:
    place = copied(session)
    settle(session, "V1")
    restore(session, place)
    again = opened()
    assert len(verify_all(again)) == 1
    with pytest.raises(GongjiError, match="没有写明"):
        explain(again, 1, ".")
    with pytest.raises(GongjiError, match="没有第 9 条"):
        explain(again, 9, "患者没有来")
    explain(again, 1, "重复录入，患者没有来")
    assert verify_all(again) == []


class TestRestoring:
    def test_nothing_is_lost_renumbered_or_sent_before_a_reconciliation(
        self, opened: Callable[[], Session], tmp_path: Path
    ) -> None:
        counter = opened()
        kept = settle(counter, "V1")
        make_recovery_key(counter, PASSWORD)
        stick = copied(counter, tmp_path)
        later = settle(counter, "V2", "V3")
        told = check_copy(counter, stick)
        assert (told.settlements, told.last_no, told.missing) == (1, kept[0], 2)
        done = restore(counter, stick)
        assert not counter.is_open
        again = opened()
        assert [one.no for one in of_day(again.store, None)] == kept
        assert settings.get(again.store.reader, RECONCILE_FIRST) == "1"
        assert again.clinic.epoch == 2
        assert done.doubted == 1
        assert legs.counts(again.store.reader) == {"unknown": 1}
        (fresh,) = settle(again, "V4")
        assert fresh > max(later)
        assert done.lost == 2
        assert [one.split(" ")[0] for one in verify_all(again)] == later
        assert all("现金 54.50" in one for one in verify_all(again)), verify_all(again)
        settle(again, "V2", "V3")
        assert verify_all(again) == []
        assert done.before.exists()
        assert done.before.with_suffix(".witness.jsonl").read_text("utf-8").count("\n") == 3

    def test_the_book_before_it_can_be_put_back_in_turn(
        self, opened: Callable[[], Session], data: Path, library: Library, clock: Clock
    ) -> None:
        counter = opened()
        settle(counter, "V1")
        place = copied(counter)
        settle(counter, "V2")
        before = restore(counter, place).before
        again = opened()
        assert check_copy(again, before).settlements == 2
        restore(again, before)
        last = open_counter(data, library, clock, OPERATOR, PASSWORD)
        assert [one.visit_no for one in of_day(last.store, None)] == ["V1", "V2"]
        last.close()


def verify_all(session: Session) -> list[str]:
    found = verify(session.folder, session.store, session.library, lambda _what, _done, _of: None)
    return [f"{one.place} {one.text}" for one in found]
