"""A book made by the program of commit d1834ff opens, and says byte for byte what it said.

`kept/d1834ff.tar.xz` is a working folder as that program left it: five settlements, one of them voided, of two people,
under two benefits, with account and family account; a closed shift; five records at a platform and one that waits.
`kept/printed` is what that program's own commands printed of it. The book is in use for ever, so neither is ever made
anew: what a later program says otherwise is a mistake of the later program.
"""

import shutil
import tarfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from gongji.cli.main import run
from gongji.desk.clinic.open import open_counter
from gongji.desk.settlements.settle import settle_text
from gongji.desk.settlements.void import void
from gongji.pack_files.library import Library
from tests.support.clinic import OPERATOR, PASSWORD, text, visit
from tests.support.clock import Clock

KEPT = Path(__file__).parent / "kept"
NUMBERS = [f"01-20261130-{serial:06d}" for serial in range(1, 7)]
PRINTED: dict[str, Sequence[Sequence[str]]] = {
    "list.jsonl": [("list", "--json")],
    "list.txt": [("list",)],
    "queue.jsonl": [("queue", "--json")],
    "queue.txt": [("queue",)],
    "day-report.jsonl": [("day-report", "--date", "2026-11-30", "--json")],
    "day-report.txt": [("day-report", "--date", "2026-11-30")],
    "verify.jsonl": [("verify", "--json")],
    "show.jsonl": [("show", no, "--json") for no in NUMBERS],
    "show.txt": [("show", no) for no in NUMBERS],
}


@pytest.fixture(scope="module")
def brought_up_to_date(tmp_path_factory: pytest.TempPathFactory, library: Library) -> Path:
    place = tmp_path_factory.mktemp("kept")
    with tarfile.open(KEPT / "d1834ff.tar.xz") as archive:
        archive.extractall(place, filter="data")
    with pytest.MonkeyPatch.context() as patch:  # a test's own copy of the folder is where this one was
        patch.setattr("gongji.desk.clinic.backup.relocate.place_of", lambda _: "here")
        open_counter(place / "clinic", library, Clock("2026-12-01 09:00:00"), OPERATOR, PASSWORD).close()
    return place / "clinic"


@pytest.mark.parametrize("name", PRINTED)
def test_every_command_prints_what_it_printed(
    name: str, brought_up_to_date: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setenv("GONGJI_PASSWORD", PASSWORD)
    for arguments in PRINTED[name]:
        named = ("--data", str(brought_up_to_date), "--operator", OPERATOR)
        assert run([*arguments, *named], Clock("2026-12-01 09:00:00")) == 0
    assert capfdbinary.readouterr().out.decode() == (KEPT / "printed" / name).read_text(encoding="utf-8")


def test_work_goes_on_in_it(brought_up_to_date: Path, tmp_path: Path, library: Library) -> None:
    clock = Clock("2026-12-01 09:00:00")
    counter = open_counter(shutil.copytree(brought_up_to_date, tmp_path / "data"), library, clock, OPERATOR, PASSWORD)
    again = settle_text(counter, text(visit("V1"))).stored
    assert again is not None
    assert again.no == NUMBERS[0]  # what was settled then is not settled a second time
    new = settle_text(counter, text(visit("V6", settled_on="2025-07-01"))).stored
    assert new is not None
    assert new.no == "01-20261201-000007"
    assert void(counter, NUMBERS[2], "药品退回").stored.no == "01-20261201-000008"
    counter.close()
