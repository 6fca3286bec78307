"""The bundle for whoever helps from afar: everything that helps, and nobody's name, number or amount."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from gongji.cli.main import run
from gongji.core.dates import stamp
from gongji.core.money import yuan
from gongji.desk.clinic.begin import Beginning, begin
from gongji.desk.clinic.first_start.create import begin_training
from gongji.desk.clinic.open import open_counter
from gongji.desk.clinic.settings import set_support
from gongji.desk.papers.paper_files import choose_printer
from gongji.desk.settlements.settle import settle_text
from gongji.desk.settlements.void import void
from gongji.desk.support_bundle import support_bundle
from gongji.files import resource_folder
from gongji.pack_files.library import Library
from tests.support.clinic import AREA, INSTITUTION, OPERATOR, PASSWORD
from tests.support.clock import Clock
from tests.support.in_the_book import wholes

DAY = "2026-11-22 10:00:00"
SAMPLES = resource_folder() / "training" / AREA
PRINTER = "张主任的打印机 4321"


@pytest.fixture(scope="module")
def worked_in(tmp_path_factory: pytest.TempPathFactory, library: Library) -> Path:
    """A practice folder in which all was settled, one of it voided, and into which another tool then wrote."""
    path = tmp_path_factory.mktemp("support") / "data"
    clock = Clock(DAY)
    begin_training(path, AREA, library, clock)
    counter = open_counter(path, library, clock)
    done = [settle_text(counter, one) for one in (SAMPLES / "visits.jsonl").read_bytes().splitlines()]
    kept = [one.stored for one in done if one.stored is not None]
    void(counter, kept[0].no, f"{kept[0].no} 退费，病人张金珍")
    choose_printer(counter, PRINTER)
    set_support(counter, "信息科 张工 0874-1234567")
    with counter.store.write() as connection:
        connection.execute("INSERT INTO setting (name, value) VALUES (?, '1')", (f"printer:{PRINTER}x",))
        connection.execute("DROP TRIGGER fee_line_never_update")
        connection.execute("UPDATE fee_line SET amount_fen = amount_fen + 1 WHERE settlement = 2")
    counter.close()
    return path


def seeded(path: Path, library: Library) -> set[str]:
    """Every name, number and amount the practice folder was given or made."""
    found: set[str] = set()
    columns_of = {"people.csv": ("身份证号", "姓名", "电话"), "links.csv": ("身份证号", "账户号")}
    for name, columns in columns_of.items():
        with (SAMPLES / name).open(encoding="utf-8-sig", newline="") as file:
            found |= {row[column] for row in csv.DictReader(file) for column in columns}
    for line in (SAMPLES / "visits.jsonl").read_text(encoding="utf-8").splitlines():
        visit = json.loads(line)
        found |= {visit["visit_no"], visit["institution"]["id"], visit["institution"]["name"]}
    counter = open_counter(path, library, Clock(DAY))
    for one in list(wholes(counter.store.reader)):
        found |= {one.no, one.receipt_no}
        amounts = [one.totals, *(part.amounts for part in one.parts)]
        found |= {yuan(getattr(each, name)) for each in amounts for name in each.__struct_fields__}
    found |= {counter.store.key.hex(), counter.operator, PRINTER, "0874-1234567", "张主任", "张工"}
    counter.close()
    return {one for one in found if one and one != "0.00"}


def test_nothing_of_anybody_is_in_it(worked_in: Path, library: Library, tmp_path: Path) -> None:
    path = Path(shutil.copytree(worked_in, tmp_path / "data"))
    counter = open_counter(path, library, Clock(DAY))
    counter.log.warning("a command failed", exc_info=ValueError("张金珍 530399194905028607 168.00"))
    text = support_bundle(path, stamp(counter.clock()), library, counter.store)
    counter.close()
    assert "发现" in text  # so the findings, which name settlements and amounts, are there
    identifiers = seeded(path, library)
    assert len(identifiers) > 300
    assert [one for one in sorted(identifiers) if one in text] == []
    assert str(path) not in text
    for told in ("gongji ", "SQLite", "培训数据", "settlement ", "上传 pending", "ValueError", "530300@"):
        assert told in text


def test_nobody_logged_in(tmp_path: Path, library: Library, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "data"
    one = Beginning(
        counter="01", area=AREA, institution=INSTITUTION, operator=OPERATOR, password=PASSWORD, training=False
    )
    begin(path, one, library, Clock(DAY))
    out = tmp_path / "bundle.txt"
    assert run(["support", str(out), "--data", str(path)], Clock(DAY)) == 0
    assert "要操作员登录" in capfd.readouterr().err
    text = out.read_text(encoding="utf-8")
    assert "没有打开数据文件" in text
    assert [one for one in (OPERATOR, PASSWORD, INSTITUTION["id"], INSTITUTION["name"]) if one in text] == []


def test_with_the_password_and_to_standard_output(
    tmp_path: Path, library: Library, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "data"
    one = Beginning(
        counter="01", area=AREA, institution=INSTITUTION, operator=OPERATOR, password=PASSWORD, training=False
    )
    begin(path, one, library, Clock(DAY))
    monkeypatch.setenv("GONGJI_PASSWORD", PASSWORD)
    assert run(["support", "-", "--data", str(path), "--operator", OPERATOR], Clock(DAY)) == 0
    text = capfd.readouterr().out
    assert "institution.level = 1" in text
    assert [one for one in (OPERATOR, PASSWORD, INSTITUTION["id"], INSTITUTION["name"]) if one in text] == []


def test_a_damaged_book_and_no_folder_at_all(tmp_path: Path, worked_in: Path, library: Library) -> None:
    """When it is needed most: what can be said is said, and what cannot says why."""
    path = Path(shutil.copytree(worked_in, tmp_path / "data"))
    (path / "book.db").write_bytes(b"\x00" * 8192)
    out = tmp_path / "bundle.txt"
    assert run(["support", str(out), "--data", str(path)], Clock(DAY)) == 0
    assert "没有打开数据文件" in out.read_text(encoding="utf-8")
    nowhere = support_bundle(tmp_path / "none", "2026-11-22 10:00:00", library, None)
    assert "没有数据文件夹" in nowhere
    assert str(tmp_path) not in nowhere
