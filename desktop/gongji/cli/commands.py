"""The commands and their arguments."""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from msgspec import json

from gongji.cli.answers import quoted_answer
from gongji.cli.feed import texts
from gongji.desk.quoting import quote_text
from gongji.errors import GongjiError
from gongji.files import resource_folder
from gongji.policies import Library

DONE, FAILED, REFUSED = 0, 1, 2


def run(arguments: Sequence[str]) -> int:
    options = argparse.ArgumentParser()
    options.add_argument("command")
    options.add_argument("files", nargs="*")
    args = options.parse_args(arguments)
    library = Library(resource_folder() / "policies")
    out = sys.stdout.buffer
    status = 0
    enc = json.Encoder()
    for text in texts(sys.stdin.buffer):
        a = quoted_answer(quote_text(text, library))
        if not a["ok"]: status = 2
        out.write(enc.encode(a) + b"\n")
    return status
