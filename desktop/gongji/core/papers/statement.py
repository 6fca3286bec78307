"""A report in tables, as data: the month's statement for the agency; how it looks is `printing`'s."""

from msgspec import Struct

from gongji.core.papers.receipt import Issuer


class StatementTable(Struct, frozen=True, kw_only=True):
    """Rows under titles; the first `texts` columns are words, the others figures. `total` is the row they add up to."""

    heading: str
    titles: tuple[str, ...]
    texts: int
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()
    note: str = ""


class StatementContent(Struct, frozen=True, kw_only=True):
    """A report: labelled texts, tables one under the other, the labels of those who sign it."""

    title: str
    issuer: Issuer
    entries: tuple[tuple[str, str], ...]
    tables: tuple[StatementTable, ...]
    signed: tuple[str, ...]
