"""操作日志 and 锚: how a change of the book is noticed.

Each entry of the log seals the one before it, so that a removed or changed entry is noticed. An anchor is one line
without personal data that says what the book holds at a moment, for somebody else to keep. The key that could sign it
is in the book, so a signature would prove nothing against whoever has the book's key. What counts is that somebody else
has yesterday's line: a book that was changed afterwards no longer fits it.
"""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from enum import StrEnum

from msgspec import DecodeError, Struct, ValidationError, json, msgpack

GENESIS = "0" * 64


class Act(StrEnum):
    """Acts that are logged; the values are stored in books and never change."""

    BEGIN = "begin"
    """A data folder is made."""
    SETTLE = "settle"
    VOID = "void"
    CLOSE = "close"
    """A shift is closed."""
    REPRINT = "reprint"
    CLOCK = "clock"
    """The operator confirmed a time that is earlier than the last record's."""
    RESTORED = "restored"
    """The book was restored from a copy."""
    ASKS_FIRST = "asks_first"
    """The book was found to be older than its witness: everything not final is asked after first."""
    CONCERN = "concern"
    """A check found something that a person has to explain."""
    EXPLAIN = "explain"
    PROGRAM = "program"
    """Another version of the program uses the book from now on."""
    PLACE = "place"
    """The data folder was found at another place, and the operator said what it is now."""
    RECOVERY = "recovery"
    """A recovery key was made, or tried."""
    LOCKED = "locked"
    """Somebody was locked out for a while after wrong passwords."""
    TOLD = "told"
    """A visit gave a figure other than the book's."""
    DRILL = "drill"
    """A restore was tried in a temporary place."""
    REVEAL = "reveal"
    """A whole identity number was shown."""
    FORGOTTEN = "forgotten"
    """A person's plain data was destroyed, or destroyed again after a copy had brought it back."""
    CLINIC = "clinic"
    OPERATOR = "operator"
    GATEWAY = "gateway"
    CARRIER = "carrier"
    PARAMETER = "parameter"
    IMPORT = "import"
    """A table was imported; in books of before 2026-12 the answers on a stick too, see `store.audit.table_imports`."""
    BY_HAND = "by-hand"
    """An item, a price or a person was added or changed by hand."""
    DOWNLOAD = "download"
    """Items were downloaded from the payer."""
    POLICY = "policy"
    """A policy pack was downloaded or installed."""
    EXPORT = "export"
    """A package was made for a carrier."""
    ANSWERS = "answers"
    """A package's answers were imported."""
    GIVE_UP = "give-up"
    """A package was taken back without its answers."""
    RECONCILE = "reconcile"
    ADOPT = "adopt"
    """The payer's figures were adopted."""
    REVERSE = "reverse"
    """A settlement with a difference was taken back."""
    RETRY = "retry"
    RELEASE = "release"
    """Later records are sent although one still waits for a person."""
    ACCEPTED = "accepted"
    DIFFERENCE = "difference"
    QUARANTINE = "quarantine"
    REJECTED = "rejected"
    REVERSED = "reversed"
    VOID_DONE = "void-done"
    """The payer holds nothing of a voided settlement."""
    BILL = "bill"
    """A roll of pre-printed forms was put into use, or a form voided."""
    CHOICE_REFUSED = "selection_refused"
    CHOICE_STUCK = "selection_stuck"


class AuditEntry(Struct, frozen=True, kw_only=True):
    """What was done (`act`, of `Act`), to what, by whom, when (a stamp); `detail` has figures, no personal data."""

    serial: int
    at: str
    operator: str
    act: str
    subject: str
    detail: str


def seal(entry: AuditEntry, previous: str) -> str:
    """Return an entry's seal: the SHA-256 of the previous seal and the entry, in hexadecimal."""
    return hashlib.sha256(previous.encode() + b"\n" + json.encode(entry)).hexdigest()


def bound(sealed: str, root: bytes | None) -> str:
    """Return the text that the next entry seals: an entry's seal and, where kept, the root of all tallies."""
    return sealed if root is None else hashlib.sha256(sealed.encode() + b"\n" + root).hexdigest()


PREFIX = "GJA1."


class Anchor(Struct, frozen=True, array_like=True):
    """The state of a book at a moment.

    The institution's number, the counter's code, the book's lineage and its epoch; the last entry of the log
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


def anchor_line(anchor: Anchor) -> str:
    """Return an anchor as the line that is printed, scanned and kept."""
    return PREFIX + urlsafe_b64encode(msgpack.encode(anchor)).decode().rstrip("=")


def read_anchor(line: str) -> Anchor | None:
    """Return the anchor that a line holds; None where it holds none."""
    text = line.strip()
    if not text.startswith(PREFIX):
        return None
    body = text[len(PREFIX) :]
    try:
        anchor = msgpack.decode(urlsafe_b64decode(body + "=" * (-len(body) % 4)), type=Anchor)
    except (Error, ValueError, DecodeError, ValidationError):
        return None
    return anchor if len(anchor.seal) == len(anchor.root) == 32 else None  # noqa: PLR2004  # SHA-256
