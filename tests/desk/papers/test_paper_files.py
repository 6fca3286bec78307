"""Who was ill stands in the encrypted book and nowhere else; what the program writes is the user's alone."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gongji.cli.main import run
from gongji.desk.clinic.backup import restore as restore_module
from gongji.desk.clinic.backup.backup import back_up, back_up_when_due
from gongji.desk.clinic.backup.check_copy import drill
from gongji.desk.clinic.backup.restore import restore
from gongji.desk.clinic.operators import make_recovery_key
from gongji.desk.clinic.printing_settings import set_printing
from gongji.desk.closing.report_papers import report_steps
from gongji.desk.closing.shifts import close_shift
from gongji.desk.imports.forget_person import forget_person, set_retention_years
from gongji.desk.imports.import_table import import_file
from gongji.desk.papers.archive import bytes_of, made
from gongji.desk.papers.paper_files import keeps_files, settle_files, without_files
from gongji.desk.papers.slips import print_quotation
from gongji.desk.roles import reveal
from gongji.desk.session import Session
from gongji.desk.settlements.void import void
from gongji.desk.upload.stick.stick import export, trust_carrier
from gongji.desk.visits.quote import quote_text
from gongji.errors import GongjiError
from gongji.payer.stick.carrier import Carrier
from gongji.printing.read_pdf import text_of
from gongji.store import audit
from gongji.store.settlements import printed_files
from tests.desk.settlements.test_settle import settle
from tests.support.clinic import AREA, INSTITUTION, OPERATOR, PASSWORD, text, visit
from tests.support.clock import Clock
from tests.support.lying_open import lying_open
from tests.support.making import printing_of
from tests.support.printed import print_receipt, print_reckoning, reprint

NAME, NUMBER, PHONE = "欧阳紫薇茗", "530399195803120028", "13987650321"
SICK = {"id": NUMBER, "name": NAME, "status": "retired"}
TABLE = (
    "身份证号,姓名,性别,出生日期,电话,参保地,人员状态,就业类型,补助,待遇享受,选定机构,状态起始,慢特病登记,登记起始,虚构\n"
    f"{NUMBER},{NAME},女,1958-03-12,{PHONE},{AREA},退休,单位,,是,,2025-01-01,,,否\n"
)


def plain(*folders: Path) -> list[str]:
    """The files in which a seeded name, number or telephone stands, and every paper that lies open."""
    return lying_open((NAME, NUMBER, PHONE), *folders)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    return place


@pytest.fixture
def at_window(session: Session) -> Session:
    """The counter as the window opens it, where no clinic has asked for files."""
    without_files(session)
    return session


def a_day(session: Session, place: Path) -> None:
    """Everything that leaves a file: papers, copies, sticks, packages, tables, a drill."""
    table = place / "people.csv"
    table.write_text(TABLE, encoding="utf-8")
    taken = import_file(session.store, "people", table, at=session.now(), operator=session.operator)
    table.unlink()  # somebody else's file, not ours
    assert taken.kept
    one = settle(session, visit("V1", person=SICK))
    for path in (print_receipt(session, one), print_reckoning(session, one), reprint(session, one)):
        assert bytes_of(session, path).startswith(b"%PDF")
    asked = quote_text(text(visit("V2", person=SICK)), session.library)
    assert asked.visit is not None
    assert asked.quote is not None
    pack = session.library.editions(AREA)[0].pack
    shown = print_quotation(session, asked.visit, asked.quote, pack)
    assert NAME in "".join(text_of(bytes_of(session, shown)))
    void(session, one.no, "录错了人")
    stick, carried = place / "stick", place / "carrier"
    stick.mkdir()
    make_recovery_key(session, PASSWORD)
    copy = back_up(session)
    assert copy is not None
    back_up(session, stick)
    back_up_when_due(session, leaving=True)
    settle(session, visit("V3", person=SICK))
    trust_carrier(session, Carrier(carried, "转送机").card)
    export(session, "hebei")
    closing, report = close_shift(session)
    made(report_steps(session, report, closing.at, "closing-1-3"))
    drill(session, copy)
    session.log.warning("a fault", exc_info=ValueError())


def _fails(*_: object, **__: object) -> None:
    raise ValueError("a fault")


class TestPlainText:
    def test_a_day_leaves_nobody_outside_the_book(self, at_window: Session, temporary: Path, tmp_path: Path) -> None:
        a_day(at_window, tmp_path)
        assert plain(tmp_path) == []
        at_window.close()
        assert plain(tmp_path) == []
        assert temporary in tmp_path.iterdir()

    def test_nor_does_forgetting_a_refused_restore_or_a_fault_in_printing(
        self, at_window: Session, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        a_day(at_window, tmp_path)
        one = settle(at_window, visit("V4", person=SICK))
        with monkeypatch.context() as patch:
            patch.setattr(printed_files, "keep", _fails)
            with pytest.raises(ValueError, match="a fault"):
                print_receipt(at_window, one)
        assert plain(tmp_path) == []
        copy = back_up(at_window)
        assert copy is not None
        (torn := tmp_path / "torn.db").write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])
        with pytest.raises(GongjiError):
            restore(at_window, torn)
        with monkeypatch.context() as patch:
            patch.setattr(restore_module, "distrust_restored_legs", _fails)
            with pytest.raises(ValueError, match="a fault"):
                restore(at_window, copy)
        assert plain(tmp_path) == []
        with at_window.store.write() as connection:  # the payer has had the last word
            connection.execute("UPDATE leg SET state = 'accepted'")
        set_retention_years(at_window, 1)
        clock.set("2027-09-01 09:00:00")
        at_window.confirm_clock()
        forget_person(at_window, NUMBER, "保存期满")
        assert NAME not in "".join(text_of(bytes_of(at_window, print_receipt(at_window, one))))
        assert plain(tmp_path) == []

    def test_a_clinic_that_wants_files_has_them_and_may_be_rid_of_them(self, at_window: Session) -> None:
        set_printing(at_window, printing_of(at_window, as_files=True))
        path = print_receipt(at_window, settle(at_window, visit("V1", person=SICK)))
        (own := path.parent / "own.pdf").write_bytes(b"%PDF somebody else's")
        printed = path.read_bytes()
        assert keeps_files(at_window)
        set_printing(at_window, printing_of(at_window, as_files=False))
        assert not keeps_files(at_window)
        assert not path.exists()
        assert own.exists()
        assert bytes_of(at_window, path) == printed

    def test_what_was_changed_by_another_hand_stays_to_be_seen(self, session: Session) -> None:
        path = print_receipt(session, settle(session, visit("V1", person=SICK)))
        path.write_bytes(path.read_bytes() + b"more")
        assert without_files(session) == 0
        assert path.exists()

    def test_a_commands_answer_names_a_file_that_is_there(self, session: Session) -> None:
        assert print_receipt(session, settle(session, visit("V1"))).read_bytes().startswith(b"%PDF")

    def test_a_command_leaves_a_file_only_until_the_clinic_works_at_the_window(
        self,
        opened: Callable[[], Session],
        clock: Clock,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """The answer names the paper either way; where no file is kept, one is written where a person says so."""
        monkeypatch.setenv("GONGJI_PASSWORD", PASSWORD)
        counter = opened()
        folder, told = counter.folder.path, list[Path]()
        for number in ("V1", "V2", "V3"):
            counter.close()
            (tmp_path / "one.json").write_bytes(text(visit(number, person=SICK)))
            where = ["--data", str(folder), "--operator", OPERATOR]
            assert run(["settle", str(tmp_path / "one.json"), *where], clock) == 0
            answer = json.loads(capsys.readouterr().out)
            told.append(folder / answer["receipt"])
            assert told[-1].suffix == ".pdf"
            assert told[-1].exists() is (number != "V2")
            counter = opened()
            if number == "V1":
                settle_files(counter)
                without_files(counter)
            elif number == "V2":
                counter.close()
                assert run(["paper", answer["settlement_no"], str(tmp_path / "a.pdf"), *where], clock) == 0
                assert capsys.readouterr().out == f"{tmp_path / 'a.pdf'}\n"
                assert NAME in "".join(text_of((tmp_path / "a.pdf").read_bytes()))
                assert not told[-1].exists()
                counter = opened()
                set_printing(counter, printing_of(counter, as_files=True))
        assert [one.exists() for one in told] == [False, False, True]


class TestReveal:
    def test_a_whole_number_is_shown_only_once_the_log_has_it(self, session: Session) -> None:
        assert reveal(session, NUMBER, "收费台") == NUMBER
        (entry,) = audit.of_acts(session.store.reader, ["reveal"])
        assert (entry.operator, entry.subject) == (OPERATOR, "5303**********0028")
        assert "收费台" in entry.detail


@pytest.mark.process
@pytest.mark.skipif(os.name == "nt", reason="Windows goes by the folder's rights")
class TestModes:
    @pytest.fixture
    def gongji(self, tmp_path: Path) -> Callable[..., str]:
        def run(*arguments: str, given: str = "") -> str:
            done = subprocess.run(
                [sys.executable, "-m", "gongji", *arguments],
                input=given, capture_output=True, text=True, encoding="utf-8", check=False, timeout=300,
                env={**os.environ, "GONGJI_PASSWORD": PASSWORD, "XDG_DATA_HOME": str(tmp_path / "home")},
                preexec_fn=lambda: os.umask(0o022),
            )  # fmt: skip
            assert done.returncode == 0, done.stderr
            return done.stdout

        return run

    def test_every_file_is_the_users_alone(self, gongji: Callable[..., str], tmp_path: Path) -> None:
        data, about = tmp_path / "data", tmp_path / "about.json"
        about.write_text(json.dumps(INSTITUTION), encoding="utf-8")
        who = ("--data", str(data), "--operator", OPERATOR)
        gongji("init", *who, "--area", AREA, "--institution", str(about))
        said = gongji("settle", *who, given=json.dumps(visit("V1", person=SICK)))
        gongji("relay", "--state", str(tmp_path / "relay"), "--card", str(tmp_path / "out" / "card.json"))
        assert (data / json.loads(said)["receipt"]).is_file()
        about.unlink()
        for one in tmp_path.rglob("*"):
            assert not stat.S_IMODE(one.stat().st_mode) & 0o077, one

    def test_an_older_programs_files_are_the_users_alone_once_they_are_opened(
        self, data: Path, opened: Callable[[], Session]
    ) -> None:
        for one in (data, *data.iterdir()):
            one.chmod(one.stat().st_mode | 0o055)
        before = os.umask(0o077)  # as the program sets it at its start
        try:
            opened()
        finally:
            os.umask(before)
        assert [one.name for one in (data, *data.iterdir()) if stat.S_IMODE(one.stat().st_mode) & 0o077] == []
