"""The counter's signature (Ed25519) on what its receipts carry; the key is in the encrypted book."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gongji.store import settings
from gongji.store.book_file.db import Store

_SETTING = "signing_key"
_GROUP, _GROUPS = 4, 4


class Signer:
    """Signs as a counter and verifies its own signatures."""

    def __init__(self, key: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(key)

    @property
    def public(self) -> bytes:
        """The public key's 32 bytes, by which others verify signatures."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Return the signature's 64 bytes; the same message always has the same one."""
        return self._key.sign(message)

    def signed(self, message: bytes, signature: bytes) -> bool:
        """Return whether this counter signed a message."""
        try:
            self._key.public_key().verify(signature, message)
        except InvalidSignature:
            return False
        return True


def has_signer(store: Store) -> bool:
    """Return whether a book's key exists, so that asking for its signer writes nothing."""
    return settings.get(store.reader, _SETTING) is not None


def signer_of(store: Store) -> Signer:
    """Return a book's signer; its key is created on first use."""
    kept = settings.get(store.reader, _SETTING)
    if kept is None:
        kept = Ed25519PrivateKey.generate().private_bytes_raw().hex()
        with store.write() as connection:
            settings.put(connection, _SETTING, kept)
    return Signer(bytes.fromhex(kept))


def signed_by(public: bytes, message: bytes, signature: bytes) -> bool:
    """Return whether a message was signed by the owner of a public key (32 bytes)."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def key_fingerprint(public: bytes) -> str:
    """Return a public key's fingerprint, by which two people check that they mean the same: four groups of four."""
    signs = public.hex()[: _GROUP * _GROUPS].upper()
    return " ".join(signs[place : place + _GROUP] for place in range(0, len(signs), _GROUP))
