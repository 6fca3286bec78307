"""药店的台账 for the agency: 流转处方 one by one, and sales by drug (进销存), as a workbook.

Some agreements require both of pharmacies. Only sales are in this book: purchases and stock
are columns to be filled in from the pharmacy's own ledger.
"""

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from gongji.core.identity import masked
from gongji.core.ledger.stored_settlement import settled_body
from gongji.core.money import line_fen, plain_e4, price, yuan
from gongji.core.visits import FeeLine, Visit
from gongji.desk.closing.export_statistics import made_by
from gongji.desk.closing.statistics import Period
from gongji.desk.session import Session
from gongji.spreadsheets.write_table import SheetNumber, write_book
from gongji.store.people.person_keys import FORGOTTEN, is_forgotten
from gongji.store.settlements.settled_visits import StandingVisit, standing_between

_ROWS_OF_PRESCRIPTIONS = (
    "处方编号", "开具日期", "开方机构", "医师", "长期处方天数", "结算号", "结算时间", "姓名", "证件号码", "编码",
    "药品", "数量", "单价", "金额", "本次基金支付",
)  # fmt: skip
_ROWS_OF_GOODS = ("编码", "名称", "单价", "销售数量", "销售金额", "笔数", "期初结存", "本期购进", "期末结存")


class SoldItem(Struct):
    """Sales of a drug at a price: quantity in 1/10,000, amount in fen, in how many settlements."""

    line: FeeLine
    quantity_e4: int = 0
    amount_fen: int = 0
    settlements: int = 0


class PharmacyLedgers(Struct, frozen=True, kw_only=True):
    """A period's ledgers: rows of prescriptions as texts, and sales in order of codes."""

    period: Period
    prescriptions: tuple[tuple[str, ...], ...]
    sold: tuple[SoldItem, ...]
    without_prescription: int


def pharmacy_ledgers(session: Session, period: Period) -> PharmacyLedgers:
    """Return the ledgers of the settlements of a period that are not voided; what was refunded is left out."""
    rows: list[tuple[str, ...]] = []
    sold: dict[tuple[str, int], SoldItem] = {}
    without = 0
    first, after = period.first.isoformat(), period.after.isoformat()
    for one in standing_between(session.store.reader, first, after):
        visit = settled_body(one.no, one.body)
        for line in (each for each in visit.lines if each.category == "drug"):  # what is asked for is 药品进销存
            item = sold.setdefault((line.code, line.unit_price), SoldItem(line))
            item.quantity_e4 += line.quantity
            item.amount_fen += line_fen(line.unit_price, line.quantity)
            item.settlements += 1
        if visit.prescriber is None and visit.prescription is None:
            without += 1
        else:
            gone = is_forgotten(session.store.reader, visit.person.id)
            rows += _prescription_rows(visit, FORGOTTEN if gone else visit.person.name, one)
    items = tuple(sold[key] for key in sorted(sold))
    return PharmacyLedgers(period=period, prescriptions=tuple(rows), sold=items, without_prescription=without)


def _prescription_rows(visit: Visit, name: str, one: StandingVisit) -> Iterator[tuple[str, ...]]:
    """Yield a row for each drug of a prescription; the fund's payment is on the first of them."""
    paper, by = visit.prescription, visit.prescriber
    where = "" if by is None else f"{by.name} {by.id}".strip()
    head = (
        ("", "", where, "", "")
        if paper is None
        else (paper.number, paper.issued_on.isoformat(), where, paper.doctor, str(paper.long_term_days or ""))
    )
    whose = (one.no, one.at, name, masked(visit.person.id))
    drugs = [line for line in visit.lines if line.category == "drug"]
    for place, line in enumerate(drugs):
        amount_fen = line_fen(line.unit_price, line.quantity)
        figures = (plain_e4(line.quantity), price(line.unit_price), yuan(amount_fen))
        fund = yuan(one.fund_total_fen) if place == 0 else ""
        yield (*head, *whose, line.code, line.name, *map(SheetNumber, figures), SheetNumber(fund) if fund else "")


def export_pharmacy_ledgers(session: Session, one: PharmacyLedgers, path: Path) -> None:
    """Write both ledgers as a workbook, figures as numbers, atomically. Raises `GongjiError`."""
    clinic = session.clinic.institution
    name = clinic.get("name") or clinic["id"]
    made = made_by(session, one.period)
    said = f"没有处方的 {one.without_prescription} 笔只记在销售里；已退费的不计。"
    filled = "只列药品；本程序只记销售，期初结存、本期购进请按进货台账填写，期末结存 = 期初结存 + 本期购进 − 销售数量。"
    write_book(
        path,
        {
            "流转处方": [[f"{name} 流转处方台账"], made, [said], [], _ROWS_OF_PRESCRIPTIONS, *one.prescriptions],
            "进销存": [[f"{name} 药品进销存台账"], made, [filled], [], _ROWS_OF_GOODS, *map(_sold_row, one.sold)],
        },
    )


def _sold_row(one: SoldItem) -> list[str]:
    line = one.line
    figures = (price(line.unit_price), plain_e4(one.quantity_e4), yuan(one.amount_fen), str(one.settlements))
    return [line.code, line.name, *map(SheetNumber, figures), "", "", ""]
