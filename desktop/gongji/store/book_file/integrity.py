"""Whether the file is sound: its pages, its structure, its references."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gongji.store.engine import Connection
from gongji.store.errors import store_errors

_PAGE = re.compile(r"page (\d+)")
_KEPT_KIB = 128 << 10
_LOG_HEAD, _FRAME_HEAD = 32, 24  # bytes, as SQLite's file format has them


def damaged_pages(connection: Connection) -> int:
    """Return how many of the file's pages are not what was written.

    A page left half written by a power cut or a full disk is still whole in the write-ahead log, is read from there
    and written again.
    """
    with store_errors():
        found = [str(text) for (text,) in connection.execute("PRAGMA cipher_integrity_check")]
        path = Path(connection.execute("PRAGMA database_list").fetchall()[0][2])
        ((count,),) = connection.execute("PRAGMA page_count").fetchall()
        ((size,),) = connection.execute("PRAGMA page_size").fetchall()
        there = path.stat().st_size // int(size)  # the log gives the book's length; the check reads what the file has
        if not found and there >= count:
            return 0
        logged = _logged_pages(Path(f"{path}-wal"))
        named = [_PAGE.search(text) for text in found]
        damaged = {int(match[1]) for match in named if match is not None} | {*range(there + 1, count + 1)}
        return sum(match is None for match in named) + len(damaged - logged)


def _logged_pages(log: Path) -> set[int]:
    """Return the pages that the log holds of finished transactions."""
    finished: set[int] = set()
    if not log.exists():
        return finished
    pages: set[int] = set()
    with log.open("rb") as file:
        head = file.read(_LOG_HEAD)
        size, salt = int.from_bytes(head[8:12], "big"), head[16:24]
        while len(frame := file.read(_FRAME_HEAD)) == _FRAME_HEAD and frame[8:16] == salt:
            pages.add(int.from_bytes(frame[:4], "big"))
            if any(frame[4:8]):  # the last frame of its transaction
                finished |= pages
            file.seek(size, 1)
    return finished


def structural_faults(connection: Connection) -> Iterator[str]:
    """Yield what SQLite itself finds wrong with the file's structure."""
    with store_errors():
        for (line,) in connection.execute("PRAGMA integrity_check"):
            if line != "ok":
                yield f"数据文件结构有错：{line}"


def dangling_references(connection: Connection) -> Iterator[str]:
    """Yield every row that refers to a missing one.

    A dozen tables refer to the settlements: meanwhile these are kept in memory, up to the size of a few years' book.
    """
    with store_errors(), _much_kept(connection):
        for table, row, *_ in connection.execute("PRAGMA foreign_key_check"):
            yield f"数据文件 {table} 第 {row} 行指向不存在的记录"


@contextmanager
def _much_kept(connection: Connection) -> Iterator[None]:
    """Keep more of the file's pages in memory than otherwise: to read one takes as long as to check what is in it."""
    ((usual,),) = connection.execute("PRAGMA cache_size").fetchall()
    connection.execute(f"PRAGMA cache_size = -{_KEPT_KIB}")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA cache_size = {usual}")
        connection.execute("PRAGMA shrink_memory")
