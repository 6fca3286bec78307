"""Reports as PDFs: a shift's or day's figures, a month's or year's statement for the agency."""

from functools import partial
from pathlib import Path

from gongji.core.engine.amounts import Amounts
from gongji.core.labels import AMOUNT_WORDS, TENDER_WORDS
from gongji.core.ledger.drawer import denomination
from gongji.core.ledger.stored_settlement import FUNDS, TENDERS
from gongji.core.money import yuan
from gongji.core.papers.receipt import Issuer
from gongji.core.papers.slips import StatementContent, StatementTable, report_slip
from gongji.desk.clinic.backup.anchors import make_anchor
from gongji.desk.closing.export_statistics import STATED
from gongji.desk.closing.report_tables import REPORTS
from gongji.desk.closing.shifts import DayReport, cash_fen
from gongji.desk.closing.statistics import Statistics
from gongji.desk.papers import archive
from gongji.desk.papers.archive import PaperSteps
from gongji.desk.papers.printers import paper_for_slips
from gongji.desk.papers.receipts import clinic_of
from gongji.desk.session import Session
from gongji.printing.slip import render_slip
from gongji.printing.statement import render_statement
from gongji.store import concerns

_NOTHING_TO_SAY = ("over_price", "excluded", "civil_servant", "large_medical", "account_family")
"""Amounts that a statement leaves out, with a note, where a whole period has none of them."""
_ANCHOR_WORDS = (
    "锚：本班结束时账目的指纹，不含个人信息。请把这张纸归档，或让审计人员扫码留存；以后账目若被改动，会与它不符。"
)
_OF_A_DAY = ("total", "fund_total", "account_own", "account_family", "cash")


def report_steps(session: Session, report: DayReport, at: str, name: str, *, is_kept: bool = True) -> PaperSteps[Path]:
    """Make the paper of a shift's or day's figures; `at` is a stamp, `name` the file's without its ending.

    A report that is only looked at before a shift is closed is not stored: not `is_kept`.
    """
    totals = {label: getattr(report.totals, f"{key}_fen") for key, label in AMOUNT_WORDS.items()}
    open_ones = concerns.open_ones(session.store.reader)
    anchor = (yield partial(make_anchor, session, f"收费日结 {report.title}")) if is_kept else ""
    slip = report_slip(
        f"收费日结 {report.title}",
        clinic_of(session),
        [
            ("操作员", report.operator or session.operator),
            ("制表时间", at),
            ("结算", f"{report.settlements} 笔"),
            ("冲销", f"{report.voids} 笔"),
            ("单据", f"{report.first_receipt} 至 {report.last_receipt}" if report.first_receipt else "未使用"),
            ("作废单据", "、".join(report.voided_receipts) or "无"),
            *_bills(report),
            ("未上传", f"{report.not_uploaded} 笔"),
            *(
                [("还没有交班", "、".join(f"{who} {count} 笔" for who, count in report.still_open))]
                if report.still_open
                else []
            ),
            *((f"待说明 {one.id}", f"{one.concern.subject} {one.concern.text}") for one in open_ones),
        ],
        {
            "费用与支付": totals.items(),
            **_adjusted(report),
            **_means(report),
            **_by_operator(report),
            **_drawer(report),
        },
        ("", "") if not anchor else (anchor, _ANCHOR_WORDS),
    )
    pdf, place = render_slip(slip, paper_for_slips(session)), Path(at[:4], at[5:7], f"{name}.pdf")
    if is_kept:
        return (yield from archive.filing_steps(session, place, None, at, pdf))
    return archive.show(session, place, pdf)


def _bills(report: DayReport) -> list[tuple[str, str]]:
    """Return which pre-printed forms were used, and which are void and why."""
    one = report.bills
    if one is None:
        return []
    voided = "、".join(f"{number}（{reason}）" for number, reason in one.voided) or "无"
    return [("票据", f"{one.first} 至 {one.last}，共 {one.used} 张"), ("作废票据", voided)]


def _adjusted(report: DayReport) -> dict[str, list[tuple[str, int]]]:
    """Return what accepted differences add to the figures above, if any were accepted."""
    rows = [(label, getattr(report.accepted, f"{key}_fen")) for key, label in AMOUNT_WORDS.items()]
    found = [(label, fen) for label, fen in rows if fen]
    return {"其中采用平台数的差额（已计入上面各数）": found} if found else {}


def _means(report: DayReport) -> dict[str, list[tuple[str, int]]]:
    """Return what came in by each means and, if anything did, what went back: receipts and refunds separately."""
    words = {**AMOUNT_WORDS, **TENDER_WORDS}
    order = (*FUNDS, "account_own", "account_family", *TENDERS)
    taken = dict.fromkeys(("fund", "account_own", "cash"), 0)
    back: dict[str, int] = {}
    for one in report.taken:
        taken[one.means] = taken.get(one.means, 0) + one.taken_fen
        back[one.means] = back.get(one.means, 0) + one.back_fen
    names = [means for means in order if means in taken]
    net = [(words[means], taken[means] - back.get(means, 0)) for means in names]
    if not any(back.values()):
        return {"收款方式": net}
    return {
        "收款": [(words[means], taken[means]) for means in names if taken[means]],
        "退款": [(words[means], -back[means]) for means in names if back.get(means)],
        "收款方式（收减退）": net,
    }


def _by_operator(report: DayReport) -> dict[str, list[tuple[str, int]]]:
    """Return what each operator took and gave back by each means, where there was more than one."""
    operators = list(dict.fromkeys(one.operator for one in report.taken))
    found: dict[str, list[tuple[str, int]]] = {}
    for operator in operators if len(operators) > 1 else ():
        rows = [one for one in report.taken if one.operator == operator and one.means in TENDERS]
        found[f"经手 {operator}"] = [
            *((f"收{TENDER_WORDS[one.means]}", one.taken_fen) for one in rows if one.taken_fen),
            *((f"退{TENDER_WORDS[one.means]}", -one.back_fen) for one in rows if one.back_fen),
        ]
    return found


def _drawer(report: DayReport) -> dict[str, list[tuple[str, int]]]:
    """Return the counted cash of the drawer against the expected."""
    drawer = report.drawer
    if drawer is None:
        return {}
    counted = [(f"{denomination(fen)} × {number}", fen * number) for fen, number in drawer.pieces.items() if number]
    taken_fen = cash_fen(report)
    return {
        "钱箱清点": [
            *counted,
            ("实点", drawer.counted_fen),
            ("备用金", drawer.float_fen),
            ("本班现金", taken_fen),
            ("应有", drawer.expected_fen(taken_fen)),
            ("相差（实点 − 应有）", drawer.difference_fen(taken_fen)),
        ]
    }


def statement_steps(session: Session, one: Statistics, at: str) -> PaperSteps[Path]:
    """Make a month's or year's statement; `at` is a stamp."""
    period = one.period
    pdf = render_statement(statement_of(one, clinic_of(session), session.operator, at))
    month = f"{period.month:02d}" if period.month else ""
    place = Path(f"{period.year}", month, f"statement-{period.year}{'-' if month else ''}{month}.pdf")
    return (yield from archive.filing_steps(session, place, None, at, pdf))


def statement_of(one: Statistics, issuer: Issuer, operator: str, at: str) -> StatementContent:
    """Return 月结算申报表, or for a whole year 年报: by area, benefit and status; by day or month; the indicators."""
    period = one.period
    return StatementContent(
        title=f"门诊医保{'月结算申报表' if period.month else '结算年报'}（{period.title}）",
        issuer=issuer,
        entries=(
            ("机构代码", issuer.id),
            ("制表时间", at),
            ("制表人", operator),
            ("金额单位", "元"),
            ("说明", "冲销计入冲销当期；脱机结算的金额以医保经办机构审核为准"),
        ),
        tables=(
            _stated(one),
            _course(one),
            *(table.on_paper(one) for table in REPORTS),
        ),
        signed=("制表人", "复核人", "负责人", "单位（章）"),
    )  # fmt: skip


def _stated(one: Statistics) -> StatementTable:
    silent = [name for name in _NOTHING_TO_SAY if not any(_fen(row.sum.totals, name) for row in one.claimed_rows)]
    names = [name for name in STATED if name not in silent]
    return StatementTable(
        heading="按参保地、待遇和人员",
        titles=("参保地", "待遇", "人员", "人次", "人数", *(AMOUNT_WORDS[name] for name in names)),
        texts=3,
        rows=tuple(
            (row.area, row.benefit, row.status, *_counted(row.sum.visits, row.sum.people, row.sum.totals, names))
            for row in one.claimed_rows
        ),
        total=("合计", "", "", *_counted(one.claimed.visits, one.claimed.people, one.claimed.totals, names)),
        note=(f"本期没有、未列出的金额：{'、'.join(AMOUNT_WORDS[name] for name in silent)}。" if silent else "")
        + not_claimed_in_words(one),
    )


def not_claimed_in_words(one: Statistics) -> str:
    """Return a sentence on what was charged and is claimed of no agency; empty where there is nothing."""
    sums: dict[str, tuple[int, int]] = {}
    for row in one.rows:
        if not row.is_claimed:
            visits, fen = sums.get(row.benefit, (0, 0))
            sums[row.benefit] = (visits + row.sum.visits, fen + row.sum.totals.total_fen)
    words = "，".join(f"{name} {visits} 人次 {yuan(fen)} 元" for name, (visits, fen) in sums.items())
    return f"另有不申报的：{words}。" if words else ""


def _course(one: Statistics) -> StatementTable:
    word = "日期" if one.period.month else "月份"
    return StatementTable(
        heading=f"按{word}",
        titles=(word, "人次", "人数", *(AMOUNT_WORDS[name] for name in _OF_A_DAY)),
        texts=1,
        rows=tuple(
            (each.group[0], *_counted(each.visits, each.people, each.totals, _OF_A_DAY)) for each in one.claimed_course
        ),
        total=("合计", *_counted(one.claimed.visits, one.claimed.people, one.claimed.totals, _OF_A_DAY)),
    )


def _counted(visits: int, people: int, totals: Amounts, names: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return str(visits), str(people), *(yuan(_fen(totals, name)) for name in names)


def _fen(totals: Amounts, name: str) -> int:
    return int(getattr(totals, f"{name}_fen"))
