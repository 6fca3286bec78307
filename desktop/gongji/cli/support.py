"""`gongji manual`, `support` and `--selftest`: what helps when something is not clear or does not work."""

import sys
from argparse import Namespace
from pathlib import Path

from gongji.cli.arguments import data_folder, library_of
from gongji.cli.io import DONE, REFUSED, STANDARD_INPUT, complain_of, say
from gongji.cli.session import clock_of, needed_password
from gongji.core.dates import stamp
from gongji.desk.clinic.open import open_to_read
from gongji.desk.self_test import self_test
from gongji.desk.session import Clock
from gongji.desk.support_bundle import support_bundle
from gongji.errors import GongjiError
from gongji.files import resource_folder, write_whole
from gongji.pack_files.library import Library
from gongji.store.book_file.db import Store


def support(options: Namespace) -> int:
    """Write the bundle into a file, or to standard output for `-`; the book is in it where it can be opened."""
    path = data_folder(options)
    store = _opened(options, path)
    try:
        text = support_bundle(path, stamp(clock_of(options)()), library_of(options), store)
    finally:
        if store is not None:
            store.close()
    if str(options.file) == STANDARD_INPUT:
        sys.stdout.write(text)
        return DONE
    write_whole(options.file, text.encode())
    sentence = f"支持包已写到 {options.file}，发出前可以用记事本通读一遍"
    return say(options, {"ok": True, "file": str(options.file), "book": store is not None}, sentence)


def _opened(options: Namespace, path: Path) -> Store | None:
    """Return the book if it can be opened as the named operator; None if not, which is reported and stops nothing."""
    try:
        password = needed_password(path, options.operator)
        return open_to_read(path, options.operator, password, clock_of(options), of_any_age=True)[1]
    except GongjiError as error:
        complain_of(error)
        return None


def try_everything(clock: Clock) -> int:
    """Try book, settlements and paper for each area, printing a line each; return the exit status."""
    try:
        for sentence in self_test(Library(resource_folder() / "policies"), clock):
            print(sentence, flush=True)
    except GongjiError as error:
        complain_of(error)
        return REFUSED
    return DONE


def print_manual(options: Namespace) -> int:
    """Write the manual and say where."""
    from gongji.desk.manual import save_manual

    print(f"说明书已存为 {save_manual(options.file)}")
    return DONE
