"""Quotes for people: amounts, every step with its article, the gists and the documents' own words."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from gongji.cli.io import DONE, REFUSED, complain, each_text, escaped
from gongji.core.engine.amounts import Amounts, in_yuan
from gongji.core.engine.policy import Policy
from gongji.core.engine.quote import Quote
from gongji.core.engine.settlement import Settlement
from gongji.core.engine.trace import Step
from gongji.core.labels import AMOUNT_WORDS
from gongji.core.money import yuan
from gongji.desk.visits.quote import Quoted, quote_text
from gongji.pack_files.attached_documents import attached
from gongji.pack_files.library import Library

_ALWAYS_SHOWN = {"total", "eligible", "fund_total", "patient", "cash"}
_STRONG = {"total", "fund_total", "patient", "cash"}


def explain_each(files: Sequence[str], library: Library, data: Path) -> int:
    """Print the explanation of every visit in the files; return the exit status."""
    console = Console(highlight=False, soft_wrap=False)
    words: dict[str, dict[str, str]] = {}
    status, seen = DONE, False
    for text in each_text(files):
        if text is None:
            status = REFUSED
            continue
        seen = True
        quoted = quote_text(text, library, thorough=True)
        if quoted.quote is None or quoted.policy is None:
            status = REFUSED
            _print_problems(console, quoted)
        else:
            if quoted.policy.id not in words:
                words[quoted.policy.id] = attached(quoted.policy.pack, data)
            _print_quote(console, quoted, quoted.quote, quoted.policy, words[quoted.policy.id])
    if not seen and status == DONE:
        complain("没有读到任何就诊，请给出文件，或把 JSON 送到标准输入")
    return status


def _print_problems(console: Console, quoted: Quoted) -> None:
    console.rule(
        Text(f"就诊 {quoted.visit_no or '（没有编号）'} 不能结算：{len(quoted.problems)} 处要改"), align="left"
    )
    table = Table(box=box.SIMPLE_HEAD, expand=True)
    table.add_column("位置", no_wrap=True)
    table.add_column("问题与办法", ratio=1, overflow="fold")
    table.add_column("代码", no_wrap=True)
    for problem in quoted.problems:
        table.add_row(Text(escaped(problem.field) or "（整条）"), Text(problem.message), problem.code)
    console.print(table)


def _print_quote(console: Console, quoted: Quoted, quote: Quote, policy: Policy, words: dict[str, str]) -> None:
    settled_on = "" if quoted.visit is None else f" · {quoted.visit.settled_on}"
    console.rule(Text(f"就诊 {quote.visit_no} · {policy.pack.area_name}{settled_on} · 政策 {policy.id}"), align="left")
    for settlement in quote.settlements:
        console.print(Text(policy.pack.benefit[settlement.benefit].name, style="bold"))
        console.print(Padding(_amounts_table(settlement.amounts), (0, 0, 0, 2)))
        console.print(_steps_table(settlement))
        for notice in settlement.notices:
            console.print(Text(f"  提示：{notice.text}（{notice.article}）", style="yellow"))
    if len(quote.settlements) > 1:
        console.print(Text("合计", style="bold"))
        console.print(Padding(_amounts_table(quote.totals), (0, 0, 0, 2)))
    if quote.accumulators:
        totals = "，".join(f"{policy.accumulators.title(name)} {yuan(fen)}" for name, fen in quote.accumulators.items())
        console.print(Text(f"  年度累计（{quote.year_from} 起）：{totals}"))
    console.print(_articles_table(quote, policy, words))


def _amounts_table(amounts: Amounts) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column("项目", min_width=14)
    table.add_column("金额（元）", justify="right", min_width=12)
    for key, text in in_yuan(amounts).items():
        if key in _ALWAYS_SHOWN or getattr(amounts, f"{key}_fen"):
            table.add_row(AMOUNT_WORDS[key], text, style="bold" if key in _STRONG else None)
    return table


def _steps_table(settlement: Settlement) -> Table:
    table = Table(box=box.SIMPLE_HEAD, expand=True)
    table.add_column("规则", no_wrap=True)
    table.add_column("条文", max_width=16, overflow="fold")
    table.add_column("怎么算的", ratio=1, overflow="fold")
    table.add_column("金额（元）", justify="right", no_wrap=True)
    for step in settlement.trace:
        table.add_row(
            step.rule.replace("、", "\n"), step.article.replace("、", "\n"), _sentence(step), yuan(step.amount_fen)
        )
    return table


def _sentence(step: Step) -> Text:
    text = Text(step.text)
    if step.reading is not None:
        text.append(f"\n（文件可有别的读法，我们的理解：{step.reading}）", style="dim")
    return text


def _articles_table(quote: Quote, policy: Policy, words: dict[str, str]) -> Table:
    """Return every article these settlements cite, with its gist, and its own words where attached."""
    table = Table(box=box.SIMPLE_HEAD, expand=True)
    table.add_column("条文", max_width=18, overflow="fold")
    table.add_column("要旨" + ("与原文" if words else ""), ratio=1, overflow="fold")
    for article in dict.fromkeys(_cited(quote)):
        text = Text(policy.pack.gist[article])
        if article in words:
            text.append(f"\n原文：{words[article]}", style="dim")
        table.add_row(article, text)
    return table


def _cited(quote: Quote) -> Iterator[str]:
    for settlement in quote.settlements:
        articles = [*(step.article for step in settlement.trace), *(notice.article for notice in settlement.notices)]
        yield from (one for article in articles for one in article.split("、"))
