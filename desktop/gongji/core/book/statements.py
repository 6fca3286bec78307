"""A report in tables, as data: the month's statement for the agency; how it looks is `printing`'s."""

from msgspec import Struct

from gongji.core.book.receipt_records import Issuer


class Table(Struct, frozen=True, kw_only=True):
    """Rows under titles; the first `texts` columns are words, the others figures. `total` is the row they add up to."""

    heading: str
    titles: tuple[str, ...]
    texts: int
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()
    note: str = ""


class Statement(Struct, frozen=True, kw_only=True):
    """A report: labelled texts, tables one under the other, the labels of those who sign it."""

    title: str
    issuer: Issuer
    entries: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    signed: tuple[str, ...]
