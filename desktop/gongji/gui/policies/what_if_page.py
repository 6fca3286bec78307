"""试算: an amount side by side for every level, status and use of the account, under one benefit of one edition."""

from PySide6.QtWidgets import QWidget

from gongji.core.engine.policy import Policy
from gongji.core.packs.dimensions import CONTRACT
from gongji.core.packs.diseases import Diseases
from gongji.core.problems import Problem
from gongji.desk.visits.what_if import WhatIf, suppose
from gongji.gui.counter.fields.disease_field import DiseaseField
from gongji.gui.counter.sheets.compare_sheet import COLUMNS
from gongji.gui.counter.words import fen_of
from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.flow import FlowLayout
from gongji.gui.kit.form import begin_in, choice, fill, text
from gongji.gui.kit.layout import card, column, label, put, row
from gongji.gui.kit.parts import card_of
from gongji.gui.kit.table import TableView
from gongji.gui.policies.policy_page import PolicyPage
from gongji.gui.shell.workspace import Workspace

_AMOUNT, _USED, _ACCOUNT = "金额", "本年已付", "个账余额"
_ASK = "写一个政策范围内的金额，按 Enter：每个级别、在职和退休、用不用账户，各付多少一目了然。"


def _named(word: str, field: QWidget) -> QWidget:
    """Return a field with its word before it, never in another line."""
    both = QWidget()
    put(row(both, spacing=tokens.STEP), label(word, "label"), field)
    return both


class TryingPage(PolicyPage):
    """What is supposed above, the comparison below."""

    def __init__(self, station: Workspace, policy: Policy) -> None:
        super().__init__(station, policy)
        self.benefit = choice({})
        self.grade = choice({"": "不分等次", **CONTRACT["grade"].words})
        self.amount, self.used, self.account = (
            text(figure, right=True, width=110) for figure in ("168.00", "0.00", "0.00")
        )
        self.disease = DiseaseField(Diseases(()), "disease", (), "病种，按 ↓ 选", several=False)
        self.disease.setFixedWidth(150)
        self.benefit.setMinimumWidth(130)
        self.table = TableView(COLUMNS, _ASK)
        asked = card()
        across = FlowLayout(asked, 2 * tokens.STEP, tokens.FIELD + tokens.STEP)
        across.setContentsMargins(tokens.GAP, 2 * tokens.STEP, tokens.GAP, 2 * tokens.STEP)
        self._figures = {_AMOUNT: self.amount, _USED: self.used, _ACCOUNT: self.account}
        for word, one in {"待遇": self.benefit, **self._figures, "等次": self.grade}.items():
            across.addWidget(_named(word, one))
        across.addWidget(self.disease)
        across.addWidget(button("试算", self.reckon, "main"))
        note = label("金额全部按甲类、政策范围内费用试算；只是比较，不会记下任何结算。", "small")
        put(column(self, margin=0, spacing=2 * tokens.STEP), asked, (card_of(self.table), 1), note)
        for one in (self.amount, self.used, self.account, self.disease):
            one.returnPressed.connect(self.reckon)

    def enter(self) -> None:
        """Begin with the amount."""
        begin_in(self.amount)

    def refresh(self) -> None:
        """Offer the benefits of the edition and try the amount."""
        pack = self.policy.pack
        self.disease.set_list(self.policy.diseases)
        fill(self.benefit, {name: one.name for name, one in pack.benefit.items()}, pack.default_benefit)
        self.reckon()

    def reckon(self) -> None:
        """Compare."""
        policy, today = self.policy, self.station.today
        amount_fen = fen_of(self.amount.text())
        used_fen, account_fen = fen_of(self.used.text() or "0"), fen_of(self.account.text() or "0")
        if amount_fen is None or used_fen is None or account_fen is None:
            unclear = _AMOUNT if amount_fen is None else _USED if used_fen is None else _ACCOUNT
            self._refuse(f"“{unclear}”应为数字，最多两位小数，例如 168.00。")
            return
        one = WhatIf(
            benefit=str(self.benefit.currentData()),
            amount_fen=amount_fen,
            used_fen=used_fen,
            account_fen=account_fen,
            disease=next(iter(self.disease.names()), ""),
            grade=self.grade.currentData() or None,
        )
        day = max(policy.pack.starts, min(today, policy.last_day or today))
        found = suppose(self.station.counter, policy, one, day)
        wrong = [each for each in found if isinstance(each, Problem)]
        if wrong:
            self._refuse(wrong[0].message)
        else:
            self.table.set_rows(found)

    def _refuse(self, words: str) -> None:
        self.table.set_rows(())
        self.table.say_empty(words)
