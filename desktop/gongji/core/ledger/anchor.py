"""锚: what a book comes to at a moment, in one line without personal data, for somebody else to keep.

The key that could sign it lies in the book, so a signature would prove nothing against whoever has the book's key. What
counts is that somebody else keeps yesterday's line: a book that was changed afterwards no longer fits it.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error

from msgspec import DecodeError, Struct, ValidationError, msgpack

PREFIX = "GJA1."


class Anchor(Struct, frozen=True, array_like=True):
    """A book at a moment.

    The institution's number, the counter's code, the book's line of descent and its epoch; the last entry of the log
    and its seal (32 bytes); after how many transactions, and the root of all tallies then (32 bytes); the last
    settlement's number and serial; the last message's number; the sums by means in fen since the book began; when (a
    stamp).
    """

    institution: str
    counter: str
    origin: str
    epoch: int
    audit: int
    seal: bytes
    commits: int
    root: bytes
    no: str
    serial: int
    message: str
    sums_fen: dict[str, int]
    at: str


def written(one: Anchor) -> str:
    """Return an anchor as the line that is printed, scanned and kept."""
    return PREFIX + urlsafe_b64encode(msgpack.encode(one)).decode().rstrip("=")


def read_anchor(line: str) -> Anchor | None:
    """Return the anchor of a line; None where it is none."""
    text = line.strip()
    if not text.startswith(PREFIX):
        return None
    body = text[len(PREFIX) :]
    try:
        found = msgpack.decode(urlsafe_b64decode(body + "=" * (-len(body) % 4)), type=Anchor)
    except (Error, ValueError, DecodeError, ValidationError):
        return None
    return found if len(found.seal) == len(found.root) == 32 else None  # noqa: PLR2004  # SHA-256
