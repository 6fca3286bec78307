"""The content of a receipt's square code: number, figures, a fingerprint of the whole, and the counter's signature.

It holds no name and no identity number. Only characters that square codes pack tightly are used (digits, capitals, -*),
so that the code stays coarse enough for a receipt printer; amounts are in fen.
"""

import hashlib
from base64 import b32decode, b32encode
from binascii import Error

from msgspec import Struct, json
from msgspec.structs import replace

from gongji.core.papers.receipt import Receipt
from gongji.core.papers.receipt_split import Split

_MARK = "GJ1"
_BETWEEN = "*"
_DIGEST_BYTES = 16
_FIGURES = Split.__struct_fields__
_PARTS = 1 + 2 + len(_FIGURES) + 2


class Claimed(Struct, frozen=True, kw_only=True):
    """What a square code claims; `message` is what was signed."""

    no: str
    voids: str
    split: Split
    digest: str
    message: bytes
    signature: bytes


def digest_of(receipt: Receipt) -> str:
    """Return the fingerprint of a receipt's whole content except its square code."""
    content = json.encode(replace(receipt, code=""))
    return _text(hashlib.sha256(content).digest()[:_DIGEST_BYTES])


def message_of(receipt: Receipt) -> str:
    """Return the message that is signed for a receipt."""
    figures = [str(getattr(receipt.split, name)) for name in _FIGURES]
    return _BETWEEN.join([_MARK, receipt.no, receipt.original_no, *figures, digest_of(receipt)])


def code_of(message: str, signature: bytes) -> str:
    """Return the text of the square code."""
    return message + _BETWEEN + _text(signature)


def claimed(text: str) -> Claimed | None:
    """Return what a square code claims; None when it is not one of ours."""
    parts = text.strip().upper().split(_BETWEEN)
    if len(parts) != _PARTS or parts[0] != _MARK:
        return None
    try:
        figures = [int(one) for one in parts[3:-2]]
        signature = _bytes(parts[-1])
    except (ValueError, Error):
        return None
    return Claimed(
        no=parts[1],
        voids=parts[2],
        split=Split(**dict(zip(_FIGURES, figures, strict=True))),
        digest=parts[-2],
        message=_BETWEEN.join(parts[:-1]).encode(),
        signature=signature,
    )


def _text(value: bytes) -> str:
    return b32encode(value).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return b32decode(text + "=" * (-len(text) % 8))
