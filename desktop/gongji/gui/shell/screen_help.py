"""帮助 (F1) on every screen: what it is for, and every key it has."""

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QWidget

from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.layout import label
from gongji.gui.shell.screen import ScreenKey

_ABOUT = {
    "记录": (
        "找以前的每一笔：输入姓名、拼音首字母、结算号、单据号、证件号或金额。",
        "↓ 到列表，↑ ↓ 选，右边是它的金额、单据和上传。",
    ),
    "上传": (
        "等着上传和需要人处理的记录；没有网络也能照常收费，联网后自动上传。",
        "红色的要人处理：按“差异处理”看原因。",
    ),
    "日结": (
        "本人这一班收了多少、退了多少、该有多少现金；清点钱箱后交班。",
        "每位操作员各交各的班；交过的班不能再改。",
    ),
    "统计": (
        "月结算申报表、指标、费用走势和用得最多的项目；可打印、可导出表格。",
        "自费和居民医保的不申报，另列。",
    ),
    "政策": (
        "现行政策的每个数和它的条文、需要填写的参数、各版之间的变化，也可试算。",
        "政策快到期时这里会提醒。",
    ),
    "资料": (
        "人员、目录、累计：从表格导入，先看预览再决定；也可以逐个查看。",
        "导入有错的行一一列出，改好再导。",
    ),
    "设置": ("机构、操作员、打印机和纸张、网关、备份、培训。", "每项改动都记入日志。"),
}
"""What a newcomer has to know of each screen, in two sentences."""
_MORE = (("Ctrl+1…8", "换到别的页"), ("PgUp PgDn", "翻页"), ("Tab", "到下一处"), ("Enter", "按光标所在的按钮"))


class ScreenHelp(Dialog):
    """The two sentences and the keys."""

    gives_way = True

    def __init__(self, parent: QWidget | None, title: str, keys: Sequence[ScreenKey]) -> None:
        """Explain a screen by its title and keys."""
        super().__init__(parent, f"帮助 · {title}", 560)
        for sentence in _ABOUT.get(title, ()):
            self.say(sentence)
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * tokens.GAP)
        grid.setVerticalSpacing(tokens.STEP)
        shown = [*((key.key, key.word) for key in keys if key.word), *_MORE]
        half = (len(shown) + 1) // 2
        for place, (name, word) in enumerate(shown):
            across, down = divmod(place, half)
            grid.addWidget(label(name, "accent"), down, 2 * across)
            grid.addWidget(label(word), down, 2 * across + 1)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        self.body.addLayout(grid)
        self.buttons(button("知道了", self.accept, "main"))
        self.open()
