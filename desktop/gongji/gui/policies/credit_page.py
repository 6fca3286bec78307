"""账户计入: what is credited to an own account in a month, and by which article."""

from msgspec import json

from gongji.core.engine.policy import Policy
from gongji.core.money import yuan
from gongji.core.typed import figure_as_written, month_as_written
from gongji.desk.policies.requests import credit_text
from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.form import browser, choice, fields, text
from gongji.gui.kit.layout import REST, label, put, row
from gongji.gui.kit.parts import card_of
from gongji.gui.policies.policy_page import PolicyPage, answer, empty, refused
from gongji.gui.shell.workspace import Workspace

_NOBODY = "none"


class CreditPage(PolicyPage):
    """A person at the left, the answer at the right."""

    def __init__(self, station: Workspace, policy: Policy) -> None:
        super().__init__(station, policy)
        today = station.today
        self.month = text(f"{today.year}-{today.month:02d}", "2026-11", is_code=True)
        self.status = choice({"employed": "在职", "retired": "退休"})
        self.employment = choice({"unit": "单位职工", "flexible": "灵活就业"})
        self.pension = choice({_NOBODY: "（不分）", "government": "机关事业单位", "enterprise": "企业"})
        self.late = choice({"": "否", "yes": "是"})
        self.base = self.first_field = text("", "元/月，例如 6000", right=True)
        self.details = browser()
        named = (
            ("月份", self.month), ("人员状态", self.status), ("就业形式", self.employment),
            ("养老金类别", self.pension), ("到龄续缴", self.late), ("缴费基数", self.base),
        )  # fmt: skip
        left = card_of(
            label("个人账户每月计入多少", "heading"), fields(named), button("计算", self.reckon, "main"), REST,
            margin=tokens.EDGE, spacing=tokens.GAP,
        )  # fmt: skip
        left.setFixedWidth(420)
        put(row(self), left, (card_of(self.details, margin=tokens.EDGE), 1))
        for one in (self.month, self.base):
            one.returnPressed.connect(self.reckon)

    def refresh(self) -> None:
        """Forget an answer of another edition."""
        self.details.setHtml(empty("填好左边，按“计算”或 Enter；退休人员不用填缴费基数。"))

    def reckon(self) -> None:
        """Show the credit, or why there is none."""
        pack = self.policy.pack
        person = {"status": self.status.currentData(), "employment": self.employment.currentData()}
        if self.pension.currentData() != _NOBODY:
            person["pension_class"] = self.pension.currentData()
        month, base = month_as_written(self.month.text()), figure_as_written(self.base.text())
        request = {
            "area": pack.area,
            "month": month,
            "person": person | {"paying_past_retirement_age": bool(self.late.currentData())},
            "parameters": self.parameters(),
        } | ({"base": base} if base else {})
        found = credit_text(json.encode(request), self.station.counter.library)
        if isinstance(found, list):
            self.details.setHtml(refused(found))
        else:
            head = f"{pack.area_name} {month} 每月计入个人账户"
            self.details.setHtml(answer(head, f"{yuan(found.credit_fen)} 元", (("政策", found.policy),), found.trace))
