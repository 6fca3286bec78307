"""The commands that work in a data folder. What they print for people is in cli.book_words."""

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable
from getpass import getpass
from pathlib import Path
from typing import Any

from msgspec import json

from gongji.cli import book_words as words
from gongji.cli.batch import DONE, REFUSED, complain, each_text
from gongji.cli.book_answers import (
    committed_answer,
    listed_answer,
    queued_answer,
    report_answer,
    shown_answer,
    trouble_answer,
    voided_answer,
)
from gongji.cli.confirming import confirmed
from gongji.cli.loading import Wanted, load
from gongji.core.book.settled import Stored
from gongji.core.book.times import CHINA
from gongji.desk import papers
from gongji.desk.checking import verify
from gongji.desk.closing import close_shift, day_report
from gongji.desk.committing import settle_text
from gongji.desk.counter import ClockError, Counter
from gongji.desk.finding import find, of_day, queue_rows
from gongji.desk.opening import Beginning, begin, open_counter, open_to_read
from gongji.desk.reversing import void
from gongji.desk.training import begin_training
from gongji.errors import GongjiError
from gongji.files import default_data_folder, read_whole, resource_folder
from gongji.policies import Library
from gongji.store.db import Store
from gongji.store.folder import Folder

PASSWORD = "GONGJI_PASSWORD"  # noqa: S105  # the name of the variable that holds it


def guarded(command: Callable[[Namespace], int]) -> Callable[[Namespace], int]:
    """Return the command so that with --json its refusal is an object on standard output."""

    def run(options: Namespace) -> int:
        try:
            return command(options)
        except GongjiError as error:
            if not options.json:
                raise
            _line(trouble_answer(error))
            return REFUSED

    return run


def init(options: Namespace) -> int:
    """Make a data folder."""
    path, library = _path(options), _library(options)
    if options.training:
        area = begin_training(path, options.area, library, options.clock)
        return _say(options, {"ok": True, "data": str(path), "training": True, "area": area}, words.begun(path, area))
    if options.area is None or options.institution is None or options.operator is None:
        raise GongjiError("还缺少 --area、--institution 或 --operator", "只是练习的话，用 gongji init --training")
    try:
        institution = json.decode(read_whole(options.institution))
    except ValueError as error:
        raise GongjiError(f"{options.institution} 不是 JSON", "请按 institution 的格式写，见命令行手册") from error
    one = Beginning(
        counter=options.counter,
        area=options.area,
        institution=institution,
        operator=options.operator,
        password=_password(options.operator, new=True),
        training=False,
    )
    begin(path, one, library, options.clock)
    answer = {"ok": True, "data": str(path), "training": False, "area": options.area}
    return _say(options, answer, words.begun(path, None))


def settle(options: Namespace) -> int:
    """Settle visits for good, each in its own transaction, its line printed after its commit."""
    counter = _open(options)
    status = DONE
    try:
        for text in each_text(options.files):
            if text is None:
                status = REFUSED
                continue
            done = settle_text(counter, text)
            paper, trouble = None, None
            if done.stored is not None and not options.no_receipt:
                paper, trouble = _print(counter, done.stored)
            answer = committed_answer(done, paper)
            _line(answer)
            for warning in (*done.warnings, *([trouble] if trouble else [])):
                complain(warning)
            status = status if answer["ok"] else REFUSED
    finally:
        counter.close()
    return status


def void_settlement(options: Namespace) -> int:
    """Reverse a settlement."""
    counter = _open(options)
    try:
        done = void(counter, options.number, options.reason)
        paper, trouble = _print(counter, done.stored)
    finally:
        counter.close()
    for warning in (*done.warnings, *([trouble] if trouble else [])):
        complain(warning)
    return _say(options, voided_answer(done, paper), words.voided(done, paper))


def show(options: Namespace) -> int:
    """Print everything about one settlement."""
    return _looked(options, lambda _, store: _shown(options, find(store, options.number)))


def _shown(options: Namespace, one: Stored) -> int:
    return _say(options, shown_answer(one), words.shown(one))


def list_settlements(options: Namespace) -> int:
    """Print the settlements and voids, of a day where one is named."""
    return _looked(options, lambda _, store: _each(options, of_day(store, options.date), listed_answer, words.listed))


def queue(options: Namespace) -> int:
    """Print the queue, one record a line."""
    return _looked(options, lambda _, store: _each(options, queue_rows(store), queued_answer, words.queued))


def check(options: Namespace) -> int:
    """Check the book, its witness and its queue."""
    library = _library(options)

    def run(folder: Folder, store: Store) -> int:
        findings = list(verify(folder, store, library, words.progress))
        answer = {"ok": not findings, "findings": [{"place": one.place, "text": one.text} for one in findings]}
        _say(options, answer, words.verified(findings))
        return REFUSED if findings else DONE

    return _looked(options, run)


def load_table(options: Namespace) -> int:
    """Import people, family links, catalogue or figures from a table, or only look at what that would do."""
    wanted = Wanted(
        kind=options.kind,
        file=options.file,
        preview=options.preview,
        skip_refused=options.skip_refused,
        refused=options.refused,
    )
    counter = _open(options)
    try:
        return load(counter.store, wanted, at=counter.now(), operator=counter.operator, knows=counter.library.knows)
    finally:
        counter.close()


def report_day(options: Namespace) -> int:
    """Print a day's figures."""
    day = options.date or options.clock().astimezone(CHINA).date().isoformat()
    return _looked(options, lambda _, store: _reported(options, store, day))


def _reported(options: Namespace, store: Store, day: str) -> int:
    report = day_report(store.reader, day)
    return _say(options, {"ok": True, **report_answer(report)}, words.reported(report))


def close(options: Namespace) -> int:
    """Close the open shift."""
    counter = _open(options)
    try:
        closing, report = close_shift(counter)
    finally:
        counter.close()
    answer = {"ok": True, "at": closing.at, "operator": closing.operator, **report_answer(report)}
    return _say(options, answer, words.closed(closing, report))


def _print(counter: Counter, one: Stored) -> tuple[str | None, str | None]:
    """Print the paper; return its path within the folder, and what went wrong where something did."""
    try:
        paper = papers.print_receipt(counter, one)
    except GongjiError as error:
        return None, f"{one.no} 已记下，但收据没有印成：{error}"
    return paper.relative_to(counter.folder.path).as_posix(), None


def _open(options: Namespace) -> Counter:
    library, path = _library(options), _path(options)
    password = _needed_password(path, options.operator)
    counter = open_counter(path, library, options.clock, options.operator, password)
    try:
        counter.now()
    except ClockError as error:
        if not (options.clock_confirmed or confirmed(str(error))):
            counter.close()
            raise
        counter.confirm_clock()
    return counter


def _looked(options: Namespace, look: Callable[[Folder, Store], int]) -> int:
    path = _path(options)
    folder, store = open_to_read(path, options.operator, _needed_password(path, options.operator))
    try:
        return look(folder, store)
    finally:
        store.close()


def _needed_password(path: Path, operator: str | None) -> str | None:
    return None if operator is None or Folder(path).card().training else _password(operator, new=False)


def _password(operator: str, *, new: bool) -> str | None:
    given = os.environ.get(PASSWORD)
    if given is not None or not sys.stdin.isatty():
        return given
    first = getpass(f"{operator} 的口令：")
    if new and getpass("再输一次：") != first:
        raise GongjiError("两次输入的口令不同", "请重新执行")
    return first


def _path(options: Namespace) -> Path:
    return Path(options.data) if options.data else default_data_folder()


def _library(options: Namespace) -> Library:
    return Library(resource_folder() / "policies", options.policies)


def _each(
    options: Namespace, rows: Iterable[Any], answer: Callable[[Any], dict[str, Any]], line: Callable[[Any], str]
) -> int:
    for row in rows:
        if options.json:
            _line(answer(row))
        else:
            print(line(row))
    return DONE


def _say(options: Namespace, answer: dict[str, Any], text: str) -> int:
    if options.json:
        _line(answer)
    else:
        print(text)
    return DONE


def _line(answer: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.encode(answer) + b"\n")
    sys.stdout.buffer.flush()
