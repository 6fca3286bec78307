"""A pack's file signed by the publisher or by the counter that made it, in comments after the last line.

TOML ignores them, and what is signed is every byte above the signature. Any maker can write any words about itself:
who a maker is here says its key alone.
"""

import re

from msgspec import Struct

from gongji.desk.policies.accepted_makers import accepted_makers
from gongji.desk.policies.packs import failed_cases
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.pack_files.read_pack import BadPackError, parse_pack
from gongji.store.signing import Signer, key_fingerprint, signed_by, signer_of

_TRAILER = re.compile(
    rb"\n# \xe5\x88\xb6\xe4\xbd\x9c\xef\xbc\x9a(?P<who>[^\n]*)\n# public (?P<public>[0-9a-f]{64})\n"
    rb"# signature (?P<signature>[0-9a-f]{128})\n\Z"
)
_LONGEST_WHO = 100
_OURS = "“”（）·"
"""Signs that set apart what is said of a maker from what a maker says."""
PUBLISHER = "共济结算台发布方"
"""What the publisher calls itself in a pack it signs, where nothing else is told."""


class PackMaker(Struct, frozen=True, kw_only=True):
    """Who signed a pack: in the maker's own words, and the fingerprint of the key, to be compared by telephone.

    `public` is the key, 64 hexadecimal digits; the rest is whose it is known to be here.
    """

    who: str
    public: str
    fingerprint: str
    is_own: bool
    is_publisher: bool = False
    is_accepted: bool = False

    @property
    def is_known(self) -> bool:
        """Return whether the key is the publisher's, this counter's or an accepted maker's."""
        return self.is_own or self.is_publisher or self.is_accepted

    @property
    def in_words(self) -> str:
        """Return who it is in one line; what the maker says of itself stands in quotes."""
        if self.is_publisher:
            return f"发布方签名（“{self.who}”，指纹 {self.fingerprint}）"
        known = "（本机制作）" if self.is_own else "（本机构认可的制作人）" if self.is_accepted else ""
        return f"“{self.who}” · 指纹 {self.fingerprint}{known}"


class BrokenSignatureError(ValueError):
    """The text of a signed pack is not what was signed."""


def sign(session: Session, text: bytes) -> bytes:
    """Return a pack's text with the signature of this counter and its operator."""
    clinic = session.clinic.institution
    who = f"{clinic.get('name') or clinic['id']} {session.operator}，{session.now()}"
    return _signed(signer_of(session.store), who, text)


def sign_as_publisher(signer: Signer, name: str, text: bytes, who: str = PUBLISHER) -> bytes:
    """Return a pack's text with a publisher's signature, in the place of the one it may carry.

    The same text and key give the same bytes; `name` is the file's. Raises `BadPackError` for a text that cannot be
    used, `GongjiError` for one whose worked cases come out otherwise or that was changed since it was signed.
    """
    pack = parse_pack(text)
    if isinstance(pack, list):
        raise BadPackError(name, pack)
    failures = failed_cases(pack)
    if failures:
        words = "；".join(f"例子“{one.name}”：{one.difference}" for one in failures)
        raise GongjiError(f"这个政策包的例子算得不对（{words}）", "请改正后再签名")
    try:
        _signature_of(text)
    except BrokenSignatureError as broken:
        raise GongjiError("这个文件在签发之后被改动过", "请先与制作它的机构核对，去掉末尾三行再签名") from broken
    return _signed(signer, who, unsigned(text))


def unsigned(text: bytes) -> bytes:
    """Return a pack's text without the signature it may carry, ending as a signed text does."""
    found = _TRAILER.search(text)
    return (text if found is None else text[: found.start()]).rstrip(b"\n") + b"\n"


def _signed(signer: Signer, who: str, text: bytes) -> bytes:
    body = text.rstrip(b"\n") + b"\n" + f"\n# 制作：{_shown(who)}\n# public {signer.public.hex()}\n".encode()
    return body + f"# signature {signer.sign(body).hex()}\n".encode()


def maker_of(session: Session, text: bytes) -> PackMaker | None:
    """Return who signed a pack's text; None without a signature. Raises `BrokenSignatureError` for a changed text."""
    found = _signature_of(text)
    if found is None:
        return None
    public, who = found
    return PackMaker(
        who=who,
        public=public.hex(),
        fingerprint=key_fingerprint(public),
        is_own=public == signer_of(session.store).public,
        is_publisher=public in session.publisher_keys(),
        is_accepted=any(one.public == public.hex() for one in accepted_makers(session.store.reader)),
    )


def _signature_of(text: bytes) -> tuple[bytes, str] | None:
    """Return the public key that signed a text, and the maker's own words; None without a signature."""
    found = _TRAILER.search(text)
    if found is None:
        return None
    public = bytes.fromhex(found["public"].decode())
    body = text[: text.rindex(b"# signature ")]
    if not signed_by(public, body, bytes.fromhex(found["signature"].decode())):
        raise BrokenSignatureError
    return public, _shown(found["who"].decode("utf-8", "replace"))


def _shown(who: str) -> str:
    """Return what a maker says of itself as it may be shown: one line, nothing invisible, not too long."""
    plain = "".join(one if one.isprintable() and one not in _OURS else " " for one in who).strip()
    return plain if len(plain) <= _LONGEST_WHO else f"{plain[: _LONGEST_WHO - 1]}…"
