"""The figures of a shift: by means, by fund, receipts, what is not uploaded; and earlier shifts (以往的班次)."""

from collections import Counter
from collections.abc import Callable, Sequence
from html import escape

from PySide6.QtWidgets import QFrame

from gongji.core.labels import AMOUNT_WORDS, TENDER_WORDS
from gongji.core.money import grouped
from gongji.desk.clinic.explain import Kept
from gongji.desk.closing.shifts import Closing, DayReport, cash_fen, closed_shifts
from gongji.desk.upload.queue import Upload
from gongji.gui.kit import tokens
from gongji.gui.kit.choice import RowChoice
from gongji.gui.kit.form import HTML_STYLE, browser
from gongji.gui.kit.format import state_word
from gongji.gui.kit.layout import REST, column, label, put, row
from gongji.gui.kit.models import Column
from gongji.gui.kit.style import set_role
from gongji.gui.shell.workspace import Workspace

_ACCOUNTS = {name: AMOUNT_WORDS[name] for name in ("account_own", "account_family")}
_FUNDS = ("fund", "civil_servant", "large_medical")
_MOST_VOID, _MOST_UNSENT, _MOST_CONCERNS = 12, 8, 12


class ShiftFigures(QFrame):
    """A card with the figures of a shift."""

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "card")
        self.title = label("", "heading")
        self.counts = label("", "muted")
        self.total, self.fund, self.cash = (label("0.00", "title") for _ in range(3))
        self.text = browser()
        figures = {"总费用": self.total, "基金应付": self.fund, "收现金": self.cash}
        pairs = (put(column(margin=0, spacing=0), label(word, "label"), one) for word, one in figures.items())
        top, big = put(row(), self.title, REST, self.counts), put(row(spacing=3 * tokens.EDGE), *pairs, REST)
        put(column(self, margin=tokens.EDGE, spacing=2 * tokens.STEP), top, big, (self.text, 1))

    def show_report(self, title: str, one: DayReport, unsent: Sequence[Upload], open_ones: Sequence[Kept]) -> None:
        """Show a shift, headed by what somebody still has to enter again or explain."""
        self.title.setText(title)
        self.counts.setText(f"结算 {one.settlements} 笔 · 退费 {one.voids} 笔")
        self.total.setText(grouped(one.totals.total_fen))
        self.fund.setText(grouped(one.totals.fund_total_fen))
        self.cash.setText(grouped(cash_fen(one)))
        self.text.setHtml(HTML_STYLE + _concerns(open_ones) + _page(one, unsent))


def _page(one: DayReport, unsent: Sequence[Upload]) -> str:
    tender = [(word, one.by_means_fen.get(name, 0)) for name, word in {**TENDER_WORDS, **_ACCOUNTS}.items()]
    tender += [(f"差异{TENDER_WORDS[means]}", fen) for means, fen in one.evened_fen.items() if fen]
    funds = [(AMOUNT_WORDS[name], getattr(one.totals, f"{name}_fen")) for name in _FUNDS]
    columns = f"<td width='46%'>{_table('收款方式', tender)}</td><td width='8%'></td><td>{_table('基金', funds)}</td>"
    below = (_apart(one), _accepted(one), _receipts(one), _bills(one), _unsent(one, unsent))
    return f"<table width='100%'><tr>{columns}</tr></table>{''.join(below)}"


def _concerns(open_ones: Sequence[Kept]) -> str:
    """Return what a restore lost, or what else somebody has to explain, each by its number."""
    if not open_ones:
        return ""
    rows = "".join(
        f"<tr><td class='muted'>第 {each.id} 条　</td><td><b>{escape(each.concern.subject)}</b>　"
        f"{escape(each.concern.text)}</td></tr>"
        for each in open_ones[:_MOST_CONCERNS]
    )
    more = f"<p class='muted'>…… 共 {len(open_ones)} 条。</p>" if len(open_ones) > _MOST_CONCERNS else ""
    where = "<p class='muted'>补录后自动消去；说不清的到“设置 → 备份”按〔说明选中的…〕写明原因。</p>"
    return f"<h3 class='wrong'>待说明（{len(open_ones)}）</h3><table width='100%'>{rows}</table>{more}{where}"


def _apart(one: DayReport) -> str:
    """Return what was taken and what was given back by each means, where anything was given back."""
    others = "、".join(f"{escape(who)} {count} 笔" for who, count in one.still_open)
    open_still = f"<p class='muted'>还没有交班的：{others}。各人交各人的班。</p>" if others else ""
    if not any(each.back_fen and each.means in TENDER_WORDS for each in one.taken):
        return open_still
    taken_fen, back_fen = Counter[str](), Counter[str]()
    for each in one.taken:
        taken_fen[each.means] += each.taken_fen
        back_fen[each.means] += each.back_fen
    rows = "".join(
        f"<tr><td>{word}</td><td align='right'>{grouped(taken_fen[name])}</td>"
        f"<td align='right'>{grouped(-back_fen[name])}</td></tr>"
        for name, word in TENDER_WORDS.items()
        if name in taken_fen
    )
    head = "<tr><td></td><td align='right' class='muted'>收</td><td align='right' class='muted'>退</td></tr>"
    return f"<h3>收与退</h3><table width='46%'>{head}{rows}</table>{open_still}"


def _bills(one: DayReport) -> str:
    """Return which pre-printed forms were used, and which are void."""
    if one.bills is None:
        return ""
    voided = "、".join(f"{number}（{escape(reason)}）" for number, reason in one.bills.voided)
    void = f"<br>作废 {len(one.bills.voided)} 张{'：' + voided if voided else ''}"
    return f"<h3>票据</h3><p>{one.bills.first} 至 {one.bills.last}，共 {one.bills.used} 张{void}</p>"


def _accepted(one: DayReport) -> str:
    """Return what accepted differences add to the figures above."""
    rows = [(AMOUNT_WORDS[name], getattr(one.accepted, f"{name}_fen")) for name in AMOUNT_WORDS]
    words = "，".join(f"{word} {grouped(fen)}" for word, fen in rows if fen)
    return f"<p class='muted'>其中采用平台数的差额（已计入）：{words}。</p>" if words else ""


def _table(heading: str, rows: Sequence[tuple[str, int]]) -> str:
    total = sum(fen for _, fen in rows)
    lines = "".join(
        f"<tr><td{_muted(fen)}>{word}</td><td align='right'{_muted(fen)}>{grouped(fen)}</td></tr>" for word, fen in rows
    )
    foot = f"<tr><td><b>合计</b></td><td align='right'><b>{grouped(total)}</b></td></tr>"
    return f"<h3>{heading}</h3><table width='100%'>{lines}{foot}</table>"


def _muted(fen: int) -> str:
    return "" if fen else " class='muted'"


def _receipts(one: DayReport) -> str:
    if one.first_receipt is None:
        return "<h3>单据</h3><p class='muted'>本班没有使用单据。没有收费的班次也可以交班。</p>"
    used = one.settlements + one.voids
    voided = one.voided_receipts
    shown = "、".join(voided[:_MOST_VOID]) + (f" 等 {len(voided)} 张" if len(voided) > _MOST_VOID else "")
    void = f"<br>作废 {len(voided)} 张{'：' + shown if voided else ''}"
    return f"<h3>单据</h3><p>使用 {one.first_receipt} 至 {one.last_receipt}，共 {used} 张{void}</p>"


def _unsent(one: DayReport, unsent: Sequence[Upload]) -> str:
    if one.first_receipt is None:
        return ""
    if not unsent:
        return "<h3>上传</h3><p class='muted'>本班的记录都已上传。</p>"
    shown = "".join(
        f"<br><span class='muted'>{record.no}　{escape(record.name)}　{state_word(record.state)}</span>"
        for record in unsent[:_MOST_UNSENT]
    )
    more = "<br><span class='muted'>…… 其余见“上传”</span>" if len(unsent) > _MOST_UNSENT else ""
    fen = sum(record.fund_fen for record in unsent)
    return f"<h3>未上传</h3><p>{len(unsent)} 笔，基金 {grouped(fen)}。交班不受影响，联网后照常上传。{shown}{more}</p>"


_COLUMNS = (
    Column(title="交班时间", text=lambda one: one.at, width=190),
    Column(title="操作员", text=lambda one: one.operator, width=140),
    Column(
        title="号段",
        text=lambda one: (
            f"第 {one.first_serial} 至 {one.last_serial} 号" if one.last_serial >= one.first_serial else "没有收费"
        ),
    ),
    Column(title="笔数", text=lambda one: str(one.last_serial - one.first_serial + 1), width=80, right=True),
)


class ShiftHistorySheet(RowChoice):
    """Enter opens a shift's report."""

    def __init__(self, station: Workspace, opened: Callable[[Closing], None]) -> None:
        """Take what is called with the shift that is chosen."""
        super().__init__(station.window, "以往的班次", _COLUMNS, "还没有交过班。", 640)
        self.offer(closed_shifts(station.counter.store.reader), "看报表", opened, most_seen=10)
