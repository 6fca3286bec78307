"""本项情况: what is said of one line besides its quantity: price, prepay share, ceiling, use, what the area asks."""

from PySide6.QtWidgets import QWidget

from gongji.core.money import parse_percent, parse_ratio, percent, plain_ratio
from gongji.core.typed import plain_number, wide_to_plain
from gongji.desk.visits.drafts import price_fault
from gongji.gui.counter import words
from gongji.gui.counter.fact_fields import FactFields
from gongji.gui.counter.visit_model import VisitState
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.form import choice, fields, text

_WIDTH = 480


class LineSheet(Dialog):
    """The line's own data as the catalogue gave them, to be put right for this visit alone."""

    def __init__(self, parent: QWidget | None, state: VisitState, place: int) -> None:
        """Show how a line stands."""
        line = state.draft.lines[place]
        super().__init__(parent, f"第 {place + 1} 行“{line.name}”", _WIDTH)
        self._state, self._place = state, place
        self.price = text(line.unit_price, "元", right=True)
        self._ratio = "" if line.prepay_ratio is None else percent(parse_ratio(line.prepay_ratio)).removesuffix("%")
        self.prepay = text(self._ratio, "百分数，例如 10", right=True)
        self.ceiling = text(line.price_ceiling or "", "没有限价不填", right=True)
        self.use = choice(words.USE, line.use)
        self.facts = FactFields(state.policy, "line", line.facts)
        rows: list[tuple[str, QWidget]] = [("单价", self.price)]
        if line.class_ == "B":
            rows.append(("先行自付 %", self.prepay))
        rows += [("限价", self.ceiling), ("用途", self.use), *self.facts.rows()]
        self.body.addLayout(fields(rows))
        self.say("只改这一次；长期的请在“资料”里改目录。", "small")
        self.wrong = self.say("", "wrong")
        self.buttons(button("确定", self._take, "main"), button("取消", self.reject))
        (self.prepay if line.class_ == "B" and not self._ratio else self.price).setFocus()
        self.open()

    def _take(self) -> None:
        fault = self._fault()
        if fault is not None:
            self.wrong.setText(fault[0])
            fault[1].setFocus()
            return
        self._state.set_line(
            self._place,
            unit_price=plain_number(self.price.text()),
            prepay_ratio=self._prepay_ratio(),
            price_ceiling=plain_number(self.ceiling.text()) if self.ceiling.text().strip() else None,
            use=self.use.currentData(),
            facts=self.facts.read(),
        )
        self.accept()

    def _fault(self) -> tuple[str, QWidget] | None:
        wrong = price_fault(self.price.text().strip())
        if wrong:
            return wrong, self.price
        try:
            self._prepay_ratio()
        except ValueError:
            return "先行自付应为 0 到 100 的百分数，例如 10", self.prepay
        ceiling = self.ceiling.text().strip()
        wrong = price_fault(ceiling) if ceiling else ""
        return (wrong.replace("单价", "限价"), self.ceiling) if wrong else self.facts.fault()

    def _prepay_ratio(self) -> str | None:
        """Return the prepay share as the contract writes it, "0.1"; ValueError where what is typed is none."""
        typed = wide_to_plain(self.prepay.text()).removesuffix("%")
        if typed == self._ratio:
            return self._state.draft.lines[self._place].prepay_ratio
        return plain_ratio(parse_percent(f"{typed}%")) if typed else None
