"""日结: what a day or a shift took in, by means and by fund, and the receipts it used; zero is a figure too."""

from collections.abc import Iterable

from msgspec import Struct

from gongji.core.book.settled import Stored
from gongji.core.money import yuan
from gongji.core.reckoning.amounts import Amounts, added
from gongji.desk.counter import Counter
from gongji.store import audit, closings, queue, settlements
from gongji.store.engine import Connection

_NOTHING = Amounts(**dict.fromkeys(Amounts.__struct_fields__, 0))


class DayReport(Struct, frozen=True, kw_only=True):
    """The figures of a day or a shift; voids count against them. Payments by means, in fen."""

    title: str
    settlements: int
    voids: int
    totals: Amounts
    by_means_fen: dict[str, int]
    first_receipt: str | None
    last_receipt: str | None
    voided_receipts: tuple[str, ...]
    not_uploaded: int


def day_report(connection: Connection, day: str) -> DayReport:
    """Return the figures of a day (ISO): what was settled and voided on it."""
    return _report(connection, day, settlements.of_day(connection, day))


def shift_report(connection: Connection) -> DayReport:
    """Return the figures of the open shift."""
    first = closings.next_first(connection)
    return _report(connection, f"当前班次（自第 {first} 号起）", settlements.heads(connection, first))


def close_shift(counter: Counter) -> tuple[closings.Closing, DayReport]:
    """Close the open shift over the range of serials it has now; what comes later belongs to the next."""
    at = counter.now()
    with counter.store.write() as connection:
        first = closings.next_first(connection)
        last = settlements.next_serial(connection, 0) - 1
        report = _report(connection, f"第 {first} 至 {last} 号", settlements.heads(connection, first, last))
        closing = closings.Closing(first_serial=first, last_serial=last, operator=counter.operator, at=at)
        closings.put(connection, closing)
        detail = f"{report.title} 合计 {yuan(report.totals.total_fen)} 现金 {yuan(report.totals.cash_fen)}"
        audit.append(connection, at, counter.operator, "close", report.title, detail)
    return closing, report


def _report(connection: Connection, title: str, heads: Iterable[Stored]) -> DayReport:
    found = list(heads)
    serials = [one.serial for one in found]
    by_means = settlements.paid_by_means(connection, serials)
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
        not_uploaded=sum(one.state != queue.ACCEPTED for one in found),
    )
