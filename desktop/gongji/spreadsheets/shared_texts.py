"""The shared texts of a workbook: found by pattern where they are written as usual, else parsed with expat.

A text is read by pattern only where that accounts for every character of it; one with an entity, or with runs of
different fonts, goes through the parser by itself, and a part that begins in another way goes there as a whole. See
ECMA-376, 18.4.
"""

import codecs
import re
from collections.abc import Callable
from typing import IO

from gongji.spreadsheets.cell_text import LONGEST_CELL, plain, without_escapes
from gongji.spreadsheets.sheet_xml import too_long, xml_parser

_CHUNK = 1 << 18
_BEGIN = re.compile(r"\s*(?:<\?xml [^>]*?(?:encoding=[\"']utf-8[\"'][^>]*?)?\?>)?\s*<sst(?: [^<>]*)?>", re.IGNORECASE)
_PLAIN = r"<si><t(?: xml:space=\"preserve\")?>([^<&\r\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]*)</t></si>"
_TEXT = re.compile(_PLAIN)
_ENTRY = re.compile(r"<si>.*?</si>", re.DOTALL)
_END = "</si>"
_LONGEST_ENTRY = 1 << 20


def shared_texts(opened: Callable[[], IO[bytes]]) -> list[str]:
    """Return the texts; raises `expat.ExpatError`, or `GongjiError` when one is longer than Excel can have."""
    with opened() as source:
        found = _scan(source)
    if found is None:
        with opened() as source:
            found = SharedTexts().read(source)
    return found


def _scan(source: IO[bytes]) -> list[str] | None:
    """Return the texts of a part written as usual; None for any other."""
    texts: list[str] = []
    decoder = codecs.getincrementaldecoder("utf-8")()
    buffer, begun = "", False
    while True:
        chunk = source.read(_CHUNK)
        try:
            buffer += decoder.decode(chunk, not chunk)
        except UnicodeDecodeError:
            return None
        if not begun:
            head = _BEGIN.match(buffer.lstrip("\ufeff"))
            if head is None:
                return None
            begun, buffer = True, buffer.lstrip("\ufeff")[head.end() :]
        end = buffer.rfind(_END) + len(_END) if _END in buffer else 0
        if not _add(texts, buffer[:end]):
            return None
        buffer = buffer[end:]
        if len(buffer) > _LONGEST_ENTRY:
            return None
        if not chunk:
            return texts if buffer.strip() == "</sst>" else None


def _add(texts: list[str], entries: str) -> bool:
    """Add the texts of whole entries; False where there is anything else."""
    found = _TEXT.findall(entries)
    if len(found) * len("<si><t></t></si>") + sum(map(len, found)) == len(entries):
        if max(map(len, found), default=0) > LONGEST_CELL:
            return False  # the parser says which
        texts.extend([plain(without_escapes(one)) for one in found])
        return True
    accounted = 0
    for entry in _ENTRY.finditer(entries):
        accounted += len(entry[0])
        usual = _TEXT.fullmatch(entry[0])
        if usual is None:
            one = SharedTexts()
            one.read_one(entry[0])
            texts += one.texts
        elif len(usual[1]) > LONGEST_CELL:
            return False
        else:
            texts.append(plain(without_escapes(usual[1])))
    return accounted == len(entries)


class SharedTexts:
    """Collects the shared texts of a workbook, without readings (phonetic runs)."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._parts: list[str] = []
        self._size = 0
        self._in_text = False
        self._in_reading = False
        self._parser = xml_parser(self._start, self._end, self._text)

    def read(self, source: IO[bytes]) -> list[str]:
        """Return the texts; raises `expat.ExpatError`, or `GongjiError` when one is longer than Excel can have."""
        chunk = b"\n"
        while chunk:
            chunk = source.read(_CHUNK)
            self._parser.Parse(chunk, not chunk)
        return self.texts

    def read_one(self, entry: str) -> None:
        """Add the text of one entry, given as XML by itself."""
        self._parser.Parse(entry, True)

    def _start(self, tag: str, _attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "t":
            self._in_text = not self._in_reading
        elif name == "rPh":
            self._in_reading = True

    def _end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "t":
            self._in_text = False
        elif name == "rPh":
            self._in_reading = False
        elif name == "si":
            self.texts.append(plain(without_escapes("".join(self._parts))))
            self._parts.clear()
            self._size = 0

    def _text(self, text: str) -> None:
        if self._in_text:
            self._size += len(text)
            if self._size > LONGEST_CELL:
                raise too_long(len(self.texts) + 1, "共用文字")
            self._parts.append(text)
