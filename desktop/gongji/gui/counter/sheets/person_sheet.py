"""病人情况 (Shift+F2): what the clerk enters about a patient; of somebody new, the least a settlement needs."""

import datetime
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from msgspec import Struct
from PySide6.QtWidgets import QCheckBox, QWidget

from gongji.core.engine.without_benefit import is_without_benefit
from gongji.core.identifiers import typed_name
from gongji.core.identity import is_identity_number, looks_like_identity_number, masked
from gongji.core.packs.dimensions import CONTRACT
from gongji.core.packs.diseases import Diseases
from gongji.desk.imports.by_hand import note_checked_number
from gongji.gui.counter import words
from gongji.gui.counter.fields.disease_field import DiseaseField
from gongji.gui.counter.fields.fact_fields import FactFields
from gongji.gui.counter.visit_model import VisitState
from gongji.gui.kit.day_field import DayField
from gongji.gui.kit.form import Fault, FormSheet, across, choice, fields, text
from gongji.gui.kit.layout import label

Taken = Callable[[dict[str, Any], str | None], None]
_EMPLOYMENT = CONTRACT["employment"].words
_WIDTH = 520


_NO_NUMBER = "ZF"
"""What the number of somebody without one begins with; the visit's own number follows it."""


class Newcomer(Struct, frozen=True, kw_only=True):
    """What is known of somebody who is yet to be enrolled."""

    name: str = ""
    status: str = ""


class PersonSheet(FormSheet):
    """Name, status, where and how insured, what is registered, and what only the area asks; kept once it is settled."""

    def __init__(
        self, parent: QWidget | None, state: VisitState, taken: Taken, number: str = "", new: Newcomer | None = None
    ) -> None:
        """`taken` gets the person in the contract's form, and the insured area.

        `number` is of somebody new, `new` what else is known of them already.
        """
        self._is_new = bool(number) or new is not None
        super().__init__(parent, "登记新病人" if self._is_new else "病人情况", _WIDTH)
        self._state, self._taken = state, taken
        told = {} if new is None else {"name": new.name, "status": new.status}
        before = {} if state.patient is None else state.patient.known.person
        known: Mapping[str, Any] = told if self._is_new else {**before, **state.draft.person}
        self.person_id = text(number, "自费、居民医保的可以不填", is_code=True)
        self.checked = QCheckBox("已看过证件，号码就是这个（记入日志）")
        self.name = text(str(known.get("name") or ""), "与证件一致")
        self.area = choice(_areas(state), self._area)
        self.status = choice(({} if known.get("status") else {"": "请选择"}) | words.STATUS, str(known.get("status")))
        self.employment = choice(_EMPLOYMENT, str(known.get("employment") or "unit"))
        self.supplements = {name: QCheckBox(word) for name, word in words.SUPPLEMENT.items()}
        for name, box in self.supplements.items():
            box.setChecked(name in (known.get("supplements") or ()))
        self.entitled = QCheckBox("在待遇享受期内")
        self.entitled.setChecked(known.get("entitled") is not False)
        hint = "登记的慢特病；按 ↓ 从名录里选，用顿号隔开"
        registered = (known.get("registrations") or {}).get("chronic", ())
        self.diseases = DiseaseField(self._listed(), "registered", registered, hint, several=True)
        self.area.currentIndexChanged.connect(lambda _: self.diseases.set_list(self._listed()))
        hint = "没有身份证号的填写，例如 1953-04-21"

        def today() -> datetime.date:
            return state.station.today

        self.born = DayField(today, str(known.get("birth_date") or ""), latest=today(), hint=hint, wide=True)
        self.facts = FactFields(None if self._is_new else state.policy, "person", known.get("facts") or {}, today)
        self._before = self._said()
        self._lay_out()

    def _lay_out(self) -> None:
        if self._is_new:
            self.say("资料里没有这个人。登记后即可结算；年度累计和账户余额未获知，按本机构的记录计算。", "muted")
        shown: QWidget = self.person_id if self._is_new else label(masked(self._state.draft.person_id or ""), "strong")
        rows: list[tuple[str, QWidget]] = [
            ("证件号码", shown),
            ("", self.checked),
            ("姓名", self.name),
            ("人员状态", self.status),
            ("参保地", self.area),
            ("就业形式", self.employment),
            ("补充保险", across(*self.supplements.values())),
            ("", self.entitled),
            ("登记病种", self.diseases),
            ("出生日期", self.born),
        ]
        self.body.addLayout(fields([*rows, *self.facts.rows()]))
        self._insured = (self.area, self.employment, *self.supplements.values(), self.entitled, self.diseases)
        self.status.currentIndexChanged.connect(lambda _: self._show_insured())
        self._show_insured()
        self.person_id.textChanged.connect(lambda _: self._show_checked())
        self._show_checked()
        self.finish(*((self.name, "登记") if self._is_new else (self.status, "确定")))

    def _show_insured(self) -> None:
        """Ask about the employees' insurance only where somebody is in it."""
        for one in self._insured:
            one.setEnabled(not is_without_benefit(self.status.currentData()))

    @property
    def _area(self) -> str:
        patient = self._state.patient
        if self._is_new or patient is None:
            return self._state.station.counter.clinic.area
        return patient.area

    def _listed(self) -> Diseases:
        """Return the diseases on the lists of the area that is chosen."""
        editions = self._state.station.counter.library.editions(str(self.area.currentData()))
        return editions[-1].diseases if editions else Diseases(())

    def _said(self) -> dict[str, Any]:
        """Return what stands in the fields, in the contract's form."""
        return {
            "name": self._name(),
            "status": self.status.currentData(),
            "employment": self.employment.currentData(),
            "supplements": [name for name, box in self.supplements.items() if box.isChecked()],
            "entitled": self.entitled.isChecked(),
            "registrations": {"chronic": self.diseases.names()},
            "birth_date": None if self.born.day is None else self.born.day.isoformat(),
            "facts": self.facts.read(),
        }

    def keep(self) -> None:
        """Hand on the person: of somebody known what was changed, of somebody new the least that is needed too."""
        if self._is_new and looks_wrong(self._number()):
            counter, number = self._state.station.counter, self._number()
            self._state.station.jobs.write(lambda: note_checked_number(counter, number))
        said = self._said()
        area = self.area.currentData()
        told_area = area if area != self._area else self._state.draft.area
        if self._is_new:
            person = {name: value for name, value in said.items() if value != self._before[name] or name in _LEAST}
            number = self._number() or f"{_NO_NUMBER}{self._state.draft.visit_no}"
            whole = {"id": number, **person}
        else:
            told = {name: value for name, value in said.items() if value != self._before[name]}
            whole = {**self._state.draft.person, **told}
        self.accepted.connect(partial(self._taken, whole, told_area))

    def _number(self) -> str:
        return words.number_of(self.person_id.text().strip())

    def _name(self) -> str:
        """Return the name in its normal form; as it stands where it has none."""
        try:
            return typed_name(self.name.text())
        except ValueError:
            return self.name.text().strip()

    def _wrong_name(self) -> str:
        """Return what is wrong with the name; empty where nothing is."""
        try:
            return "" if typed_name(self.name.text()) else "请填写姓名"
        except ValueError as error:
            return f"姓名{error}"

    def _show_checked(self) -> None:
        """Offer to take a number whose check character is wrong, after a look at the card."""
        self.checked.setVisible(self._is_new and looks_wrong(self._number()))

    def fault(self) -> Fault | None:
        """Return what is wrong with what was entered."""
        self._show_checked()
        number = self._number()
        if self._is_new and looks_wrong(number) and not self.checked.isChecked():
            return f"{masked(number)} 的校验码（最后一位）不对，多半有一位抄错了，请与证件核对", self.person_id
        may_do_without = not number and is_without_benefit(self.status.currentData())
        if self._is_new and not may_do_without and not is_identity_number(number) and not looks_wrong(number):
            words = "请填写身份证号；自费、居民医保的可以不填" if not number else "不是正确的 18 位身份证号，请核对"
            return words, self.person_id
        wrong_name = self._wrong_name()
        if wrong_name:
            return wrong_name, self.name
        if not self.status.currentData():
            return "请选择在职、退休、居民医保或自费：按 ↓ 选，再按 Enter", self.status
        if self.diseases.isEnabled() and self.diseases.fault():
            return f"登记病种：{self.diseases.fault()}", self.diseases
        if self.born.fault(required=False):
            return f"出生日期{self.born.fault()}", self.born
        return self.facts.fault()


def looks_wrong(number: str) -> bool:
    """Return whether a number is an identity number but for its check character."""
    return looks_like_identity_number(number) and not is_identity_number(number)


_LEAST = {"name", "status", "employment"}


def _areas(state: VisitState) -> dict[str, str]:
    library = state.station.counter.library
    return {area: f"{library.editions(area)[-1].pack.area_name} {area}" for area in library.areas}
