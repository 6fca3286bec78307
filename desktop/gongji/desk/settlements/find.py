"""记录与上传: looking up what is in the book."""

from collections.abc import Iterator

from msgspec import Struct

from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.core.problems import quoted
from gongji.errors import GongjiError
from gongji.store.book_file.db import Store
from gongji.store.engine import Connection
from gongji.store.people import people
from gongji.store.settlements import settlements


def find(store: Store, no: str) -> StoredSettlement:
    """Return a settlement or void by its number, whole. Raises `GongjiError` when there is none."""
    one = settlements.by_no(store.reader, no)
    if one is None:
        raise GongjiError(f"没有结算 {quoted(no)}", "请核对结算号（命令行：gongji list 查找）")
    return one


def of_day(store: Store, day: str | None) -> Iterator[StoredSettlement]:
    """Yield the settlements and voids of a day (ISO), or all, with their totals and without their parts."""
    return settlements.heads(store.reader) if day is None else settlements.of_day(store.reader, day)


class Refundable(Struct, frozen=True, kw_only=True):
    """A settlement that is not voided, and its patient's name."""

    stored: StoredSettlement
    name: str


def refundable(store: Store, most: int = 200) -> list[Refundable]:
    """Return the newest settlements that were not reversed, the latest first."""
    connection = store.reader
    newest = settlements.next_serial(connection, 0) - 1
    heads = settlements.heads(connection, max(0, newest - most + 1), newest)
    standing = [one for one in heads if one.kind == "settle" and one.voided_by is None]
    return [Refundable(stored=one, name=name_of(connection, one)) for one in reversed(standing)]


def name_of(connection: Connection, one: StoredSettlement) -> str:
    """Return the current name of a settlement's patient."""
    known = people.find(connection, one.person_id, one.settled_on)
    return "" if known is None else known.name
