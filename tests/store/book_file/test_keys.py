"""What a guess at a password costs a thief."""

import pytest

from gongji.store.book_file import keys

COSTS = {name: getattr(keys, name) for name in ("MEMORY_KIB", "ITERATIONS", "LANES")}
"""As the program has them: read before the tests make passwords cheap for themselves."""


def test_a_wrapping_costs_what_the_program_asks_and_opens_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """64 MiB, three rounds, one lane at the least (RFC 9106, section 4, second choice)."""
    for name, value in COSTS.items():
        monkeypatch.setattr(keys, name, value)
    key = keys.new_key()
    one = keys.wrap(key, "王秀兰", "correct horse 1")
    assert one.memory_kib >= 64 * 1024
    assert one.iterations >= 3
    assert keys.unwrap(one, "correct horse 1") == key
    assert keys.unwrap(one, "correct horse 2") is None
