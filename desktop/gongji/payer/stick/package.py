"""包: what goes on a stick. Signed by its maker, then sealed for its receiver (the age format, X25519).

A package names its maker, its number, until when it may be used, and how much is in it. Whoever changes a bit of it,
or opens one that is for somebody else, gets an error. The receiver makes sure by number that none is used twice.
"""

import hashlib
import io
import re
import tarfile
from typing import Literal

import pyrage
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import DecodeError, Struct, ValidationError, json

from gongji.core.ledger.stored_settlement import COUNTER_CODE
from gongji.errors import GongjiError
from gongji.file_kinds import no_package

FORMAT = 2
_MANIFEST, _SIGNATURE, _CONTENT = "manifest.json", "manifest.sig", "content"


class Manifest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A package's description of itself.

    `serial` counts the packages of a counter (and epoch); answers carry the number of what they answer. `verify` is the
    maker's public key, `seal_to` whom an answer is to be sealed for, `profile` the region's, `key` opens the content
    where that is a book.
    """

    format: int
    kind: Literal["records", "answers"]
    institution: str
    counter: str
    epoch: int
    serial: int
    made_at: str
    expires_at: str
    legs: int
    total_fen: int
    audit_seal: str
    sha256: str
    verify: str
    seal_to: str
    profile: str
    key: str = ""

    @property
    def whose(self) -> str:
        """The institution and the counter that made it."""
        return f"{self.institution}-{self.counter}"

    @property
    def name(self) -> str:
        """A name that no other counter's package has; fit for a folder's name, since `opened` refuses any other."""
        return f"{self.whose}-{self.epoch}-{self.serial:04d}"


_INSTITUTION = re.compile(r"[0-9A-Za-z]{1,30}\Z", re.ASCII)
_PROFILE = re.compile(r"[0-9a-z-]{1,40}\Z", re.ASCII)
_KEY = re.compile(r"([0-9a-f]{64})?\Z", re.ASCII)
_HIGHEST = 999_999


def _is_named_well(one: Manifest) -> bool:
    """Return whether names and numbers of a manifest are such as our programs give: they become names of folders."""
    return bool(
        _INSTITUTION.match(one.institution)
        and COUNTER_CODE.match(one.counter)
        and _PROFILE.match(one.profile)
        and _KEY.match(one.key)
        and 1 <= one.epoch <= _HIGHEST
        and 1 <= one.serial <= _HIGHEST
        and one.legs >= 0
    )


def fingerprint(text: str) -> str:
    """Return a short number of a key or a card, by which two people check that they mean the same."""
    found = hashlib.sha256(text.encode()).hexdigest()[:16].upper()
    return " ".join(found[place : place + 4] for place in range(0, len(found), 4))


class PackageError(GongjiError):
    """A file is no package for us, or no longer as it was made."""


def new_identity() -> str:
    """Return a new private key for opening packages."""
    return str(pyrage.x25519.Identity.generate())


def recipient_of(identity: str) -> str:
    """Return the public key for sealing packages."""
    return str(pyrage.x25519.Identity.from_str(identity).to_public())


def is_recipient(text: str) -> bool:
    """Return whether a text is a key that packages can be sealed for."""
    try:
        pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        return False
    return True


def packed(manifest: bytes, signature: bytes, content: bytes, receiver: str) -> bytes:
    """Return a package: the manifest as it was signed, its signature and the content, sealed for the receiver."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, part in ((_MANIFEST, manifest), (_SIGNATURE, signature), (_CONTENT, content)):
            entry = tarfile.TarInfo(name)
            entry.size = len(part)
            archive.addfile(entry, io.BytesIO(part))
    sealed: bytes = pyrage.encrypt(out.getvalue(), [pyrage.x25519.Recipient.from_str(receiver)])
    return sealed


def digest(content: bytes) -> str:
    """Return the fingerprint of a content, as in the manifest."""
    return hashlib.sha256(content).hexdigest()


def opened(package: bytes, identity: str) -> tuple[Manifest, bytes]:
    """Return a package's manifest and content, as signed. Raises `PackageError` that says what is wrong with it.

    The caller decides whether the signer (`verify`) is known.
    """
    other = no_package(package)
    if other is not None:
        raise PackageError(f"这是{other.word}，不是收费台和转送机之间带的包", other.advice)
    try:
        plain: bytes = pyrage.decrypt(package, [pyrage.x25519.Identity.from_str(identity)])
    except pyrage.DecryptError as error:
        raise PackageError("这个包打不开：不是给本机的，或者已损坏", "请核对文件；重新拷贝一次再试") from error
    parts = _parts(plain)
    try:
        manifest = json.decode(parts[_MANIFEST], type=Manifest)
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(manifest.verify)).verify(parts[_SIGNATURE], parts[_MANIFEST])
    except (DecodeError, ValidationError, KeyError, ValueError, InvalidSignature) as error:
        raise PackageError("这个包的签名不对", "不要使用它，请向交来的人核实来源") from error
    if manifest.format != FORMAT:
        raise PackageError("这个包由别的版本的程序做成", "请让收费台和转送机用同一版本")
    if not _is_named_well(manifest):
        raise PackageError("这个包的清单里，机构、收费台或编号不成样子", "不要使用它，请向交来的人核实来源")
    if digest(parts.get(_CONTENT, b"")) != manifest.sha256:
        raise PackageError("这个包的内容与清单不符", "不要使用它，请重新导出")
    return manifest, parts[_CONTENT]


def _parts(plain: bytes) -> dict[str, bytes]:
    """Return the three files of a package by name; anything else in it is refused.

    Only the header of each is given to `tarfile`, which makes what it reads of an archive depend on what that says of
    itself: negative sizes, files with holes of a gigabyte, extended headers.
    """
    found: dict[str, bytes] = {}
    at = 0
    try:
        for _ in (_MANIFEST, _SIGNATURE, _CONTENT):
            entry = tarfile.TarInfo.frombuf(plain[at : at + tarfile.BLOCKSIZE], "ascii", "strict")
            begin = at + tarfile.BLOCKSIZE
            if entry.type != tarfile.REGTYPE or not 0 <= entry.size <= len(plain) - begin:
                raise tarfile.ReadError("not a whole plain file")
            found[entry.name] = plain[begin : begin + entry.size]
            at = begin + -(-entry.size // tarfile.BLOCKSIZE) * tarfile.BLOCKSIZE
    except (tarfile.TarError, ValueError) as error:
        raise PackageError("这个包的内容读不懂", "请重新拷贝或重新导出") from error
    if found.keys() != {_MANIFEST, _SIGNATURE, _CONTENT} or plain[at:].strip(b"\0"):
        raise PackageError("这个包的内容不全", "请重新拷贝或重新导出")
    return found
