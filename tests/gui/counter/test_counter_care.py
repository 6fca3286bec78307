"""What a visit carries for the payer, at the counter: diagnoses, doctors, boxes scanned, drugs of limited use."""

import json
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLineEdit

from gongji.gui.counter.sheets import LineSheet, VisitSheet
from gongji.store import settings
from tests.support.clerk import Clerk
from tests.support.tables import load_rows

CODE = "XJ01CA0001E001010199902"  # amoxicillin of the training catalogue
BOX = "8123456000000000000{}"
ITEM = {
    "编码": "A2", "名称": "乙药", "类别": "药品", "甲乙丙": "乙10%", "单价": "10", "单位": "盒", "条码": "8123456",
    "起始": "2024-01-01",
}  # fmt: skip


def bring(clerk: Clerk, folder: Path, kind: str, *rows: dict[str, str]) -> None:
    counter = clerk.counter
    clerk.station.jobs.write(lambda: load_rows(counter.store, kind, folder, *rows))
    clerk.settle_down()


def choose_region(clerk: Clerk, name: str) -> None:
    def choose() -> None:
        with clerk.counter.store.write() as connection:
            settings.put(connection, settings.REGION, name)

    clerk.station.jobs.write(choose)
    clerk.settle_down()


def kept(clerk: Clerk) -> dict[str, Any]:
    (body,) = clerk.counter.store.reader.execute(
        "SELECT plain_text(body) FROM visit ORDER BY rowid DESC LIMIT 1"
    ).fetchone()
    found: dict[str, Any] = json.loads(body)
    return found


def visit_sheet(clerk: Clerk) -> VisitSheet:
    clerk.press("Shift+F4")
    assert isinstance(clerk.sheet, VisitSheet)
    return clerk.sheet


def settled(clerk: Clerk) -> int:
    (count,) = clerk.counter.store.reader.execute("SELECT count(*) FROM settlement").fetchone()
    return int(count)


@pytest.fixture
def seated(clerk: Clerk, tmp_path: Path) -> Clerk:
    """A patient with one drug, a list of diagnoses, two doctors."""
    day = {"起始": "2024-01-01"}
    bring(
        clerk, tmp_path, "diagnoses",
        {"诊断编码": "J06.900", "诊断名称": "急性上呼吸道感染", **day},
        {"诊断编码": "I10.x00x002", "诊断名称": "高血压", **day},
    )  # fmt: skip
    bring(
        clerk, tmp_path, "doctors",
        {"医师编码": "D530302000123", "姓名": "王医生", "科室编码": "A03.01", "科室": "呼吸内科", **day},
        {"医师编码": "D530302000124", "姓名": "李医生", "科室编码": "A07", "科室": "儿科", **day},
    )  # fmt: skip
    clerk.choose_patient("ltj")
    clerk.scan(CODE)
    return clerk


def test_a_region_that_wants_a_diagnosis_has_it_asked_for(seated: Clerk) -> None:
    assert "诊断" not in seated.notes
    choose_region(seated, "hunan")
    seated.screen.advice.show()
    assert "还没有录诊断" in seated.notes
    seated.press("F9")
    seated.settle_down()
    assert settled(seated) == 0
    sheet = visit_sheet(seated)
    sheet.diagnoses.setFocus()
    sheet.diagnoses.setText("J06.900 急性上呼吸道感染；I10.x00x002 高血压")
    sheet.doctor.setCurrentIndex(sheet.doctor.findData("D530302000123"))
    seated.press("Enter")
    assert "诊断" not in seated.notes
    seated.settle()
    care = kept(seated)["care"]
    assert [one["code"] for one in care["diagnoses"]] == ["J06.900", "I10.x00x002"]
    assert care["doctor"] == {
        "code": "D530302000123", "name": "王医生", "department_code": "A03.01", "department": "呼吸内科",
    }  # fmt: skip


def test_a_diagnosis_is_looked_for_as_it_is_typed(seated: Clerk) -> None:
    sheet = visit_sheet(seated)
    sheet.diagnoses.setFocus()
    seated.type("jxsh")
    assert sheet.diagnoses._names.stringList() == ["J06.900 急性上呼吸道感染"]  # noqa: SLF001  # what is offered
    sheet.diagnoses.choose("J06.900 急性上呼吸道感染")
    assert [one.code for one in sheet.diagnoses.read()] == ["J06.900"]
    sheet.diagnoses.setText("乱写的")
    seated.press("Enter")
    assert "没有从列表里选" in sheet.wrong.text()
    sheet.diagnoses.setText("B99.x00 未在表里的病")
    seated.press("Enter")
    assert seated.sheet is None
    assert [one.name for one in seated.screen.state.draft.care.diagnoses] == ["未在表里的病"]


def test_the_only_doctor_is_every_visits(clerk: Clerk, tmp_path: Path) -> None:
    bring(
        clerk, tmp_path, "doctors",
        {
            "医师编码": "D530302000123", "姓名": "王医生", "科室编码": "A03.01", "科室": "呼吸内科",
            "起始": "2024-01-01",
        },
    )  # fmt: skip
    clerk.screen.begin_anew()
    doctor = clerk.screen.state.draft.care.doctor
    assert doctor is not None
    assert doctor.name == "王医生"
    clerk.choose_patient("ltj")
    assert clerk.screen.state.draft.care.doctor == doctor


def test_each_box_is_scanned_once_and_kept(clerk: Clerk, tmp_path: Path) -> None:
    bring(clerk, tmp_path, "catalogue", ITEM)
    clerk.choose_patient("ltj")
    clerk.scan(BOX.format(1))
    clerk.scan(BOX.format(2))
    (one,) = clerk.screen.state.draft.lines
    assert (one.quantity, one.trace_codes) == ("2", (BOX.format(1), BOX.format(2)))
    clerk.scan(BOX.format(1))
    assert "已经扫过" in clerk.notes
    assert clerk.screen.state.draft.lines == (one,)
    table = clerk.screen.lines.table
    assert str(table.lines.data(table.lines.index(0, 2))).startswith("码2")
    clerk.settle()
    assert kept(clerk)["lines"][0]["trace_codes"] == [BOX.format(1), BOX.format(2)]


def test_boxes_counted_by_hand_are_given_their_codes(clerk: Clerk, tmp_path: Path) -> None:
    bring(clerk, tmp_path, "catalogue", ITEM)
    clerk.choose_patient("ltj")
    clerk.press("F3")
    clerk.type("yy")
    clerk.press("Enter", "2", "Enter")
    assert clerk.names == ["乙药"]
    for box in (1, 2, 3):
        clerk.scan(BOX.format(box))
    assert [(one.quantity, len(one.trace_codes)) for one in clerk.screen.state.draft.lines] == [("3", 3)]


def test_directions_and_codes_are_put_right_in_the_lines_sheet(clerk: Clerk, tmp_path: Path) -> None:
    bring(clerk, tmp_path, "catalogue", ITEM)
    clerk.choose_patient("ltj")
    clerk.scan(BOX.format(1))
    clerk.screen.asking.line(0)
    sheet = clerk.sheet
    assert isinstance(sheet, LineSheet)
    sheet.traces.setText("123")
    clerk.press("Enter")
    assert "20 位" in sheet.wrong.text()
    sheet.traces.setText(BOX.format(5))
    sheet.dose.setText("1 片")
    sheet.frequency.setText("每日三次")
    sheet.days.setText("７")
    clerk.press("Enter")
    assert clerk.sheet is None
    clerk.settle()
    line = kept(clerk)["lines"][0]
    assert line["trace_codes"] == [BOX.format(5)]
    assert line["directions"] == {"dose": "1 片", "frequency": "每日三次", "days": 7}


@pytest.mark.parametrize(("fits", "class_"), [(True, "B"), (False, "C")])
def test_a_drug_of_limited_use_is_asked_about(clerk: Clerk, tmp_path: Path, fits: bool, class_: str) -> None:
    bring(clerk, tmp_path, "catalogue", ITEM)
    bring(clerk, tmp_path, "restrictions", {"编码": "A2", "限定支付范围": "限二级以上医院", "起始": "2024-01-01"})
    clerk.choose_patient("ltj")
    clerk.scan(BOX.format(1))
    assert "限定支付：限二级以上医院" in clerk.notes
    clerk.press("F9")
    clerk.settle_down()
    assert settled(clerk) == 0
    clerk.screen.state.answer_limit(0, fits=fits)
    assert "限定支付" not in clerk.notes
    clerk.settle()
    line = kept(clerk)["lines"][0]
    assert (line["approved"], line["class"]) == (fits, class_)


def test_a_box_more_of_a_refused_drug_stays_the_patients_own(clerk: Clerk, tmp_path: Path) -> None:
    bring(clerk, tmp_path, "catalogue", ITEM)
    clerk.choose_patient("ltj")
    clerk.scan(BOX.format(1))
    clerk.screen.state.answer_limit(0, fits=False)
    clerk.scan(BOX.format(2))
    assert [(one.quantity, one.class_) for one in clerk.screen.state.draft.lines] == [("2", "C")]


def test_boxes_that_were_not_scanned_are_told_of_and_settle_all_the_same(clerk: Clerk, tmp_path: Path) -> None:
    file = tmp_path / "county.toml"
    file.write_text('title = "某县"\nbased_on = "practice"\ntrace_codes = true\n', encoding="utf-8")
    choose_region(clerk, str(file))
    bring(clerk, tmp_path, "catalogue", ITEM)
    clerk.choose_patient("ltj")
    clerk.scan(BOX.format(1))
    assert "追溯码" not in clerk.notes
    clerk.press("Up", "3", "Enter")
    assert "只扫了 1 个追溯码" in clerk.notes
    clerk.settle()
    assert settled(clerk) == 1


def test_the_fields_are_read_by_a_screen_reader(seated: Clerk) -> None:
    sheet = visit_sheet(seated)
    assert isinstance(sheet.diagnoses, QLineEdit)
    assert [sheet.doctor.itemText(place) for place in range(sheet.doctor.count())] == [
        "请选择", "李医生　儿科", "王医生　呼吸内科",
    ]  # fmt: skip
