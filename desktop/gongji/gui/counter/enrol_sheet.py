"""登记新病人: the least that a settlement asks of somebody the book does not know."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from gongji.core.book.identity import is_identity_number
from gongji.gui import tokens
from gongji.gui.counter import words
from gongji.gui.messages import Sheet, button
from gongji.gui.widgets.basics import label


class EnrolSheet(Sheet):
    """Number, name, status and employment; kept with the first settlement."""

    def __init__(self, parent: QWidget | None, number: str, done: Callable[[dict[str, Any]], None]) -> None:
        """`done` gets the person in the contract's words."""
        super().__init__(parent, "登记新病人")
        self._done = done
        self.say("资料里没有这个人。登记后即可结算；年度累计和账户余额未获知，按本机构的记录计算。", "muted")
        self.number = QLineEdit(number)
        self.name = QLineEdit()
        self.status = QComboBox()
        for key, word in words.STATUS.items():
            self.status.addItem(word, key)
        self.employment = QComboBox()
        for key, word in (("unit", "单位职工"), ("flexible", "灵活就业")):
            self.employment.addItem(word, key)
        grid = QGridLayout()
        grid.setHorizontalSpacing(tokens.GAP)
        grid.setVerticalSpacing(2 * tokens.STEP)
        fields = (
            ("身份证号", self.number),
            ("姓名", self.name),
            ("人员状态", self.status),
            ("就业形式", self.employment),
        )
        for place, (word, field) in enumerate(fields):
            grid.addWidget(label(word, "label"), place, 0)
            grid.addWidget(field, place, 1)
        self.body.addLayout(grid)
        self.wrong = self.say("", "wrong")
        self.buttons(button("登记", self._take, "main"), button("取消", self.reject))
        self.name.setFocus()
        self.open()

    def _take(self) -> None:
        number, name = self.number.text().strip().upper(), self.name.text().strip()
        if not is_identity_number(number):
            self.wrong.setText("不是正确的 18 位身份证号，请核对")
            self.number.setFocus()
        elif not name:
            self.wrong.setText("请填写姓名")
            self.name.setFocus()
        else:
            self.accept()
            self._done(
                {
                    "id": number,
                    "name": name,
                    "status": self.status.currentData(),
                    "employment": self.employment.currentData(),
                }
            )
