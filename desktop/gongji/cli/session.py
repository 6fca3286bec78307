"""What the commands of a data folder share: opening it for an operator, and answering in words or as JSON."""

import datetime
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from getpass import getpass
from pathlib import Path

from gongji.cli.arguments import data_folder, library_of
from gongji.cli.io import confirmed
from gongji.core.dates import CHINA
from gongji.desk.clinic.backup.relocate import Whereabouts
from gongji.desk.clinic.clock import clock_for
from gongji.desk.clinic.open import is_training, open_counter, open_to_read
from gongji.desk.papers.paper_files import commands_keep_files
from gongji.desk.roles import attend
from gongji.desk.session import Clock, ClockError, Session
from gongji.errors import GongjiError
from gongji.store.book_file.db import Store
from gongji.store.book_file.folder import Folder

PASSWORD = "GONGJI_PASSWORD"  # noqa: S105  # the name of the variable that holds it
SECOND = "GONGJI_SECOND_PASSWORD"  # the same, for the second person's


@contextmanager
def open_session(options: Namespace) -> Iterator[Session]:
    """Open the data folder to work in it, and close it whatever happens."""
    counter = _open(options)
    try:
        yield counter
    except Exception as error:
        counter.log.warning("a command failed", exc_info=error)
        raise
    finally:
        counter.close()


def _open(options: Namespace) -> Session:
    library, path = library_of(options), data_folder(options)
    password = needed_password(path, options.operator)
    said = Whereabouts(moved=options.folder_moved, another=options.as_counter)
    counter = open_counter(path, library, clock_of(options), options.operator, password, whereabouts=said)
    counter.keeps_paper_files = commands_keep_files(counter)
    try:
        counter.now()
    except ClockError as error:
        if not (options.clock_confirmed or confirmed(str(error))):
            counter.close()
            raise
        counter.confirm_clock()
    return counter


@contextmanager
def open_readonly(options: Namespace) -> Iterator[tuple[Folder, Store]]:
    """Open the data folder to read in it, and close it whatever happens."""
    path = data_folder(options)
    folder, store = open_to_read(path, options.operator, needed_password(path, options.operator), clock_of(options))
    try:
        yield folder, store
    finally:
        store.close()


def needed_password(path: Path, operator: str | None) -> str | None:
    """Return an operator's password; None where nobody is named, or the data folder is for training and has none."""
    return None if operator is None or is_training(path) else password_of(operator, new=False)


def password_of(operator: str, *, new: bool) -> str | None:
    """Return an operator's password: from the environment, or asked for on a terminal; a new one twice.

    Raises `GongjiError` where two inputs differ.
    """
    given = os.environ.get(PASSWORD)
    if given is not None or not sys.stdin.isatty():
        return given
    return _typed(operator, "再输一次：" if new else "")


def _typed(name: str, again: str = "") -> str:
    """Ask for a person's password on the terminal; in other words a second time, where there are any."""
    first = getpass(f"{name} 的口令：")
    if again and getpass(again) != first:
        raise GongjiError("两次输入的口令不同", "请重新执行")
    return first


def attend_second(options: Namespace, counter: Session) -> None:
    """Let the second person of the options, if any, confirm the act; the password is in the environment or typed.

    Raises `GongjiError` where there is none.
    """
    name = options.second
    if name is None:
        return
    given = os.environ.get(SECOND)
    if given is None and not sys.stdin.isatty():
        raise GongjiError(f"缺少第二人 {name} 的口令", f"请在终端输入，或放在环境变量 {SECOND} 里")
    attend(counter, name, _typed(name) if given is None else given)


def asker(options: Namespace) -> Callable[[str, bool], str]:
    """Return a function that asks for passwords: from a descriptor, a line each, or the terminal; never from argv."""
    given = None if options.approval_fd is None else open(options.approval_fd, encoding="utf-8", closefd=False)  # noqa: SIM115

    def ask(name: str, new: bool) -> str:  # noqa: FBT001  # as the desk calls it
        if given is not None:
            return given.readline().rstrip("\r\n")
        if not sys.stdin.isatty():
            raise GongjiError("没有地方输入署名人的口令", "请在终端里运行，或用 --approval-fd 给出读口令的文件描述符")
        return _typed(name, "第一次在这台电脑署名，再输一次：" if new else "")

    return ask


def clock_of(options: Namespace) -> Clock:
    """Return the clock of the options' data folder."""
    return clock_for(data_folder(options), options.clock)


def today_of(options: Namespace) -> datetime.date:
    """Return the current day of the options' data folder."""
    return clock_of(options)().astimezone(CHINA).date()
