"""上传: the queue, one line a record, totals by state, and what can be done about it. Offline is normal."""

from gongji.desk.overview import overview_of
from gongji.desk.queueing import ALL, GROUPS, LIMIT, queue_totals, queued
from gongji.gui import messages, tokens
from gongji.gui.jobs import Changed
from gongji.gui.messages import button
from gongji.gui.screens.base import Key, Screen
from gongji.gui.station import Station
from gongji.gui.uploads.columns import COLUMNS, EMPTY
from gongji.gui.uploads.totals import Totals
from gongji.gui.widgets.basics import card, column, label, row
from gongji.gui.widgets.table import Table
from gongji.gui.words import state_word, what_to_do

_ACTS = ("立即上传", "导出到U盘", "导入回执", "差异处理")
_NOT_YET = "还没有接通医保平台：记录都完整保存在本机，一笔也不会丢；接通以后按先后自动上传。"


class UploadScreen(Screen):
    """Totals above, the list below, what to press at the foot."""

    watches = Changed.SETTLEMENTS | Changed.QUEUE

    def __init__(self, station: Station) -> None:
        """Begin with what waits."""
        super().__init__(station)
        self.group = GROUPS[0].name
        self.totals = Totals(self.show_group)
        self.table = Table(COLUMNS, EMPTY[self.group])
        self.say = label("", "muted")
        self.acts = {name: button(name, lambda: None, "main" if name == _ACTS[0] else "") for name in _ACTS}
        down = column(self, spacing=tokens.GAP)
        down.setContentsMargins(tokens.EDGE, tokens.EDGE - 2, tokens.EDGE, tokens.GAP)
        down.addWidget(self.totals)
        listed = card()
        inside = column(listed, margin=1, spacing=0)
        inside.addWidget(self.table, 1)
        down.addWidget(listed, 1)
        foot = row(spacing=2 * tokens.STEP)
        foot.addWidget(self.say, 1)
        for one in self.acts.values():
            one.setEnabled(False)
            one.setToolTip(_NOT_YET)
            foot.addWidget(one)
        down.addLayout(foot)
        self.table.opened.connect(lambda _: self.show_chosen())

    def keys(self) -> tuple[Key, ...]:
        """Return this screen's keys: a group each, and the record that is chosen."""
        names = (*(group.name for group in GROUPS), ALL)
        groups = tuple(
            Key(f"F{place}", name, lambda name=name: self.show_group(name)) for place, name in enumerate(names, 2)
        )
        return (*groups, Key("F8", "说明", self.show_chosen), Key("F9", _ACTS[0], self._upload_now))

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
        self.say.setText(f"{more}{_NOT_YET}" + (f" 平台资料截至 {told[5:16]}。" if told else ""))

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

    def _upload_now(self) -> None:
        if not self.acts[_ACTS[0]].isEnabled():
            messages.tell(self.window(), "现在不能上传", _NOT_YET)
