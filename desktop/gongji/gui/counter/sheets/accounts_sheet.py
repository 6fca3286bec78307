"""账户 (F5): whose accounts pay, and how much of the patient's own; 查得的累计和余额 (Shift+F5): figures just told."""

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from gongji.core.ledger.draft import AccountChoice, YearFigures
from gongji.core.money import grouped, yuan
from gongji.desk.visits.patients import Patient
from gongji.gui.counter import words
from gongji.gui.counter.visit_model import VisitState
from gongji.gui.kit.form import Fault, FormSheet, fields, text
from gongji.gui.kit.layout import REST, label, put, row

_WIDTH = 480


class AccountsSheet(FormSheet):
    """The accounts that are known, each to be used or not; the own one up to an amount."""

    def __init__(self, parent: QWidget | None, state: VisitState) -> None:
        super().__init__(parent, "用哪些账户付")
        self._state = state
        patient, choice = state.patient, state.draft.accounts
        self.own = QCheckBox("本人个人账户")
        self.limit = text("", "不限", width=120)
        self.family: dict[str, QCheckBox] = {}
        if patient is None or (patient.own is None and not patient.family):
            self.say("没有获知这位病人的账户余额，应付部分收现金。余额可在“资料”里导入。")
        if patient is not None and patient.own is not None:
            self._own_row(grouped(patient.own.amount_fen), words.balance_note(patient.own), choice)
        for one in () if patient is None else patient.family:
            balance = f"{grouped(one.balance.amount_fen)}  {words.balance_note(one.balance)}"
            word = f"{one.name}（{one.holder}）  {balance}"
            box = QCheckBox(word if one.authorised else f"{word}  未授权")
            box.setEnabled(one.authorised)
            box.setChecked(choice.family is None or one.id in choice.family)
            self.family[one.id] = box
            self.body.addWidget(box)
        self.finish(self.own)

    def _own_row(self, amount: str, note: str, choice: AccountChoice) -> None:
        self.own.setChecked(choice.own_limit_fen != 0)
        if choice.own_limit_fen:
            self.limit.setText(grouped(choice.own_limit_fen).replace(",", ""))
        known = label(f"{amount}  {note}", "muted")
        put(self.body, put(row(), self.own, known, REST, label("最多用", "label"), self.limit))

    def fault(self) -> Fault | None:
        """Return what is wrong with the amount."""
        is_amount = not self.limit.text().strip() or words.fen_of(self.limit.text()) is not None
        return None if is_amount else ("最多用多少，应为金额，例如 50 或 50.00", self.limit)

    def keep(self) -> None:
        """Use the accounts that are ticked."""
        patient, limit_fen = self._state.patient, words.fen_of(self.limit.text())
        if patient is not None and patient.own is not None and not self.own.isChecked():
            limit_fen = 0
        ticked = tuple(number for number, box in self.family.items() if box.isChecked())
        family = None if len(ticked) == len(self.family) else ticked
        self._state.use_accounts(AccountChoice(own_limit_fen=limit_fen, family=family))


class YearFiguresSheet(FormSheet):
    """The used figure of each limit, and the own account's balance, as the patient's phone or the agency has them.

    What is left empty stays as it is known.
    """

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
