"""The shared texts of a workbook are the same whether found by pattern or parsed."""

import io
from collections.abc import Callable
from xml.parsers import expat

from hypothesis import given, settings
from hypothesis import strategies as st

from gongji.errors import GongjiError
from gongji.spreadsheets.shared_texts import SharedTexts, shared_texts

NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


class InPieces(io.BytesIO):
    """A part of an archive that is given out a few bytes at a time."""

    def read(self, _most: int | None = -1, /) -> bytes:
        return super().read(11)


USUAL = st.sampled_from(["甲", "", " a ", "'0011", '="12"', "a_x000B_b", "𠮷", "a]b", "x" * 300])
ODD = st.sampled_from(["&lt;b&gt;", "&amp;", "&#x41;", "a\rb", "a\r\nb", "\x01", "]]>", "&nobody;"])
ENTRY = st.one_of(
    USUAL.map("<si><t>{}</t></si>".format),
    USUAL.map('<si><t xml:space="preserve">{}</t></si>'.format),
    ODD.map("<si><t>{}</t></si>".format),
    st.just("<si><r><t>a</t></r><r><t>b</t></r><rPh><t>c</t></rPh></si>"),
    st.just("<si/>"),
    st.just("<si><t/></si>"),
    st.just("<!-- <si><t>no</t></si> -->"),
    st.just("\n"),
)
BEGIN = st.sampled_from(
    [
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<sst xmlns="{NS}" count="3">',
        f'<sst xmlns="{NS}">',
        f'<?xml version="1.0" encoding="GBK"?><sst xmlns="{NS}">',
    ]
)


@settings(max_examples=400)
@given(begin=BEGIN, entries=st.lists(ENTRY, max_size=6), end=st.sampled_from(["</sst>", "</sst>\n", ""]))
def test_by_pattern_as_parsed(begin: str, entries: list[str], end: str) -> None:
    part = (begin + "".join(entries) + end).encode()
    found: list[list[str] | str] = []
    ways: list[Callable[[], list[str]]] = [
        lambda: shared_texts(lambda: InPieces(part)),
        lambda: SharedTexts().read(io.BytesIO(part)),
    ]
    for read in ways:
        try:
            found.append(read())
        except (expat.ExpatError, GongjiError, ValueError) as error:
            found.append(type(error).__name__)
    assert found[0] == found[1]


def test_the_longest_text_is_told_alike() -> None:
    part = f'<sst xmlns="{NS}"><si><t>a</t></si><si><t>{"x" * 40_000}</t></si></sst>'.encode()
    told = []
    ways: list[Callable[[], list[str]]] = [
        lambda: shared_texts(lambda: io.BytesIO(part)),
        lambda: SharedTexts().read(io.BytesIO(part)),
    ]
    for read in ways:
        try:
            read()
        except GongjiError as error:
            told.append(str(error))
    assert len(told) == 2
    assert told[0] == told[1]
