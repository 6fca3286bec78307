"""本项情况: what is said of one line besides its quantity: price, prepay share, ceiling, use, what the area asks."""

from PySide6.QtWidgets import QWidget

from gongji.core.care import Directions
from gongji.core.identifiers import typed_remark
from gongji.core.money import parse_percent, parse_ratio, percent, plain_ratio
from gongji.core.problems import quoted
from gongji.core.typed import plain_number, whole_number, wide_to_plain
from gongji.desk.visits.care import doctors_on
from gongji.desk.visits.drafts import price_fault
from gongji.gui.counter import words
from gongji.gui.counter.fields.diagnoses_field import DoctorField
from gongji.gui.counter.fields.fact_fields import FactFields
from gongji.gui.counter.visit_model import VisitState
from gongji.gui.kit.form import Fault, FormSheet, choice, fields, text

_WIDTH = 720
_TRACE = 20
_MOST_DAYS = 99


class LineSheet(FormSheet):
    """The line's own data as the catalogue gave them, to be put right for this visit alone."""

    def __init__(self, parent: QWidget | None, state: VisitState, place: int) -> None:
        line = state.draft.lines[place]
        super().__init__(parent, f"第 {place + 1} 行“{line.name}”", _WIDTH)
        self._state, self._place = state, place
        self.price = text(line.unit_price, "元", right=True)
        self._ratio = "" if line.prepay_ratio is None else percent(parse_ratio(line.prepay_ratio)).removesuffix("%")
        self.prepay = text(self._ratio, "百分数，例如 10", right=True)
        self.ceiling = text(line.price_ceiling or "", "没有限价不填", right=True)
        self.use = choice(words.USE, line.use)
        self.facts = FactFields(state.policy, "line", line.facts, lambda: state.station.today)
        rows: list[tuple[str, QWidget]] = [("单价", self.price)]
        if line.class_ == "B":
            rows.append(("先行自付 %", self.prepay))
        rows += [("限价", self.ceiling), ("用途", self.use), *self.facts.rows(), *self._care_rows()]
        self.body.addLayout(fields(rows, 2))
        self.say("只改这一次；长期的请在“资料”里改目录。", "small")
        self.finish(self.prepay if line.class_ == "B" and not self._ratio else self.price)

    def _care_rows(self) -> list[tuple[str, QWidget]]:
        """Return the fields for what is reported to the payer about a line: directions, boxes, who prescribed it."""
        line = self._state.draft.lines[self._place]
        told = line.directions or Directions()
        self.dose, self.frequency = text(told.dose, "每次，例如 1 片"), text(told.frequency, "例如 每日三次")
        self.way = text(told.way, "例如 口服")
        self.days = text("" if told.days is None else str(told.days), "1 到 99", right=True)
        self.traces = text("、".join(line.trace_codes), "每盒一个，扫码或用、隔开")
        there = doctors_on(self._state.station.counter, self._state.day)
        self.doctor = DoctorField(there, line.doctor, "同接诊医师")
        rows: list[tuple[str, QWidget]] = []
        if line.category == "drug":
            rows += [("单次剂量", self.dose), ("频次", self.frequency), ("途径", self.way), ("用药天数", self.days)]
            rows.append(("追溯码", self.traces))
        return [*rows, ("开单医师", self.doctor)] if there or line.doctor is not None else rows

    def _codes(self) -> tuple[str, ...]:
        """Return the trace codes as they are written."""
        typed = self.traces.text()
        for one in "，,；;":
            typed = typed.replace(one, "、")
        return tuple(code for part in typed.split("、") for code in part.split())

    def _directions(self) -> Directions | None:
        told = Directions(
            dose=typed_remark(self.dose.text()),
            frequency=typed_remark(self.frequency.text()),
            way=typed_remark(self.way.text()),
            days=whole_number(self.days.text(), _MOST_DAYS),
        )
        return None if told == Directions() else told

    def _care_fault(self) -> Fault | None:
        for what, field in (("单次剂量", self.dose), ("频次", self.frequency), ("途径", self.way)):
            try:
                typed_remark(field.text())
            except ValueError as error:
                return f"{what}{error}", field
        if self.days.text().strip() and not whole_number(self.days.text(), _MOST_DAYS):
            return "用药天数应为 1 到 99 的整数", self.days
        odd = next((one for one in self._codes() if not (one.isascii() and one.isdigit() and len(one) == _TRACE)), "")
        if odd:
            return f"追溯码“{quoted(odd, _TRACE)}”应为 {_TRACE} 位数字", self.traces
        twice = len(self._codes()) != len(set(self._codes()))
        return ("同一个追溯码写了两遍", self.traces) if twice else None

    def keep(self) -> None:
        """Change the line."""
        self._state.set_line(
            self._place,
            unit_price=plain_number(self.price.text()),
            prepay_ratio=self._prepay_ratio(),
            price_ceiling=plain_number(self.ceiling.text()) if self.ceiling.text().strip() else None,
            use=self.use.currentData(),
            facts=self.facts.read(),
            directions=self._directions(),
            trace_codes=self._codes(),
            doctor=self.doctor.read(),
        )

    def fault(self) -> Fault | None:
        """Return what is wrong with what was entered."""
        wrong = price_fault(self.price.text().strip())
        if wrong:
            return wrong, self.price
        try:
            self._prepay_ratio()
        except ValueError:
            return "先行自付应为 0 到 100 的百分数，例如 10", self.prepay
        ceiling = self.ceiling.text().strip()
        wrong = price_fault(ceiling) if ceiling else ""
        if wrong:
            return wrong.replace("单价", "限价"), self.ceiling
        return self.facts.fault() or self._care_fault()

    def _prepay_ratio(self) -> str | None:
        """Return the prepay share as the contract writes it, "0.1"; ValueError where what is typed is none."""
        typed = wide_to_plain(self.prepay.text()).removesuffix("%")
        if typed == self._ratio:
            return self._state.draft.lines[self._place].prepay_ratio
        return plain_ratio(parse_percent(f"{typed}%")) if typed else None
