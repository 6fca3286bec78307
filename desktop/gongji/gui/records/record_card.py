"""One settlement or void beside the list: amounts, who paid how, its lines, its paper, its upload."""

from collections import Counter
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame

from gongji.core.engine.without_benefit import pays_nothing
from gongji.core.identity import masked
from gongji.core.labels import AMOUNT_WORDS, SHORT_AMOUNT_WORDS, TENDER_WORDS
from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.core.money import grouped, line_fen, plain_e4, yuan
from gongji.desk.records import SettlementRecord
from gongji.desk.roles import reveal
from gongji.desk.upload.differences.difference_slips import DifferenceSlip
from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.form import HTML_STYLE, browser
from gongji.gui.kit.format import next_try, state_word, what_to_do
from gongji.gui.kit.layout import REST, Elided, column, label, put, row, rule
from gongji.gui.kit.style import set_role
from gongji.gui.shell.workspace import Workspace

_MEANS = {**SHORT_AMOUNT_WORDS, **TENDER_WORDS}
_WIDTH = 354
_ALWAYS = ("total", "fund_total", "cash")
_SHOWN = ("total", "fund_total", "patient", "account_own", "account_family", "cash")


class RecordCard(QFrame):
    """A card; empty words where nothing is chosen."""

    def __init__(self, station: Workspace) -> None:
        super().__init__()
        self._station = station
        self._shown: StoredSettlement | None = None
        set_role(self, "card")
        self.setMinimumWidth(_WIDTH)
        self.name = Elided("", "name")
        self.kind = label("", "chip")
        self.number = label("", "muted")
        self.whole = button("显示完整证件号", self._reveal, "link")
        self.whole.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.text = browser()
        top, whole = put(row(), (self.name, 1), self.kind), put(row(), self.whole, REST)
        parts = (top, self.number, whole, rule(), (self.text, 1))
        put(column(self, margin=tokens.EDGE, spacing=2 * tokens.STEP), *parts)

    def show_nothing(self, words: str) -> None:
        """Show that nothing is chosen."""
        self.name.setText("")
        self.kind.hide()
        self.whole.hide()
        self._shown = None
        self.number.setText("")
        self.text.setHtml(f"{HTML_STYLE}<p class='muted'>{escape(words)}</p>")

    def show_record(self, one: SettlementRecord) -> None:
        """Show a settlement or void."""
        stored = one.stored
        is_void = stored.kind == "void"
        self.name.setText(one.name or "（未填姓名）")
        self.kind.setText("退费（红字）" if is_void else "已退费" if stored.voided_by else "结算")
        set_role(self.kind, "chip attention" if is_void or stored.voided_by else "chip")
        self.kind.show()
        self._shown = stored
        self.whole.setVisible(bool(stored.person_id))
        self.number.setText(f"{stored.no} · {masked(stored.person_id)}")
        self.text.setHtml(HTML_STYLE + _page(one))

    def _reveal(self) -> None:
        """Show the whole number of the person, which is logged, until another record is shown."""
        stored, counter = self._shown, self._station.counter
        if stored is None:
            return

        def show(number: str) -> None:
            if self._shown is stored:
                self.number.setText(f"{stored.no} · {number}")
                self.whole.hide()

        self._station.jobs.write(lambda: reveal(counter, stored.person_id, f"记录 {stored.no} "), show, owner=self)


def _page(one: SettlementRecord) -> str:
    evened = "".join(f"<h3>差额</h3><p>{_difference(each)}</p>" for each in one.differences)
    return "".join((_amounts(one), _payments(one), _facts(one), _upload(one), evened, _paper(one), _lines(one)))


def _amounts(one: SettlementRecord) -> str:
    rows = []
    for name in _SHOWN:
        fen = getattr(one.stored.totals, f"{name}_fen")
        if fen or name in _ALWAYS:
            style = " class='accent'" if name == "fund_total" else ""
            rows.append(
                f"<tr><td{style}>{AMOUNT_WORDS[name]}</td><td{style} align='right'><b>{grouped(fen)}</b></td></tr>"
            )
    return f"<table width='100%'>{''.join(rows)}</table>"


def _payments(one: SettlementRecord) -> str:
    found = Counter[str]()
    for payment in one.stored.payments:
        found[payment.means] += payment.amount_fen
    words = "　".join(f"{_MEANS.get(means, means)} {grouped(fen)}" for means, fen in found.items() if fen)
    return f"<p class='muted'>付款：{words or '无'}</p>"


def _facts(one: SettlementRecord) -> str:
    stored, pack = one.stored, one.pack
    benefits = "、".join(
        pack.benefit[part.benefit].name if part.benefit in pack.benefit else part.benefit for part in stored.parts
    )
    sentences = [
        f"{stored.at}　经办 {stored.operator}",
        f"就诊日期 {stored.settled_on} · {benefits}",
        pack.area_name if pays_nothing(stored.policy) else f"{pack.area_name} · 政策 {stored.policy}",
        f"单据号 {stored.receipt_no}",
    ]
    html = "".join(f"<br>{escape(line)}" for line in sentences)
    if stored.voids is not None:
        html += f"<br><span class='attention'>冲销 {stored.voids}：{escape(stored.reason)}</span>"
    if stored.voided_by is not None:
        html += f"<br><span class='attention'>已由 {stored.voided_by} 冲销</span>"
    return f"<p class='muted'>{html.removeprefix('<br>')}</p>"


def _upload(one: SettlementRecord) -> str:
    record = one.upload
    if record is None:
        return ""
    sentences = [f"<b>{state_word(record.state)}</b>（{record.since[5:16]} 起）", what_to_do(record.state)]
    if record.tries:
        sentences.append(f"已试 {record.tries} 次")
    if next_try(record):
        sentences.append(f"下次：{next_try(record)}")
    if record.last_error:
        sentences.append(f"最近一次：{escape(record.last_error)}")
    return f"<h3>上传</h3><p>{'<br>'.join(sentences)}</p>"


def slip_word(one: DifferenceSlip) -> str:
    """Return the title of a difference slip."""
    return f"差额单 {one.decided.slip_no or ''}".rstrip()


def _difference(one: DifferenceSlip) -> str:
    """Return a difference resolved by the platform's figures, with its slip."""
    fen = one.decided.amount_fen
    act = f"补收 {grouped(fen)}" if fen > 0 else f"退还 {grouped(-fen)}" if fen else "现金不变"
    printed = f"已出，补打 {one.reprints} 次" if one.printed else "还没有出"
    sentences = [
        f"按平台金额处理：<b>{act}</b>",
        escape(f"{one.decided.at}　{one.decided.operator}　{one.decided.note}"),
        f"{slip_word(one)} {printed}，按 F9 可补打",
    ]
    return "<br>".join(sentences)


def _paper(one: SettlementRecord) -> str:
    if not one.printed:
        return "<h3>单据</h3><p>还没有出过单据，按 F4 可预览并打印</p>"
    again = "".join(f"<br>补打 第 {nth} 次　{at}　{escape(by)}" for nth, by, at in one.reprints)
    return f"<h3>单据</h3><p>已出单据{again}</p>"


def _lines(one: SettlementRecord) -> str:
    rows = "".join(
        f"<tr><td>{escape(line.name)}</td><td class='muted' align='right'>{plain_e4(line.quantity)}</td>"
        f"<td align='right'>{yuan(line_fen(line.unit_price, line.quantity))}</td></tr>"
        for line in one.visit.lines
    )
    return f"<h3>明细（{len(one.visit.lines)} 项）</h3><table width='100%'>{rows}</table>"
