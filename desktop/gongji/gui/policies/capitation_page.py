"""定额包干: an institution's year: what was prepaid, how much of it was used, what it keeps or bears."""

from html import escape

from msgspec import json

from gongji.core.engine.policy import Policy
from gongji.core.money import percent, plain_ratio, yuan
from gongji.core.typed import figure_as_written, ratio_as_written, whole_number
from gongji.desk.policies.requests import CapitationFigures, capitation_figures, capitation_text
from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.form import HTML_STYLE, browser, enter_leads_on, fields, text
from gongji.gui.kit.layout import REST, put, row
from gongji.gui.kit.parts import card_of, headed
from gongji.gui.policies.policy_page import PolicyPage, answer, empty, refused
from gongji.gui.shell.workspace import Workspace

_MONTHS = 12
_EARLIEST_YEAR, _LATEST_YEAR = 1000, 9999
_MOST_PEOPLE = 10**9


class CapitationPage(PolicyPage):
    """Twelve months' headcount and what was used at the left, the clearing at the right."""

    def __init__(self, station: Workspace, policy: Policy) -> None:
        super().__init__(station, policy)
        self.year = text(str(station.today.year - 1), right=True)
        self.heads = [text("", "人数", right=True) for _ in range(_MONTHS)]
        self.used = text("", "统筹基金在本机构支付的，元", right=True)
        self.manual = text("0.00", "手工报销的，元", right=True)
        self.direct = text("", "例如 0.95", right=True)
        self.details = browser()
        months = fields([(f"{month} 月", one) for month, one in enumerate(self.heads, 1)], 3)
        months.setSpacing(tokens.STEP)
        self.form = card_of(
            headed("包干年度清算", button("各月同 1 月", self._repeat, "link")),
            fields((("年度", self.year),)),
            months,
            fields((("统筹支付", self.used), ("手工报销", self.manual), ("直接结算率", self.direct))),
            put(row(), button("从账本取数", self.take_from_book), (button("计算", self.reckon, "main"), 1)),
            REST,
            margin=tokens.EDGE,
            spacing=2 * tokens.STEP,
        )
        self.form.setFixedWidth(440)
        put(row(self), self.form, (card_of(self.details, margin=tokens.EDGE), 1))
        enter_leads_on([self.year, *self.heads, self.used, self.manual, self.direct], self.reckon)

    def enter(self) -> None:
        """Begin with the first month; with what is said instead where nothing can be filled in."""
        (self.heads[0] if self.form.isEnabled() else self.details).setFocus()

    def refresh(self) -> None:
        """Say whether there is anything to clear under this edition."""
        pack = self.policy.pack
        self.form.setEnabled(pack.capitation is not None)
        self.details.setHtml(
            empty("填好左边各月定点人数和全年支付，按“计算”。年平均工资在“开放参数”里填写。")
            if pack.capitation is not None
            else empty(f"{pack.area_name}的文件没有规定定额包干。规定了包干的市可在上面选择。")
        )

    def _repeat(self) -> None:
        for one in self.heads[1:]:
            one.setText(self.heads[0].text())
        self.used.setFocus()

    def take_from_book(self) -> None:
        """Fill in what this clinic's book knows of the year, and say how each figure came about."""
        policy, year = self.policy, self._year()
        if year is None:
            self.details.setHtml(empty("年度应为四位数，例如 2026。"))
            return
        counter = self.station.counter
        self.station.jobs.device(lambda: capitation_figures(counter, policy, year), self._show_figures, owner=self)

    def _show_figures(self, found: CapitationFigures) -> None:
        self.used.setText(yuan(found.used_fen))
        if found.direct_rate_e12 is not None:
            self.direct.setText(plain_ratio(found.direct_rate_e12))
        said = "".join(f"<p>{escape(one)}。</p>" for one in found.said)
        self.details.setHtml(f"{HTML_STYLE}<h3>本机构账本里的 {found.year} 年</h3>{said}")

    def _year(self) -> int | None:
        """Return the year that is typed; None where it is none."""
        year = whole_number(self.year.text(), _LATEST_YEAR)
        return year if year is not None and year >= _EARLIEST_YEAR else None

    def reckon(self) -> None:
        """Show the clearing, or why there is none."""
        pack = self.policy.pack
        if pack.capitation is None:
            return
        heads, year = [whole_number(one.text(), _MOST_PEOPLE) for one in self.heads], self._year()
        if year is None or None in heads:
            self.details.setHtml(empty("年度和十二个月的人数都要填整数。"))
            return
        request = {
            "area": pack.area,
            "year": year,
            "headcount": heads,
            "used": figure_as_written(self.used.text()) or "0",
            "manual_claims": figure_as_written(self.manual.text()) or "0",
            "direct_rate": ratio_as_written(self.direct.text()) or "0",
            "parameters": self.parameters(),
        }
        found = capitation_text(json.encode(request), self.station.counter.library)
        if isinstance(found, list):
            self.details.setHtml(refused(found))
            return
        rows = (
            ("全年包干费用", yuan(found.budget_fen)),
            ("每月预拨（1 月）", yuan(found.prepayments_fen[0])),
            ("使用率", percent_text(found.use_rate)),
            ("结余", yuan(found.surplus_fen)),
            ("留用比例", percent(found.kept_share_e12)),
            ("上缴", yuan(found.returned_fen)),
            ("超支（机构承担）", yuan(found.overage_fen)),
        )
        word = "超支由机构承担" if found.overage_fen else "结余留用"
        figure = yuan(found.overage_fen or found.kept_fen)
        self.details.setHtml(answer(f"{pack.area_name} {year} 年 · {word}", f"{figure} 元", rows, found.trace))


def percent_text(rate: str) -> str:
    """Return "0.8333" as 83.33%."""
    whole, _, parts = rate.partition(".")
    digits = f"{whole}{parts.ljust(4, '0')}"
    return f"{int(digits[:-2])}.{digits[-2:]}%"
