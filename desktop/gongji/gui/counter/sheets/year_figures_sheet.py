"""查得的累计和余额 (Shift+F5): figures of the year that the patient's own phone or the agency has just told."""

from PySide6.QtWidgets import QLineEdit, QWidget

from gongji.core.ledger.draft import YearFigures
from gongji.core.money import yuan
from gongji.desk.visits.patients import Patient
from gongji.gui.counter import words
from gongji.gui.counter.visit_model import VisitState
from gongji.gui.kit.form import Fault, FormSheet, fields, text

_WIDTH = 480


class YearFiguresSheet(FormSheet):
    """The used figure of each limit, and the own account's balance; what is left empty stays as it is known."""

    def __init__(self, parent: QWidget | None, state: VisitState, patient: Patient) -> None:
        super().__init__(parent, f"{patient.name}：查得的累计和余额", _WIDTH)
        self._state = state
        told = state.draft.told
        self.used: dict[str, QLineEdit] = {}
        rows: list[tuple[str, QLineEdit]] = []
        for one in patient.limits:
            limit = one.limit
            hint = f"{yuan(limit.used_fen)}，{words.as_of(one.as_of, one.settlements_since)}"
            self.used[limit.name] = text(told.accumulators.get(limit.name, ""), hint, right=True)
            rows.append((f"{limit.title} 已用", self.used[limit.name]))
        own = patient.own
        known = "未获知" if own is None else f"{yuan(own.amount_fen)}，{words.balance_note(own)}"
        self.own = text(told.own_balance or "", known, right=True)
        self.say("例如从病人手机或经办机构查到的数：只填查到的。以此为准，随本次结算记下。", "muted")
        self._named = [*rows, ("个人账户余额", self.own)]
        self.body.addLayout(fields(self._named))
        self.finish(next(iter(self.used.values()), self.own))

    def fault(self) -> Fault | None:
        """Return what is wrong with a figure, which is selected."""
        for named, field in self._named:
            if field.text().strip() and words.fen_of(field.text()) is None:
                field.selectAll()
                return f"“{named}”应为金额，例如 1240 或 1240.50", field
        return None

    def keep(self) -> None:
        """Take the figures over into the visit."""
        figures = {name: _amount(field) for name, field in self.used.items()}
        told = YearFigures(
            accumulators={name: one for name, one in figures.items() if one is not None}, own_balance=_amount(self.own)
        )
        self._state.set_visit(told=told)


def _amount(field: QLineEdit) -> str | None:
    fen = words.fen_of(field.text())
    return None if fen is None else yuan(fen)
