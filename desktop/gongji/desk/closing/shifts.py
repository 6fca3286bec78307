"""日结: what a day or a shift took in, by means and by fund, and the receipts it used; zero is a figure too."""

from collections.abc import Iterable

from msgspec import Struct, structs

from gongji.core.engine.amounts import Amounts, added
from gongji.core.ledger.audit import Act
from gongji.core.ledger.drawer import Drawer
from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.core.money import yuan
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.store import audit, decisions, outbox_records, settlements, shifts
from gongji.store.decisions import Resolution
from gongji.store.engine import Connection
from gongji.store.shifts import Closing

__all__ = [
    "ClosedAlreadyError",
    "Closing",
    "DayReport",
    "cash_fen",
    "close_shift",
    "closed_report",
    "closed_shifts",
    "day_report",
    "not_uploaded",
    "shift_report",
]

_FOR_EVER = "9999-12-31 23:59:59"
_NOTHING = Amounts(**dict.fromkeys(Amounts.__struct_fields__, 0))


class DayReport(Struct, frozen=True, kw_only=True):
    """The figures of a day or a shift; voids count against them. Payments by means, in fen.

    `collected_fen` and `refunded_fen` are the cash of difference slips. `serials` are the first and the last of a shift
    (the last is below the first where there are none).
    """

    title: str
    settlements: int
    voids: int
    totals: Amounts
    by_means_fen: dict[str, int]
    first_receipt: str | None
    last_receipt: str | None
    voided_receipts: tuple[str, ...]
    not_uploaded: int
    serials: tuple[int, int] = (1, 0)
    collected_fen: int = 0
    refunded_fen: int = 0
    drawer: Drawer | None = None


def day_report(connection: Connection, day: str) -> DayReport:
    """Return the figures of a day (ISO): what was settled and voided on it."""
    found = _report(connection, day, settlements.of_day(connection, day))
    return _evened(found, decisions.of_day(connection, day))


class ClosedAlreadyError(GongjiError):
    """The shift that was shown is not the open one any more."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("这一班已经交过，或又有了新的结算，没有再交", "请核对刷新后的数字，再交班")


def shift_report(connection: Connection) -> DayReport:
    """Return the figures of the open shift."""
    first = shifts.next_first(connection)
    last = settlements.next_serial(connection, 0) - 1
    found = settlements.heads(connection, first, last)
    report = _report(connection, f"当前班次（自第 {first} 号起）", found, (first, last))
    return _evened(report, decisions.between(connection, shifts.last_at(connection), _FOR_EVER))


def closed_report(connection: Connection, one: Closing) -> DayReport:
    """Return the figures of a closed shift; they are what they were, but for what was uploaded since."""
    report = _range_report(connection, one.first_serial, one.last_serial)
    return _evened(report, decisions.between(connection, shifts.last_at(connection, one.at), one.at))


def closed_shifts(connection: Connection, most: int = 200) -> list[Closing]:
    """Return the newest closed shifts, the latest first."""
    return shifts.newest(connection, most)


def not_uploaded(connection: Connection, report: DayReport) -> list[outbox_records.Upload]:
    """Return the records of a shift that the payer has not accepted yet."""
    return outbox_records.of_range(connection, *report.serials, but=outbox_records.OVER)


def close_shift(
    counter: Session, shown: tuple[int, int] | None = None, drawer: Drawer | None = None
) -> tuple[Closing, DayReport]:
    """Close the open shift over the range of serials it has now; what comes later belongs to the next.

    `shown` is the range the clerk was shown: where it is not the open shift any more, `ClosedAlreadyError` and nothing
    is closed. The `drawer` as it was counted goes into the log and onto the report.
    """
    at = counter.now()
    with counter.store.write() as connection:
        first = shifts.next_first(connection)
        last = settlements.next_serial(connection, 0) - 1
        if shown is not None and shown != (first, last):
            raise ClosedAlreadyError
        slips = decisions.between(connection, shifts.last_at(connection), at)
        report = _evened(structs.replace(_range_report(connection, first, last), drawer=drawer), slips)
        closing = Closing(first_serial=first, last_serial=last, operator=counter.operator, at=at)
        shifts.put(connection, closing)
        detail = f"{report.title} 合计 {yuan(report.totals.total_fen)} 现金 {yuan(report.totals.cash_fen)}"
        audit.append(connection, at, counter.operator, Act.CLOSE, report.title, detail + _drawer_detail(report))
    return closing, report


def cash_fen(report: DayReport) -> int:
    """Return what a shift took in notes and coins."""
    return report.by_means_fen.get("cash", 0) + report.collected_fen - report.refunded_fen


def _evened(report: DayReport, slips: Iterable[Resolution]) -> DayReport:
    """Return a report with the cash that difference slips have moved."""
    moved_fen = [one.amount_fen for one in slips]
    return structs.replace(
        report,
        collected_fen=sum(fen for fen in moved_fen if fen > 0),
        refunded_fen=-sum(fen for fen in moved_fen if fen < 0),
    )


def _drawer_detail(report: DayReport) -> str:
    drawer = report.drawer
    if drawer is None:
        return ""
    taken_fen = cash_fen(report)
    return (
        f" 备用金 {yuan(drawer.float_fen)} 应有 {yuan(drawer.expected_fen(taken_fen))} "
        f"实点 {yuan(drawer.counted_fen)} 相差 {yuan(drawer.difference_fen(taken_fen))}"
    )


def _range_report(connection: Connection, first: int, last: int) -> DayReport:
    title = f"第 {first} 至 {last} 号" if last >= first else f"第 {first} 号起，没有收费"
    return _report(connection, title, settlements.heads(connection, first, last), (first, last))


def _report(
    connection: Connection, title: str, heads: Iterable[StoredSettlement], serials: tuple[int, int] = (1, 0)
) -> DayReport:
    found = list(heads)
    by_means = settlements.paid_by_means(connection, [one.serial for one in found])
    totals = added([_NOTHING, *(one.totals for one in found)])
    settled_by_means = {name: by_means.get(name, 0) for name in ("account_own", "account_family")}
    assert all(settled_by_means[name] == getattr(totals, f"{name}_fen") for name in settled_by_means), title
    return DayReport(
        title=title,
        settlements=sum(one.kind == "settle" for one in found),
        voids=sum(one.kind == "void" for one in found),
        totals=totals,
        by_means_fen=by_means,
        first_receipt=found[0].receipt_no if found else None,
        last_receipt=found[-1].receipt_no if found else None,
        voided_receipts=tuple(one.receipt_no for one in found if one.voided_by is not None),
        not_uploaded=sum(bool(one.state) and one.state not in outbox_records.OVER for one in found),
        serials=serials,
    )
