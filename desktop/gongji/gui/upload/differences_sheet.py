"""差异处理: what needs a person, both sides' figures, and what may be decided; each decision keeps its reason."""

from functools import partial
from html import escape

from gongji.core.ledger.giving_back import in_words
from gongji.core.money import grouped
from gongji.core.outbox.differences import ComparedAmount
from gongji.core.outbox.states import State
from gongji.desk.papers.slips import difference_steps
from gongji.desk.settlements.refund import Refunded
from gongji.desk.upload.differences.decisions import (
    Decide,
    Decision,
    DifferenceCase,
    let_go_on,
    take_back,
    take_theirs,
    try_again,
    waiting_cases,
)
from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.form import HTML_STYLE, browser, text
from gongji.gui.kit.format import state_colour, state_word
from gongji.gui.kit.layout import REST, label, put, row
from gongji.gui.kit.models import Column
from gongji.gui.kit.table import TableView
from gongji.gui.printing.preview import print_or_show
from gongji.gui.printing.send_paper import print_settlement
from gongji.gui.records.refund_sheet import go_on_at_counter
from gongji.gui.shell.workspace import Workspace

_COLUMNS = (
    Column(title="结算号", text=lambda one: one.no, width=170),
    Column(title="现在", text=lambda one: state_word(one.state.value), width=170,
           colour=lambda one: state_colour(one.state.value)),
    Column(title="原因", text=lambda one: one.difference.cause if one.difference else one.since_error, muted=True),
)  # fmt: skip
_DECIDE: dict[str, tuple[Decide, tuple[State, ...]]] = {
    "按平台的数": (take_theirs, (State.DIFF,)),
    "冲销重收": (take_back, (State.DIFF, State.QUARANTINE, State.REJECTED)),
    "再试": (try_again, (State.QUARANTINE, State.REJECTED)),
    "先传后面的": (let_go_on, (State.DIFF, State.QUARANTINE)),
}
"""What may be decided, and of a record in which states."""


class DifferencesSheet(Dialog):
    """The list, the chosen record, a reason, and the possible decisions."""

    def __init__(self, station: Workspace) -> None:
        super().__init__(station.window, "差异处理", 860)
        self._station = station
        self.table = TableView(_COLUMNS, "没有需要处理的差异。")
        self.table.setFixedHeight(tokens.ROW * 4 + 2)
        self.details = browser()
        self.details.setMinimumHeight(260)
        self.note = text("", "例如：已与经办机构电话核对")
        self.note.returnPressed.connect(self._to_acts)
        put(self.body, self.table, (self.details, 1), label("理由（会记入日志）", "label"), self.note)
        self.said = self.say("", "strong")
        self.acts = {name: button(name, partial(self.decide, name)) for name in _DECIDE}
        back = button("返回", self.reject, "main")
        self.body.addLayout(put(row(spacing=2 * tokens.STEP), *self.acts.values(), REST, back))
        self.table.chosen.connect(lambda _: self._show())
        self.refresh()
        self.table.setFocus()
        self.open()

    def refresh(self) -> None:
        """Read what waits again."""
        self.table.set_rows(waiting_cases(self._station.counter))
        self._show()

    def _show(self) -> None:
        one: DifferenceCase | None = self.table.current
        self.details.setHtml(HTML_STYLE + ("" if one is None else _page(one)))
        for name, act in self.acts.items():
            act.setEnabled(one is not None and one.state in _DECIDE[name][1])

    def _to_acts(self) -> None:
        """Go on from the reason to the decisions: Enter there does not mean 返回."""
        first = next((one for one in self.acts.values() if one.isEnabled()), None)
        if first is not None:
            first.setFocus()

    def decide(self, name: str) -> None:
        """Decide on the chosen record, with the reason given."""
        one, note = self.table.current, self.note.text().strip()
        if one is None or not self.acts[name].isEnabled():
            return
        if not note:
            self.said.setText("请先写明理由")
            self.note.setFocus()
            return
        counter, act = self._station.counter, _DECIDE[name][0]
        self._station.jobs.write(lambda: act(counter, one, note), self._decided, self._failed, owner=self)

    def _decided(self, done: Decision) -> None:
        self.note.clear()
        self.refresh()
        self.said.setText(done.told)
        if done.slip is not None:
            slip, station = done.slip, self._station
            steps = partial(difference_steps, station.counter, slip.stored, slip.theirs_fen, slip.no)
            print_or_show(station, "差额单", steps, station)
        elif done.refunded is not None:
            self._print_red(done.refunded)

    def _print_red(self, done: Refunded) -> None:
        """Print the red receipt, and continue with the same visit at the counter."""
        print_settlement(self._station, done.voided.stored)
        self.accept()
        go_on_at_counter(self._station, done)

    def _failed(self, error: BaseException) -> None:
        self._station.tell_or_fail(error, self.said.setText)


def _page(one: DifferenceCase) -> str:
    if one.difference is None:
        return f"<p>{escape(one.since_error or state_word(one.state.value))}</p>"
    found = one.difference
    words = "".join(f"<td class=muted align=right width='18%'>{word}</td>" for word in ("本机", "平台", "相差"))
    rows = [each for each in found.lines if each.ours_fen or each.theirs_fen]
    rows.sort(key=lambda each: each.ours_fen == each.theirs_fen)
    table = f"<table width='100%'><tr><td></td>{words}</tr>{''.join(map(_row, rows))}</table>"
    back = all(fen < 0 for _, fen in one.moves) and one.moves
    means = f"原来怎么付就怎么退：{in_words(one.moves)}。" if back else ""
    return f"<p><b>{escape(found.cause)}</b></p><p>{escape(found.advice)}。{escape(means)}</p>{table}"


def _row(one: ComparedAmount) -> str:
    more_fen = one.theirs_fen - one.ours_fen
    mark = " class='attention'" if more_fen else ""
    cells = (grouped(one.ours_fen), grouped(one.theirs_fen), grouped(more_fen) if more_fen else "")
    words = "".join(f"<td align='right'{mark}>{cell}</td>" for cell in cells)
    return f"<tr><td{mark}>{escape(one.word)}</td>{words}</tr>"
