"""The status line: the clinic, and what everybody at the counter should know without asking."""

import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from gongji.desk.counter import Clinic
from gongji.desk.overview import Overview
from gongji.gui import tokens
from gongji.gui.style import named
from gongji.gui.widgets.basics import label, row


class Header(QWidget):
    """Clinic, shift, offline since when, what waits, what needs a person, the time."""

    def __init__(self, clinic: Clinic) -> None:
        """Begin with the clinic's own name."""
        super().__init__()
        named(self, "header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(tokens.HEADER)
        across = row(self, spacing=tokens.GAP)
        across.setContentsMargins(tokens.EDGE + 2, 0, tokens.EDGE + 2, 0)
        across.addWidget(label(str(clinic.institution.get("name") or "（未填机构名称）"), "clinic"))
        self._area = clinic.area
        self._level = label(clinic.area, "muted")
        across.addWidget(self._level)
        across.addStretch(1)
        self._shift = label("", "muted")
        self._offline = label("", "chip")
        self._waiting = label("", "chip")
        self._attention = label("", "chip attention")
        self._time = label("", "muted")
        if clinic.training:
            across.addWidget(label("培训", "chip training"), 0, Qt.AlignmentFlag.AlignVCenter)
        for one in (self._shift, self._offline, self._waiting, self._attention, self._time):
            across.addWidget(one, 0, Qt.AlignmentFlag.AlignVCenter)
        self._time.setMinimumWidth(104)
        self._time.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def show_overview(self, one: Overview) -> None:
        """Show how things stand."""
        told = "还没有资料" if one.told_until is None else f"资料截至 {one.told_until[5:16]}"
        self._shift.setText(f"本班 {one.shift_settlements} 笔")
        self._offline.setText(f"脱机 · {told}")
        self._waiting.setText(f"待上传 {one.waiting}")
        self._attention.setText(f"需处理 {one.attention}")
        self._attention.setVisible(one.attention > 0)

    def show_level(self, level: str) -> None:
        """Show the clinic's level beside its area."""
        self._level.setText(" · ".join(one for one in (level, self._area) if one))

    def show_moment(self, moment: datetime.datetime) -> None:
        """Show the time."""
        self._time.setText(f"{moment.month}月{moment.day}日 {moment:%H:%M}")
