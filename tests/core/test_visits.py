"""Amounts of visits: what is written again and again is read once, however it is written."""

from typing import Any, cast

import pytest

from gongji.core.money import Fen
from gongji.core.strict_json import decode
from gongji.core.visits import read_known_amount


@pytest.mark.parametrize("written", [b'"7654.32"', b"7654.32", b"765432"])
def test_an_amount_written_the_same_is_read_once(written: bytes) -> None:
    known = cast("Any", read_known_amount)
    first = read_known_amount(Fen, decode(written)[0])
    before = known.cache_info()
    assert read_known_amount(Fen, decode(written)[0]) == first
    after = known.cache_info()
    assert (after.hits, after.currsize) == (before.hits + 1, before.currsize)
