"""The status line: the clinic, and what everybody at the counter should see without asking."""

import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from gongji.desk.session import Clinic
from gongji.desk.upload.queue import Overview
from gongji.gui.background.upload_status import UploadStatus, chip_part, chip_word
from gongji.gui.kit import tokens
from gongji.gui.kit.layout import REST, Elided, label, put, row, tip
from gongji.gui.kit.style import set_role


class Header(QWidget):
    """Clinic, shift, offline since when, what waits, what needs a person, the time."""

    def __init__(self, clinic: Clinic) -> None:
        super().__init__()
        set_role(self, "header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(tokens.HEADER)
        self.name = Elided("", "clinic")
        self._area = clinic.area
        self.level = Elided(clinic.area, "muted")
        across = put(row(self), (self.name, 3), (self.level, 2), REST)
        across.setContentsMargins(tokens.EDGE + 2, 0, tokens.EDGE + 2, 0)
        self._shift = label("", "muted")
        self.line = label("", "chip")
        self.held = label("", "chip")
        self._waiting = label("", "chip")
        self.attention = label("", "chip attention")
        self._time = label("", "muted")
        if clinic.training:
            across.addWidget(label("培训", "chip training"), 0, Qt.AlignmentFlag.AlignVCenter)
        for one in (self._shift, self.held, self.line, self._waiting, self.attention, self._time):
            across.addWidget(one, 0, Qt.AlignmentFlag.AlignVCenter)
        self._standing, self._answered_at = UploadStatus.OFF, ""
        self._told_until: str | None = None
        self.show_clinic(clinic)
        self._time.setMinimumWidth(104)
        self._time.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def show_clinic(self, clinic: Clinic) -> None:
        """Show the clinic's name."""
        self.name.setText(str(clinic.institution.get("name") or "（未填机构名称）"))

    def show_less(self, *, less: bool) -> None:
        """Leave out the least important parts where there is little room."""
        self.level.setVisible(not less)

    def show_sending(self, standing: UploadStatus, answered_at: str, trouble: str) -> None:
        """Show whether the gateway answers; offline is normal and grey."""
        self._standing, self._answered_at = standing, answered_at
        self.line.setToolTip(tip(trouble))
        set_role(self.line, chip_part(standing))
        self._show_line()

    def _show_line(self) -> None:
        self.line.setText(chip_word(self._standing, self._answered_at, self._told_until))

    def show_overview(self, one: Overview) -> None:
        """Show the current state."""
        self._shift.setText(f"本班 {one.shift_settlements} 笔")
        self._told_until = one.told_until
        self.held.setText(f"挂单 {one.held}")
        self.held.setVisible(one.held > 0)
        self._show_line()
        self._waiting.setText(f"待上传 {one.waiting}")
        self.attention.setText(f"需处理 {one.attention}")
        self.attention.setVisible(one.attention > 0)

    def show_level(self, level: str) -> None:
        """Show the clinic's level beside its area."""
        self.level.setText(" · ".join(one for one in (level, self._area) if one))

    def show_moment(self, moment: datetime.datetime) -> None:
        """Show the time."""
        self._time.setText(f"{moment.month}月{moment.day}日 {moment:%H:%M}")
