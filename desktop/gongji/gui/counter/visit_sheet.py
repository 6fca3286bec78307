"""就诊情况: what is said of the visit as a whole, and the patient's selected institution."""

from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QWidget

from gongji.gui import tokens
from gongji.gui.counter import words
from gongji.gui.counter.state import VisitState
from gongji.gui.messages import Sheet, button
from gongji.gui.widgets.basics import label

_KEEP, _HERE, _OTHER = range(3)


class VisitSheet(Sheet):
    """Benefit, disease, cause and circumstances; and 选定机构, which is kept with the patient from today on."""

    def __init__(self, parent: QWidget | None, state: VisitState) -> None:
        """Show how the visit stands."""
        super().__init__(parent, "就诊情况")
        self._state = state
        draft, patient, policy = state.draft, state.patient, state.policy
        grid = QGridLayout()
        grid.setHorizontalSpacing(tokens.GAP)
        grid.setVerticalSpacing(2 * tokens.STEP)
        grid.setColumnStretch(1, 1)
        self.benefit = QComboBox()
        for name, word, _ in () if policy is None else words.benefits_of(policy):
            self.benefit.addItem(word, name)
        usual = draft.benefit or ("" if policy is None else policy.pack.default_benefit)
        self.benefit.setCurrentIndex(max(0, self.benefit.findData(usual)))
        self.disease = QLineEdit(draft.disease or "")
        self.disease.setPlaceholderText("特殊病等要求写明的病种")
        self.cause = QComboBox()
        for name, word in words.CAUSE.items():
            self.cause.addItem(word, name)
        self.cause.setCurrentIndex(max(0, self.cause.findData(draft.cause)))
        self.referral = QCheckBox("经转诊")
        self.referral.setChecked(draft.referral)
        self.rescue = QCheckBox("急救抢救")
        self.rescue.setChecked(draft.rescue)
        self.inpatient = QCheckBox("正在住院")
        self.inpatient.setChecked(draft.inpatient)
        self.selected = QComboBox()
        here = str(state.station.counter.clinic.institution["id"])
        now = patient.selected_institution if patient is not None else None
        known = "未选定" if now is None else "本机构" if now == here else now
        self.selected.addItem(f"不变（{known}）", _KEEP)
        self.selected.addItem("选定或改为本机构", _HERE)
        self.selected.addItem("改为另一机构（填编码）", _OTHER)
        self.other = QLineEdit()
        self.other.setPlaceholderText("机构编码")
        self.other.setVisible(False)
        self.selected.currentIndexChanged.connect(lambda place: self.other.setVisible(place == _OTHER))
        rows = (
            ("整次待遇", self.benefit),
            ("病种", self.disease),
            ("原因", self.cause),
            ("", self.referral),
            ("", self.rescue),
            ("", self.inpatient),
            ("选定机构", self.selected),
            ("", self.other),
        )
        for place, (word, field) in enumerate(rows):
            grid.addWidget(label(word, "label"), place, 0)
            grid.addWidget(field, place, 1)
        self.body.addLayout(grid)
        self.say("选定机构从今天起记在病人资料里，随本次结算打印并上传。", "small")
        self.buttons(button("确定", self._take, "main"), button("取消", self.reject))
        self.disease.setFocus()
        self.open()

    def _take(self) -> None:
        state, policy = self._state, self._state.policy
        benefit = self.benefit.currentData()
        usual = None if policy is None else policy.pack.default_benefit
        chosen = {_HERE: str(state.station.counter.clinic.institution["id"]), _OTHER: self.other.text().strip()}
        institution = chosen.get(self.selected.currentData())
        if institution and state.patient is not None:
            state.tell_person(selected_institution=institution)
        state.set_visit(
            benefit=None if benefit == usual else benefit,
            disease=self.disease.text().strip() or None,
            cause=self.cause.currentData(),
            referral=self.referral.isChecked(),
            rescue=self.rescue.isChecked(),
            inpatient=self.inpatient.isChecked(),
        )
        self.accept()
