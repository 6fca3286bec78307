"""记录与上传: looking at what is in the book."""

from collections.abc import Iterator

from gongji.core.book.settled import Stored
from gongji.errors import GongjiError
from gongji.store import queue, settlements
from gongji.store.db import Store


def find(store: Store, no: str) -> Stored:
    """Return a settlement or void by its number, whole; `GongjiError` when there is none."""
    one = settlements.by_no(store.reader, no)
    if one is None:
        raise GongjiError(f"没有结算 {no}", "请核对结算号，可用 gongji list 查找")
    return one


def of_day(store: Store, day: str | None) -> Iterator[Stored]:
    """Yield the settlements and voids of a day (ISO), or all, with their totals and without their parts."""
    return settlements.heads(store.reader) if day is None else settlements.of_day(store.reader, day)


def queue_rows(store: Store) -> Iterator[queue.QueueRow]:
    """Yield the records of the queue in order of making."""
    return queue.rows(store.reader)
