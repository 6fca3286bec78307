"""A pack's file signed by the counter that made it, in comments after the last line, which TOML ignores."""

import re

from msgspec import Struct

from gongji.desk.session import Session
from gongji.store.signing import signed_by, signer_of

_TRAILER = re.compile(
    rb"\n# \xe5\x88\xb6\xe4\xbd\x9c\xef\xbc\x9a(?P<who>[^\n]*)\n# public (?P<public>[0-9a-f]{64})\n"
    rb"# signature (?P<signature>[0-9a-f]{128})\n\Z"
)
_GROUP = 4
_SHOWN_HEX = 16


class PackMaker(Struct, frozen=True, kw_only=True):
    """Who signed a pack: in words, and the fingerprint of the key, to be compared by telephone."""

    who: str
    fingerprint: str
    is_own: bool


class BrokenSignatureError(ValueError):
    """The text of a signed pack is not what was signed."""


def sign(session: Session, text: bytes) -> bytes:
    """Return a pack's text with the signature of this counter and its operator."""
    clinic = session.clinic.institution
    who = f"{clinic.get('name') or clinic['id']} {session.operator}，{session.now()}".replace("\n", " ")
    signer = signer_of(session.store)
    body = text.rstrip(b"\n") + b"\n" + f"\n# 制作：{who}\n# public {signer.public.hex()}\n".encode()
    return body + f"# signature {signer.sign(body).hex()}\n".encode()


def maker_of(session: Session, text: bytes) -> PackMaker | None:
    """Return who signed a pack's text; None without a signature. Raises `BrokenSignatureError` for a changed text."""
    found = _TRAILER.search(text)
    if found is None:
        return None
    public = bytes.fromhex(found["public"].decode())
    body = text[: text.rindex(b"# signature ")]
    if not signed_by(public, body, bytes.fromhex(found["signature"].decode())):
        raise BrokenSignatureError
    return PackMaker(
        who=found["who"].decode(),
        fingerprint=fingerprint(public),
        is_own=public == signer_of(session.store).public,
    )


def fingerprint(public: bytes) -> str:
    """Return a key's fingerprint for people: groups of four characters."""
    signs = public.hex()[:_SHOWN_HEX].upper()
    return " ".join(signs[place : place + _GROUP] for place in range(0, _SHOWN_HEX, _GROUP))
