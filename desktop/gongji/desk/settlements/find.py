"""记录与上传: looking up what is in the book."""

from collections.abc import Iterator

from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.core.problems import quoted
from gongji.errors import GongjiError
from gongji.store.book_file.db import Store
from gongji.store.settlements import settlement_search, settlements
from gongji.store.settlements.settlement_search import Head


def find(store: Store, no: str) -> StoredSettlement:
    """Return a settlement or void by its number, whole. Raises `GongjiError` when there is none."""
    one = settlements.by_no(store.reader, no)
    if one is None:
        raise GongjiError(f"没有结算 {quoted(no)}", "请核对结算号（命令行：gongji list 查找）")
    return one


def of_day(store: Store, day: str | None) -> Iterator[StoredSettlement]:
    """Yield the settlements and voids of a day (ISO), or all, with their totals and without their parts."""
    return settlements.heads(store.reader) if day is None else settlements.of_day(store.reader, day)


def refundable(store: Store, most: int = 200) -> list[Head]:
    """Return the settlements of the newest serials that were not reversed, the latest first."""
    connection = store.reader
    newest = settlements.next_serial(connection, 0) - 1
    return settlement_search.standing(connection, newest - most + 1, newest)
