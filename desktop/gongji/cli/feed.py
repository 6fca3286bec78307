"""Reading what the commands are fed: one JSON object, an array of them, or one a line."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from msgspec import DecodeError, Raw, json

_BOM = b"\xef\xbb\xbf"
_SPACE = b" \t\r\n"


def texts(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the JSON text of each object in a stream, as soon as it is there where objects stand one a line.

    What is not JSON is yielded too, for the reader to refuse: a broken line by itself, a broken document as a whole.
    """
    first = stream.readline().removeprefix(_BOM)
    while first and not first.strip(_SPACE):
        first = stream.readline()
    if first.lstrip(_SPACE).startswith(b"{") and _is_json(first):
        yield first.strip(_SPACE)
        yield from _lines(stream)
        return
    document = first + stream.read()
    if not document.strip(_SPACE):
        return
    if _is_json(document):
        yield from _elements(document) if document.lstrip(_SPACE).startswith(b"[") else [document.strip(_SPACE)]
    elif any(_looks_whole(line) for line in document.splitlines()):
        yield from _lines(document.splitlines())
    else:
        yield document.strip(_SPACE)


def _lines(lines: Iterable[bytes]) -> Iterator[bytes]:
    for line in lines:
        text = line.strip(_SPACE)
        if text:
            yield text


def _elements(document: bytes) -> Iterator[bytes]:
    """Yield the elements of an array."""
    yield from map(bytes, json.decode(document, type=list[Raw]))


def _is_json(text: bytes) -> bool:
    try:
        json.decode(text, type=Raw)
    except (DecodeError, RecursionError, UnicodeDecodeError):
        return False
    return True


def _looks_whole(line: bytes) -> bool:
    """Tell whether a line is an object by itself, as in JSON Lines with a broken line."""
    text = line.strip(_SPACE)
    return text.startswith(b"{") and text.endswith(b"}") and _is_json(text)
