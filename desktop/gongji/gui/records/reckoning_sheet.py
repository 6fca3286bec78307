"""为什么是这个数 (F8): all steps, each article's gist, and its own words where the document is attached."""

from collections.abc import Callable, Mapping
from html import escape

from PySide6.QtWidgets import QTextBrowser, QWidget

from gongji.core.engine.amounts import AMOUNT_KEYS, Amounts
from gongji.core.engine.policy import Policy
from gongji.core.engine.quote import Quote
from gongji.core.engine.settlement import Settlement
from gongji.core.labels import AMOUNT_WORDS
from gongji.core.money import yuan
from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.shell.screen import shortcut

_ALWAYS = {"total", "eligible", "fund_total", "patient", "cash"}
_STRONG = {"fund_total", "cash"}
_SIZE = (880, 600)
_APART = " &nbsp;&nbsp;&nbsp; "


class ReckoningSheet(Dialog):
    """Shows the steps, and prints them for a patient who asks."""

    gives_way = True

    def __init__(
        self,
        parent: QWidget | None,
        quote: Quote,
        policy: Policy,
        words: Mapping[str, str],
        print_it: Callable[[], None] | None = None,
    ) -> None:
        """`words` are the documents' own, by article; `print_it` prints it for a patient who asks."""
        super().__init__(parent, "为什么是这个数", _SIZE[0])
        self.say(f"{policy.pack.area_name} · 政策 {policy.id}", "muted")
        self.text = QTextBrowser()
        self.text.setHtml(page(quote, policy, words))
        self.text.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.body.addWidget(self.text, 1)
        buttons = [button("返回", self.accept, "main")]
        if print_it is not None:
            buttons.append(button("打印给病人 Ctrl+P", print_it))
            shortcut("Ctrl+P", self, print_it)
        self.buttons(*buttons)
        self.resize(*_SIZE)
        self.open()


def page(quote: Quote, policy: Policy, words: Mapping[str, str]) -> str:
    """Return the steps as an HTML page."""
    parts = [_part(one, policy) for one in quote.settlements]
    if len(quote.settlements) > 1:
        parts.append(f"<h3>合计</h3>{_amounts(quote.totals)}")
    if quote.accumulators:
        totals = "，".join(
            f"{escape(policy.accumulators.title(name))} {yuan(fen)}" for name, fen in quote.accumulators.items()
        )
        parts.append(f"<p>年度累计（{quote.year_from} 起，含本次）：{totals}</p>")
    return f"<style>{_STYLE}</style>{''.join(parts)}<h3>条文要旨</h3>{_articles(quote, policy, words)}"


_STYLE = f"""
h3 {{ font-size: {tokens.HEADING}px; margin: 14px 0 4px 0; }}
td {{ padding: 4px 10px 4px 0; vertical-align: top; }}
.figure {{ text-align: right; white-space: nowrap; }}
.muted {{ color: {tokens.MUTED}; font-size: {tokens.LABEL}px; }}
.accent {{ color: {tokens.ACCENT}; }}
"""


def _part(one: Settlement, policy: Policy) -> str:
    steps = "".join(
        f"<tr><td class='accent' width='150'>{escape(step.article)}</td>"
        f"<td>{escape(step.text)}{_reading(step.reading)}</td>"
        f"<td class='figure' align='right' width='90'>{yuan(step.amount_fen)}</td></tr>"
        for step in one.trace
    )
    notices = "".join(
        f"<p class='accent'>提示：{escape(notice.text)}（{escape(notice.article)}）</p>" for notice in one.notices
    )
    name = escape(policy.pack.benefit[one.benefit].name)
    return f"<h3>{name}</h3>{_amounts(one.amounts)}<table width='100%'>{steps}</table>{notices}"


def _reading(reading: str | None) -> str:
    if reading is None:
        return ""
    return f"<br><span class='muted'>文件可有别的读法，我们的理解：{escape(reading)}</span>"


def _amounts(amounts: Amounts) -> str:
    cells = []
    for key in AMOUNT_KEYS:
        fen = getattr(amounts, f"{key}_fen")
        if fen or key in _ALWAYS:
            figure = f"<b>{yuan(fen)}</b>" if key in _STRONG else yuan(fen)
            cells.append(f"<span class='muted'>{AMOUNT_WORDS[key]}</span>&nbsp;{figure}")
    return f"<p>{_APART.join(cells)}</p>"


def _articles(quote: Quote, policy: Policy, words: Mapping[str, str]) -> str:
    cited = [step.article for part in quote.settlements for step in part.trace]
    cited += [notice.article for part in quote.settlements for notice in part.notices]
    rows = []
    for article in dict.fromkeys("、".join(cited).split("、")):
        own = f"<br><span class='muted'>原文：{escape(words[article])}</span>" if article in words else ""
        gist = escape(policy.pack.gist.get(article, ""))
        rows.append(f"<tr><td class='accent' width='150'>{escape(article)}</td><td>{gist}{own}</td></tr>")
    return f"<table>{''.join(rows)}</table>"
