"""月结算申报表 and 指标 for people: as text, and as a workbook for the agency."""

from pathlib import Path

from gongji.core.labels import AMOUNT_WORDS
from gongji.core.money import fraction_text, plain_e4, yuan
from gongji.desk.closing.statistics import EXAMINATIONS, Indicators, Period, Statistics
from gongji.desk.session import Session
from gongji.spreadsheets.write_table import SheetNumber, write_book
from gongji.store.closing.statistics import Sum

STATED = (
    "total", "self_paid", "over_price", "prepaid", "excluded", "eligible", "deductible", "fund", "civil_servant",
    "large_medical", "fund_total", "account_own", "account_family", "cash",
)  # fmt: skip
"""The amounts of the statement, in its order."""


def per_cent(thousandths: int | None, *, signed: bool = False) -> str:
    """Return a share or growth for people, one decimal; — where there is none."""
    if thousandths is None:
        return "—"
    sign = "-" if thousandths < 0 else "+" if signed and thousandths else ""
    return f"{sign}{fraction_text(abs(thousandths), 10, 1)}%"


def export(session: Session, one: Statistics, path: Path) -> None:
    """Write the figures of a period as a workbook, figures as numbers, atomically. Raises `GongjiError`."""
    clinic = session.clinic.institution
    head = [
        [
            f"{clinic.get('name') or clinic['id']} 门诊医保月结算申报表"
            if one.period.month
            else f"{one.period.year} 年门诊医保结算年报"
        ],
        made_by(session, one.period),
        [],
    ]
    write_book(
        path,
        {
            "申报表": [*head, *_statement(one)],
            "指标": [*head, *_watched(one)],
            "走势": [
                ["日期" if one.period.month else "月份", "人次", *(AMOUNT_WORDS[name] for name in STATED)],
                *_course(one),
            ],
            "项目": [["编码", "名称", "数量", "金额"], *_items(one)],
        },
    )


def made_by(session: Session, period: Period) -> list[str]:
    """Return the row that says whose sheet it is, of when and by whom, in one cell, since several would be cut off."""
    code = session.clinic.institution["id"]
    return [f"机构代码 {code}　期间 {period.title}　制表 {session.now()}　制表人 {session.operator}"]


def _statement(one: Statistics) -> list[list[str]]:
    heading = ["参保地", "待遇", "人员", "人次", "人数", *(AMOUNT_WORDS[name] for name in STATED)]
    rows = [[row.area, row.benefit, row.status, *_numbers(row.sum)] for row in one.claimed_rows]
    return [heading, *rows, ["合计", "", "", *_numbers(one.claimed)]]


def _numbers(one: Sum) -> list[str]:
    amounts = [SheetNumber(yuan(getattr(one.totals, f"{name}_fen"))) for name in STATED]
    return [SheetNumber(one.visits), SheetNumber(one.people), *amounts]


def _watched(one: Statistics) -> list[list[str]]:
    found = one.indicators
    return [
        ["指标", "数值", "算法"],
        *([name, value, how] for name, value, how in indicators_in_words(found)),
    ]


def indicators_in_words(found: Indicators) -> list[tuple[str, str, str]]:
    """Return each indicator with its value and how it is computed."""
    average = "—" if found.average_fen is None else yuan(found.average_fen)
    before = "—" if found.average_before_fen is None else yuan(found.average_before_fen)
    return [
        ("人次", str(found.visits), "结算笔数减冲销笔数"),
        ("人数", str(found.people), "有结算或冲销的不同病人"),
        ("医药费用增长（环比）", per_cent(found.growth, signed=True), "总费用与上一期相比"),
        ("医药费用增长（同比）", per_cent(found.growth_on_year, signed=True), "总费用与上年同期相比"),
        ("次均费用", average, "总费用 ÷ 人次（元）"),
        ("上一期次均费用", before, "上一期的总费用 ÷ 人次（元）"),
        ("患者自费比例", per_cent(found.self_paid), "全自费（丙类）÷ 总费用"),
        ("患者负担比例", per_cent(found.patient), "个人负担（账户与现金）÷ 总费用"),
        ("检查费用占比", per_cent(found.examinations), f"目录归入{'、'.join(EXAMINATIONS)}的明细 ÷ 总费用"),
    ]


def _course(one: Statistics) -> list[list[str]]:
    return [
        [
            each.group[0],
            SheetNumber(each.visits),
            *(SheetNumber(yuan(getattr(each.totals, f"{name}_fen"))) for name in STATED),
        ]
        for each in one.course
    ]


def _items(one: Statistics) -> list[list[str]]:
    return [
        [item.code, item.name, SheetNumber(_signed_e4(item.quantity_e4)), SheetNumber(yuan(item.amount_fen))]
        for item in one.items
    ]


def _signed_e4(value_e4: int) -> str:
    return plain_e4(value_e4) if value_e4 >= 0 else f"-{plain_e4(-value_e4)}"
