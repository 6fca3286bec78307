"""月结算申报表 as a workbook for the agency, with the further tables of the period."""

from pathlib import Path

from gongji.core.labels import AMOUNT_WORDS
from gongji.core.money import plain_e4, yuan
from gongji.desk.closing.report_tables import REPORTS
from gongji.desk.closing.statistics import Period, Statistics
from gongji.desk.session import Session
from gongji.spreadsheets.write_table import SheetNumber, write_book
from gongji.store.closing.statistics import Sum

STATED = (
    "total", "self_paid", "over_price", "prepaid", "excluded", "eligible", "deductible", "fund", "civil_servant",
    "large_medical", "fund_total", "account_own", "account_family", "cash",
)  # fmt: skip
"""The amounts of the statement, in its order."""


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
            **{table.name: [*head, list(table.titles), *map(list, table.rows(one))] for table in REPORTS},
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
    return [SheetNumber(one.visits), SheetNumber(one.people), *_amounts(one)]


def _amounts(one: Sum) -> list[str]:
    return [SheetNumber(yuan(getattr(one.totals, f"{name}_fen"))) for name in STATED]


def _course(one: Statistics) -> list[list[str]]:
    return [[each.group[0], SheetNumber(each.visits), *_amounts(each)] for each in one.course]


def _items(one: Statistics) -> list[list[str]]:
    return [
        [item.code, item.name, SheetNumber(_signed_e4(item.quantity_e4)), SheetNumber(yuan(item.amount_fen))]
        for item in one.items
    ]


def _signed_e4(value_e4: int) -> str:
    return plain_e4(value_e4) if value_e4 >= 0 else f"-{plain_e4(-value_e4)}"
