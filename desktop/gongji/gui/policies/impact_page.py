"""影响测算: what a year of the clinic's own settlements would have come to under the edition that is shown."""

from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

from gongji.core.engine.policy import Policy
from gongji.core.labels import AMOUNT_WORDS
from gongji.core.money import grouped
from gongji.core.progress import StoppedError
from gongji.desk.policies.export_impact import SUMMED, bands_of, export_impact, notes_of
from gongji.desk.policies.impact import Impact, VisitImpact, impact, years_settled
from gongji.gui.kit import dialogs, tokens
from gongji.gui.kit.ask_path import ask_new_file
from gongji.gui.kit.beside import Beside
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.form import HTML_STYLE, browser, choice, fill
from gongji.gui.kit.layout import column, label, put, row
from gongji.gui.kit.models import Column
from gongji.gui.kit.parts import card_of
from gongji.gui.kit.progress import TaskBar
from gongji.gui.kit.table import TableView
from gongji.gui.policies.policy_page import PolicyPage
from gongji.gui.policies.spread_chart import SpreadChart
from gongji.gui.shell.workspace import Workspace

_ASK = "选一个年度，按“测算”：本机构这一年的结算按上面选的这一版重算一遍，谁多付、谁少付一目了然；不会改动任何结算。"


_LEAST_SUMS_HEIGHT, _LEAST_PEOPLE_HEIGHT = 420, 280
"""Pixels of each part where one is below the other."""
_LEAST_SUMS, _LEAST_PEOPLE = 300, 416
"""Pixels at which no amount is broken or cut; where there is less room, the screen is scrolled."""


def signed(fen: int) -> str:
    """Return a change of an amount: +1,200.00, −35.00."""
    return grouped(fen) if fen <= 0 else f"+{grouped(fen)}"


_PEOPLE = (
    Column(title="末四位", text=lambda one: _end_of(one.person_id), width=88),
    Column(title="次数", text=lambda one: str(one.visits), width=44, right=True, muted=True),
    Column(title="原来自付", text=lambda one: grouped(one.before.patient_fen), right=True, width=78),
    Column(title="按这一版", text=lambda one: grouped(one.after.patient_fen), right=True, width=78),
    Column(
        title="相差", text=lambda one: signed(one.more_fen), right=True,
        colour=lambda one: tokens.ATTENTION if one.more_fen > 0 else tokens.ACCENT if one.more_fen else tokens.MUTED,
    ),
)  # fmt: skip


def _end_of(number: str) -> str:
    return f"…{number[-4:]}" if len(number) > len("0000…0000") else number


class ImpactPage(PolicyPage):
    """Sums above, the picture and the people below, one visit's two reckonings beside each other."""

    def __init__(self, station: Workspace, policy: Policy) -> None:
        super().__init__(station, policy)
        self.found: Impact | None = None
        self.year = self.first_field = choice({})
        self.reckon_button = button("测算", self.reckon, "main")
        self.export_button = button("导出表格…", self.ask_to_export)
        self.picture_button = button("导出图片…", self.ask_for_picture)
        self.task = TaskBar()
        self.sums = browser()
        self.chart = SpreadChart()
        self.people = TableView(_PEOPLE, _ASK)
        self.visits = choice({})
        self.details = browser()
        self.sums.setMinimumWidth(_LEAST_SUMS)
        self.people.setMinimumWidth(_LEAST_PEOPLE)
        self.note = label("", "small", wrap=True)
        self._build()
        self.visits.currentIndexChanged.connect(lambda _: self._show_visit())
        self._show(None)

    def _build(self) -> None:
        top = put(row(spacing=2 * tokens.STEP), label("年度", "label"), self.year, self.reckon_button, (self.note, 1))
        put(top, self.picture_button, self.export_button)
        sums, picture = (card_of(one, margin=tokens.GAP) for one in (self.sums, self.chart))
        one_visit = card_of(
            label("变化最大的结算", "label"), self.visits, (self.details, 1), margin=tokens.GAP, spacing=tokens.STEP
        )
        left = put(column(margin=0), (sums, 3), (picture, 4))
        right = put(row(), (card_of(self.people), 5), (one_visit, 5))
        both = Beside(left, right, stretch=(4, 10), heights=(_LEAST_SUMS_HEIGHT, _LEAST_PEOPLE_HEIGHT))
        put(column(self, margin=0, spacing=2 * tokens.STEP), top, self.task, (both, 1))

    def refresh(self) -> None:
        """Offer the years there are; what was reckoned under another edition is put away."""
        chosen = str(self.year.currentData() or "")
        years = years_settled(self.station.counter, self.policy.pack.area, self.station.today)
        fill(self.year, {str(one): f"{one} 年" for one in years}, chosen or str(years[0]))
        if self.found is not None and self.found.policy.id != self.policy.id:
            self._show(None)

    def reckon(self) -> None:
        """Settle the year again, beside the settling; it can be stopped."""
        policy, counter = self.policy, self.station.counter
        if self.task.progress is not None:
            return
        year = int(str(self.year.currentData()))
        self.reckon_button.setEnabled(False)
        self.station.bugs.doing = "影响测算"
        tell = self.task.begin(f"正在按 {policy.id} 重算 {year} 年")
        self.station.jobs.device(lambda: impact(counter, policy, year, tell), self._reckoned, self._broken, owner=self)

    def _reckoned(self, found: Impact) -> None:
        self._end()
        self._show(found)

    def _broken(self, error: BaseException) -> None:
        self._end()
        if isinstance(error, StoppedError):
            self.note.setText("已停止测算，什么也没有留下。")
        else:
            self.station.fail(error)

    def _end(self) -> None:
        self.task.end()
        self.reckon_button.setEnabled(True)

    def _show(self, found: Impact | None) -> None:
        self.found = found
        for one in (self.export_button, self.picture_button):
            one.setEnabled(found is not None)
        self.note.setText("" if found is None else f"{found.visits:,} 次，{len(found.people):,} 人")
        self.sums.setHtml("" if found is None else HTML_STYLE + _sums(found))
        self.chart.show_bars([] if found is None else bands_of(found))
        self.people.set_rows(() if found is None else found.people)
        visits = () if found is None else found.most_changed
        words = {
            str(place): f"{one.stored.settled_on}  {one.stored.no}  {signed(one.more_fen)}"
            for place, one in enumerate(visits)
        }
        fill(self.visits, words or {"": "没有变化的结算" if found else "还没有测算"})
        self._show_visit()

    def _show_visit(self) -> None:
        place = self.visits.currentData()
        self.details.setHtml(HTML_STYLE + _visit(self.found.most_changed[int(place)]) if self.found and place else "")

    def ask_to_export(self) -> None:
        """Ask where the workbook goes."""
        ask_new_file(self, "导出影响测算", f"{self._file_name()}.xlsx", "表格 (*.xlsx)", self.export)

    def ask_for_picture(self) -> None:
        """Ask where the picture goes."""
        ask_new_file(self, "导出图片", f"{self._file_name()}.png", "图片 (*.png)", self.save_picture)

    def _file_name(self) -> str:
        return f"影响测算-{self.year.currentData()}"

    def export(self, path: Path) -> None:
        """Write the workbook."""
        found, counter = self.found, self.station.counter
        if found is None:
            return
        said = f"{path}，含每个人的证件号码，请妥善保管。"
        self.station.jobs.device(
            lambda: export_impact(counter, found, path),
            lambda _: dialogs.tell(self.window(), "已导出", said),
            owner=self,
        )

    def save_picture(self, path: Path) -> None:
        """Write the picture of how many bear more or less."""
        if self.chart.grab().save(str(path)):
            dialogs.tell(self.window(), "已导出", str(path))
        else:
            dialogs.tell(self.window(), "没有写成", f"{path} 写不了，请换一个地方再试。")


_HEAD = "<tr class='muted'><td></td><td align='right'>原来</td><td align='right'>按这一版</td>"


def _sums(found: Impact) -> str:
    rows = "".join(
        f"<tr><td>{word}</td><td align='right'>{grouped(getattr(found.before, name))}</td>"
        f"<td align='right'>{grouped(getattr(found.after, name))}</td>"
        f"<td align='right'><b>{signed(getattr(found.after, name) - getattr(found.before, name))}</b></td></tr>"
        for name, word in SUMMED.items()
    )
    notes = "".join(f"<p class='muted'>{escape(note)}</p>" for note in notes_of(found))
    return f"<table width='100%'>{_HEAD}<td align='right'>相差</td></tr>{rows}</table>{notes}"


def _visit(one: VisitImpact) -> str:
    """Return both reckonings of a visit, amount by amount and sentence by sentence."""
    amounts = [
        (word, getattr(one.stored.totals, f"{name}_fen"), getattr(one.quoted.totals, f"{name}_fen"))
        for name, word in AMOUNT_WORDS.items()
    ]
    rows = "".join(
        f"<tr><td>{word}</td><td align='right'>{grouped(old)}</td><td align='right'>{grouped(new)}</td></tr>"
        for word, old, new in amounts
        if old or new
    )
    return (
        f"<table width='100%'>{_HEAD}</tr>{rows}</table>"
        f"<h3>原来（{escape(one.stored.policy)}）</h3>{_steps(one.stored.parts)}"
        f"<h3>按这一版（{escape(one.quoted.policy)}）</h3>{_steps(one.quoted.settlements)}"
    )


def _steps(parts: Iterable[Any]) -> str:
    return "".join(f"<p>{escape(step.text)}</p>" for part in parts for step in part.trace)
