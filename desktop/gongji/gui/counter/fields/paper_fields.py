"""The fields of the papers a visit rests on: prescription, referral, and the year an institution is chosen for."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from gongji.core.identifiers import typed_remark
from gongji.core.packs.accounts import SelectionRules
from gongji.core.typed import whole_number
from gongji.gui.kit.day_field import DayField
from gongji.gui.kit.form import Fault, choice, text

_MOST_DAYS = 366
_EARLIEST_YEAR, _LATEST_YEAR = 1000, 9999


class PrescriptionFields:
    """处方: number, day, doctor, and the days of a 长期处方; nothing is said while the number is empty."""

    def __init__(self, given: Mapping[str, Any] | None, today: Callable[[], datetime.date]) -> None:
        said = given or {}
        self.number = text(str(said.get("number", "")), "处方编号")
        self.issued_on = DayField(today, str(said.get("issued_on", "")), hint="开具日期")
        self.doctor = text(str(said.get("doctor", "")), "医师", width=78)
        self.days = text(str(said.get("long_term_days", "") or ""), "天数", width=78)
        self.days.setToolTip("长期处方的天数；不是长期处方不填")

    def widgets(self) -> tuple[QWidget, ...]:
        """Return the fields, in order."""
        return self.number, self.issued_on, self.doctor, self.days

    def read(self) -> dict[str, Any] | None:
        """Return what is said; None where there is no prescription."""
        number, days = _typed(self.number), _typed(self.days)
        if not number:
            return None
        found: dict[str, Any] = {"number": number, "issued_on": self.issued_on.iso}
        if _typed(self.doctor):
            found["doctor"] = _typed(self.doctor)
        long_term = whole_number(days, _MOST_DAYS)
        return found if long_term is None else {**found, "long_term_days": long_term}

    def fault(self) -> Fault | None:
        """Return what is wrong; None where all is right."""
        days = _typed(self.days)
        others = (self.issued_on, self.doctor, self.days)
        if not _typed(self.number):
            return ("填了处方的其他内容，请填处方编号", self.number) if any(map(_typed, others)) else None
        if self.issued_on.fault():
            return f"处方的开具日期：{self.issued_on.fault()}", self.issued_on
        odd = _odd_text(self.number, "处方编号") or _odd_text(self.doctor, "处方的医师")
        if odd is not None:
            return odd
        if days and not whole_number(days, _MOST_DAYS):
            return f"长期处方的天数应为 1 到 {_MOST_DAYS} 的整数", self.days
        return None


class ReferralFields:
    """转诊单: number, first and last day; nothing is said while the number is empty."""

    def __init__(self, given: Mapping[str, Any] | None, today: Callable[[], datetime.date]) -> None:
        said = given or {}
        self.number = text(str(said.get("number", "")), "转诊单编号")
        self.valid_from = DayField(today, str(said.get("valid_from", "")), lean="near", hint="有效期起")
        self.valid_until = DayField(today, str(said.get("valid_until", "")), lean="near", hint="有效期止")

    def widgets(self) -> tuple[QWidget, ...]:
        """Return the fields, in order."""
        return self.number, self.valid_from, self.valid_until

    def read(self) -> dict[str, Any] | None:
        """Return what is said; None where there is no referral slip."""
        number = _typed(self.number)
        days = {"valid_from": self.valid_from.iso, "valid_until": self.valid_until.iso}
        return {"number": number, **days} if number else None

    def fault(self) -> Fault | None:
        """Return what is wrong; None where all is right."""
        if not _typed(self.number):
            is_dated = _typed(self.valid_from) or _typed(self.valid_until)
            return ("填了转诊单的有效期，请填转诊单编号", self.number) if is_dated else None
        odd = _odd_text(self.number, "转诊单编号")
        if odd is not None:
            return odd
        for field in (self.valid_from, self.valid_until):
            if field.fault():
                return f"转诊单的有效期：{field.fault()}", field
        return None


class SelectionFields:
    """选定机构: the year a choice is for, and why it changes, from the reasons of the area's document."""

    def __init__(self, rules: SelectionRules | None, year: int, *, was_chosen: bool) -> None:
        """`rules` is None where the document says neither; `was_chosen` is whether another was chosen before."""
        self.year = text(str(year), "年度", width=70)
        reasons = () if rules is None else rules.reasons
        self.reason = choice({"": "变更原因（必选）", **{one: one for one in reasons}})
        self._asks_reason = was_chosen and rules is not None
        self._asks_year = rules is not None

    def widgets(self) -> tuple[QWidget, ...]:
        """Return the fields that are asked for, in order."""
        asked: list[QWidget] = [self.year] if self._asks_year else []
        return (*asked, self.reason) if self._asks_reason else tuple(asked)

    def read(self) -> dict[str, Any] | None:
        """Return what is said; None where the document asks for nothing."""
        if not self._asks_year:
            return None
        reason = self.reason.currentData() if self._asks_reason else ""
        return {"year": whole_number(_typed(self.year), _LATEST_YEAR)} | ({"reason": reason} if reason else {})

    def fault(self) -> Fault | None:
        """Return what is wrong; None where all is right."""
        year = whole_number(_typed(self.year), _LATEST_YEAR)
        if self._asks_year and (year is None or year < _EARLIEST_YEAR):
            return "请填选定机构的年度，例如 2026", self.year
        if self._asks_reason and not self.reason.currentData():
            return "变更选定机构请选原因", self.reason
        return None


def _typed(field: QLineEdit) -> str:
    """Return what is typed, in its normal form; as it stands where it has none."""
    try:
        return typed_remark(field.text())
    except ValueError:
        return field.text().strip()


def _odd_text(field: QLineEdit, what: str) -> Fault | None:
    """Return what is wrong with the signs or the length of a text."""
    try:
        typed_remark(field.text())
    except ValueError as error:
        return f"{what}{error}", field
    return None
