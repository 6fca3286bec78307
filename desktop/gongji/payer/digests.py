"""SM3, wherever this Python finds it."""

import hashlib

from cryptography.hazmat.primitives import hashes


def sm3_bytes(content: bytes) -> bytes:
    """Return the SM3 digest: OpenSSL's where this Python has it, else cryptography's."""
    if "sm3" in hashlib.algorithms_available:
        return hashlib.new("sm3", content).digest()
    found = hashes.Hash(hashes.SM3())
    found.update(content)
    return found.finalize()
