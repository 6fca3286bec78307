"""操作日志: each entry seals the one before it, so that one taken out or changed is noticed."""

import hashlib

from msgspec import Struct, json

GENESIS = "0" * 64


class AuditEntry(Struct, frozen=True, kw_only=True):
    """What was done (`act`), to what, by whom, when (a stamp); `detail` holds names and figures, no personal data."""

    serial: int
    at: str
    operator: str
    act: str
    subject: str
    detail: str


def seal(entry: AuditEntry, previous: str) -> str:
    """Return the entry's seal: SHA-256 over the seal before it and the entry, in hexadecimal."""
    return hashlib.sha256(previous.encode() + b"\n" + json.encode(entry)).hexdigest()


def bound(sealed: str, root: bytes | None) -> str:
    """Return what the next entry is sealed over: an entry's seal and, where it is kept, the root of all tallies."""
    return sealed if root is None else hashlib.sha256(sealed.encode() + b"\n" + root).hexdigest()
