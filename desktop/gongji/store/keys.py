"""The book's key and who may unwrap it: 32 random bytes, wrapped under each operator's password.

Logging in is unwrapping; no separate fingerprint of a password is kept that could be stolen. A training folder's key
lies open: there is nothing in it to protect.
"""

import secrets
from base64 import b64decode, b64encode
from typing import Annotated

from msgspec import Meta, Struct

KEY_BYTES = 32
_SALT_BYTES, _NONCE_BYTES = 16, 12
_MEMORY_KIB, _ITERATIONS, _LANES = 65536, 3, 1


class Wrapping(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The key as one operator's password opens it; costs as Argon2id names them, bytes in base64."""

    operator: str
    memory_kib: int
    iterations: int
    lanes: int
    salt: str
    nonce: str
    box: str


class Keys(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What keys.json holds: a wrapping an operator, or for training the key itself in hexadecimal."""

    wrappings: tuple[Wrapping, ...] = ()
    training: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")] | None = None


def new_key() -> bytes:
    """Return a key nobody has."""
    return secrets.token_bytes(KEY_BYTES)


def wrap(key: bytes, operator: str, password: str) -> Wrapping:
    """Wrap the key under a password."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305  # noqa: PLC0415  # training needs none

    salt, nonce = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_NONCE_BYTES)
    derived = _derive(password, salt, _MEMORY_KIB, _ITERATIONS, _LANES)
    box = ChaCha20Poly1305(derived).encrypt(nonce, key, operator.encode())
    return Wrapping(
        operator=operator,
        memory_kib=_MEMORY_KIB,
        iterations=_ITERATIONS,
        lanes=_LANES,
        salt=b64encode(salt).decode(),
        nonce=b64encode(nonce).decode(),
        box=b64encode(box).decode(),
    )


def unwrap(one: Wrapping, password: str) -> bytes | None:
    """Return the key, or None when the password is not the operator's or the wrapping is damaged."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415  # as above
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305  # noqa: PLC0415  # as above

    try:
        derived = _derive(password, b64decode(one.salt), one.memory_kib, one.iterations, one.lanes)
        return ChaCha20Poly1305(derived).decrypt(b64decode(one.nonce), b64decode(one.box), one.operator.encode())
    except (InvalidTag, ValueError):
        return None


def _derive(password: str, salt: bytes, memory_kib: int, iterations: int, lanes: int) -> bytes:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id  # noqa: PLC0415  # as above

    kdf = Argon2id(salt=salt, length=KEY_BYTES, iterations=iterations, lanes=lanes, memory_cost=memory_kib)
    return kdf.derive(password.encode())
