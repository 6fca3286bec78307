"""核对: the limits of usual figures; beyond them the counter asks before it settles."""

from gongji.core.money import yuan
from gongji.core.typed import whole_number
from gongji.desk.visits.plausibility import UsualFigures, set_usual, usual
from gongji.gui.counter import words
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.form import fields, text
from gongji.gui.kit.layout import label, put
from gongji.gui.settings.settings_page import SettingsPage
from gongji.gui.shell.workspace import Workspace

_MOST = 10**9


class PlausibilityPage(SettingsPage):
    """The limits; none can be switched off, only raised."""

    def __init__(self, station: Workspace) -> None:
        super().__init__(station, "结算前再核对")
        self.quantity = text("", "整数", right=True)
        self.first_field = self.quantity
        self.price_times = text("", "整数", right=True)
        self.change = text("", "元", right=True)
        self.total = text("", "元", right=True)
        note = "超过这些数的，按 F9 时会先问一句；确实无误的，照此结算就是。"
        self._wholes = (("一行的数量超过", self.quantity), ("单价是目录的几倍（或几分之一）", self.price_times))
        self._amounts = (("找零超过", self.change), ("一次的总费用超过", self.total))
        put(self.body, label(note, "small", wrap=True), fields((*self._wholes, *self._amounts)), self.said)
        self.add_acts(button("保存", self.save, "main"))

    def refresh(self) -> None:
        """Show what is stored."""
        one = usual(self.station.counter)
        self.quantity.setText(str(one.quantity))
        self.price_times.setText(str(one.price_times))
        self.change.setText(yuan(one.change_fen))
        self.total.setText(yuan(one.total_fen))

    def save(self) -> None:
        """Store the content of the fields."""
        wholes = [whole_number(one.text(), _MOST) or 0 for _, one in self._wholes]
        amounts = [words.fen_of(one.text()) or 0 for _, one in self._amounts]
        named = zip((*self._wholes, *self._amounts), (*wholes, *amounts), strict=True)
        wrong = next((field for field, figure in named if not figure), None)
        if wrong is not None:
            what = "整数" if wrong in self._wholes else "金额"
            self.say(f"“{wrong[0]}”应为大于 0 的{what}，例如 500", wrong=True)
            wrong[1].setFocus()
            return
        (quantity, price_times), (change_fen, total_fen) = wholes, amounts
        limits = UsualFigures(quantity=quantity, price_times=price_times, change_fen=change_fen, total_fen=total_fen)
        counter = self.station.counter
        self.keep(lambda: set_usual(counter, limits), "已保存，从下一笔结算起生效。")
