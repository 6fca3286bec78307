"""What a command refuses of a real book, and what it prints of one that an older program wrote."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gongji.cli.main import run
from gongji.desk.clinic.audit_book import AuditRequest, reviewed
from gongji.desk.clinic.begin import Beginning, begin
from gongji.desk.clinic.open import is_data_folder, open_counter
from gongji.desk.session import Session
from gongji.desk.settlements.settle import settle_text
from gongji.errors import GongjiError
from gongji.files import resource_folder
from gongji.pack_files.library import Library
from tests.support.clinic import AREA, INSTITUTION, OPERATOR, PASSWORD, visit
from tests.support.clock import Clock

ONE = Path(__file__).parents[1] / "shapes" / "01-spending-bands.toml"


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    place = tmp_path / "packs"
    place.mkdir()
    shutil.copy(ONE, place / ONE.name)
    return place


@pytest.fixture
def where(data: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("GONGJI_PASSWORD", PASSWORD)
    return ["--data", str(data), "--operator", OPERATOR]


def test_no_pack_that_lies_beside_counts_for_a_real_book(
    data: Path, packs: Path, where: list[str], clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    """By whichever door: the command, the window's way of opening, or a visit of the very area of the pack."""
    one = packs.parent / "one.json"
    one.write_text(json.dumps(visit("V1")), encoding="utf-8")
    for command in (["settle", str(one)], ["close-shift"], ["explain", "1", "--reason", "已换新盘"]):
        assert run([*command, "--policies", str(packs), *where], clock) == 2, command
        assert "不能另加政策包文件夹" in capsys.readouterr().err
    with pytest.raises(GongjiError, match="不能另加政策包文件夹"):
        open_counter(data, Library(resource_folder() / "policies", [packs]), clock, OPERATOR, PASSWORD)
    assert run(["settle", str(one), *where], clock) == 0
    assert '"ok":true' in capsys.readouterr().out


def test_for_training_it_does(packs: Path, tmp_path: Path, clock: Clock) -> None:
    there = Library(resource_folder() / "policies", [packs])
    one = Beginning(counter="01", area=AREA, institution=INSTITUTION, operator=OPERATOR, password=None, training=True)
    begin(tmp_path / "training", one, there, clock)
    counter = open_counter(tmp_path / "training", there, clock)
    assert "990001" in counter.library.areas
    counter.close()


def test_a_number_of_an_older_book_does_not_steer_a_terminal(
    opened: Callable[[], Session],
    where: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    clock: Clock,
) -> None:
    """Numbers with control signs are refused today; a book may have them from before, and they are shown as text."""
    counter = opened()
    with monkeypatch.context() as older:
        older.setattr("gongji.desk.settlements.settle.normal_visit", lambda value: (value, []))
        given = json.dumps(visit("V\x1b]0;owned\x07\x1b[2J\u202e1")).encode()
        assert settle_text(counter, given).stored is not None
    counter.close()
    for command in ("list", "verify", "day-report"):
        assert run([command, *where], clock) == 0, command
        told = "".join(capsys.readouterr())
        assert not {"\x1b", "\x07", "\u202e"} & {*told}, command
        assert command != "list" or "\\x1b]0;owned" in told


def test_a_table_without_a_column_it_needs_is_one_sentence(
    data: Path, tmp_path: Path, where: list[str], clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    del data
    table = tmp_path / "people.csv"
    table.write_text("身份证号,姓名\n530399195803120028,张三\n", encoding="utf-8")
    assert run(["load", "people", str(table), *where], clock) == 2
    assert "缺少必填的列 参保地、人员状态、状态起始" in capsys.readouterr().err


@pytest.mark.parametrize("place", ["gone", "folder", "folder/of"])
def test_a_place_without_a_copy_is_one_sentence_and_what_to_do(
    data: Path, where: list[str], tmp_path: Path, clock: Clock, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    (tmp_path / "folder/of/book.db").mkdir(parents=True)
    for command in (["drill", str(tmp_path / place), *where], ["audit", str(tmp_path / place), str(data)]):
        assert run(command, clock) == 2, command
        said = capsys.readouterr().err
        assert said.startswith("gongji：")
        assert said.count("\n") == 1
        assert "请" in said


@pytest.mark.parametrize("look", [is_data_folder, lambda path: reviewed(AuditRequest(copy=path))])
def test_a_folder_into_which_the_system_lets_nobody_look_is_told(
    tmp_path: Path, look: Callable[[Path], object]
) -> None:
    """As one without permission is; root may look into that, and into none with such a name."""
    with pytest.raises(GongjiError, match="看不了文件夹") as refused:
        look(tmp_path / ("x" * 300))
    assert "权限" in refused.value.advice
