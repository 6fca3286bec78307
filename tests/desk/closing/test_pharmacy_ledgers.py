"""药店台账: prescriptions one by one, what was sold of each drug; what was refunded is in neither."""

from pathlib import Path

import openpyxl

from gongji.desk.closing.pharmacy_ledgers import export_pharmacy_ledgers, pharmacy_ledgers
from gongji.desk.closing.statistics import Period
from gongji.desk.session import Session
from gongji.desk.settlements.settle import settle_text
from gongji.desk.settlements.void import void
from tests.support.clinic import PERSON, line, text, visit
from tests.support.clock import Clock

PHARMACY = {"id": "P53030200001", "name": "曲水大药房", "type": "pharmacy", "level": "unrated"}
PRESCRIBER = {"id": "H53030200009", "name": "市医院", "level": "2"}
PAPER = {"number": "CF1", "issued_on": "2025-06-09", "doctor": "王某", "long_term_days": 28}
DRUG, OTHER = line("12.50", quantity="2"), line("8.00", code="X2", name="布洛芬")


def sell(session: Session, no: str, **more: object) -> str:
    done = settle_text(session, text(visit(no, DRUG, OTHER, institution=PHARMACY, **more)))
    assert done.stored is not None, done.problems
    return done.stored.no


def test_what_stands_is_listed_and_summed(session: Session, clock: Clock, tmp_path: Path) -> None:
    clock.set("2025-06-10 09:00:00")
    first = sell(session, "V1", prescriber=PRESCRIBER, prescription=PAPER)
    sell(session, "V2")
    void(session, sell(session, "V3", prescriber=PRESCRIBER, prescription=PAPER), "退药")
    found = pharmacy_ledgers(session, Period(2025, 6))
    assert [(one.line.code, one.quantity_e4, one.amount_fen, one.settlements) for one in found.sold] == [
        ("X1", 40000, 5000, 2),
        ("X2", 20000, 1600, 2),
    ]
    assert found.without_prescription == 1
    path = tmp_path / "台账.xlsx"
    export_pharmacy_ledgers(session, found, path)
    book = openpyxl.load_workbook(path)
    rows = [[cell.value for cell in row] for row in book["流转处方"].iter_rows(min_row=6)]
    assert [row[:6] for row in rows] == [["CF1", "2025-06-09", "市医院 H53030200009", "王某", "28", first]] * 2
    assert [row[9:15] for row in rows] == [  # 33.00 is below the deductible of 60.00 of the prescriber's level
        ["X1", "阿莫西林胶囊", 2, 12.5, 25, 0],
        ["X2", "布洛芬", 1, 8, 8, None],
    ]
    assert PERSON["id"] not in str(rows)
    goods = [[cell.value for cell in row] for row in book["进销存"].iter_rows(min_row=6)]
    assert goods[0][:6] == ["X1", "阿莫西林胶囊", 12.5, 4, 50, 2]
    assert goods[0][6:] == [None] * 3


def test_the_ledger_of_drugs_holds_drugs_alone(session: Session, clock: Clock) -> None:
    clock.set("2025-06-10 09:00:00")
    mask = {**line("3.00", code="X9", name="口罩"), "category": "consumable"}
    done = settle_text(session, text(visit("V1", mask, DRUG, institution=PHARMACY)))
    assert done.stored is not None, done.problems
    assert [one.line.code for one in pharmacy_ledgers(session, Period(2025, 6)).sold] == ["X1"]


def test_another_month_is_empty(session: Session, clock: Clock) -> None:
    clock.set("2025-06-10 09:00:00")
    sell(session, "V1")
    found = pharmacy_ledgers(session, Period(2025, 7))
    assert (found.sold, found.prescriptions, found.without_prescription) == ((), (), 0)
