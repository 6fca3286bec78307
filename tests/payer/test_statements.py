"""A reconciliation's messages as regions take them: days with a time or without, file numbers as long as they come."""

import pytest
from msgspec.structs import replace

from gongji.core.outbox.reconcile import ReconciledTotals
from gongji.payer import interface
from gongji.payer.regions import profile
from gongji.payer.schema import faults
from gongji.payer.statements import StatementOf, details, file_down

LONG = {"Hebei": f"fsi/plc/{'0123456789abcdef' * 2}", "Zhejiang": f"M00/00/00/{'wKgBZ2' * 6}"}
OF = StatementOf(agency="530399", insutype="310", clr_type="11")
SUMS = ReconciledTotals(count=2, total_fen=20000, fund_total_fen=14000, account_fen=0, cash_fen=6000)


@pytest.mark.parametrize("number", LONG.values(), ids=LONG)
def test_a_file_number_of_any_region_goes_and_comes(number: str) -> None:
    told = details(SUMS, number, "2026-11-01", "2026-11-30", OF, profile("plain"))
    assert list(faults(interface.INPUTS["3202"], told)) == []
    assert list(faults(interface.INPUTS["9102"], file_down(number, "a.zip", "H53030200001"))) == []
    for infno, answer in (
        ("3202", {"fileinfo": {"file_qury_no": number, "filename": "a.zip"}}),
        ("9101", {"file_qury_no": number}),
        ("1301", {"file_qury_no": number, "filename": "a.zip", "data_cnt": "1"}),
    ):
        assert list(faults(interface.OUTPUTS[infno], answer)) == [], infno


@pytest.mark.parametrize(
    ("with_times", "first", "last"),
    [(False, "2026-11-01", "2026-11-30"), (True, "2026-11-01 00:00:00", "2026-11-30 23:59:59")],
)
def test_days_carry_a_time_where_a_region_wants_it(with_times: bool, first: str, last: str) -> None:
    chosen = replace(profile("plain"), statement_times=with_times)
    told = details(SUMS, "F1", "2026-11-01", "2026-11-30", OF, chosen)
    assert (told["data"]["stmt_begndate"], told["data"]["stmt_enddate"]) == (first, last)
    assert list(faults(interface.INPUTS["3202"], told)) == []
