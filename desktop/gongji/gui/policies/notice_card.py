"""补充通知, as it is filled in: its names, its number, and the days it was issued, begins and ends."""

import datetime
from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gongji.core.packs.amendment import Amendment, CaseChange, FigureChange
from gongji.core.packs.language import Pack
from gongji.gui.kit import tokens
from gongji.gui.kit.day_field import DayField
from gongji.gui.kit.form import fields, text
from gongji.gui.kit.layout import column, put
from gongji.gui.kit.parts import card_of
from gongji.gui.shell.workspace import Workspace


class NoticeCard(QWidget):
    """The notice's fields; `edited` when one of them changes."""

    edited = Signal()

    def __init__(self, station: Workspace) -> None:
        """Begin with no name; it begins on the first of next year."""
        super().__init__()
        self._station = station
        today = station.today
        self.title = text("", "通知的全名")
        self.number = text("", "文号")
        self.short = text("补充通知", "引用时的简称")
        self.issued = DayField(lambda: station.today, today)
        self.starts = DayField(lambda: station.today, datetime.date(today.year + 1, 1, 1), lean="ahead")
        self.ends = DayField(lambda: station.today, lean="ahead", hint="没有终止的空着", no_end=True)
        named = (
            ("通知", self.title), ("文号", self.number), ("简称", self.short),
            ("印发", self.issued), ("施行", self.starts), ("终止", self.ends),
        )  # fmt: skip
        put(column(self, margin=0), card_of(fields(named, columns=3), margin=tokens.GAP, spacing=tokens.STEP))
        for one in (self.title, self.number, self.short):
            one.textChanged.connect(lambda _: self.edited.emit())
        for field in (self.issued, self.starts, self.ends):
            field.day_changed.connect(self.edited)

    def begin(self, pack: Pack) -> None:
        """Begin after an edition: on the first of next year or the day after its first, until its end."""
        next_year = datetime.date(self._station.today.year + 1, 1, 1)
        self.starts.set_day(max(pack.starts + datetime.timedelta(days=1), next_year))
        self.ends.set_day(pack.ends)

    def amendment(self, changes: Iterable[FigureChange], cases: Iterable[CaseChange]) -> Amendment | str:
        """Return the notice with what it changes; a sentence where a date is not one."""
        issued, starts = self.issued.day, self.starts.day
        if issued is None:
            return f"印发{self.issued.fault()}"
        if starts is None:
            return f"施行{self.starts.fault()}"
        if self.ends.fault(required=False):
            return f"终止{self.ends.fault(required=False)}；没有终止日期的空着"
        return Amendment(
            title=self.title.text().strip(),
            number=self.number.text().strip(),
            issued=issued,
            short=self.short.text().strip(),
            starts=starts,
            ends=self.ends.day,
            verified_on=self._station.today,
            changes=tuple(changes),
            cases=tuple(cases),
        )
