"""A field for a day, typed as people write one: 11-20, 20261120, 2026.11.20, full-width digits; or from a calendar."""

import datetime
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QDate, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QIcon, QKeyEvent
from PySide6.QtWidgets import QCalendarWidget, QLineEdit, QWidget

from gongji.core.imports.values import is_no_end
from gongji.core.problems import quoted
from gongji.core.typed import Lean, typed_day
from gongji.files import resource_folder
from gongji.gui.kit.form import CodeField
from gongji.gui.kit.layout import column, put
from gongji.gui.kit.style import set_role

_WIDTH = 140
_EARLIEST, _LATEST = datetime.date(1900, 1, 1), datetime.date(2199, 12, 31)
_STEPS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}


class DayField(CodeField):
    """Holds a day, or nothing where it may be empty; `fault` says what is not understood, which is never dropped.

    Up and Down change the day. `day_changed` reports another day, or that the text is none.
    """

    day_changed = Signal()

    def __init__(
        self,
        today: Callable[[], datetime.date],
        chosen: datetime.date | str | None = None,
        *,
        lean: Lean = "back",
        latest: datetime.date = _LATEST,
        hint: str = "",
        no_end: bool = False,
        wide: bool = False,
    ) -> None:
        """`chosen` is a day or its text; `lean` says which one is meant where no year is typed.

        `today` returns the current day: a page may stay open overnight.

        No day after `latest` is accepted. With `no_end` it may also say that there is none: 长期, 9999-12-31.
        """
        super().__init__("" if chosen is None else str(chosen))
        self._today, self._lean, self._latest, self._no_end = today, lean, latest, no_end
        self.setPlaceholderText(hint)
        self.setInputMethodHints(Qt.InputMethodHint.ImhPreferNumbers)
        if wide:
            self.setMinimumWidth(_WIDTH)
        else:
            self.setFixedWidth(_WIDTH)
        self.setToolTip("可写 11-20、20261120、2026.11.20；↑ ↓ 换一天，Alt+↓ 看日历")
        icon = QIcon(str(resource_folder() / "icons" / "down.svg"))
        self.addAction(icon, QLineEdit.ActionPosition.TrailingPosition).triggered.connect(self.open_calendar)
        self._calendar: QWidget | None = None
        self._told = self._reading()
        self.textChanged.connect(lambda _: self._tell())
        self.editingFinished.connect(self._show_whole)

    @property
    def day(self) -> datetime.date | None:
        """The day; None where there is none, or none that can be read."""
        return self._reading()[0]

    @property
    def iso(self) -> str:
        """The day as 2026-11-20; the typed text where it is none, empty where it is empty."""
        found = self.day
        return self.text().strip() if found is None else found.isoformat()

    def fault(self, *, required: bool = True) -> str:
        """Return what is wrong with the text, in a sentence; empty where it is a day."""
        if not self.text().strip():
            return "请填日期，例如 2026-11-20 或 11-20" if required else ""
        return self._reading()[1]

    def set_day(self, one: datetime.date | None) -> None:
        """Set the day, or clear it."""
        self.setText("" if one is None else one.isoformat())

    def _reading(self) -> tuple[datetime.date | None, str]:
        """Return the day and what is wrong: one of the two."""
        typed = self.text().strip()
        if not typed or (self._no_end and is_no_end(typed)):
            return None, ""
        try:
            found = typed_day(typed, self._today(), self._lean)
        except ValueError as error:
            return None, f"“{quoted(typed, 12)}”看不懂：{error}"
        if found > self._latest:
            return None, f"{found} 太晚了，最晚 {self._latest}"
        if found < _EARLIEST:
            return None, f"{found} 年份不对，应在 {_EARLIEST.year} 年以后，请核对日期"
        return found, ""

    def _tell(self) -> None:
        now = self._reading()
        if self.property("part") == "wrong" and not now[1]:
            self._mark()
        if now != self._told:
            self._told = now
            self.day_changed.emit()

    def _show_whole(self) -> None:
        """Write the day in full once it is typed, so that one sees how it was understood."""
        found = self.day
        if found is not None and self.text() != found.isoformat():
            self.setText(found.isoformat())
        self._mark()

    def _mark(self) -> None:
        set_role(self, "wrong" if self.fault(required=False) else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Change the day; open the calendar."""
        by = _STEPS.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.open_calendar()
        else:
            self._step(by)

    def _step(self, by: int) -> None:
        found = self.day
        if found is None and self.text().strip():
            return  # what is typed there is not lost
        later = self._today() if found is None else found + datetime.timedelta(days=by)
        if _EARLIEST <= later <= self._latest:
            self.set_day(later)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802  # Qt's name
        """Select what is there, to be typed over."""
        super().focusInEvent(event)
        if event.reason() not in {Qt.FocusReason.MouseFocusReason, Qt.FocusReason.PopupFocusReason}:
            self.selectAll()

    def open_calendar(self) -> None:
        """Show a calendar under the field, to click on a day."""
        self._calendar = _Calendar(self, self.day or self._today(), self._latest)
        self._calendar.show()


class _Calendar(QWidget):
    """Closes when a day is chosen, or with Esc."""

    def __init__(self, field: DayField, chosen: datetime.date, latest: datetime.date) -> None:
        super().__init__(field, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        days = QCalendarWidget()
        days.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        days.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        days.setDateRange(_qdate(_EARLIEST), _qdate(latest))
        days.setSelectedDate(_qdate(chosen))
        put(column(self, margin=1), days)
        for chose in (days.activated, days.clicked):
            chose.connect(lambda one: self._take(field, one))
        self.move(self._place(field))
        days.setFocus()

    def _place(self, field: DayField) -> QPoint:
        """Return a position where it is whole on the screen: under the field, or above it."""
        room, size = field.screen().availableGeometry(), self.sizeHint()
        under = field.mapToGlobal(QPoint(0, field.height()))
        above = under - QPoint(0, field.height() + size.height())
        at = under if under.y() + size.height() <= room.bottom() else above
        return QPoint(max(room.left(), min(at.x(), room.right() - size.width())), max(room.top(), at.y()))

    def _take(self, field: DayField, one: Any) -> None:
        field.set_day(datetime.date(one.year(), one.month(), one.day()))
        self.close()
        field.setFocus()


def _qdate(one: datetime.date) -> QDate:
    return QDate(one.year, one.month, one.day)
