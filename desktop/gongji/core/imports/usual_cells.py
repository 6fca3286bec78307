"""Many cells of a column read at once, where every one of them is written as usual.

A pattern over all of them says that each would be read as it stands; where it does not, they are read one by one.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from gongji.core.identifiers import radical_in
from gongji.core.imports import cells, values
from gongji.core.imports.cells import LONGEST, Reader
from gongji.core.money import E4

_ODD = re.compile(r"^(?:$|[=#]|TRUE$|FALSE$|[-—/\\－]{1,2}$|\d{1,2}月|\d{1,2}-[A-Z]|[A-Z][a-z]{2}-\d)", re.MULTILINE)
"""Begins what is no content of a column of names and codes, or may be none (`cells.peculiar`, `cells.NOTHING`)."""
_CODES = re.compile(r"[0-9A-Z]{6,40}(?:\n[0-9A-Z]{6,40})*", re.ASCII)
_PRICES = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,4})?(?:\n[0-9]{1,10}(?:\.[0-9]{1,4})?)*", re.ASCII)


def _texts(given: Sequence[str]) -> list[str] | None:
    joined = "".join(given)
    if not joined.isprintable() or max(map(len, given)) > LONGEST or _ODD.search("\n".join(given)):
        return None
    if not joined.isascii() and ("\ufffd" in joined or radical_in(joined) is not None):
        return None
    return list(given)


def _codes(given: Sequence[str]) -> list[str] | None:
    return list(given) if _CODES.fullmatch("\n".join(given)) else None


def _prices(given: Sequence[str]) -> list[E4] | None:
    if not _PRICES.fullmatch("\n".join(given)):
        return None
    parts = [one.partition(".") for one in given]
    return [E4(whole + decimals.ljust(4, "0")) for whole, _, decimals in parts]


_USUAL: dict[Reader, Callable[[Sequence[str]], Sequence[Any] | None]] = {
    cells.text: _texts,
    cells.code: _codes,
    cells.barcode: _codes,
    values.price: _prices,
}


def read_usual(read: Reader, given: Sequence[str]) -> Sequence[Any] | None:
    """Return what a reader makes of these plain texts, at least one; None where they have to be read one by one."""
    usual = _USUAL.get(read)
    return None if usual is None else usual(given)
