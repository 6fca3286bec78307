"""帮助 (F1): the way of a visit in a few lines, and every key."""

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QWidget

from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.layout import label
from gongji.gui.shell.screen import ScreenKey

_WAY = (
    "1. 在“病人”里输入拼音首字母（张秀英：zxy）、姓名或身份证号，Enter 选定；也可直接刷证、扫码。",
    "2. 光标到“项目”，同样输入首字母，Enter 选药，填数量，Enter 接着下一项；扫药盒条码也行。",
    "3. 项目录完，空着按 Enter 到“实收”，填收到的钱，Enter，再按 F9 结算并打印，光标回到“病人”。",
    "金额旁的 ▸ 点开是算式和条文；F8 看全部依据。录错了按 Esc 一步步撤销。",
)
_MORE = (
    ("↑ ↓", "在候选和明细里移动"),
    ("数字", "在明细上直接改数量"),
    ("Delete", "删去这一行"),
    ("Alt+1…4", "现金、微信、支付宝、银行卡"),
    ("Alt+5…7", "按建议的整钱收现金"),
    ("Ctrl+L", "换操作员"),
    ("1…9", "选候选里的第几个"),
    ("Shift+F2", "病人情况：在职退休、参保地"),
    ("Shift+F4", "就诊情况：日期、病种、选定机构"),
    ("Shift+F5", "填查得的累计和余额"),
    ("Ctrl+1…8", "换到别的页"),
)


class HelpSheet(Dialog):
    """What a newcomer reads in half a minute."""

    gives_way = True

    def __init__(self, parent: QWidget | None, keys: Sequence[ScreenKey]) -> None:
        """Show the way and the keys."""
        super().__init__(parent, "怎么收费", 640)
        for sentence in _WAY:
            self.say(sentence)
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * tokens.GAP)
        grid.setVerticalSpacing(tokens.STEP)
        shown = [*((key.key, key.word) for key in keys if key.word), *_MORE]
        half = (len(shown) + 1) // 2
        for place, (name, word) in enumerate(shown):
            across = 2 * (place // half)
            grid.addWidget(label(name, "accent"), place % half, across)
            grid.addWidget(label(word), place % half, across + 1)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        self.body.addLayout(grid)
        self.buttons(button("开始收费", self.accept, "main"))
        self.open()
