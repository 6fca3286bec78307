"""上传: the queue, one line a record, totals by state, and what can be done about it. Offline is normal."""

from functools import partial

from PySide6.QtWidgets import QFrame, QProgressBar, QSizePolicy

from gongji.desk.changes import Changed
from gongji.desk.upload.gateway.kept_gateway import has_gateway
from gongji.desk.upload.queue import GROUPS, LIMIT, queue_totals, queued
from gongji.gui.background.lazy import differences_sheet
from gongji.gui.background.upload_status import UploadRate, UploadStatus, sentence
from gongji.gui.kit import dialogs, tokens
from gongji.gui.kit.dialogs import Act, button
from gongji.gui.kit.layout import column, label, put, row
from gongji.gui.kit.parts import card_of, on_screen
from gongji.gui.kit.style import set_role
from gongji.gui.kit.table import TableView
from gongji.gui.shell.screen import Screen, ScreenKey
from gongji.gui.shell.workspace import Workspace
from gongji.gui.upload.columns import COLUMNS, EMPTY, LEFT_OUT, NARROWER, details
from gongji.gui.upload.group_cards import GroupCards
from gongji.gui.upload.reconcile_sheet import ReconcilingSheet
from gongji.gui.upload.stick_sheet import CarryingSheet

_HEIGHT, _TURN = 62, 120


class UploadStatusBar(QFrame):
    """A sentence, with a bar, count, rate and time left under it while sending."""

    def __init__(self, turn: Act) -> None:
        """`turn` pauses sending, or resumes it."""
        super().__init__()
        set_role(self, "card")
        self.setMinimumHeight(_HEIGHT)
        self.said = label("", wrap=True)
        self.said.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.bar = QProgressBar(textVisible=False)
        self.count = label("", "muted")
        self.turn = button("", turn)
        self.turn.setFixedWidth(_TURN)
        told = put(column(margin=0, spacing=tokens.STEP), self.said, put(row(), (self.bar, 1), self.count))
        across = put(row(self), (told, 1), self.turn)
        across.setContentsMargins(tokens.GAP, 2 * tokens.STEP, 2 * tokens.STEP, 2 * tokens.STEP)
        self.show_standing(UploadStatus.OFF, "")

    def show_standing(self, standing: UploadStatus, text: str) -> None:
        """Show the state of uploading."""
        self.said.setText(text)
        self.turn.setVisible(standing is not UploadStatus.OFF)
        self.turn.setText("继续上传 F12" if standing is UploadStatus.PAUSED else "暂停 F12")
        for one in (self.bar, self.count):
            one.setVisible(standing is UploadStatus.SENDING)

    def show_pace(self, pace: UploadRate, seconds: float) -> None:
        """Show progress, rate and time left."""
        whole = max(1, pace.whole)
        self.bar.setRange(0, whole)
        self.bar.setValue(pace.done)
        counts, left = f"{pace.done:,} / {pace.whole:,} 笔（{pace.done * 100 // whole}%）", pace.in_words(seconds)
        self.count.setText(" · ".join(filter(None, (counts, left))))


_NO_GATEWAY = "没有填医保网关时，记录都在本机排着；请在“设置 → 网关”填好地址，或“导出到U盘”由能联网的电脑转送。"


_ROOMY = 900
"""Pixels below which the list leaves out what tells least."""


class UploadScreen(Screen):
    """Totals above, the list below, the state of sending and what to press at the bottom."""

    watches = Changed.SETTLEMENTS | Changed.QUEUE | Changed.SETTINGS

    def __init__(self, station: Workspace) -> None:
        super().__init__(station)
        self.group = GROUPS[0].name
        self._waiting = 0
        self.totals = GroupCards(self.show_group)
        self.table = self.first_field = TableView(COLUMNS, EMPTY[self.group])
        self.table.leave_out(_ROOMY, *LEFT_OUT)
        self.table.narrow(_ROOMY, NARROWER)
        self.strip = UploadStatusBar(self.turn)
        self.more = label("", "small")
        self.upload = button("立即上传 F9", self.upload_now, "main")
        acts = (
            ("导出到U盘 F7", self.carry_away),
            ("导入回执", self.bring_back),
            ("差异处理 F10", self.decide_differences),
            ("对账 F11", self.reconcile),
        )
        foot = put(row(spacing=2 * tokens.STEP), (self.more, 1), *(button(*act) for act in acts), self.upload)
        on_screen(self, self.totals, (card_of(self.table), 1), self.strip, foot, spacing=tokens.GAP)
        self.table.opened.connect(lambda _: self.show_chosen())
        station.sending.changed.connect(self._show_standing)

    def keys(self) -> tuple[ScreenKey, ...]:
        """Return this screen's keys: a group each, and the record that is chosen."""
        groups = enumerate(self.totals.cards, 2)
        return (
            *(ScreenKey(f"F{place}", name, partial(self.show_group, name)) for place, name in groups),
            ScreenKey("F7", "U盘与回执", self.carry_away),
            ScreenKey("F8", "说明", self.show_chosen),
            ScreenKey("F9", "立即上传", self.upload_now),
            ScreenKey("F10", "差异处理", self.decide_differences),
            ScreenKey("F11", "对账", self.reconcile),
            ScreenKey("F12", "暂停 / 继续", self.turn),
        )

    def refresh(self) -> None:
        """Read the totals and the list again, keeping the one that is chosen."""
        counter = self.station.counter
        totals = queue_totals(counter)
        self._waiting = totals[GROUPS[0].name].records
        self.totals.show_totals(totals)
        states = next((group.states for group in GROUPS if group.name == self.group), None)
        self.table.say_empty(EMPTY[self.group])
        rows = queued(counter, states)
        self.table.set_rows(rows, lambda one: one.no)
        self.more.setText(f"只列出 {LIMIT:,} 条。" if len(rows) == LIMIT else "")
        self.upload.setEnabled(has_gateway(counter))
        self._show_standing()

    def _show_standing(self) -> None:
        """Show the state of sending, while the screen is shown."""
        if not self.is_shown:
            return
        sending = self.station.sending
        said = sentence(sending.standing, sending.trouble, sending.seconds_to_wait, self._waiting)
        self.strip.show_standing(sending.standing, said)
        if sending.standing is UploadStatus.SENDING:
            self.strip.show_pace(sending.pace, sending.seconds)

    def show_group(self, name: str) -> None:
        """List another group."""
        self.group = name
        self.totals.choose(name)
        self.refresh()
        self.table.setFocus()

    def show_chosen(self) -> None:
        """Show everything about the chosen record."""
        one = self.table.current
        if one is not None:
            dialogs.tell(self.window(), one.no, *details(one))

    def upload_now(self) -> None:
        """Do not wait for records that are due later, and resume sending where it was paused."""
        if not has_gateway(self.station.counter):
            dialogs.tell(self.window(), "还不能上传", _NO_GATEWAY)
        else:
            self.station.bugs.doing = "上传"
            self.station.sending.now()

    def turn(self) -> None:
        """Stop sending, or let it go on."""
        sending = self.station.sending
        if sending.is_paused:
            sending.now()
        else:
            sending.pause()

    def carry_away(self) -> None:
        """Open the stick sheet, to carry more away."""
        CarryingSheet(self.station)

    def bring_back(self) -> None:
        """Open the stick sheet, to bring answers back."""
        CarryingSheet(self.station).answers.setFocus()

    def decide_differences(self) -> None:
        """Open the sheet of records that need a decision."""
        differences_sheet().DifferencesSheet(self.station)

    def reconcile(self) -> None:
        """Compare a day or a month with the platform."""
        ReconcilingSheet(self.station)
