"""Commands that answer each JSON object they are fed with a line: quote, credit, capitation."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from msgspec import json

from gongji.cli.feed import texts
from gongji.errors import GongjiError
from gongji.files import reason

DONE, FAILED, REFUSED = 0, 1, 2
STANDARD_INPUT = "-"

Answer = dict[str, object]


def answer_each(files: Sequence[str], answer: Callable[[bytes], Answer]) -> int:
    """Print the answer to every object in the files as a line; return the exit status.

    A file that cannot be read is one sentence on standard error; the others are answered all the same.
    """
    encode, out = json.Encoder().encode, sys.stdout.buffer
    status, seen = DONE, False
    for text in each_text(files):
        if text is None:
            status = REFUSED
            continue
        line = answer(text)
        seen = True
        if not line["ok"]:
            status = REFUSED
        out.write(encode(line) + b"\n")
        out.flush()
    if not seen and status == DONE:
        complain("没有读到任何内容，请给出文件，或把 JSON 送到标准输入")
    return status


def each_text(files: Sequence[str]) -> Iterator[bytes | None]:
    """Yield the text of every object in the files; None for a file that cannot be read, which is told."""
    for name in files or [STANDARD_INPUT]:
        try:
            with _opened(name) as stream:
                yield from texts(stream)
        except OSError as error:
            complain(f"读不到文件 {name}（{reason(error)}），请检查文件名和权限")
            yield None


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    with Path(name).open("rb") as stream:
        yield stream


def complain(sentence: str) -> None:
    """Say a sentence on standard error."""
    print(f"gongji：{sentence}", file=sys.stderr)


def complain_of(error: GongjiError) -> None:
    """Say what is wrong with the world, with every place where there are several."""
    complain(str(error))
    for problem in getattr(error, "problems", ()):
        print(f"  {problem.field or '（整个文件）'}：{problem.message}", file=sys.stderr)
