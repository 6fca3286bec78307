"""Commands that answer each JSON object of their input with a line: quote, credit, capitation.

Reading that input: one JSON object, an array of them, or one a line.

Answering in words or as JSON, and asking at a terminal.
"""

import argparse
import errno
import gc
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from msgspec import DecodeError, Raw, json

from gongji.errors import GongjiError
from gongji.files import reason

DONE, FAILED, REFUSED = 0, 1, 2
STANDARD_INPUT = "-"
_MANY_OBJECTS = 200_000
_AT_ONCE = 1 << 16
"""How many bytes are read at once, and written."""

Answer = dict[str, object]


def collect_seldom() -> None:
    """Look seldom for unused cycles: what a quote or a message is made of forms none, and looking costs a tenth."""
    gc.set_threshold(_MANY_OBJECTS)


def answer_each(files: Sequence[str], answer: Callable[[bytes], Answer]) -> int:
    """Print the answer to every object in the files as a line; return the exit status.

    Answers are written before more input is waited for, so that a caller who writes line by line is answered at once.
    A file that cannot be read is one sentence on standard error; the others are answered all the same. Raises
    `GongjiError` where there is no standard output.
    """
    if sys.stdout is None:
        raise GongjiError("标准输出没有打开", "请把结果接到屏幕、文件或管道")
    add, out, unwritten = json.Encoder().encode_into, sys.stdout.buffer, bytearray()

    def write() -> None:
        rest = bytes(unwritten)
        unwritten.clear()
        while rest:  # an unbuffered output may take a part only
            rest = rest[out.write(rest) :]
        out.flush()

    status, seen = DONE, False
    try:
        for text in each_text(files, write):
            if text is None:
                status = REFUSED
                continue
            line = answer(text)
            seen = True
            if not line["ok"]:
                status = REFUSED
            add(line, unwritten, -1)
            unwritten += b"\n"
            if len(unwritten) > _AT_ONCE:  # each by itself takes as long to write as to encode
                write()
    finally:
        write()
    if not seen and status == DONE:
        complain("没有读到任何内容，请给出文件，或把 JSON 送到标准输入")
    return status


def each_text(files: Sequence[str], before_waiting: Callable[[], object] | None = None) -> Iterator[bytes | None]:
    """Yield the text of every object in the files; None for a file that cannot be read, which is reported.

    `before_waiting` is called each time before more is read; its errors are the caller's.
    """
    for name in files or [STANDARD_INPUT]:
        try:
            with _opened(name) as stream:
                yield from texts(stream, before_waiting)
        except _UnreadError as error:
            complain(f"读不到文件 {name}（{reason(error.error)}），请检查文件名和权限")
            yield None


class _UnreadError(Exception):
    """The system did not let something be read; an error of writing an answer is another matter."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self.error = error


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == STANDARD_INPUT:
        if sys.stdin is None:
            raise _UnreadError(OSError(errno.EBADF, "closed"))
        yield sys.stdin.buffer
        return
    try:
        stream = Path(name).open("rb")  # noqa: SIM115  # closed below: what happens meanwhile is not the opening's
    except OSError as error:
        raise _UnreadError(error) from error
    with stream:
        yield stream


def escaped(text: str) -> str:
    """Return a text that is safe for a terminal: invisible characters other than line ends appear as their number."""
    if text.isprintable():
        return text
    return "".join(one if one == "\n" or one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def complain(sentence: str) -> None:
    """Print a sentence on standard error."""
    print(f"gongji：{escaped(sentence)}", file=sys.stderr)


def complain_of(error: GongjiError) -> None:
    """Print an error, with every place where there are several."""
    complain(str(error))
    for problem in getattr(error, "problems", ()):
        print(f"  {escaped(problem.field) or '（整个文件）'}：{escaped(problem.message)}", file=sys.stderr)


def say(options: argparse.Namespace, answer: Mapping[str, object], text: str) -> int:
    """Print an answer, as JSON where it is asked for and else in words."""
    if options.json:
        line(answer)
    else:
        print(escaped(text))
    return DONE


def line(answer: Mapping[str, object]) -> None:
    """Print an answer as a line of JSON, at once."""
    sys.stdout.buffer.write(json.encode(answer) + b"\n")
    sys.stdout.buffer.flush()


_BOM = b"\xef\xbb\xbf"
_SPACE = b" \t\r\n"


def texts(stream: BinaryIO, before_waiting: Callable[[], object] | None = None) -> Iterator[bytes]:
    """Yield the JSON text of each object in a stream, as soon as it is complete where there is one a line.

    Anything that is not JSON is yielded too, for the reader to refuse: a broken line by itself, a broken document
    whole.
    """
    lines = _lines_as_they_come(stream, before_waiting)
    first = next(lines, b"").removeprefix(_BOM)
    while first and not first.strip(_SPACE):
        first = next(lines, b"")
    if first.lstrip(_SPACE).startswith(b"{") and _is_json(first):
        yield first.strip(_SPACE)
        yield from _lines(lines)
        return
    document = first + b"".join(lines)
    if not document.strip(_SPACE):
        return
    if _is_json(document):
        is_array = document.lstrip(_SPACE).startswith(b"[")
        yield from map(bytes, json.decode(document, type=list[Raw])) if is_array else [document.strip(_SPACE)]
    elif any(_looks_whole(line) for line in document.splitlines()):
        yield from _lines(document.splitlines())
    else:
        yield document.strip(_SPACE)


def _lines_as_they_come(stream: BinaryIO, before_waiting: Callable[[], object] | None) -> Iterator[bytes]:
    """Yield lines with their ends; more is read, and may be waited for, when all that came are yielded."""
    begun: list[bytes] = []
    while True:
        if before_waiting is not None:
            before_waiting()
        try:
            came = stream.read1(_AT_ONCE)  # type: ignore[attr-defined]  # every buffered stream has it
        except OSError as error:
            raise _UnreadError(error) from error
        *whole, last = came.split(b"\n")
        if whole:
            begun.append(whole[0])
            whole[0] = b"".join(begun)
            begun.clear()
            for line in whole:
                yield line + b"\n"
        if last:
            begun.append(last)
        if not came:
            break
    if begun:
        yield b"".join(begun)


def _lines(lines: Iterable[bytes]) -> Iterator[bytes]:
    for line in lines:
        text = line.strip(_SPACE)
        if text:
            yield text


def _is_json(text: bytes) -> bool:
    try:
        json.decode(text, type=Raw)
    except (DecodeError, RecursionError, UnicodeDecodeError):
        return False
    return True


def _looks_whole(line: bytes) -> bool:
    """Return whether a line is an object by itself, as in JSON Lines with a broken line."""
    text = line.strip(_SPACE)
    return text.startswith(b"{") and text.endswith(b"}") and _is_json(text)


def confirmed(question: str) -> bool:
    """Ask on a terminal and return whether the answer was yes; False where nobody can be asked."""
    if sys.stdin is None or not sys.stdin.isatty():
        return False
    print(question, file=sys.stderr)
    return input("继续吗？输入 是 或 y：").strip().lower() in {"是", "y", "yes"}
