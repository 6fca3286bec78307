"""票据 (F8 in 日结): the roll of pre-printed forms in use, 换卷, and 作废 of a spoilt form."""

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit

from gongji.core.typed import wide_to_plain
from gongji.desk.papers.bills import RollState, change_roll, roll_state, void_bill
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.form import enter_leads_on, fields, text
from gongji.gui.kit.layout import label, put, rule
from gongji.gui.kit.style import set_role
from gongji.gui.shell.workspace import Workspace

_NONE = "还没有用套打的票据。换上第一卷后，每张单子依次用一个号；不用套打的不必填。"


class BillsSheet(Dialog):
    """Two acts, each with its fields; the result is shown below."""

    def __init__(self, station: Workspace) -> None:
        super().__init__(station.window, "票据号码", 560)
        self._station = station
        self.stands = self.say("", "strong")
        self.number, self.reason = text("", "票据号码"), text("", "例如：卡纸、打歪、污损")
        self.code, self.first, self.last = text("", "票据代码，没有的空着"), text("", "起号"), text("", "止号")
        put(
            self.body,
            rule(),
            label("作废一张（打坏的；或还没打的下一张）", "label"),
            fields((("号码", self.number), ("原因", self.reason))),
            button("作废这一张", self.void, "danger"),
            rule(),
            label("换卷（照新一卷第一张和最后一张上印的填，前面的 0 也要）", "label"),
            fields((("代码", self.code), ("起号", self.first), ("止号", self.last))),
            button("换这一卷", self.change),
        )
        enter_leads_on([self.number, self.reason], self.void)
        enter_leads_on([self.code, self.first, self.last], self.change)
        self.said = self.say("", "muted")
        self.buttons(button("返回", self.accept, "main"))
        self.refresh()
        self.number.setFocus()
        self.open()

    def refresh(self) -> None:
        """Read the roll again."""
        one = roll_state(self._station.counter.store.reader)
        self.stands.setText(_NONE if one is None else _told(one))
        self.number.setText("" if one is None else one.next)
        self.number.selectAll()

    def void(self) -> None:
        """作废: make the form of the number void, for the reason given."""
        counter, number, reason = self._station.counter, wide_to_plain(self.number.text()), self.reason.text()
        self._do(lambda: void_bill(counter, number, reason), f"票据 {number} 已作废，记入日结。", self.reason)

    def change(self) -> None:
        """换卷: use the roll of the numbers given from now on."""
        counter = self._station.counter
        code, first, last = (wide_to_plain(one.text()) for one in (self.code, self.first, self.last))
        self._do(lambda: change_roll(counter, code, first, last), f"已换卷：{first} 至 {last}。", self.first)

    def _do(self, work: Callable[[], object], done: str, field: QLineEdit) -> None:
        def kept(_: object) -> None:
            for one in (self.reason, self.code, self.first, self.last):
                one.clear()
            self.refresh()
            self._tell(done)

        def wrong(words: str) -> None:
            self._tell(words, wrong=True)
            field.setFocus()

        station = self._station
        station.jobs.write(work, kept, lambda error: station.tell_or_fail(error, wrong), owner=self)

    def _tell(self, words: str, *, wrong: bool = False) -> None:
        set_role(self.said, "wrong" if wrong else "muted")
        self.said.setText(words)


def _told(one: RollState) -> str:
    """Return the state of a roll in words."""
    code = f"代码 {one.code}　" if one.code else ""
    following = f"下一张 {one.next}，还剩 {one.left} 张" if one.next else "已用完，请换卷"
    return f"{code}{one.first} 至 {one.last}：{following}"
