"""Cheap password hashing for tests of other things."""

from gongji.store.book_file import keys


def passwords_cost_little() -> None:
    """Let this process wrap keys at the least cost that Argon2id allows, so that a login takes a millisecond."""
    keys.MEMORY_KIB, keys.ITERATIONS = 64, 1
