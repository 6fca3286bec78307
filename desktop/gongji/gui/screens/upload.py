"""上传: the queue, one line a record, totals by state, and what can be done about it. Offline is normal."""

from collections.abc import Callable
from functools import partial

from gongji.desk.overview import overview_of
from gongji.desk.queueing import ALL, GROUPS, LIMIT, queue_totals, queued
from gongji.desk.sending import has_gateway
from gongji.gui import messages, tokens
from gongji.gui.jobs import Changed
from gongji.gui.messages import button
from gongji.gui.screens.base import Key, Screen
from gongji.gui.station import Station
from gongji.gui.uploads.carrying_sheet import CarryingSheet
from gongji.gui.uploads.columns import COLUMNS, EMPTY
from gongji.gui.uploads.differences_sheet import DifferencesSheet
from gongji.gui.uploads.sending import Sending
from gongji.gui.uploads.totals import Totals
from gongji.gui.widgets.basics import card, column, label, row
from gongji.gui.widgets.table import Table
from gongji.gui.widgets.task import TaskBar
from gongji.gui.words import state_word, what_to_do

_NO_GATEWAY = "还没有填医保网关：记录都完整保存在本机，一笔也不会丢；在“设置 → 网关”填好后即可上传，或导出到U盘。"
_READY = "按“立即上传”按先后传送；断网、断电都不会丢，也不会重复。"


class UploadScreen(Screen):
    """Totals above, the list below, what to press at the foot."""

    watches = Changed.SETTLEMENTS | Changed.QUEUE | Changed.SETTINGS

    def __init__(self, station: Station) -> None:
        """Begin with what waits."""
        super().__init__(station)
        self.group = GROUPS[0].name
        self._waiting = 0
        self._tell: Callable[[int, int], bool] = lambda _done, _of: True
        self.totals = Totals(self.show_group)
        self.table = Table(COLUMNS, EMPTY[self.group])
        self.say = label("", "muted", wrap=True)
        self.sending = Sending(station, self)
        self.task = TaskBar()
        self.upload = button("立即上传", self.upload_now, "main")
        self.carry = button("导出到U盘", self.carry_away)
        self.answers = button("导入回执", self.carry_away)
        self.decide = button("差异处理", self.decide_differences)
        down = column(self, spacing=tokens.GAP)
        down.setContentsMargins(tokens.EDGE, tokens.EDGE - 2, tokens.EDGE, tokens.GAP)
        down.addWidget(self.totals)
        listed = card()
        inside = column(listed, margin=1, spacing=0)
        inside.addWidget(self.table, 1)
        down.addWidget(listed, 1)
        foot = row(spacing=2 * tokens.STEP)
        foot.addWidget(self.say, 1)
        for one in (self.upload, self.carry, self.answers, self.decide):
            foot.addWidget(one)
        down.addWidget(self.task)
        down.addLayout(foot)
        self.table.opened.connect(lambda _: self.show_chosen())
        self.sending.moved.connect(self._moved)
        self.sending.ended.connect(self._ended)
        self.task.stop.clicked.connect(self.sending.stop)

    def keys(self) -> tuple[Key, ...]:
        """Return this screen's keys: a group each, and the record that is chosen."""
        names = (*(group.name for group in GROUPS), ALL)
        groups = tuple(Key(f"F{place}", name, partial(self.show_group, name)) for place, name in enumerate(names, 2))
        return (
            *groups,
            Key("F7", "U盘与回执", self.carry_away),
            Key("F8", "说明", self.show_chosen),
            Key("F9", "立即上传", self.upload_now),
            Key("F10", "差异处理", self.decide_differences),
        )

    def enter(self) -> None:
        """Begin in the list."""
        self.table.setFocus()

    def refresh(self) -> None:
        """Read the totals and the list again."""
        counter = self.station.counter
        self.totals.show_totals(queue_totals(counter))
        states = next((group.states for group in GROUPS if group.name == self.group), None)
        self.table.say_empty(EMPTY[self.group])
        rows = queued(counter, states)
        self.table.set_rows(rows)
        told = overview_of(counter).told_until
        more = f"只列出 {LIMIT} 条。" if len(rows) == LIMIT else ""
        connected = has_gateway(counter)
        self.upload.setEnabled(connected and not self.sending.is_busy)
        self.upload.setToolTip("" if connected else _NO_GATEWAY)
        self.say.setText(
            f"{more}{_READY if connected else _NO_GATEWAY}" + (f" 平台资料截至 {told[5:16]}。" if told else "")
        )

    def show_group(self, name: str) -> None:
        """List another group."""
        self.group = name
        self.totals.choose(name)
        self.refresh()
        self.table.setFocus()

    def show_chosen(self) -> None:
        """Say everything about the chosen record."""
        one = self.table.current
        if one is None:
            return
        sentences = [
            f"{one.name or '—'} · {state_word(one.state)}，从 {one.since} 起。",
            f"记录于 {one.made_at}，已试 {one.tries} 次。",
            f"怎么办：{what_to_do(one.state)}。",
        ]
        if one.after is not None:
            sentences.append(f"它要等 {one.after} 先上传。")
        if one.last_error:
            sentences.append(f"最近一次：{one.last_error}")
        messages.tell(self.window(), one.no, *sentences)

    def upload_now(self) -> None:
        """Send what is due, message by message; the window stays free meanwhile."""
        if not has_gateway(self.station.counter):
            messages.tell(self.window(), "还不能上传", _NO_GATEWAY)
        elif not self.sending.is_busy:
            self._waiting = queue_totals(self.station.counter)[GROUPS[0].name].records
            self._tell = self.task.begin("正在上传")
            self.upload.setEnabled(False)
            self.sending.begin()

    def _moved(self, _sent: int) -> None:
        left = queue_totals(self.station.counter)[GROUPS[0].name].records
        whole = max(self._waiting, left)
        self._tell(whole - left, whole)

    def _ended(self, trouble: str) -> None:
        self.task.end()
        self.refresh()
        done = self._waiting - queue_totals(self.station.counter)[GROUPS[0].name].records
        told = f"传完 {max(0, done)} 笔，发出报文 {self.sending.sent} 条。"
        self.say.setText(f"{told}{trouble}；稍后再试，记录都在队列里。" if trouble else told)

    def carry_away(self) -> None:
        """Show what is carried on a stick, both ways."""
        CarryingSheet(self.station)

    def decide_differences(self) -> None:
        """Show what needs a person."""
        DifferencesSheet(self.station)
