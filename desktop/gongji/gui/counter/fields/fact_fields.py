"""The fields of what only the patient's area asks ([fact] of its pack) about a person, a visit or a line."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from gongji.core.engine.facts import fact_fault
from gongji.core.engine.policy import Policy
from gongji.core.packs.language import Fact
from gongji.core.typed import Lean, whole_number
from gongji.gui.kit.day_field import DayField
from gongji.gui.kit.form import Fault, choice, text

_HINTS = {
    "number": "整数",
    "institution": "机构编码",
    "until": "截止日期，例如 2026-12-31",
    "since": "开始日期，例如 2026-01-01",
    "within": "从哪一天起有效，例如 2026-01-01",
}
_MOST = 10**9
"""The limit of numeric facts; larger input is no number."""
_DAYS: Mapping[str, Lean] = {"until": "ahead", "since": "back", "within": "back"}
"""The kinds that are a day, and which one is meant where no year is typed."""


class FactFields:
    """A field for each fact that the policy declares for a kind of thing; none where it declares none."""

    def __init__(
        self, policy: Policy | None, of: str, given: Mapping[str, Any], today: Callable[[], datetime.date]
    ) -> None:
        """`of` is "person", "visit" or "line"; `given` are the earlier values."""
        declared = {} if policy is None else policy.pack.fact
        self._facts = {name: one for name, one in declared.items() if one.of == of}
        self.fields = {name: _field(one, given.get(name), today) for name, one in self._facts.items()}

    def rows(self) -> list[tuple[str, QWidget]]:
        """Return each fact's name with its field."""
        return [
            ("" if isinstance(field, QCheckBox) else self._facts[name].name, field)
            for name, field in self.fields.items()
        ]

    def read(self) -> dict[str, Any]:
        """Return the values; empty fields are left out."""
        found = {name: _value(self._facts[name], field) for name, field in self.fields.items()}
        return {name: value for name, value in found.items() if value not in {None, ""} and value is not False}

    def fault(self) -> Fault | None:
        """Return what is wrong and in which field; None where all is right."""
        for name, field in self.fields.items():
            if isinstance(field, DayField) and field.fault(required=False):
                return f"{self._facts[name].name}：{field.fault()}", field
        for name, value in self.read().items():
            wrong = fact_fault(self._facts[name], value)
            if wrong:
                return f"{self._facts[name].name}{wrong}", self.fields[name]
        return None


def _field(fact: Fact, value: Any, today: Callable[[], datetime.date]) -> QWidget:
    if fact.kind == "flag":
        box = QCheckBox(fact.name)
        box.setChecked(value is True)
        return box
    if fact.kind == "choice":
        empty = {} if fact.default is not None else {"": "（未填）"}
        return choice({**empty, **{one: one for one in fact.values}}, str(value or fact.default or ""))
    if fact.kind in _DAYS:
        return DayField(today, str(value or ""), lean=_DAYS[fact.kind], hint=_HINTS[fact.kind], wide=True)
    return text("" if value is None else str(value), _HINTS[fact.kind])


def _value(fact: Fact, field: QWidget) -> Any:
    if isinstance(field, QCheckBox):
        return field.isChecked()
    if isinstance(field, QComboBox):
        chosen = field.currentData()
        return None if chosen == fact.default else chosen
    if isinstance(field, DayField):
        return field.iso
    assert isinstance(field, QLineEdit)
    typed = field.text().strip()
    number = whole_number(typed, _MOST) if fact.kind == "number" else None
    return typed if number is None else number
