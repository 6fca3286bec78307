"""Errors of SQLite and the system as one sentence and what to do; errors that only a bug causes pass through."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from gongji.errors import GongjiError
from gongji.store.engine import Error

_SENTENCES = {
    "SQLITE_BUSY": ("数据文件正被另一个程序占用", "请关闭另一个结算台窗口，停止正在进行的核对，或等它完成后再试"),
    "SQLITE_LOCKED": ("数据文件正被另一个程序占用", "请关闭另一个结算台窗口，停止正在进行的核对，或等它完成后再试"),
    "SQLITE_FULL": ("磁盘已满，本次没有记下任何内容", "请清理磁盘后再试，已有的记录不受影响"),
    "SQLITE_IOERR": ("读写数据文件出错", "请检查磁盘是否已满或损坏；先不要继续收费，重新打开程序核对上一笔"),
    "SQLITE_READONLY": ("数据文件夹只能读不能写", "请检查文件夹权限，或换到可以写入的位置"),
    "SQLITE_CANTOPEN": ("打不开数据文件", "请检查数据文件夹是否存在、是否有读写权限"),
    "SQLITE_CORRUPT": ("数据文件已损坏", "请不要删除任何文件，立即联系维护人员从备份恢复"),
    "SQLITE_NOTADB": (
        "打不开数据文件：口令不对，或文件已损坏",
        "请核对口令；仍打不开的，不要删除任何文件，联系维护人员",
    ),
    "SQLITE_PERM": ("没有读写数据文件的权限", "请检查文件夹权限"),
}


_KINDS = {
    errno.ENOSPC: "SQLITE_FULL",
    errno.EDQUOT: "SQLITE_FULL",
    errno.EROFS: "SQLITE_READONLY",
    errno.EACCES: "SQLITE_READONLY",
    errno.EPERM: "SQLITE_READONLY",
}


class StoreError(GongjiError):
    """The book cannot be read or written; `kind` is SQLite's primary error name, such as SQLITE_FULL."""

    def __init__(self, kind: str) -> None:
        super().__init__(*_SENTENCES[kind])
        self.kind = kind


def kind_of(error: BaseException) -> str | None:
    """Return SQLite's primary name of an error of disk or system; None for a bug."""
    if isinstance(error, OSError):
        return _KINDS.get(error.errno or 0, "SQLITE_IOERR")
    name = getattr(error, "sqlite_errorname", None) or ""
    primary = "_".join(name.split("_")[:2])
    return primary if primary in _SENTENCES else None


def raise_store_error(error: Error | OSError) -> NoReturn:
    """Raise an error of disk or system as a `StoreError`, and a bug unchanged."""
    kind = kind_of(error)
    if kind is None:
        raise error
    raise StoreError(kind) from error


@contextmanager
def store_errors() -> Iterator[None]:
    """Turn errors of SQLite and the system inside the block into `StoreError`."""
    try:
        yield
    except (Error, OSError) as error:
        raise_store_error(error)
