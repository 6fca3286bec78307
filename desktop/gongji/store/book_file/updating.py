"""One update at a time in a program's folder, and the copies of a book that an update is tried on."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree

from gongji.errors import GongjiError
from gongji.files import reason
from gongji.store.book_file.file_lock import FileLock, LockHeldError

_PREFIX = "updating-"
_LEFT_BEHIND = (f"{_PREFIX}*", "drill-*")
"""Folders in a data folder that hold a copy something is tried on: one that a killed program left is of no use."""


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Be the one update in a program's folder. Raises `GongjiError` where another runs or nothing may be written."""
    lock = FileLock(folder / "update.lock", 0)
    try:
        lock.acquire()
    except LockHeldError:
        raise GongjiError("这台电脑上正在更新", "请等那一次更新做完") from None
    except OSError as error:
        advice = "程序是管理员装的：请由管理员更新（命令行：gongji update apply），或安装更新盘上的安装包"
        raise GongjiError(f"程序文件夹 {folder} 不能写（{reason(error)}）", advice) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def trial_folder(data: Path) -> Iterator[Path]:
    """Make a folder beside a book for a copy that an update is tried on, and take it away again."""
    clear_trials(data)
    place = Path(tempfile.mkdtemp(dir=data, prefix=_PREFIX))
    try:
        yield place
    finally:
        rmtree(place, ignore_errors=True)


def clear_trials(data: Path) -> None:
    """Take away the copies that a stopped update or drill has left."""
    for pattern in _LEFT_BEHIND:
        for one in data.glob(pattern):
            rmtree(one, ignore_errors=True)
