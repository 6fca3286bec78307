"""The words of many names, worked out here or, while others are being stored, by another process of this program.

The child reads a line of JSON with numbered names of one table and answers with a line, again and again until its input
ends. It sees neither the book nor a key.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import closing, contextmanager

from msgspec import Struct, json

from gongji.confined import LineChild, say_line
from gongji.store.pinyin import characters, fold, item_words, person_words

OPTION = "--name-words"
"""The option with which the program is such a child: `main` is not reached."""
_MANY = 5000
"""From this many names on, a process is worth its start."""
_WORDS: dict[str, Callable[[str], AbstractSet[str]]] = {
    "person": person_words,
    "item": item_words,
    "diagnosis": item_words,
}

Named = Sequence[tuple[int, str]]
"""Names, each with the number of its row."""


class NamesAsked(Struct, frozen=True):
    """A table, and names of rows of it."""

    table: str
    named: list[tuple[int, str]]


class NameWords(Struct, frozen=True):
    """What names are found by: their rows' numbers, words with these numbers in order, and characters by number."""

    numbers: list[int] = []
    words: list[tuple[str, int]] = []
    characters: list[tuple[int, str]] = []


def words_of(table: str, named: Named) -> NameWords:
    """Return what names of a table are found by."""
    words = _WORDS[table]
    return NameWords(
        [number for number, _ in named],
        sorted((word, number) for number, name in named for word in words(name)),
        [(number, characters(fold(name))) for number, name in named],
    )


def serve() -> int:
    """Be such a child until standard input ends; return an exit status."""
    for line in iter(sys.stdin.buffer.readline, b""):
        asked = json.decode(line, type=NamesAsked)
        say_line(json.encode(words_of(asked.table, asked.named)))
    return 0


class WordsBeside:
    """The words of one batch of names after another of a table, each while the one before it is stored.

    Where the process has ended, this one does it.
    """

    def __init__(self, table: str, process: LineChild) -> None:
        self._table = table
        self._process = process
        self._asked: Named = ()

    def exchange(self, named: Named) -> NameWords:
        """Return the words of the names given at the last call, and have those of further ones worked out."""
        found = self._answer() if self._asked else NameWords()
        self._asked = named
        if named:
            self._process.tell(json.encode(NamesAsked(self._table, list(named))))
        return found

    def _answer(self) -> NameWords:
        answer = self._process.heard()
        return json.decode(answer, type=NameWords) if answer else words_of(self._table, self._asked)


@contextmanager
def words_beside(table: str | None, count: int) -> Iterator[WordsBeside | None]:
    """Have the words of a table's names worked out by a process until the end of the block.

    None where there is no such table, there are few names, or the system allows no process.
    """
    if table is None or count < _MANY:
        yield None
        return
    try:
        process = LineChild(OPTION)
    except OSError:
        yield None
        return
    with closing(process):
        yield WordsBeside(table, process)
