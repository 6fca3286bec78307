"""开放参数: figures the document leaves to notices: what they are, who entered which from where, and new ones."""

from typing import Any

from msgspec import Struct
from PySide6.QtWidgets import QLineEdit, QWidget

from gongji.core.engine.policy import Policy
from gongji.core.money import parse_ratio, percent
from gongji.core.packs.language import Parameter
from gongji.core.typed import figure_as_written, ratio_as_written
from gongji.desk.policies.parameters import ParameterEntry, ParameterSlot, enter, entered, places_of, value_of
from gongji.gui.kit import tokens
from gongji.gui.kit.day_field import DayField
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.form import fields, text
from gongji.gui.kit.layout import REST, Scroll, column, label, put, row
from gongji.gui.kit.models import Column
from gongji.gui.kit.parts import card_of
from gongji.gui.kit.table import TableView
from gongji.gui.policies.policy_page import PolicyPage
from gongji.gui.shell.workspace import Workspace

_MOST_SEEN = 8
_YEARS_BACK = 4
"""A year is cleared the year after, on a figure of two years before it."""


class ParameterLine(Struct, frozen=True, kw_only=True):
    """A parameter with an entry of it; `entry` is None where nobody has entered any, `counts` for the newest."""

    name: str
    parameter: Parameter
    article: str
    entry: ParameterEntry | None
    says: str
    counts: bool


_COLUMNS = (
    Column(
        title="参数", text=lambda one: f"{one.parameter.name}（{one.parameter.unit}）" if one.counts else "　以前填的",
        width=250, colour=lambda one: None if one.counts else tokens.MUTED,
    ),
    Column(title="条文", text=lambda one: one.article if one.counts else "", width=130, colour=lambda _: tokens.ACCENT),
    Column(title="数", text=lambda one: one.says, colour=lambda one: tokens.ATTENTION if one.entry is None else None),
    Column(title="出自", text=lambda one: one.entry.notice if one.entry else "", width=220, muted=True),
    Column(title="谁填的", text=lambda one: one.entry.operator if one.entry else "", width=80, muted=True),
    Column(title="何时", text=lambda one: one.entry.at[:16] if one.entry else "", width=140, muted=True),
)  # fmt: skip


_ROOMY = 900
"""Pixels below which the columns stand closer together."""

_NOTE = "文件提到而没有给出的数，按经办机构的通知填写。每次填写都留下是谁、何时、出自哪个通知；以前填的不会改动。"
_NOBODY_YET = "还没有填，用到它的结算会被拒绝"


class ParametersPage(PolicyPage):
    """The list, newest entries first under each parameter; Enter fills in new figures."""

    def __init__(self, station: Workspace, policy: Policy) -> None:
        super().__init__(station, policy)
        self.table = self.first_field = TableView(_COLUMNS, "这一版没有须另行填写的数额：文件把所有的数都写明了。")
        self.table.setWordWrap(True)
        self.table.narrow(_ROOMY, {0: 150, 1: 76, 3: 130, 4: 66, 5: 96})
        self.fill = button("填写…（Enter）", self._fill, "main")
        foot = put(row(), (label(_NOTE, "small", wrap=True), 1), self.fill)
        put(column(self, margin=0, spacing=2 * tokens.STEP), (card_of(self.table), 1), foot)
        self.table.opened.connect(lambda _: self._fill())

    def refresh(self) -> None:
        """Read what was entered."""
        all_entries = entered(self.station.counter, self.policy.pack.area)
        rows = []
        for name, parameter in self.policy.pack.parameter.items():
            article = self.policy.pack.rule[parameter.rule].article
            mine = [one for one in all_entries if one.name == name]
            for place, entry in enumerate(mine or [None]):
                says = _NOBODY_YET if entry is None else in_words(self.policy, parameter, entry.value)
                line = ParameterLine(
                    name=name, parameter=parameter, article=article, entry=entry, says=says, counts=not place
                )
                rows.append(line)
        self.table.set_rows(rows)
        self.table.wrap_rows()
        self.fill.setEnabled(bool(rows))

    def _fill(self) -> None:
        one = self.table.current
        if one is not None:
            newest = next(row for row in self.table.rows_model.rows if row.name == one.name)
            FillSheet(self.station, self.policy, newest, self.refresh)


def in_words(policy: Policy, parameter: Parameter, value: Any) -> str:
    """Return a parameter's value for people: "在职、一级 90%；在职、二级 85%"."""
    found = _flat(policy, parameter, value)
    return "；".join(f"{'、'.join(words)} {_figure(parameter, text)}".strip() for words, text in found)


def _flat(policy: Policy, parameter: Parameter, value: Any, depth: int = 0) -> list[tuple[list[str], str]]:
    if not isinstance(value, dict) or depth == len(parameter.by):
        return [([], str(value))]
    fact = parameter.by[depth]
    found: list[tuple[list[str], str]] = []
    for key, part in value.items():
        word = f"{key} 年" if fact == "year" else str(policy.known[fact].words.get(key, key))
        found += [([word, *words], text) for words, text in _flat(policy, parameter, part, depth + 1)]
    return found


def _figure(parameter: Parameter, text: str) -> str:
    try:
        return percent(parse_ratio(text)) if parameter.kind == "ratio" else text
    except ValueError:
        return text


class FillSheet(Dialog):
    """A field for each figure, and the notice they come from."""

    def __init__(self, station: Workspace, policy: Policy, line: ParameterLine, done: Any) -> None:
        super().__init__(station.window, f"填写 {line.parameter.name}（{line.parameter.unit}）", 560)
        self._station, self._policy, self._line, self._done_with = station, policy, line, done
        self.say(f"{policy.pack.area_name} {line.article}提到而没有给出。空着的格子表示没有这个数。", "muted")
        year = station.today.year
        self._places = places_of(policy, line.parameter, tuple(range(year - _YEARS_BACK, year + 1)))
        self.fields = {place.keys: self._field(place) for place in self._places}
        inside = QWidget()
        put(column(inside, margin=0), fields([(place.words, self.fields[place.keys]) for place in self._places]), REST)
        scroll = Scroll(inside)
        scroll.setFixedHeight(min(_MOST_SEEN, len(self._places)) * (tokens.FIELD + 10))
        self.notice = text("", "通知的名称、文号、日期，例如：某市医保局 2026 年第 3 号通知")
        asked = label("出自哪个通知", "label")
        asked.setBuddy(self.notice)
        put(self.body, scroll, asked, self.notice)
        self.wrong = self.say("", "wrong")
        self._keep = button("保存", self._save, "main")
        self.buttons(self._keep, button("取消", self.reject))
        next((one for one in self.fields.values() if one.isEnabled()), self.notice).setFocus()
        self.open()

    def _field(self, place: ParameterSlot) -> QLineEdit:
        entry = self._line.entry
        value: Any = None if entry is None else entry.value
        for key in place.keys:
            value = value.get(key) if isinstance(value, dict) else None
        if self._line.parameter.kind == "date":
            said = "" if value is None else str(value)
            one: QLineEdit = DayField(lambda: self._station.today, said, lean="near", wide=True)
        else:
            one = text("" if value is None else str(value), right=True)
        if place.fixed is not None:
            one.setText(place.fixed)
            one.setEnabled(False)
            one.setToolTip("文件写明的数，不能改")
        return one

    def _save(self) -> None:
        asked = {place: self.fields[place.keys] for place in self._places if place.fixed is None}
        for place, one in asked.items():
            if isinstance(one, DayField) and one.fault(required=False):
                self.wrong.setText(f"{place.words}{one.fault()}")
                one.setFocus()
                return
        value, notice = value_of({place.keys: self._written(one) for place, one in asked.items()}), self.notice.text()
        counter, policy, name = self._station.counter, self._policy, self._line.name
        self._keep.setEnabled(False)
        self._station.jobs.write(
            lambda: enter(counter, policy, name, value, notice), self._saved, self._failed, owner=self
        )

    def _written(self, one: QLineEdit) -> str:
        """Return what a field says as the contract writes it."""
        if isinstance(one, DayField):
            return one.iso
        return (ratio_as_written if self._line.parameter.kind == "ratio" else figure_as_written)(one.text())

    def _saved(self, _: object) -> None:
        self.accept()
        self._done_with()

    def _failed(self, error: BaseException) -> None:
        self._keep.setEnabled(True)
        self._station.tell_or_fail(error, self.wrong.setText)
