"""A counter updated from a stick: real programs, real processes, each step broken and each one killed."""

import os
import shutil
from pathlib import Path

import pytest

from gongji.desk.updates.apply_release import STEPS, update_without_book
from gongji.desk.updates.program_layout import layout_of
from gongji.desk.updates.read_stick import read_offer
from gongji.errors import GongjiError
from tests.support.clinic import INSTITUTION, OPERATOR, PASSWORD, text, visit
from tests.support.installed import listed, start, start_and_kill
from tests.support.releases import STATEMENT, Keys, change, make_stick

NEWER = "由更新版本的程序写过"


def versions(top: Path) -> set[str]:
    return {one.name for one in (top / "versions").iterdir()}


def left_behind(top: Path, data: Path) -> list[str]:
    """What an update leaves that nobody needs."""
    hidden = [one.name for one in (top / "versions").iterdir() if one.name.startswith(".")]
    return [*hidden, *(one.name for one in data.glob("updating-*"))]


class TestTwoVersionsBehind:
    def test_updates_in_one_go_and_the_old_program_refuses_the_book_in_words(
        self, top: Path, data: Path, stick: Path
    ) -> None:
        before = listed(top, data)
        ran = start(top, "update", "apply", stick, "--data", data, "--json")
        assert (ran.status, ran.answer["version"], ran.answer["before"]) == (0, "0.3.0", "0.1.0"), ran.err
        assert [one for one in STEPS if one in ran.err] == list(STEPS)
        assert (top / "current").read_text() == "0.3.0\n"
        assert versions(top) == {"0.1.0", "0.3.0"}
        assert left_behind(top, data) == []
        assert len(list((data / "backups").glob("before-update-0.3.0-*.db"))) == 1
        assert start(top, "--version").out == "gongji 0.3.0\n"
        opened = start(top, "queue", "--data", data)
        assert (opened.status, "旧版本" in opened.err) == (2, True)  # to look only is not to bring up to date
        assert start(top, "day-report", "--data", data, "--date", "2026-11-22").status == 2
        assert start(top, "close-shift", "--data", data).status == 0
        assert listed(top, data) == before
        checked = start(top, "verify", "--data", data)
        assert checked.status == 0, checked.out
        refused = start(top / "versions" / "0.1.0", "list", "--data", data)
        assert (refused.status, NEWER in refused.err) == (2, True)
        again = start(top, "update", "apply", stick, "--data", data)
        assert (again.status, "只能往新的更新" in again.err) == (2, True)

    def test_a_clinics_own_book_with_its_password(self, top: Path, stick: Path, tmp_path: Path) -> None:
        institution, visits, own = tmp_path / "clinic.json", tmp_path / "visits.jsonl", tmp_path / "own"
        institution.write_bytes(text(INSTITUTION))
        visits.write_bytes(text(visit("V1")))
        named = ("--data", own, "--operator", OPERATOR)
        made = start(top, "init", "--area", "530300", "--institution", institution, *named, GONGJI_PASSWORD=PASSWORD)
        assert made.status == 0, made.err
        settled = start(top, "settle", "--no-receipt", *named, visits, GONGJI_PASSWORD=PASSWORD)
        assert settled.status == 0, settled.err
        locked = start(top, "update", "apply", stick, *named, GONGJI_PASSWORD=PASSWORD[:-1])
        assert (locked.status, "不对" in locked.err) == (2, True)
        ran = start(top, "update", "apply", stick, *named, GONGJI_PASSWORD=PASSWORD)
        assert ran.status == 0, ran.err
        after = start(top, "close-shift", *named, GONGJI_PASSWORD=PASSWORD)
        assert after.status == 0, after.err
        checked = start(top, "verify", *named, GONGJI_PASSWORD=PASSWORD)
        assert checked.status == 0, checked.out

    def test_a_pc_with_no_data_yet(self, top: Path, stick: Path, tmp_path: Path) -> None:
        ran = start(top, "update", "apply", stick, "--data", tmp_path / "none")
        assert ran.status == 0, ran.err
        assert not (tmp_path / "none").exists()
        assert start(top, "--version").out == "gongji 0.3.0\n"


class TestKilled:
    def test_at_each_step_the_program_that_is_started_works_and_the_next_try_ends_well(
        self, top: Path, data: Path, stick: Path
    ) -> None:
        before = listed(top, data)
        for step in STEPS:
            if (top / "current").read_text() == "0.3.0\n":
                break  # the one before was killed after the last rename
            said = start_and_kill(top, "update", "apply", stick, "--data", data, step=step)
            assert said, step
            current = (top / "current").read_text().strip()
            assert current in ({"0.1.0", "0.3.0"} if step == STEPS[-1] else {"0.1.0"})
            if current == "0.1.0":
                assert listed(top, data) == before
        if (top / "current").read_text() == "0.1.0\n":
            done = start(top, "update", "apply", stick, "--data", data)
            assert done.status == 0, done.err
        assert (top / "current").read_text() == "0.3.0\n"
        assert start(top, "close-shift", "--data", data).status == 0
        assert listed(top, data) == before
        assert left_behind(top, data) == []


@pytest.fixture
def faulty(new_program: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(new_program, tmp_path / "faulty"))


class TestBroken:
    def refused(self, top: Path, data: Path, stick: Path, sentence: str) -> None:
        before = listed(top, data)
        ran = start(top, "update", "apply", stick, "--data", data)
        assert ran.status == 2, ran.out
        assert sentence in ran.err
        assert (top / "current").read_text() == "0.1.0\n"
        assert versions(top) <= {"0.1.0", ".0.3.0", ".0.3.0.zip"}
        assert list(data.glob("updating-*")) == []
        assert listed(top, data) == before

    def test_copying_the_book(self, top: Path, data: Path, stick: Path) -> None:
        shutil.rmtree(data / "backups", ignore_errors=True)
        (data / "backups").write_text("a file where the copies should be")
        self.refused(top, data, stick, "读写数据文件出错")

    def test_the_new_program_cannot_start(
        self, top: Path, data: Path, faulty: Path, release_keys: Keys, tmp_path: Path
    ) -> None:
        (faulty / "gongji").write_text("#!/nonexistent/sh\n")
        stick = make_stick(tmp_path / "stick", "0.3.0", faulty, release_keys.files[0])
        self.refused(top, data, stick, "新版本没有通过：自检")

    def test_the_new_program_fails_its_own_test(
        self, top: Path, data: Path, faulty: Path, release_keys: Keys, tmp_path: Path
    ) -> None:
        change(faulty, "desktop/gongji/desk/self_test.py", ("if not settled", "if settled"))
        stick = make_stick(tmp_path / "stick", "0.3.0", faulty, release_keys.files[0])
        self.refused(top, data, stick, "自检没有通过")

    def test_the_new_program_cannot_bring_the_book_up_to_date(
        self, top: Path, data: Path, faulty: Path, release_keys: Keys, tmp_path: Path
    ) -> None:
        """Its further step goes well on an empty book, as in its own test, and not on one with entries."""
        shift = "INSERT INTO closing (first_serial, last_serial, operator, at) SELECT 5, 1, operator, at FROM audit"
        bad = f"\"{shift} WHERE act = 'settle'\""
        change(faulty, "desktop/gongji/store/migrations/__init__.py", (STATEMENT, bad))
        stick = make_stick(tmp_path / "stick", "0.3.0", faulty, release_keys.files[0])
        self.refused(top, data, stick, "新版本没有通过：数据副本")

    def test_the_new_program_reckons_otherwise(
        self, top: Path, data: Path, faulty: Path, release_keys: Keys, tmp_path: Path
    ) -> None:
        change(
            faulty, "desktop/gongji/desk/updates/new_program.py",
            ("findings=tuple(verify_copy(Folder(copy.parent), store, library))",
             'findings=(*verify_copy(Folder(copy.parent), store, library), BookFinding("01-1", "重算不符"))'),
        )  # fmt: skip
        stick = make_stick(tmp_path / "stick", "0.3.0", faulty, release_keys.files[0])
        self.refused(top, data, stick, "核对数据副本发现 01-1：重算不符")

    def test_switching(self, top: Path, stick: Path, release_keys: Keys) -> None:
        """What `current` is written anew into cannot be made: everything else is done by then."""
        offer = read_offer(stick, [bytes.fromhex(one) for one in release_keys.public])
        (top / f".current.{os.getpid()}.partial").mkdir()
        with pytest.raises(GongjiError, match="写不了文件"):
            update_without_book(offer, layout_of(top / "versions" / "0.1.0"), lambda _: None)
        assert (top / "current").read_text() == "0.1.0\n"
        assert versions(top) == {"0.1.0"}
        assert start(top, "--version").out == "gongji 0.1.0\n"


class TestBack:
    def test_the_version_before_as_long_as_it_opens_the_book(self, top: Path, data: Path, stick: Path) -> None:
        before = listed(top, data)
        assert start(top, "update", "apply", stick, "--data", data).status == 0
        gone = start(top, "update", "back", "--data", data)
        assert gone.status == 0, gone.err
        assert start(top, "--version").out == "gongji 0.1.0\n"
        assert listed(top, data) == before
        assert start(top, "update", "apply", stick, "--data", data).status == 0
        assert start(top, "close-shift", "--data", data).status == 0  # which brings the book up to date
        refused = start(top, "update", "back", "--data", data)
        assert (refused.status, NEWER in refused.err) == (2, True)
        assert start(top, "--version").out == "gongji 0.3.0\n"
