"""The book's key and who may unwrap it: 32 random bytes, wrapped for each operator, and for paper keys.

An operator's password unwraps a key pair of the operator's own (X25519, as in age), which unwraps the book's key: so
the book can get another key when somebody leaves, without the other passwords. A wrapping of an older program is under
the password itself; the next login renews it. The recovery key and each reviewer's are age keys that exist only on
paper.

Logging in is unwrapping; no separate hash of a password is stored that could be stolen. A training folder's key
is stored in the clear: there is nothing in it to protect.
"""

import secrets
from base64 import b64decode, b64encode
from typing import Annotated

from msgspec import Meta, Struct, structs

KEY_BYTES = 32
_SALT_BYTES, _NONCE_BYTES = 16, 12
MEMORY_KIB, ITERATIONS, LANES = 65536, 3, 1
"""What one password try costs: the second choice of RFC 9106, one lane for a PC with one core."""

_MOST_MEMORY_KIB, _MOST_ITERATIONS, _MOST_LANES = 1 << 20, 16, 8
"""The most that a key file may make a login cost: 1 GiB, 16 rounds."""


class Wrapping(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The book's key wrapped by one operator's password; costs named as in Argon2id, bytes in base64.

    With a `recipient` the password's `box` holds the operator's own identity, and `sealed` the book's key for it.
    """

    operator: str
    memory_kib: int
    iterations: int
    lanes: int
    salt: str
    nonce: str
    box: str
    recipient: str = ""
    sealed: str = ""


class PaperKey(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The book's key sealed for an age key on paper: its holder, its public half, the sealed key."""

    name: str
    recipient: str
    sealed: str
    tried: bool = False


class Keys(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The content of keys.json: a wrapping for each operator, or for training the key itself in hexadecimal.

    `recovery` opens the book when no operator can, `readers` are reviewers who may look. `coming` is there while the
    book's key is being changed: either may be the book's until that is done.
    """

    wrappings: tuple[Wrapping, ...] = ()
    recovery: PaperKey | None = None
    readers: tuple[PaperKey, ...] = ()
    coming: "Keys | None" = None
    training: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")] | None = None


def new_key() -> bytes:
    """Return a new random key."""
    return secrets.token_bytes(KEY_BYTES)


def wrap(key: bytes, operator: str, password: str) -> Wrapping:
    """Wrap the key for an operator with a password.

    `_sealed` raises ValueError for what is no recipient, which a new one never is.
    """
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305  # noqa: PLC0415  # training needs none
    from pyrage import x25519  # noqa: PLC0415  # as above

    salt, nonce = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_NONCE_BYTES)
    derived = _derive(password, salt, MEMORY_KIB, ITERATIONS, LANES)
    identity = x25519.Identity.generate()
    box = ChaCha20Poly1305(derived).encrypt(nonce, str(identity).encode(), operator.encode())
    recipient = str(identity.to_public())
    return Wrapping(
        operator=operator,
        memory_kib=MEMORY_KIB,
        iterations=ITERATIONS,
        lanes=LANES,
        salt=b64encode(salt).decode(),
        nonce=b64encode(nonce).decode(),
        box=b64encode(box).decode(),
        recipient=recipient,
        sealed=_sealed(key, recipient),
    )


def wrap_anew(one: Wrapping, key: bytes) -> Wrapping:
    """Return an operator's wrapping of another key, without the password. Raises ValueError for an older format."""
    if not one.recipient:
        raise ValueError("a wrapping under the password itself")
    return structs.replace(one, sealed=_sealed(key, one.recipient))


def unwrap(one: Wrapping, password: str) -> bytes | None:
    """Return the key; None for a wrong password or a damaged wrapping."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415  # as above
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305  # noqa: PLC0415  # as above

    if not (0 < one.memory_kib <= _MOST_MEMORY_KIB and 0 < one.iterations <= _MOST_ITERATIONS):
        return None
    if not 0 < one.lanes <= _MOST_LANES:
        return None
    try:
        derived = _derive(password, b64decode(one.salt), one.memory_kib, one.iterations, one.lanes)
        found = ChaCha20Poly1305(derived).decrypt(b64decode(one.nonce), b64decode(one.box), one.operator.encode())
    except (InvalidTag, ValueError):
        return None
    return _opened(one.sealed, found.decode()) if one.recipient else found


def refuse_like(password: str) -> None:
    """Take as long as a wrong password does, for an unknown name: the two cannot be distinguished."""
    _derive(password, bytes(_SALT_BYTES), MEMORY_KIB, ITERATIONS, LANES)


def new_paper_key(key: bytes, name: str) -> tuple[PaperKey, str]:
    """Return the book's key sealed for a new age key, and that key (AGE-SECRET-KEY-…) for the paper; it is not stored.

    The ValueError of an invalid recipient cannot occur: it is new.
    """
    from pyrage import x25519  # noqa: PLC0415  # as above

    identity = x25519.Identity.generate()
    recipient = str(identity.to_public())
    return PaperKey(name=name, recipient=recipient, sealed=_sealed(key, recipient)), str(identity)


def paper_key_for(key: bytes, name: str, recipient: str) -> PaperKey:
    """Return the book's key sealed for somebody's own age key (age1…). Raises ValueError where it is none."""
    return PaperKey(name=name, recipient=recipient, sealed=_sealed(key, recipient))


def seal_anew(one: PaperKey, key: bytes) -> PaperKey:
    """Return another key of the book sealed for the same paper key.

    Raises ValueError where the paper's recipient is none.
    """
    return structs.replace(one, sealed=_sealed(key, one.recipient))


def unseal(one: PaperKey, secret: str) -> bytes | None:
    """Return the book's key, unsealed by the key on paper; None where it is the wrong one."""
    return _opened(one.sealed, secret)


def _sealed(key: bytes, recipient: str) -> str:
    from pyrage import RecipientError, encrypt, x25519  # noqa: PLC0415  # as above

    try:
        return b64encode(encrypt(key, [x25519.Recipient.from_str(recipient)])).decode()
    except RecipientError as error:
        raise ValueError("not an age recipient") from error


def _opened(sealed: str, secret: str) -> bytes | None:
    from pyrage import DecryptError, IdentityError, decrypt, x25519  # noqa: PLC0415  # as above

    try:
        return bytes(decrypt(b64decode(sealed), [x25519.Identity.from_str(secret.strip().upper())]))
    except (DecryptError, IdentityError, ValueError):
        return None


def _derive(password: str, salt: bytes, memory_kib: int, iterations: int, lanes: int) -> bytes:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id  # noqa: PLC0415  # as above

    kdf = Argon2id(salt=salt, length=KEY_BYTES, iterations=iterations, lanes=lanes, memory_cost=memory_kib)
    return kdf.derive(password.encode())
