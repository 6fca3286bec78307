"""What a scanner read is told by its shape; every spelling of an article's number is one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongji.core.scanned_code import CodeKind, is_gtin, read_scanned, spellings


@pytest.mark.parametrize(
    ("text", "kind", "key"),
    [
        ("530399194905028607", CodeKind.PERSON, "530399194905028607"),
        ("11010119900307803x", CodeKind.PERSON, "11010119900307803X"),
        ("530399194905028608", CodeKind.OTHER, "530399194905028608"),
        ("gj1*t1-20261122-000001*abc", CodeKind.PAPER, "GJ1*T1-20261122-000001*ABC"),
        ("6901234567892", CodeKind.ARTICLE, "06901234567892"),
        ("06901234567892", CodeKind.ARTICLE, "06901234567892"),
        ("012345678905", CodeKind.ARTICLE, "00012345678905"),
        ("96385074", CodeKind.ARTICLE, "00000096385074"),
        ("(01)06901234567892(17)261231(10)AB1", CodeKind.ARTICLE, "06901234567892"),
        ("]d20106901234567892172612311012345", CodeKind.ARTICLE, "06901234567892"),
        ("0106901234567892\x1d10AB", CodeKind.ARTICLE, "06901234567892"),
        ("81234567890123456789", CodeKind.TRACE, "8123456"),
        ("3301" + "7" * 24, CodeKind.VOUCHER, "3301" + "7" * 24),
        ("LOT-2026/0711", CodeKind.OTHER, "LOT-2026/0711"),
    ],
)
def test_a_code_is_told_by_its_shape(text: str, kind: CodeKind, key: str) -> None:
    found = read_scanned(text)
    assert (found.kind, found.key, found.text) == (kind, key, text)


def test_the_digit_at_the_end_belongs_to_the_number() -> None:
    assert is_gtin("06901234567892")
    assert not is_gtin("06901234567893")


@given(st.from_regex(r"[0-9]{8}|[0-9]{12,14}", fullmatch=True))
def test_what_is_read_is_one_of_its_own_spellings(text: str) -> None:
    found = read_scanned(text)
    assert text in spellings(found.key)
    assert {read_scanned(one).key for one in spellings(found.key)} == {found.key}


@given(st.text(max_size=60))
def test_anything_at_all_is_some_code(text: str) -> None:
    assert read_scanned(text).text == text.strip()
