"""What a sentence quotes is short, on one line, and nothing in it hides or turns the words around it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongji.core.problems import LONGEST_QUOTED, quoted


@pytest.mark.parametrize(
    ("given_", "is_quoted"),
    [
        ("12.50", "12.50"),
        ("参苓白术散", "参苓白术散"),
        ("𠮷野家", "𠮷野家"),
        ("😀", "😀"),
        ("一\r\n二\t三", "一〔换行〕二〔制表符〕三"),
        ("\u202e12\u200b", "〔U+202E〕12〔U+200B〕"),
        ("٣٤ שלום"[:3], "〔U+0663〕〔U+0664〕 "),
        ("\ud800", "〔U+D800〕"),
        ("e\u0301", "é"),
        ("\u0301", "〔U+0301〕"),
        ("９\u3000９", "９ ９"),
    ],
)
def test_by_example(given_: str, is_quoted: str) -> None:
    assert quoted(given_) == is_quoted


def test_only_the_beginning() -> None:
    assert quoted("9" * 10_000) == "9" * LONGEST_QUOTED + "…"
    assert quoted("一二三四", 3) == "一二三…"
    assert quoted("一二三", 3) == "一二三"


@given(st.text(st.characters()), st.integers(1, 80))
def test_always_on_one_line_and_plain_to_see(text: str, most: int) -> None:
    found = quoted(text, most)
    assert found.isprintable()
    assert not any(unicodedata.bidirectional(one) in {"R", "AL", "AN", "RLO", "RLE", "RLI"} for one in found)
    assert len(found) <= most * len("〔U+10FFFF〕") + 1
