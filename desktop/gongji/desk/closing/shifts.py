"""日结: what a day or a shift took in, by means and by fund, and the receipts it used; zeros are shown, too."""

from collections.abc import Iterable

from msgspec import Struct, structs

from gongji.core.engine.amounts import Amounts, added
from gongji.core.ledger.audit import Act
from gongji.core.ledger.drawer import Drawer
from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.core.money import yuan
from gongji.desk.closing.statistics import accepted_in
from gongji.desk.papers.bills import BillUse, bill_use
from gongji.desk.roles import only
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.store import audit
from gongji.store.closing import shifts
from gongji.store.closing.shifts import Closing
from gongji.store.engine import Connection
from gongji.store.settlements import settlement_sums, settlements
from gongji.store.settlements.settlement_sums import Taken
from gongji.store.upload import decisions, outbox_records
from gongji.store.upload.decisions import Resolution

__all__ = [
    "ClosedAlreadyError",
    "Closing",
    "DayReport",
    "Taken",
    "cash_fen",
    "close_shift",
    "closed_report",
    "closed_shifts",
    "day_report",
    "not_uploaded",
    "report_name",
    "shift_report",
]

_FOR_EVER = "9999-12-31 23:59:59"
_NOTHING = Amounts(**dict.fromkeys(Amounts.__struct_fields__, 0))


class DayReport(Struct, frozen=True, kw_only=True):
    """The figures of a day or a shift; voids count against them. Payments by means, in fen.

    `collected_fen` and `refunded_fen` are what difference slips moved, `evened_fen` by means (above zero collected);
    `taken` gives what each operator took and gave back by each means, slips included. `serials` are the first and the
    last of a shift (the last is below the first where there are none), `bills` the pre-printed forms. `accepted` is
    what accepted differences add, which `totals` includes. `operator` is the shift's operator (None: all), `still_open`
    the others who had not closed by then, and how many records each.
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
    evened_fen: dict[str, int] = {}
    accepted: Amounts = _NOTHING
    bills: BillUse | None = None
    taken: tuple[Taken, ...] = ()
    still_open: tuple[tuple[str, int], ...] = ()
    operator: str | None = None
    drawer: Drawer | None = None


def day_report(connection: Connection, day: str) -> DayReport:
    """Return the figures of a day (ISO): what was settled and voided on it."""
    found = _report(connection, day, settlements.of_day(connection, day))
    evened = _evened(connection, found, decisions.of_day(connection, day))
    return _accepted(connection, evened, day, f"{day} 99")


class ClosedAlreadyError(GongjiError):
    """The shift that was shown is no longer the open one."""

    def __init__(self) -> None:
        super().__init__("这一班已经交过，或又有了新的结算，没有再交", "请核对刷新后的数字，再交班")


def shift_report(connection: Connection, operator: str) -> DayReport:
    """Return the figures of an operator's open shift."""
    first = shifts.next_first(connection, operator)
    last = settlements.next_serial(connection, 0) - 1
    found = _hers(connection, first, last, operator)
    report = _report(connection, f"当前班次（自第 {first} 号起）", found, (first, last))
    slips = decisions.between(connection, shifts.last_at(connection, operator), _FOR_EVER, operator)
    report = _evened(connection, structs.replace(report, operator=operator), slips)
    return structs.replace(
        _accepted(connection, report, shifts.last_at(connection, operator), _FOR_EVER),
        still_open=tuple(shifts.still_open(connection, operator, last, _FOR_EVER)),
    )


def closed_report(connection: Connection, one: Closing) -> DayReport:
    """Return the figures of a closed shift; they never change, except for what was uploaded since."""
    report = _range_report(connection, one)
    after = shifts.last_at(connection, one.operator, one.at)
    operator = None if one.everybody else one.operator
    report = _evened(connection, report, decisions.between(connection, after, one.at, operator))
    return report if one.everybody else _accepted(connection, report, after, one.at)


def closed_shifts(connection: Connection, most: int = 200) -> list[Closing]:
    """Return the newest closed shifts, the latest first."""
    return shifts.newest(connection, most)


def report_name(connection: Connection, one: Closing) -> str:
    """Return the name under which a closed shift's report is stored: its range, and its number among equal ranges."""
    same = shifts.same_range(connection, one)
    return f"closing-{one.first_serial}-{one.last_serial}" + (f"-{same + 1}" if same else "")


def not_uploaded(connection: Connection, report: DayReport) -> list[outbox_records.Upload]:
    """Return the records of a shift that the payer has not accepted yet."""
    return outbox_records.of_range(connection, *report.serials, but=outbox_records.OVER, operator=report.operator)


@only("close")
def close_shift(
    session: Session, shown: tuple[int, int] | None = None, drawer: Drawer | None = None
) -> tuple[Closing, DayReport]:
    """Close the operator's open shift over its current range of serials; what comes later belongs to the next.

    `shown` is the range the clerk was shown: where it is no longer the open shift, raises `ClosedAlreadyError` and
    nothing is closed. The counted `drawer` is logged and printed on the report.
    """
    at = session.now()
    with session.store.write() as connection:
        first = shifts.next_first(connection, session.operator)
        last = settlements.next_serial(connection, 0) - 1
        if shown is not None and shown != (first, last):
            raise ClosedAlreadyError
        closing = Closing(first_serial=first, last_serial=last, operator=session.operator, at=at)
        last_at = shifts.last_at(connection, session.operator)
        slips = decisions.between(connection, last_at, at, session.operator)
        report = _evened(connection, _range_report(connection, closing), slips)
        report = structs.replace(_accepted(connection, report, last_at, at), drawer=drawer)
        shifts.put(connection, closing)
        detail = f"{report.title} 合计 {yuan(report.totals.total_fen)} 现金 {yuan(report.totals.cash_fen)}"
        audit.append(connection, at, session.operator, Act.CLOSE, report.title, detail + _drawer_detail(report))
    return closing, report


def cash_fen(report: DayReport) -> int:
    """Return what a shift took in cash, in fen."""
    return report.by_means_fen.get("cash", 0) + report.evened_fen.get("cash", 0)


def _evened(connection: Connection, report: DayReport, slips: Iterable[Resolution]) -> DayReport:
    """Return a report with what difference slips have moved."""
    moved = decisions.payments_of(connection, slips)
    taken = {(one.operator, one.means): one for one in report.taken}
    by_means: dict[str, int] = {}
    for operator, means, fen in moved:
        by_means[means] = by_means.get(means, 0) + fen
        key = (operator, means)
        one = taken.get(key) or Taken(operator=operator, means=means, taken_fen=0, back_fen=0)
        taken[key] = structs.replace(one, taken_fen=one.taken_fen + max(0, fen), back_fen=one.back_fen + max(0, -fen))
    return structs.replace(
        report,
        collected_fen=sum(fen for _, _, fen in moved if fen > 0),
        refunded_fen=-sum(fen for _, _, fen in moved if fen < 0),
        evened_fen=by_means,
        taken=tuple(taken[key] for key in sorted(taken)),
    )


def _accepted(connection: Connection, report: DayReport, after: str, until: str) -> DayReport:
    """Return a report with the accepted differences: the platform's figure is what is claimed for them."""
    found = accepted_in(connection, after, until, report.operator)
    moved = added([_NOTHING, *(one.amounts for one in found)])
    used = bill_use(connection, after, until, report.operator)
    return structs.replace(report, totals=added([report.totals, moved]), accepted=moved, bills=used)


def _hers(connection: Connection, first: int, last: int, operator: str | None) -> list[StoredSettlement]:
    """Return the settlements and voids of a range of serials, of one operator if named."""
    return [one for one in settlements.heads(connection, first, last) if operator is None or one.operator == operator]


def _drawer_detail(report: DayReport) -> str:
    drawer = report.drawer
    if drawer is None:
        return ""
    taken_fen = cash_fen(report)
    return (
        f" 备用金 {yuan(drawer.float_fen)} 应有 {yuan(drawer.expected_fen(taken_fen))} "
        f"实点 {yuan(drawer.counted_fen)} 相差 {yuan(drawer.difference_fen(taken_fen))}"
    )


def _range_report(connection: Connection, one: Closing) -> DayReport:
    first, last = one.first_serial, one.last_serial
    title = f"第 {first} 至 {last} 号" if last >= first else f"第 {first} 号起，没有收费"
    operator = None if one.everybody else one.operator
    report = _report(connection, title, _hers(connection, first, last, operator), (first, last))
    if operator is None:
        return report
    still_open = tuple(shifts.still_open(connection, operator, last, one.at))
    return structs.replace(report, operator=operator, still_open=still_open)


def _report(
    connection: Connection, title: str, heads: Iterable[StoredSettlement], serials: tuple[int, int] = (1, 0)
) -> DayReport:
    found = list(heads)
    taken = settlement_sums.taken_by_operator(connection, [one.serial for one in found])
    by_means = settlement_sums.net_by_means(taken)
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
        taken=tuple(one for one in taken if one.taken_fen or one.back_fen),
    )
