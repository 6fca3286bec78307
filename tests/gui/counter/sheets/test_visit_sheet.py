"""What is said of a visit besides its lines, by keys: day, prescriber, patient, what only the area asks, 选定机构."""

import datetime
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QCheckBox, QLineEdit

from gongji.core.care import Prescription
from gongji.desk.clinic.settings import set_clinic
from gongji.desk.papers.receipts import visit_of
from gongji.desk.session import Session
from gongji.desk.settlements.find import find, of_day
from gongji.desk.visits.quote import quote_text
from gongji.files import resource_folder
from gongji.gui.counter.sheets.line_sheet import LineSheet
from gongji.gui.counter.sheets.person_sheet import PersonSheet
from gongji.gui.counter.sheets.visit_sheet import VisitSheet
from gongji.pack_files.library import Library
from gongji.store.people import choices
from tests.gui.test_gui_keys import busy
from tests.support.clerk import Clerk, at
from tests.support.reading import papers, said_on

_ = busy
SHAPES = Path(__file__).parents[3] / "shapes"
DOCTOR, STREAMS = "12-family-doctor.toml", "11-streams.toml"


def visit_sheet(clerk: Clerk) -> VisitSheet:
    clerk.press("Shift+F4")
    sheet = clerk.sheet
    assert isinstance(sheet, VisitSheet)
    return sheet


def person_sheet(clerk: Clerk) -> PersonSheet:
    clerk.press("Shift+F2")
    sheet = clerk.sheet
    assert isinstance(sheet, PersonSheet)
    return sheet


def stored_visit(session: Session) -> dict[str, object]:
    (head,) = of_day(session.store, None)
    body = visit_of(session, find(session.store, head.no))
    return {name: getattr(body, name) for name in body.__struct_fields__}


class TestTheDay:
    def test_a_visit_of_yesterday_is_settled_this_morning(self, busy: Clerk) -> None:
        sheet = visit_sheet(busy)
        sheet.day.setFocus()
        busy.press("Down", "Enter")
        busy.settle_down()
        assert busy.screen.state.draft.settled_on == "2026-11-21"
        assert "就诊日期 2026-11-21" in busy.notes
        busy.settle()
        (stored,) = of_day(busy.counter.store, None)
        assert (stored.settled_on, stored.at[:10]) == ("2026-11-21", "2026-11-22")
        assert "2026-11-21" in said_on(papers(busy)[0])

    def test_never_tomorrow(self, busy: Clerk) -> None:
        sheet = visit_sheet(busy)
        sheet.day.setFocus()
        busy.press("Up", "Enter")
        assert busy.screen.state.draft.settled_on is None

    def test_the_policy_and_the_patient_are_those_of_that_day(self, sit_down: Callable[..., Clerk]) -> None:
        """云浮's policy ends with 2025: a visit of its last day can still be settled, under it."""
        clerk = sit_down("445300", day="2026-01-01 09:00:00")
        clerk.choose_patient("lcl")
        clerk.add_item("amxl")
        assert "没有有效的政策" in clerk.notes
        sheet = visit_sheet(clerk)
        sheet.day.setFocus()
        clerk.press("Down", "Enter")
        clerk.settle_down()
        assert clerk.screen.state.quote is not None
        assert clerk.screen.state.quote.policy == "445300@2022-09-01"
        clerk.press("Esc")
        assert clerk.screen.state.draft.settled_on is None
        assert "没有有效的政策" in clerk.notes

    def test_a_visit_put_aside_yesterday_says_so(self, sit_down: Callable[..., Clerk]) -> None:
        clerk = sit_down()
        clerk.choose_patient("ltj")
        clerk.add_item("amxl")
        clerk.press("F6")
        clerk.settle_down()
        clerk.leave()
        clerk = sit_down(day="2026-11-23 08:30:00")
        clerk.press("F7", "Enter")
        assert "这一单是 11-22 10:00 挂起的" in clerk.notes


class TestWhoPrescribed:
    @pytest.fixture
    def pharmacy(self, sit_down: Callable[..., Clerk]) -> Clerk:
        clerk = sit_down()
        institution = {**clerk.counter.clinic.institution, "type": "pharmacy"}
        clerk.station.jobs.write(lambda: set_clinic(clerk.counter, institution))
        clerk.settle_down()
        clerk.choose_patient("ltj")
        clerk.add_item("amxl", "20")
        clerk.settle_down()
        return clerk

    def test_a_pharmacy_asks_and_settles_at_the_prescribers_level(self, pharmacy: Clerk) -> None:
        """曲靖 第二十六条: nothing without a prescription; with one of level 2, deductible 60, then 55 + 5 %."""
        assert pharmacy.amount("fund") == "0.00"
        assert "没有处方" in pharmacy.notes
        sheet = visit_sheet(pharmacy)
        sheet.prescriber.setFocus()
        pharmacy.type("H53030200009")
        sheet.prescriber_level.setFocus()
        pharmacy.press("Down", "Down")
        assert sheet.prescriber_level.currentData() == "2"
        pharmacy.press("Enter")
        pharmacy.settle_down()
        assert "60.00) × 60%" in pharmacy.why("fund")
        pharmacy.settle()
        prescriber = stored_visit(pharmacy.counter)["prescriber"]
        assert (getattr(prescriber, "id", ""), getattr(prescriber, "level", "")) == ("H53030200009", "2")

    def test_a_clinic_is_not_asked(self, busy: Clerk) -> None:
        assert not visit_sheet(busy).prescriber.isVisible()


class TestThePatient:
    def test_who_has_retired_is_said_to_be(self, busy: Clerk) -> None:
        before = busy.screen.state.patient
        assert before is not None
        assert before.status == "retired"
        sheet = person_sheet(busy)
        assert sheet.status.hasFocus()
        busy.press("Up", "Enter")
        busy.settle_down()
        assert busy.screen.state.patient is not None
        assert busy.screen.state.patient.status == "employed"
        assert "× 60%" in busy.why("fund") or busy.amount("fund") == "0.00"
        busy.settle()
        busy.choose_patient("ltj")
        assert busy.screen.state.patient.status == "employed"

    def test_what_is_not_touched_is_not_told(self, busy: Clerk) -> None:
        person_sheet(busy)
        busy.press("Enter")
        assert set(busy.screen.state.draft.person) == {"id"}

    def test_somebody_insured_elsewhere_is_settled_by_the_rules_of_there(self, clerk: Clerk) -> None:
        """G9: 巴中's deductible of 200 a year, though the clinic stands in 曲靖."""
        clerk.scan("110101199003078515")
        sheet = clerk.sheet
        assert isinstance(sheet, PersonSheet)
        clerk.type("王小明")
        sheet.status.setCurrentIndex(sheet.status.findData("employed"))
        sheet.area.setCurrentIndex(sheet.area.findData("511900"))
        clerk.press("Enter")
        clerk.add_item("amxl", "50")
        clerk.settle_down()
        assert clerk.screen.state.quote is not None
        assert clerk.screen.state.quote.policy == "511900@2023-01-01"
        clerk.settle()
        clerk.scan("110101199003078515")
        assert clerk.screen.state.patient is not None
        assert clerk.screen.state.patient.area == "511900"

    def test_not_entitled_registered_and_supplements_can_be_said(self, busy: Clerk) -> None:
        sheet = person_sheet(busy)
        sheet.entitled.setFocus()
        busy.press("Space")
        sheet.diseases.setText("高血压、糖尿病")
        sheet.supplements["civil_servant"].setChecked(True)
        sheet.born.setText("1953-13-01")
        busy.press("Enter")
        assert "出生日期“1953-13-01”看不懂：没有这一天" in sheet.wrong.text()
        sheet.born.setText("1953-04-21")
        busy.press("Enter")
        busy.settle_down()
        assert "不在医保待遇享受期" in busy.notes
        assert busy.screen.state.draft.person == {
            "id": busy.screen.state.draft.person_id,
            "entitled": False,
            "registrations": {"chronic": ["高血压", "糖尿病"]},
            "supplements": ["civil_servant"],
            "birth_date": "1953-04-21",
        }


class TestOneLine:
    def test_a_prepay_share_the_catalogue_lacks_is_asked_for(self, busy: Clerk) -> None:
        """A class B item without a share is refused: 10 % of 9.72 is 0.97."""
        busy.screen.state.set_line(1, class_="B", prepay_ratio=None)
        busy.settle_down()
        assert "先行自付" in busy.notes
        act = dict(busy.screen.panel.notes.shown[0].acts)["第 2 行的情况"]
        act()
        sheet = busy.sheet
        assert isinstance(sheet, LineSheet)
        assert sheet.focusWidget() is sheet.prepay
        busy.type("101")
        busy.press("Enter")
        assert "0 到 100" in sheet.wrong.text()
        sheet.prepay.clear()
        busy.type("10")
        busy.press("Enter")
        busy.settle_down()
        assert busy.screen.state.draft.lines[1].prepay_ratio == "0.1"
        assert busy.amount("prepaid") == "0.97"

    def test_an_item_without_a_price_is_not_passed_over(self, busy: Clerk) -> None:
        item = busy.screen.lines._find("gml")[0]  # noqa: SLF001  # any item
        busy.screen._add_item(replace(item, unit_price_e4=0), "1")  # noqa: SLF001  # as the field hands it on
        assert "单价是 0" in busy.screen.lines._about.text()  # noqa: SLF001  # what is shown
        busy.press("Up", "F4")
        busy.press(*["Down"] * 12, "Enter")
        sheet = busy.sheet
        assert isinstance(sheet, LineSheet)
        sheet.price.setFocus()
        sheet.price.selectAll()
        busy.type("3.5")
        busy.press("Enter")
        assert busy.screen.state.draft.lines[2].unit_price == "3.5"


class TestSelectedInstitution:
    def test_is_chosen_by_keys_kept_printed_and_queued(self, sit_down: Callable[..., Clerk]) -> None:
        """云浮 第十七条."""
        clerk = sit_down("445300")
        here = str(clerk.counter.clinic.institution["id"])
        clerk.scan(somebody_elsewhere(clerk))
        clerk.add_item("amxl", "2")
        clerk.settle_down()
        assert "不是患者选定的医疗机构" in clerk.notes
        assert clerk.amount("fund") == "0.00"
        sheet = visit_sheet(clerk)
        sheet.selected.setFocus()
        clerk.press("Down")
        choose_reason(sheet)
        clerk.press("Enter")
        clerk.settle_down()
        assert clerk.amount("fund") != "0.00"
        person = str(clerk.screen.state.draft.person_id)
        clerk.settle()
        (stored,) = of_day(clerk.counter.store, None)
        (one,) = choices.of_person(clerk.counter.store.reader, person)
        assert (one.settlement, one.institution, one.begins, one.state) == (
            stored.serial,
            here,
            "2025-12-22",
            "pending",
        )
        paper = said_on(papers(clerk)[0])
        assert "选定机构：自2025-12-22起为" in paper
        assert here in paper
        assert "第十七条" in paper
        assert "（2025年度）" in paper
        clerk.scan(person)
        assert clerk.screen.state.patient is not None
        assert clerk.screen.state.patient.selected_institution == here

    def test_another_one_needs_its_code(self, sit_down: Callable[..., Clerk]) -> None:
        clerk = sit_down("445300")
        clerk.scan(somebody_elsewhere(clerk))
        clerk.add_item("amxl")
        sheet = visit_sheet(clerk)
        sheet.selected.setFocus()
        clerk.press("Down", "Down", "Enter")
        assert "编码" in sheet.wrong.text()
        clerk.type("H44530200099")
        choose_reason(sheet)
        clerk.press("Enter")
        assert clerk.screen.state.draft.person["selected_institution"] == "H44530200099"

    def test_is_not_asked_where_the_area_does_not(self, busy: Clerk) -> None:
        assert not visit_sheet(busy).selected.isVisible()


class TestPapers:
    """第十七条 of 云浮, and what every visit may rest on: a prescription, a referral slip."""

    def test_a_prescription_is_kept_and_printed(self, busy: Clerk) -> None:
        sheet = visit_sheet(busy)
        sheet.prescription.number.setText("CF20261122001")
        sheet.prescription.issued_on.setText("2026-11")
        busy.press("Enter")
        assert "处方的开具日期：“2026-11”看不懂：应为日期" in sheet.wrong.text()
        sheet.prescription.issued_on.setText("2026-11-20")
        sheet.prescription.doctor.setText("王某")
        sheet.prescription.days.setText("400")
        busy.press("Enter")
        assert "366" in sheet.wrong.text()
        sheet.prescription.days.setText("28")
        busy.press("Enter")
        busy.settle_down()
        busy.settle()
        kept = stored_visit(busy.counter)["prescription"]
        assert kept == Prescription(
            number="CF20261122001", issued_on=datetime.date(2026, 11, 20), doctor="王某", long_term_days=28
        )
        assert "长期处方28天" in said_on(papers(busy)[0])

    def test_a_referral_slip_that_has_run_out_is_told(self, busy: Clerk) -> None:
        sheet = visit_sheet(busy)
        sheet.referral.setChecked(True)
        sheet.slip.number.setText("ZZ1")
        sheet.slip.valid_from.setText("2026-10-01")
        sheet.slip.valid_until.setText("2026-11-21")
        busy.press("Enter")
        busy.settle_down()
        assert "2026-10-01 至 2026-11-21" in busy.notes
        assert busy.screen.state.quote is None

    def test_another_institution_needs_a_reason_and_its_year(self, sit_down: Callable[..., Clerk]) -> None:
        clerk = sit_down("445300")
        clerk.scan(somebody_elsewhere(clerk))
        clerk.add_item("amxl")
        sheet = visit_sheet(clerk)
        sheet.selected.setCurrentIndex(1)
        sheet.selection.year.setText("")
        clerk.press("Enter")
        assert "年度" in sheet.wrong.text()
        sheet.selection.year.setText("2026")
        clerk.press("Enter")
        assert "原因" in sheet.wrong.text()
        choose_reason(sheet)
        clerk.press("Enter")
        assert clerk.screen.state.draft.person["selection"] == {"year": 2026, "reason": "居住地迁移"}


def choose_reason(sheet: VisitSheet) -> None:
    sheet.selection.reason.setCurrentIndex(sheet.selection.reason.findData("居住地迁移"))


def somebody_elsewhere(clerk: Clerk) -> str:
    """A patient of the training data whose selected institution is not this one."""
    here = clerk.counter.clinic.institution["id"]
    row = clerk.counter.store.reader.execute(
        "SELECT person_id FROM coverage WHERE coalesce(selected_institution, '') <> ? AND entitled = 1 "
        "AND selected_institution <> '' AND area = '445300' AND length(person_id) = 18 ORDER BY person_id LIMIT 1",
        (here,),
    ).fetchone()
    return str(row[0])


class TestWhatOnlyAnAreaAsks:
    @pytest.fixture
    def elsewhere(self, qapp: object, trained: Callable[[str], Path], tmp_path: Path) -> Callable[[str], Clerk]:
        """A window with one of the invented areas beside the real ones."""
        clerks: list[Clerk] = []
        assert qapp

        def sit(shape: str) -> Clerk:
            packs = tmp_path / "packs"
            packs.mkdir()
            shutil.copy(SHAPES / shape, packs / shape)
            data = tmp_path / "data"
            shutil.copytree(trained("530300"), data)
            library = Library(resource_folder() / "policies", [packs])
            clerks.append(Clerk(data, library, at("2026-11-22 10:00:00")))
            return clerks[-1]

        return sit

    def insured(self, clerk: Clerk, area: str) -> None:
        clerk.scan("110101199003078515")
        sheet = clerk.sheet
        assert isinstance(sheet, PersonSheet)
        clerk.type("王小明")
        sheet.status.setCurrentIndex(sheet.status.findData("employed"))
        sheet.area.setCurrentIndex(sheet.area.findData(area))
        clerk.press("Enter")
        clerk.add_item("amxl", "200")
        clerk.settle_down()

    def test_of_a_person(self, elsewhere: Callable[[str], Clerk]) -> None:
        clerk = elsewhere(DOCTOR)
        self.insured(clerk, "990012")
        before = clerk.amount("fund")
        sheet = person_sheet(clerk)
        field = sheet.facts.fields["contract_from"]
        assert isinstance(field, QLineEdit)
        field.setFocus()
        clerk.type("2026-1")
        clerk.press("Enter")
        assert "看不懂：应为日期" in sheet.wrong.text()
        field.clear()
        clerk.type("2026-01-01")
        until = sheet.facts.fields["contract_until"]
        until.setFocus()
        clerk.type("2026-12-31")
        clerk.press("Enter")
        clerk.settle_down()
        assert clerk.amount("fund") != before
        clerk.settle()
        person = stored_visit(clerk.counter)["person"]
        assert getattr(person, "facts", None) == {"contract_from": "2026-01-01", "contract_until": "2026-12-31"}
        clerk.leave()

    def test_of_a_line(self, elsewhere: Callable[[str], Clerk]) -> None:
        clerk = elsewhere(STREAMS)
        self.insured(clerk, "990011")
        clerk.press("Up", "F4")
        clerk.press(*["Down"] * 12, "Enter")
        sheet = clerk.sheet
        assert isinstance(sheet, LineSheet)
        field = sheet.facts.fields["essential"]
        assert isinstance(field, QCheckBox)
        field.setFocus()
        clerk.press("Space", "Enter")
        assert clerk.screen.state.draft.lines[0].facts == {"essential": True}
        clerk.settle()
        assert len(list(of_day(clerk.counter.store, None))) == 1
        clerk.leave()


def test_what_the_window_enters_quotes_the_same_on_the_command_line(busy: Clerk, library: Library) -> None:
    """Day, prescriber, circumstances and told figures, through the form and as JSON."""
    state = busy.screen.state
    state.set_visit(settled_on="2026-11-20", referral=True, prescriber={"id": "H9", "level": "2"})
    assert state.quoted is not None
    assert state.quoted.visit is not None
    assert state.quote is not None
    visit = state.quoted.visit
    assert visit.prescriber is not None
    text = json.dumps(
        {
            "visit_no": visit.visit_no,
            "area": visit.area,
            "settled_on": "2026-11-20",
            "institution": busy.counter.clinic.institution,
            "prescriber": {"id": "H9", "level": "2"},
            "person": {"id": visit.person.id, "status": visit.person.status},
            "referral": True,
            "lines": [
                {
                    "code": one.code,
                    "category": one.category,
                    "class": one.class_,
                    "unit_price": one.unit_price,
                    "quantity": one.quantity,
                }
                for one in state.draft.lines
            ],
            "accumulators": {name: f"{fen // 100}.{fen % 100:02d}" for name, fen in visit.accumulators.items()},
        }
    )
    quoted = quote_text(text.encode(), library)
    assert quoted.quote is not None, quoted.problems
    assert quoted.quote.totals.fund_fen == state.quote.totals.fund_fen
