"""账户计入: what is credited to an own account in a month, and by which article."""

from msgspec import json

from gongji.core.money import yuan
from gongji.core.typed import figure_as_written, month_as_written
from gongji.desk.policies.parameters import entered
from gongji.desk.policies.requests import credit_text
from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.form import browser, choice, fields, text
from gongji.gui.kit.layout import card, column, label, row
from gongji.gui.policies.policy_page import PolicyPage, answer, empty, refused
from gongji.gui.shell.workspace import Workspace

_NOBODY = "none"


class CreditPage(PolicyPage):
    """A person at the left, the answer at the right."""

    def __init__(self, station: Workspace) -> None:
        super().__init__(station)
        today = station.today
        self.month = text(f"{today.year}-{today.month:02d}", "2026-11", is_code=True)
        self.status = choice({"employed": "在职", "retired": "退休"})
        self.employment = choice({"unit": "单位职工", "flexible": "灵活就业"})
        self.pension = choice({_NOBODY: "（不分）", "government": "机关事业单位", "enterprise": "企业"})
        self.late = choice({"": "否", "yes": "是"})
        self.base = text("", "元/月，例如 6000", right=True)
        self.first_field = self.base
        self.details = browser()
        across = row(self, spacing=tokens.GAP)
        left = card()
        left.setFixedWidth(420)
        down = column(left)
        down.addWidget(label("个人账户每月计入多少", "heading"))
        down.addLayout(
            fields(
                (
                    ("月份", self.month),
                    ("人员状态", self.status),
                    ("就业形式", self.employment),
                    ("养老金类别", self.pension),
                    ("到龄续缴", self.late),
                    ("缴费基数", self.base),
                )
            )
        )
        down.addWidget(button("计算", self.reckon, "main"))
        down.addStretch(1)
        across.addWidget(left)
        right = card()
        column(right).addWidget(self.details)
        across.addWidget(right, 1)
        for one in (self.month, self.base):
            one.returnPressed.connect(self.reckon)

    def refresh(self) -> None:
        """Forget an answer of another edition."""
        self.details.setHtml(empty("填好左边，按“计算”或 Enter；退休人员不用填缴费基数。"))

    def reckon(self) -> None:
        """Show the credit, or why there is none."""
        policy = self.policy
        if policy is None:
            return
        person = {"status": self.status.currentData(), "employment": self.employment.currentData()}
        if self.pension.currentData() != _NOBODY:
            person["pension_class"] = self.pension.currentData()
        area, month, base = policy.pack.area, month_as_written(self.month.text()), figure_as_written(self.base.text())
        newest = {one.name: one.value for one in reversed(entered(self.station.counter, area))}
        request = {
            "area": area,
            "month": month,
            "person": person | {"paying_past_retirement_age": bool(self.late.currentData())},
            "parameters": newest,
        } | ({"base": base} if base else {})
        found = credit_text(json.encode(request), self.station.counter.library)
        if isinstance(found, list):
            self.details.setHtml(refused(found))
        else:
            head = f"{policy.pack.area_name} {month} 每月计入个人账户"
            self.details.setHtml(answer(head, f"{yuan(found.credit_fen)} 元", (("政策", found.policy),), found.trace))
