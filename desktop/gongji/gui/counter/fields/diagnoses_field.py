"""诊断 and 医师: fields over the clinic's lists of ICD-10 diagnoses (； stands between several) and of doctors."""

import re
from collections.abc import Callable, Sequence

from PySide6.QtCore import QStringListModel
from PySide6.QtWidgets import QCompleter, QLineEdit

from gongji.core.care import CodedDiagnosis, Doctor
from gongji.core.problems import quoted
from gongji.desk.visits.care import DiagnosisFound
from gongji.gui.kit.form import ChoiceField, fill

_BETWEEN = "；"
_MOST_SHOWN = 10
_WRITTEN = re.compile(r"([A-Z]\d{2}[0-9A-Za-z.+*†]{0,16})\s+(\S.*)", re.ASCII)


class DiagnosesField(QLineEdit):
    """Several diagnoses, the main one first; each shown as code and name, chosen from the list."""

    def __init__(self, find: Callable[[str], Sequence[DiagnosisFound]], value: Sequence[CodedDiagnosis]) -> None:
        """`find` returns what fits a text, best match first."""
        super().__init__(_BETWEEN.join(_shown(one) for one in value))
        self._find = find
        self._known = {_shown(one): one for one in value}
        self.setPlaceholderText("编码、名称或拼音首字母；几个用；隔开，主要的在前")
        self._names = QStringListModel(self)
        self._offers = QCompleter(self._names, self)
        self._offers.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._offers.setWidget(self)
        self._offers.setMaxVisibleItems(_MOST_SHOWN)
        self._offers.activated.connect(self.choose)
        self.textEdited.connect(lambda _: self._offer())

    def read(self) -> tuple[CodedDiagnosis, ...]:
        """Return the diagnoses, each once; what is neither on the list nor a code with a name is left out."""
        found = [self._read(one) for one in self._parts()]
        return tuple(dict.fromkeys(one for one in found if one is not None))

    def fault(self) -> str:
        """Return the sentence about what is neither on the list nor a code with a name; empty where nothing is."""
        wrong = next((one for one in self._parts() if self._read(one) is None), "")
        if not wrong:
            return ""
        return (
            f"诊断“{quoted(wrong)}”没有从列表里选：接着打字后选一个，或写成“编码 名称”，例如 J06.900 急性上呼吸道感染"
        )

    def _parts(self) -> list[str]:
        typed = self.text().replace(";", _BETWEEN).split(_BETWEEN)
        return [one.strip() for one in typed if one.strip()]

    def _read(self, typed: str) -> CodedDiagnosis | None:
        known = self._known.get(typed)
        if known is not None:
            return known
        for one in self._find(typed):
            if typed in {one.code, one.name}:
                return CodedDiagnosis(code=one.code, name=one.name)
        written = _WRITTEN.fullmatch(typed)
        return None if written is None else CodedDiagnosis(code=written[1], name=written[2].strip())

    @property
    def _last(self) -> str:
        return self.text().replace(";", _BETWEEN).rpartition(_BETWEEN)[2].strip()

    def _offer(self) -> None:
        found = self._find(self._last) if self._last else ()
        coded = [CodedDiagnosis(code=one.code, name=one.name) for one in found]
        self._known |= {_shown(one): one for one in coded}
        self._names.setStringList([_shown(one) for one in coded])
        if coded and self._last not in self._known:
            self._offers.complete()
        else:
            self._offers.popup().hide()

    def choose(self, chosen: str) -> None:
        """Replace what was typed last with a chosen offer."""
        before = self.text().replace(";", _BETWEEN).rpartition(_BETWEEN)
        self.setText(before[0] + before[1] + chosen)


def _shown(one: CodedDiagnosis) -> str:
    return f"{one.code} {one.name}"


NOBODY = ""


class DoctorField(ChoiceField):
    """One doctor by name and department; one chosen before who is on no list any more stays."""

    def __init__(self, there: Sequence[Doctor], chosen: Doctor | None, nobody: str) -> None:
        """`nobody` is the text for none."""
        super().__init__()
        self._nobody = nobody
        self.offer(there, chosen)

    def offer(self, there: Sequence[Doctor], chosen: Doctor | None) -> None:
        """Offer the doctors of another day."""
        self._doctors = {one.code: one for one in (*([chosen] if chosen is not None else []), *there)}
        words = {NOBODY: self._nobody} | {one.code: f"{one.name}　{one.department}" for one in self._doctors.values()}
        fill(self, words, NOBODY if chosen is None else chosen.code)

    def read(self) -> Doctor | None:
        """Return the chosen doctor."""
        return self._doctors.get(str(self.currentData()))
