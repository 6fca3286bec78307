"""就诊情况 (Shift+F4): what is said of the visit as a whole, and the patient's selected institution."""

from typing import Any

from msgspec import structs
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from gongji.core.care import Care, Certificate
from gongji.core.engine.policy import Policy
from gongji.core.identifiers import institution_id
from gongji.core.packs.dimensions import CONTRACT
from gongji.core.packs.diseases import Diseases
from gongji.desk.visits.card_reader import by_looking
from gongji.desk.visits.care import doctors_on, find_diagnoses, has_diagnoses
from gongji.desk.visits.institution_choice import asks_for_selection
from gongji.gui.counter import words
from gongji.gui.counter.fields.diagnoses_field import DiagnosesField, DoctorField
from gongji.gui.counter.fields.disease_field import DiseaseField
from gongji.gui.counter.fields.fact_fields import FactFields
from gongji.gui.counter.fields.paper_fields import PrescriptionFields, ReferralFields, SelectionFields
from gongji.gui.counter.visit_model import VisitState
from gongji.gui.kit.day_field import DayField
from gongji.gui.kit.form import Fault, FormSheet, across, choice, fields, text

_NOT_SHOWN, _SEEN, _AS_READ = "", "seen", "read"
_KEEP, _HERE, _OTHER = "keep", "here", "other"
_WIDTH = 508


class VisitSheet(FormSheet):
    """Day, benefit, disease, cause, circumstances, prescriber, what the area asks; and 选定机构, kept from then on."""

    def __init__(self, parent: QWidget | None, state: VisitState) -> None:
        super().__init__(parent, "就诊情况", _WIDTH)
        self._state = state
        self._make_fields()
        self.facts = FactFields(state.policy, "visit", state.draft.facts, lambda: state.station.today)
        rows: list[tuple[str, QWidget]] = [
            ("就诊日期", self.day),
            *([("整次待遇", self.benefit)] if state.policy is not None else []),
            *([("就诊凭证", self.certificate)] if state.patient is not None else []),
            ("病种", self.disease),
            ("诊断", self.diagnoses),
            *([("接诊医师", self.doctor)] if self._asks_doctor else []),
            ("原因", self.cause),
            ("情形", across(self.referral, self.rescue, self.inpatient)),
            ("转诊单", self._slip_row),
        ]
        if _asks_prescriber(state):
            rows.append(("开方机构", across(self.prescriber, self.prescriber_level, self.prescriber_grade)))
        rows.append(("处方", across(*self.prescription.widgets())))
        rows += self.facts.rows()
        if self._asks_selection:
            asked = self.selection.widgets()
            rows.append(("选定机构", self.selected))
            rows += [("", across(*asked))] if asked else []
            rows.append(("", self.other))
        self.body.addLayout(fields(rows))
        if self._asks_selection:
            said = "选定机构从就诊当日起记在病人资料里，印在结算单上，随本次结算上传。"
            self.say(said if self._terms is None else f"{said}{self._terms.text}。", "small")
        self.finish(self.disease)

    def _make_fields(self) -> None:
        state = self._state
        draft, policy = state.draft, state.policy
        self.day = DayField(lambda: state.station.today, state.day, latest=state.station.today)
        usual = draft.benefit or ("" if policy is None else policy.pack.default_benefit)
        benefits = {} if policy is None else {name: word for name, word, _ in words.benefits_of(policy)}
        self.benefit = choice(benefits, usual)
        said_before = [draft.disease] if draft.disease else []
        listed = Diseases(()) if policy is None else policy.diseases
        self.disease = DiseaseField(listed, "disease", said_before, "特殊病等要求写明；按 ↓ 从名录里选", several=False)
        self._make_care_fields()
        self.cause = choice(words.CAUSE, draft.cause)
        self.referral, self.rescue, self.inpatient = QCheckBox("经转诊"), QCheckBox("急救抢救"), QCheckBox("正在住院")
        for name in ("referral", "rescue", "inpatient"):
            getattr(self, name).setChecked(getattr(draft, name))
        said = draft.prescriber or {}
        levels = {} if policy is None else {one.id: one.name for one in policy.pack.level}
        self.prescriber = text(str(said.get("id", "")), "机构编码，无处方不填", is_code=True)
        self.prescriber_level = choice(levels, str(said.get("level", "")))
        self.prescription = PrescriptionFields(draft.prescription, lambda: state.station.today)
        self.slip = ReferralFields(draft.referral_slip, lambda: state.station.today)
        self._slip_row = across(*self.slip.widgets())
        self._slip_row.setEnabled(draft.referral)
        self.referral.toggled.connect(self._slip_row.setEnabled)
        self.prescriber_grade = choice({"": "无等次", **CONTRACT["grade"].words}, str(said.get("grade", "")))
        self._make_selection()

    def _make_care_fields(self) -> None:
        state = self._state
        counter, care = state.station.counter, state.draft.care
        self.diagnoses = DiagnosesField(lambda typed: find_diagnoses(counter, typed, state.day), care.diagnoses)
        if not has_diagnoses(counter):
            self.diagnoses.setPlaceholderText("编码 名称，例如 J06.900 急性上呼吸道感染")
        shown, seen = care.certificate, {_NOT_SHOWN: "没有出示", _SEEN: "看过身份证原件，是本人"}
        if words.certificate(state.draft) and (shown is None or shown.checked == "read"):
            seen |= {_AS_READ: words.certificate(state.draft)}
        stands = _SEEN if shown is not None and shown.checked == "seen" else _AS_READ if len(seen) > 2 else _NOT_SHOWN  # noqa: PLR2004
        self.certificate = choice(seen, stands)
        there = doctors_on(counter, state.day)
        self._asks_doctor = bool(there) or care.doctor is not None
        self.doctor = DoctorField(there, care.doctor, "请选择")

    def _care(self) -> Care:
        """Return what is reported to the payer about the visit besides its figures."""
        listed = None if self._state.policy is None else self._state.policy.diseases
        name = next(iter(self.disease.names()), "")
        found = None if listed is None or not name else listed.find("disease", name)
        return structs.replace(
            self._state.draft.care,
            certificate=self._certificate(),
            diagnoses=self.diagnoses.read(),
            doctor=self.doctor.read(),
            disease_code="" if found is None else found.code,
        )

    def _certificate(self) -> Certificate | None:
        """Return what was shown, as the clerk says; what was read stays as it was read."""
        said, patient = self.certificate.currentData(), self._state.patient
        if said == _AS_READ:
            return self._state.draft.care.certificate
        return by_looking(patient.id) if said == _SEEN and patient is not None else None

    def _make_selection(self) -> None:
        state, patient = self._state, self._state.patient
        self._asks_selection = state.policy is not None and asks_for_selection(state.policy.pack)
        self._here = str(state.station.counter.clinic.institution["id"])
        now = patient.selected_institution if patient is not None else None
        known = "未选定" if not now else "本机构" if now == self._here else now
        self._terms = None if state.policy is None else state.policy.pack.selection
        self.selection = SelectionFields(self._terms, state.day.year, was_chosen=bool(now))
        for one in self.selection.widgets():
            one.setEnabled(False)
        ways = {_KEEP: f"不变（{known}）", _HERE: "选定或改为本机构", _OTHER: "改为另一机构（填编码）"}
        self.selected = choice(ways)
        self.other = text("", "机构编码", is_code=True)
        self.other.setVisible(False)
        self.selected.currentIndexChanged.connect(lambda _: self._show_choice())

    def _show_choice(self) -> None:
        """Ask for what goes with the way that is chosen."""
        way = self.selected.currentData()
        self.other.setVisible(way == _OTHER)
        for one in self.selection.widgets():
            one.setEnabled(way != _KEEP)

    def keep(self) -> None:
        """Change the visit."""
        state, policy = self._state, self._state.policy
        benefit = self.benefit.currentData()
        chosen = self.day.day
        state.set_visit(
            settled_on=None if chosen is None or chosen == state.station.today else chosen.isoformat(),
            benefit=None if policy is None or benefit == policy.pack.default_benefit else benefit,
            disease=next(iter(self.disease.names()), None),
            cause=self.cause.currentData(),
            referral=self.referral.isChecked(),
            rescue=self.rescue.isChecked(),
            inpatient=self.inpatient.isChecked(),
            referral_slip=self.slip.read() if self.referral.isChecked() else None,
            prescriber=self._prescriber(),
            prescription=self.prescription.read(),
            facts=self.facts.read(),
            person=self._person(),
            care=self._care(),
        )

    def fault(self) -> Fault | None:
        """Return what is wrong with what was entered."""
        if self.day.fault():
            return f"就诊日期{self.day.fault()}", self.day
        if self.disease.fault():
            return self.disease.fault(), self.disease
        if self.diagnoses.fault():
            return self.diagnoses.fault(), self.diagnoses
        if self.selected.currentData() == _OTHER and not self.other.text().strip():
            return "请填写选定机构的编码", self.other
        for what, field in (("开方机构的编码", self.prescriber), ("选定机构的编码", self.other)):
            try:
                _code_in(field)
            except ValueError as error:
                return f"{what}{error}", field
        chosen = self.selection.fault() if self.selected.currentData() != _KEEP else None
        referred = self.slip.fault() if self.referral.isChecked() else None
        return chosen or referred or self.prescription.fault() or self.facts.fault()

    def _prescriber(self) -> dict[str, Any] | None:
        number = _code_in(self.prescriber)
        if not number:
            return None
        found = {"id": number, "level": self.prescriber_level.currentData()}
        grade = self.prescriber_grade.currentData()
        return {**found, "grade": grade} if grade else found

    def _person(self) -> dict[str, Any]:
        """Return what is known of the patient, with the institution they choose now."""
        chosen = {_HERE: self._here, _OTHER: _code_in(self.other)}.get(self.selected.currentData())
        person = self._state.draft.person
        if not chosen or not person:
            return person
        terms = self.selection.read()
        return {**person, "selected_institution": chosen, **({} if terms is None else {"selection": terms})}


def _code_in(field: QLineEdit) -> str:
    """Return an institution's code in its normal form, empty for none. Raises ValueError where it has none."""
    return institution_id(field.text()) if field.text().strip() else ""


def _asks_prescriber(state: VisitState) -> bool:
    """Return whether who prescribed matters at a clinic of this type, or was said before."""
    if state.draft.prescriber is not None:
        return True
    kind = str(state.station.counter.clinic.institution["type"])
    policy: Policy | None = state.policy
    return policy is not None and (kind in policy.pack.prescriber_level or kind in policy.pack.prescriber_selected)
