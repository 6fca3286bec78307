"""Whatever a pack's text holds, reading it gives a pack or its problems; and a pack that is read can be used.

GONGJI_FUZZ_EXAMPLES=20000 tries that many mutated packs, other ones each time; by default few and always the same.
"""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gongji.core import strict_records
from gongji.core.packs.checks import pack_problems
from gongji.core.packs.entries import read_figure
from gongji.core.packs.language import Pack
from gongji.core.problems import Problem
from gongji.pack_files.read_pack import parse_pack
from tests.core.packs import mutations
from tests.core.packs.minimal import CHINESE
from tests.core.packs.using import check_usable

ASKED = os.environ.get("GONGJI_FUZZ_EXAMPLES")
FUZZ = settings(
    max_examples=int(ASKED or 1_500),
    derandomize=ASKED is None,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def read(value: dict[str, Any]) -> Pack | list[Problem]:
    """What parse_pack does once the TOML is decoded."""
    found = strict_records.read(value, Pack, read_figure)
    return found if isinstance(found, list) else pack_problems(found) or found


@FUZZ
@given(mutated=mutations.packs(), start=st.integers(0, 5_000))
def test_mutated_packs(mutated: mutations.Mutated, start: int) -> None:
    found = read(mutated.value)
    if isinstance(found, Pack):
        check_usable(found, start)
    else:
        assert found
        assert all(CHINESE.search(one.message) for one in found)


@pytest.mark.parametrize("value", mutations.PACKS, ids=[value["area"] for value in mutations.PACKS])
def test_packs_that_were_not_mutated(value: dict[str, Any]) -> None:
    found = read(value)
    assert isinstance(found, Pack)
    for start in range(30):
        check_usable(found, start)


@FUZZ
@given(text=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
@example(b"")
@example(b"\xef\xbb\xbfformat = 2")
@example(b"format = " + b"9" * 5_000)
@example(b"format = 0x" + b"f" * 5_000)
@example(b"format" + b".a" * 3_000 + b" = 1")
@example(b"format = " + b"[" * 100_000)
@example(b"format = " + b"{a=" * 5_000)
@example(b"starts = 0000-00-00")
@example(b"format = nan\narea = inf\nstarts = 25:61:61")
def test_any_bytes(text: bytes) -> None:
    found = parse_pack(text)
    assert isinstance(found, list)
    assert found
    assert all(CHINESE.search(one.message) for one in found)


@FUZZ
@given(text=st.sampled_from(mutations.TEXTS), data=st.data())
def test_damaged_text(text: bytes, data: st.DataObject) -> None:
    """Cut off, cut out, doubled or overwritten somewhere."""
    first, last = sorted(data.draw(st.integers(0, len(text))) for _ in range(2))
    middle = data.draw(
        st.sampled_from([b"", text[first:last] * 2, b"\xff", b"\x00", b'"', b"[", b"=", b"\n", b"1e999"])
    )
    damaged = text[:first] + middle + (text[last:] if data.draw(st.booleans()) else b"")
    found = parse_pack(damaged)
    if isinstance(found, Pack):
        check_usable(found, 0)
    else:
        assert found
        assert all(CHINESE.search(one.message) for one in found)
