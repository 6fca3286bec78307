"""A carrier: the connected PC that sends packages to the gateway. Its keys, its card, the counters it knows."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import DecodeError, Struct, ValidationError, json

from gongji.errors import GongjiError
from gongji.files import is_there, read_whole, write_whole
from gongji.payer import PRACTICE
from gongji.payer.stick.package import Manifest, fingerprint, is_recipient, new_identity, recipient_of

_VERIFY = re.compile(r"[0-9a-f]{64}\Z", re.ASCII)
_LONGEST_NAME = 60


class CarrierCard(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """名片: what a counter must know of a carrier, handed over once by a person: whom to seal for, whom to trust."""

    name: str
    seal_to: str
    verify: str

    @property
    def fingerprint(self) -> str:
        """A short number by which two people check over the telephone that it is the same card."""
        return fingerprint(f"{self.seal_to}/{self.verify}")


def read_card(path: Path) -> CarrierCard:
    """Return the card in a file. Raises `GongjiError` when it is none."""
    try:
        card = json.decode(read_whole(path), type=CarrierCard)
    except (DecodeError, UnicodeDecodeError) as error:
        raise _no_card(path) from error
    if not is_recipient(card.seal_to) or not _VERIFY.match(card.verify) or not _is_fit_name(card.name):
        raise _no_card(path)
    return card


def _is_fit_name(name: str) -> bool:
    """Return whether a name can be shown in a log and on a screen as it is."""
    return bool(name.strip()) and len(name) <= _LONGEST_NAME and name.isprintable()


def _no_card(path: Path) -> GongjiError:
    return GongjiError(f"{path} 不是转送机的名片", "请在转送机上重新生成（命令行：gongji relay --card 文件名）")


class _Secrets(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    identity: str
    signing: str


class Carrier:
    """The carrier's folder: keys (for its user only), counters enrolled in it, extracts it works on."""

    def __init__(self, folder: Path, name: str) -> None:
        """Open a carrier's folder, or make it with fresh keys. Raises `GongjiError` for an unfit name."""
        self.folder = folder
        secrets = folder / "carrier.json"
        if not is_there(secrets):
            if not _is_fit_name(name):
                raise GongjiError("转送机的名字不对", f"请写 1 至 {_LONGEST_NAME} 个看得见的字，例如 县医保转送机")
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
        """The key that opens packages for this carrier."""
        return self._secrets.identity

    @property
    def card(self) -> CarrierCard:
        """The card given to counters."""
        public = self._key.public_key().public_bytes_raw().hex()
        return CarrierCard(name=self._secrets.name, seal_to=recipient_of(self.identity), verify=public)

    def sign(self, message: bytes) -> bytes:
        """Return the carrier's signature."""
        return self._key.sign(message)

    def place(self, manifest: Manifest) -> Path:
        """Return the path of a package's extract while it is worked on, and of what remains of it."""
        return (self.folder / PRACTICE if manifest.profile == PRACTICE else self.folder) / manifest.name

    @contextmanager
    def bench(self) -> Iterator[Path]:
        """Provide a temporary folder to check a package in; it is deleted whatever happens."""
        with tempfile.TemporaryDirectory(dir=self.folder, prefix="looking-") as place:
            yield Path(place)

    def enrol(self, manifest: Manifest, typed: str) -> None:
        """Accept packages of a counter from now on, by the fingerprint read out. Raises `GongjiError` for another."""
        mine = fingerprint(manifest.verify)
        if mine.replace(" ", "") != typed.replace(" ", "").upper():
            raise GongjiError(f"指纹不符：这个包的签名指纹是 {mine}", "不要登记，请向该机构核实这个包是不是他们的")
        self._keep(manifest)

    def believe(self, manifest: Manifest) -> None:
        """Raise `GongjiError` where a package is not of an enrolled counter.

        For practice the first key of a name is trusted, apart from all others: what it sends is invented.
        """
        known = self._enrolled(manifest).get(manifest.whose)
        mine = fingerprint(manifest.verify)
        if known is None and manifest.profile != PRACTICE:
            raise GongjiError(
                f"{manifest.whose} 号收费台还没有在本机登记，没有转送",
                f"请当面或电话向该机构核对签名指纹 {mine}，一致的加 --enrol '{mine}' 再执行一次",
            )
        if known not in {None, manifest.verify}:
            raise GongjiError(
                f"{manifest.whose} 的签名与以前的不同",
                f"请向该机构核实；确实换了钥匙、指纹是 {mine} 的，加 --enrol 登记",
            )

    def remember(self, manifest: Manifest) -> None:
        """Record the maker of a package once everything in it was found to be right.

        Raises `GongjiError` where the list of counters is damaged.
        """
        if self._enrolled(manifest).get(manifest.whose) != manifest.verify:
            self._keep(manifest)

    def _keep(self, manifest: Manifest) -> None:
        known = {**self._enrolled(manifest), manifest.whose: manifest.verify}
        write_whole(self._list(manifest), json.encode(known))

    def _list(self, manifest: Manifest) -> Path:
        return self.folder / (f"known-{PRACTICE}.json" if manifest.profile == PRACTICE else "known.json")

    def _enrolled(self, manifest: Manifest) -> dict[str, str]:
        """Return the counters' public keys, by counter."""
        path = self._list(manifest)
        if not path.exists():
            return {}
        try:
            return json.decode(read_whole(path), type=dict[str, str])
        except (DecodeError, ValidationError) as error:
            raise GongjiError(
                f"转送机登记的收费台 {path.name} 已损坏", "请删去它，再向各机构核对指纹重新登记"
            ) from error
