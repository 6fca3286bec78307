"""What the commands of a data folder share: opening it for an operator, and answering in words or as JSON."""

import datetime
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from getpass import getpass
from pathlib import Path
from typing import Any

from msgspec import json

from gongji.cli.io import DONE, REFUSED, confirmed, escaped
from gongji.cli.stored_answers import trouble_answer
from gongji.core.dates import CHINA
from gongji.desk.clinic.backup.relocate import Whereabouts
from gongji.desk.clinic.clock import clock_for
from gongji.desk.clinic.open import is_training, open_counter, open_to_read
from gongji.desk.papers.paper_files import commands_keep_files
from gongji.desk.roles import attend
from gongji.desk.session import Clock, ClockError, Session
from gongji.errors import GongjiError
from gongji.files import default_data_folder, resource_folder
from gongji.pack_files.library import Library
from gongji.store.book_file.db import Store
from gongji.store.book_file.folder import Folder

PASSWORD = "GONGJI_PASSWORD"  # noqa: S105  # the name of the variable that holds it
SECOND = "GONGJI_SECOND_PASSWORD"  # the same, for the second person's


def guarded(command: Callable[[Namespace], int]) -> Callable[[Namespace], int]:
    """Return the command with its refusals printed as JSON objects under --json."""

    def run(options: Namespace) -> int:
        try:
            return command(options)
        except GongjiError as error:
            if not options.json:
                raise
            line(trouble_answer(error))
            return REFUSED

    return run


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
    library, path = library_of(options), path_of(options)
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


def open_readonly(options: Namespace, look: Callable[[Folder, Store], int]) -> int:
    """Open the data folder read-only, and return the result of a function on it."""
    path = path_of(options)
    folder, store = open_to_read(path, options.operator, needed_password(path, options.operator), clock_of(options))
    try:
        return look(folder, store)
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
    first = getpass(f"{operator} 的口令：")
    if new and getpass("再输一次：") != first:
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
    attend(counter, name, getpass(f"{name} 的口令：") if given is None else given)


def asker(options: Namespace) -> Callable[[str, bool], str]:
    """Return a function that asks for passwords: from a descriptor, a line each, or the terminal; never from argv."""
    given = None if options.approval_fd is None else open(options.approval_fd, encoding="utf-8", closefd=False)  # noqa: SIM115

    def ask(name: str, new: bool) -> str:  # noqa: FBT001  # as the desk calls it
        if given is not None:
            return given.readline().rstrip("\r\n")
        if not sys.stdin.isatty():
            raise GongjiError("没有地方输入署名人的口令", "请在终端里运行，或用 --approval-fd 给出读口令的文件描述符")
        first = getpass(f"{name} 的口令：")
        if new and getpass("第一次在这台电脑署名，再输一次：") != first:
            raise GongjiError("两次输入的口令不同", "请重新执行")
        return first

    return ask


def path_of(options: Namespace) -> Path:
    """Return the data folder of the options."""
    return Path(options.data) if options.data else default_data_folder()


def clock_of(options: Namespace) -> Clock:
    """Return the clock of the options' data folder."""
    return clock_for(path_of(options), options.clock)


def today_of(options: Namespace) -> datetime.date:
    """Return the current day of the options' data folder."""
    return clock_of(options)().astimezone(CHINA).date()


def library_of(options: Namespace) -> Library:
    """Return the shipped packs, and those of the folders named."""
    return Library(resource_folder() / "policies", options.policies)


def say(options: Namespace, answer: dict[str, Any], text: str) -> int:
    """Print an answer, as JSON where it is asked for and else in words."""
    if options.json:
        line(answer)
    else:
        print(escaped(text))
    return DONE


def line(answer: dict[str, Any]) -> None:
    """Print an answer as a line of JSON, at once."""
    sys.stdout.buffer.write(json.encode(answer) + b"\n")
    sys.stdout.buffer.flush()
