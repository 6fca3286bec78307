"""Whether the file is sound: its pages, its structure, its references."""

from collections.abc import Iterator

from gongji.store.engine import Connection
from gongji.store.trouble import told


def damaged_pages(connection: Connection) -> int:
    """Return how many of the file's pages are not what was written."""
    with told():
        return len(connection.execute("PRAGMA cipher_integrity_check").fetchall())


def structural_faults(connection: Connection) -> Iterator[str]:
    """Yield what SQLite itself finds wrong with the file's structure and references."""
    with told():
        for (line,) in connection.execute("PRAGMA integrity_check"):
            if line != "ok":
                yield f"数据文件结构有错：{line}"
        for table, row, *_ in connection.execute("PRAGMA foreign_key_check"):
            yield f"数据文件 {table} 第 {row} 行指向不存在的记录"
