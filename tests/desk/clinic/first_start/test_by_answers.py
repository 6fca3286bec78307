"""`gongji init --answers FILE`, and finding such a file: the folder is whole, only the password was asked."""

import json
import platform
import shutil
from pathlib import Path

import pytest

from gongji.cli.main import run
from gongji.desk.clinic.first_start.by_answers import AnswersRefusedError, find_answers, read_answers_file
from gongji.desk.clinic.open import open_counter
from gongji.desk.clinic.printing_settings import paper_ways
from gongji.desk.clinic.settings import support
from gongji.desk.papers.paper_files import chosen_printer
from gongji.errors import GongjiError
from gongji.files import resource_folder
from gongji.pack_files.library import Library
from gongji.store import search
from tests.support.clinic import OPERATOR, PASSWORD
from tests.support.clock import Clock

DAY = "2026-11-22 10:00:00"
SAMPLES = resource_folder() / "training" / "530300"
COMMON = """type = "township_clinic"
level = "1"
paper = "A4"
printer = "HP LaserJet"
support = "县医保中心信息科 张工"
catalogue = "catalogue.csv"
"""
COUNTERS = f"""
[[counters]]
institution = "H53030200001"
name = "曲水乡卫生院"
operator = "{OPERATOR}"
people = "people.csv"

[[counters]]
institution = "H53030200002"
name = "河口乡卫生院"
counter = "A2"
"""


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    place = tmp_path / "stick"
    place.mkdir()
    for name in ("people.csv", "catalogue.csv"):
        shutil.copy(SAMPLES / name, place)
    (place / "gongji-answers.toml").write_text(COMMON + COUNTERS, encoding="utf-8")
    return place


@pytest.fixture(autouse=True)
def with_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGJI_PASSWORD", PASSWORD)


def test_one_command_and_the_counter_can_settle(
    stick: Path, tmp_path: Path, library: Library, capfd: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    given = ("--answers", str(stick / "gongji-answers.toml"), "--data", str(data), "--json")
    assert run(["init", *given], Clock(DAY)) == 2
    assert "H53030200001/01、H53030200002/A2" in json.loads(capfd.readouterr().out)["error"]["message"]
    assert run(["init", *given, "--clinic", "H53030200001"], Clock(DAY)) == 0
    answer = json.loads(capfd.readouterr().out)
    assert (answer["ok"], answer["area"]) == (True, "530300")
    assert [(one["kind"], one["kept"]) for one in answer["imports"]] == [("people", True), ("catalogue", True)]
    counter = open_counter(data, library, Clock(DAY), OPERATOR, PASSWORD)
    known = search.row_counts(counter.store.reader)
    people, items = known.people, known.items
    assert (people, items > 100) == (300, True)
    assert counter.clinic.institution["name"] == "曲水乡卫生院"
    assert chosen_printer(counter) == "HP LaserJet"
    assert paper_ways(counter).paper == "A4"
    assert support(counter) == "县医保中心信息科 张工"
    counter.close()
    assert run(["init", *given, "--clinic", "H53030200001"], Clock(DAY)) == 2  # never over what is there
    assert "里已有数据" in capfd.readouterr().out


def test_the_pc_knows_by_its_name_which_counter_it_is(stick: Path, tmp_path: Path, library: Library) -> None:
    text = (COMMON + COUNTERS).replace('counter = "A2"', f'counter = "A2"\ncomputer = "{platform.node().upper()}"')
    (stick / "gongji-answers.toml").write_text(text, encoding="utf-8")
    found = read_answers_file(stick / "gongji-answers.toml", library)
    mine = found.of_this_pc()
    assert mine is not None
    assert mine.counter == "A2"
    given = ("--answers", str(stick / "gongji-answers.toml"), "--data", str(tmp_path / "data"))
    assert run(["init", *given, "--operator", OPERATOR], Clock(DAY)) == 0
    counter = open_counter(tmp_path / "data", library, Clock(DAY), OPERATOR, PASSWORD)
    assert counter.clinic.counter == "A2"
    counter.close()


def test_a_table_that_cannot_be_taken_in_stops_nothing_else(
    stick: Path, tmp_path: Path, library: Library, capfd: pytest.CaptureFixture[str]
) -> None:
    lines = (stick / "people.csv").read_text(encoding="utf-8").splitlines()
    (stick / "people.csv").write_text("\n".join([lines[0], lines[1].replace("530399", "530398", 1)]), encoding="utf-8")
    given = ("--answers", str(stick / "gongji-answers.toml"), "--data", str(tmp_path / "data"), "--json")
    assert run(["init", *given, "--clinic", "H53030200001"], Clock(DAY)) == 2
    answer = json.loads(capfd.readouterr().out)
    assert [(one["kind"], one["kept"]) for one in answer["imports"]] == [("people", False), ("catalogue", True)]
    open_counter(tmp_path / "data", library, Clock(DAY), OPERATOR, PASSWORD).close()


def test_everything_wrong_with_a_file_is_told_at_once_and_nothing_is_made(
    stick: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (stick / "people.csv").unlink()
    text = COMMON.replace("A4", "A9") + f'password = "{PASSWORD}"\n' + COUNTERS
    (stick / "gongji-answers.toml").write_text(text, encoding="utf-8")
    given = ("--answers", str(stick / "gongji-answers.toml"), "--data", str(tmp_path / "data"))
    assert run(["init", *given], Clock(DAY)) == 2
    told = capfd.readouterr().err
    assert "口令不能写在设置文件里" in told
    assert PASSWORD not in told
    assert "counters.0.people" in told
    assert "没有纸张 A9" in told
    assert run(["init", *given, "--json"], Clock(DAY)) == 2
    answer = json.loads(capfd.readouterr().out)
    assert answer["error"]["code"] == "refused"
    assert {one["field"] for one in answer["problems"]} == {
        "password", "counters.0.people", "counters.0.paper", "counters.1.paper",
    }  # fmt: skip
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"= 1", b"a = 1\na = 2", b"[[counters]"])
@pytest.mark.parametrize("name", ["gongji-answers.toml", "gongji-answers.json"])
def test_no_settings_file_at_all(tmp_path: Path, library: Library, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(AnswersRefusedError) as caught:
        read_answers_file(tmp_path / name, library)
    assert caught.value.problems


def test_json_says_the_same(stick: Path, library: Library) -> None:
    one = {
        "institution": "H53030200001", "name": "曲水乡卫生院", "type": "township_clinic", "level": "1",
        "people": "people.csv",
    }  # fmt: skip
    (stick / "gongji-answers.json").write_bytes(b"\xef\xbb\xbf" + json.dumps(one).encode())
    (counter,) = read_answers_file(stick / "gongji-answers.json", library).counters
    assert counter.area == "530300"


def test_it_is_found_on_a_stick(stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gongji.desk.clinic.first_start.by_answers.stick_places", lambda: [stick.parent, stick])
    assert find_answers() == stick / "gongji-answers.toml"
    (stick / "gongji-answers.toml").unlink()
    assert find_answers() is None


def dotted(depth: int, rows: int) -> str:
    return "\n".join(f"a{'.a' * depth}{number} = 1" for number in range(rows))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("dots.toml", dotted(2000, 40)),
        ("open.toml", "a = " + "[" * 100_000),
        ("deep.json", "[" * 200_000 + "]" * 200_000),
        ("objects.json", '{"a":' * 100_000 + "1" + "}" * 100_000),
    ],
)
def test_a_strangers_settings_file_is_refused_in_a_sentence(
    tmp_path: Path, library: Library, name: str, content: str, capsys: pytest.CaptureFixture[str], clock: Clock
) -> None:
    """One on a stick is read by the window's first start without anybody having asked for it."""
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(GongjiError):
        read_answers_file(path, library)
    named = ["--area", "530300", "--institution", str(path), "--operator", OPERATOR, "--data", str(tmp_path / "data")]
    assert run(["init", *named], clock) == 2
    assert "不是 JSON" in capsys.readouterr().err
