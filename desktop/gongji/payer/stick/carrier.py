"""A carrier: the connected PC that takes packages to the gateway. Its keys, its card, whom it knows."""

import hashlib
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import DecodeError, Struct, json

from gongji.errors import GongjiError
from gongji.files import read_whole, write_whole
from gongji.payer.stick.package import Manifest, is_recipient, new_identity, recipient_of

_KEY_LENGTH = 64


class CarrierCard(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """名片: what a counter must know of a carrier, handed over once by a person: whom to seal for, whom to believe."""

    name: str
    seal_to: str
    verify: str

    @property
    def fingerprint(self) -> str:
        """A short number by which two people make sure over the telephone that it is the same card."""
        found = hashlib.sha256(f"{self.seal_to}/{self.verify}".encode()).hexdigest()[:16].upper()
        return " ".join(found[place : place + 4] for place in range(0, len(found), 4))


def read_card(path: Path) -> CarrierCard:
    """Return the card in a file; `GongjiError` when it is none."""
    try:
        card = json.decode(read_whole(path), type=CarrierCard)
    except (DecodeError, UnicodeDecodeError) as error:
        raise _no_card(path) from error
    if not is_recipient(card.seal_to) or len(card.verify) != _KEY_LENGTH:
        raise _no_card(path)
    return card


def _no_card(path: Path) -> GongjiError:
    return GongjiError(f"{path} 不是转送机的名片", "请在转送机上用 gongji relay --card 文件名 重新生成")


class _Secrets(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    identity: str
    signing: str


class Carrier:
    """The carrier's folder: keys (for its user only), clinics it has met, slices it works on."""

    def __init__(self, folder: Path, name: str) -> None:
        """Open a carrier's folder, or make it with fresh keys."""
        self.folder = folder
        self._known = folder / "known.json"
        secrets = folder / "carrier.json"
        if not secrets.exists():
            fresh = Ed25519PrivateKey.generate().private_bytes_raw().hex()
            write_whole(secrets, json.encode(_Secrets(name=name, identity=new_identity(), signing=fresh)))
            secrets.chmod(0o600)
            if os.name != "nt":
                folder.chmod(0o700)
        try:
            self._secrets = json.decode(read_whole(secrets), type=_Secrets)
        except (DecodeError, UnicodeDecodeError) as error:
            raise GongjiError("转送机的钥匙文件已损坏", "请换一个 --state 文件夹，并把新名片交给各收费台") from error
        self._key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self._secrets.signing))

    @property
    def identity(self) -> str:
        """What opens packages for this carrier."""
        return self._secrets.identity

    @property
    def card(self) -> CarrierCard:
        """What counters are given."""
        public = self._key.public_key().public_bytes_raw().hex()
        return CarrierCard(name=self._secrets.name, seal_to=recipient_of(self.identity), verify=public)

    def sign(self, message: bytes) -> bytes:
        """Return the carrier's signature."""
        return self._key.sign(message)

    def place(self, manifest: Manifest) -> Path:
        """Return where a package's slice lies while it is worked on, and what remains of it."""
        return self.folder / manifest.name

    def meet(self, manifest: Manifest) -> None:
        """Take a counter's first package as its word, and every later one only under the same key."""
        known: dict[str, str] = json.decode(read_whole(self._known)) if self._known.exists() else {}
        whose = f"{manifest.institution}-{manifest.counter}"
        if known.setdefault(whose, manifest.verify) != manifest.verify:
            raise GongjiError(
                f"{whose} 的签名与以前的不同", "请向该机构核实；确实换了钥匙的，由维护人员从 known.json 去掉它再试"
            )
        write_whole(self._known, json.encode(known))
