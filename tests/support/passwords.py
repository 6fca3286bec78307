"""What a password costs in tests that are not about that."""

from gongji.store import keys


def passwords_cost_little() -> None:
    """Let this process wrap keys at the least that Argon2id takes: a log-in is a millisecond then."""
    keys.MEMORY_KIB, keys.ITERATIONS = 64, 1
