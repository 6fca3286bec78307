"""What the commands of the book print for people."""

import sys
from collections.abc import Sequence
from pathlib import Path

from gongji.core.labels import AMOUNT_WORDS, RECORD_WORDS, TENDER_WORDS
from gongji.core.ledger.giving_back import in_words
from gongji.core.ledger.stored_settlement import FUNDS, StoredSettlement
from gongji.core.money import yuan
from gongji.desk.clinic.verify.verify_book import BookFinding
from gongji.desk.closing.shifts import DayReport
from gongji.desk.settlements.void import Voided
from gongji.store.closing.shifts import Closing

KINDS = {"settle": "结算", "void": "冲销"}
MEANS = {**{name: AMOUNT_WORDS[name] for name in (*FUNDS, "account_own", "account_family")}, **TENDER_WORDS}


def begun(path: Path, training_area: str | None) -> str:
    """Return the sentence that a data folder was made."""
    if training_area is None:
        return f"数据文件夹已建立：{path}"
    return f"培训用数据文件夹已建立：{path}（统筹区 {training_area}，人员和数额都是虚构的）"


def voided(done: Voided, paper: str | None) -> str:
    """Return the sentences on what a void did."""
    one = done.stored
    back = f"退{in_words(done.back)}" if done.back else "不用退钱"
    first = f"{one.voids} {'此前已' if done.again else '已'}冲销，冲销号 {one.no}，{back}"
    return "\n".join([first, *(f"  {remark}" for remark in done.remarks), *([f"  红字收据 {paper}"] if paper else [])])


def shown(one: StoredSettlement) -> str:
    """Return everything about one settlement or void, as text."""
    lines = [listed(one), f"  就诊 {one.visit_no} · 政策 {one.policy} · 操作员 {one.operator} · 收据 {one.receipt_no}"]
    if one.voids:
        lines.append(f"  冲销的是 {one.voids}：{one.reason}")
    if one.voided_by:
        lines.append(f"  已被 {one.voided_by} 冲销")
    for part in one.parts:
        lines.append(f"  {part.benefit}")
        lines += [
            f"    {word} {yuan(getattr(part.amounts, f'{name}_fen'))}"
            for name, word in AMOUNT_WORDS.items()
            if getattr(part.amounts, f"{name}_fen")
        ]
        lines += [f"    [{step.rule} {step.article}] {step.text}" for step in part.trace]
    lines += [f"  {MEANS[paid.means]} {yuan(paid.amount_fen)}" for paid in one.payments]
    return "\n".join(lines)


def listed(one: StoredSettlement) -> str:
    """Return a settlement or void as a line."""
    after = f" 已冲销（{one.voided_by}）" if one.voided_by else ""
    state = RECORD_WORDS.get(one.state, one.state)
    return (
        f"{one.at}  {one.no}  {KINDS[one.kind]}  就诊 {one.visit_no}  合计 {yuan(one.totals.total_fen)}"
        f"  基金 {yuan(one.totals.fund_total_fen)}  现金 {yuan(one.totals.cash_fen)}  {state}{after}"
    )


def progress(what: str, done: int, of: int) -> None:
    """Print the progress of a check, on a terminal."""
    if sys.stderr.isatty():
        print(f"\r正在核对{what}：{done} / {of}", end="\n" if done >= of else "", file=sys.stderr)


def verified(findings: Sequence[BookFinding]) -> str:
    """Return the findings of a check as text."""
    if not findings:
        return "核对无误：数据文件、结算、日志、上传队列与见证文件一致"
    return "\n".join([f"核对发现 {len(findings)} 处问题：", *(f"  {one.place}：{one.text}" for one in findings)])


def reported(report: DayReport) -> str:
    """Return the figures of a day or a shift as text."""
    totals = report.totals
    receipts = f"{report.first_receipt} 至 {report.last_receipt}" if report.first_receipt else "无"
    lines = [
        f"日结 {report.title}",
        f"  结算 {report.settlements} 笔，冲销 {report.voids} 笔",
        f"  总费用 {yuan(totals.total_fen)}",
        f"  基金合计 {yuan(totals.fund_total_fen)}，个人负担 {yuan(totals.patient_fen)}",
        *(f"  {word} {yuan(report.by_means_fen[name])}" for name, word in MEANS.items() if name in report.by_means_fen),
        f"  收据 {receipts}，已作废 {len(report.voided_receipts)} 张{'：' if report.voided_receipts else ''}"
        + "、".join(report.voided_receipts),
        *(
            [f"  差异单：补收 {yuan(report.collected_fen)}，退款 {yuan(report.refunded_fen)}"]
            if report.collected_fen or report.refunded_fen
            else []
        ),
        f"  未上传 {report.not_uploaded} 笔",
    ]
    return "\n".join(lines)


def closed(closing: Closing, report: DayReport) -> str:
    """Return the text for a closed shift, with its figures."""
    return f"{closing.at} {closing.operator} 交班\n{reported(report)}"
