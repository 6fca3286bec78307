"""手工增改: an item, a person or a doctor entered in a form, checked as a row of a table is, valid from a day on."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFrame, QLineEdit, QScrollArea, QWidget

from gongji.core.identity import masked_cell
from gongji.core.imports.kinds import CHOICES, KINDS
from gongji.core.typed import Lean
from gongji.desk.imports.by_hand import ToldByHand, keep_by_hand
from gongji.gui.kit.day_field import DayField
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.form import choice, fields, text
from gongji.gui.shell.workspace import Workspace

_WIDTH, _HEIGHT = 780, 380
_TITLES = {
    "catalogue": ("新增项目", "改项目或价格"),
    "people": ("新增人员", "改人员情况"),
    "doctors": ("新增医师", "改医师情况"),
}
_HINTS = {
    "起始": "从哪一天起，例如 2026-11-20",
    "状态起始": "从哪一天起，例如 2026-11-20",
    "终止": "最后一天，没有就空着",
    "单价": "元",
    "限价": "元，没有就空着",
    "先行自付比例": "乙类的，例如 10%",
    "补助": "公务员；大额",
    "慢特病登记": "几个用；隔开，确无登记写“无”",
    "登记起始": "写了登记就要写日期",
    "参保地": "代码或名称，代码六位",
}
_DAYS: Mapping[str, Lean] = {
    "出生日期": "back", "登记起始": "back", "起始": "near", "状态起始": "near", "终止": "ahead",
}  # fmt: skip
"""The columns that hold a day, and which year is meant where none is typed."""
_NOT_OFFERED = {"虚构"}


class ByHandSheet(Dialog):
    """One field for each column of the table of that kind; errors are listed below, each with its field."""

    def __init__(
        self, station: Workspace, kind: str, cells: Mapping[str, str], kept: Callable[[], None], *, is_new: bool
    ) -> None:
        """Begin with `cells` by heading; `kept` is called once it is stored. The number of an existing one is fixed."""
        super().__init__(station.window, _TITLES[kind][not is_new], _WIDTH)
        self._station, self._kind, self._kept, self._given = station, kind, kept, dict(cells)
        self._fixed = set(_NOT_OFFERED) if is_new else {KINDS[kind].columns[0].heading, *_NOT_OFFERED}
        self._is_saving = False
        self.fields: dict[str, QLineEdit | QComboBox] = {}
        named: list[tuple[str, QWidget]] = []
        for column in KINDS[kind].columns:
            if column.heading not in _NOT_OFFERED:
                field = self._field(column.heading, required=column.required)
                self.fields[column.heading] = field
                named.append((f"{column.heading}{'*' if column.required else ''}", field))
        whole = QWidget()
        whole.setLayout(fields(named, 2))
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFixedHeight(_HEIGHT)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(whole)
        self.say("从起始日起按新的算，以前的不变，已结算的也不变；改动记入日志。", "muted")
        self.body.addWidget(area)
        self.wrong = self.say("", "wrong")
        self.save = button("保存", self._save, "main")
        self.buttons(self.save, button("取消", self.reject))
        next(one for one in self.fields.values() if one.isEnabled()).setFocus()
        self.open()

    def _field(self, heading: str, *, required: bool) -> QLineEdit | QComboBox:
        value, hint = self._given.get(heading, ""), _HINTS.get(heading, "")
        if heading in self._fixed:
            fixed = text(masked_cell(value))
            fixed.setEnabled(False)
            return fixed
        words = CHOICES.get(self._kind, {}).get(heading)
        if heading in _DAYS:
            lean = _DAYS[heading]
            ends = lean == "ahead"
            return DayField(lambda: self._station.today, value, lean=lean, hint=hint, no_end=ends, wide=True)
        if words is None:
            return text(value, hint)
        empty = {} if required and value else {"": "请选择" if required else "（不填）"}
        return choice(empty | {one: one for one in words}, value)

    @property
    def cells(self) -> dict[str, str]:
        """The content of the fields, by heading."""
        told = {heading: _said(one) for heading, one in self.fields.items()}
        return told | {heading: self._given[heading] for heading in self._fixed if self._given.get(heading)}

    def _save(self) -> None:
        cells, counter, kind = self.cells, self._station.counter, self._kind
        if self._is_saving:
            return
        self._is_saving = True
        self._station.jobs.write(lambda: keep_by_hand(counter, kind, cells), self._done, self._failed, owner=self)

    def _done(self, told: ToldByHand) -> None:
        self._is_saving = False
        if told.wrong:
            self.wrong.setText("；".join(f"{one.column}：{one.message}" for one in told.wrong))
            self.fields[told.wrong[0].column].setFocus()
            return
        self.accept()
        self._kept()

    def _failed(self, error: BaseException) -> None:
        self._is_saving = False
        self._station.fail(error)


def _said(one: QLineEdit | QComboBox) -> str:
    if isinstance(one, QComboBox):
        return str(one.currentData() or "")
    return one.iso if isinstance(one, DayField) else one.text()
