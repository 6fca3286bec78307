"""A table in a file, as read in the child process (`table_process`): what every format has in common."""

from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct

from gongji.errors import GongjiError
from gongji.spreadsheets.cell_text import Row

CHOSEN_WRONGLY = "请核对是不是选错了文件，或用表格程序打开后另存为 .xlsx 再试"


class TableHead(Struct, frozen=True, kw_only=True, tag="head"):
    """What is known of a table before its rows: its format, about how many rows (0: unknown), other sheets."""

    form: str
    about_rows: int
    unread_sheets: tuple[str, ...] = ()


class TableSource(Struct, frozen=True, kw_only=True):
    """An open table; while the rows are iterated `merged` fills with the merged ranges (A1:B2).

    `hidden` fills with the numbers of hidden or filtered rows.
    """

    head: TableHead
    rows: Iterator[Row]
    merged: list[str]
    hidden: list[int] = []


@contextmanager
def damaged(name: str) -> Iterator[None]:
    """Turn any error of a library into one sentence; none of them has an exception of its own for a bad file.

    Raises `GongjiError` for such an error.
    """
    try:
        yield
    except (GongjiError, MemoryError):
        raise
    except Exception as error:
        raise GongjiError(f"{name} 已损坏，或不是完整的表格", CHOSEN_WRONGLY) from error
