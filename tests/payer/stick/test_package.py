"""A package is three plain files and nothing else: what says otherwise of itself is refused before it is believed."""

import hashlib
import io
import tarfile
import tracemalloc
from collections.abc import Iterable

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import json

from gongji.payer.stick.package import Manifest, PackageError, new_identity, opened, packed, recipient_of

IDENTITY = new_identity()
CONTENT = b"records"
NAMES = ("manifest.json", "manifest.sig", "content")
HOLES = 1 << 30
"""Bytes that a file with holes says it has."""


def sealed(plain: bytes) -> bytes:
    """Seal something for the receiver, as anybody can who has its card."""
    made: bytes = pyrage.encrypt(plain, [pyrage.x25519.Recipient.from_str(recipient_of(IDENTITY))])
    return made


def signed() -> dict[str, bytes]:
    """The three files of a package that is in order."""
    key = Ed25519PrivateKey.generate()
    verify = key.public_key().public_bytes_raw().hex()
    manifest = Manifest(
        format=2, kind="records", institution="H1", counter="01", epoch=1, serial=1, made_at="2025-06-10 09:00:00",
        expires_at="2025-06-17 09:00:00", legs=1, total_fen=100, audit_seal="", verify=verify,
        sha256=hashlib.sha256(CONTENT).hexdigest(), seal_to="", profile="plain",
    )  # fmt: skip
    text = json.encode(manifest)
    return dict(zip(NAMES, (text, key.sign(text), CONTENT), strict=True))


def header(name: str, size: int, kind: bytes = tarfile.REGTYPE) -> bytearray:
    """The 512 bytes before a file in an archive, whatever they say of its size."""
    entry = tarfile.TarInfo(name)
    entry.type = kind
    made = bytearray(entry.tobuf(tarfile.USTAR_FORMAT))
    made[124:136] = size.to_bytes(12, signed=True) if size < 0 else b"%011o\0" % size
    return summed(made)


def summed(made: bytearray) -> bytearray:
    made[148:156] = b" " * 8
    made[148:156] = b"%06o\0 " % sum(made)
    return made


def archive(files: Iterable[tuple[str, bytes]], format_: int = tarfile.USTAR_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format_) as made:
        for name, part in files:
            entry = tarfile.TarInfo(name)
            entry.size = len(part)
            if format_ == tarfile.PAX_FORMAT:
                entry.pax_headers = {"comment": "1" * 100}
            made.addfile(entry, io.BytesIO(part))
    return out.getvalue()


def with_holes() -> bytes:
    """A file of a few bytes that is a gigabyte when it is read (GNU's sparse files)."""
    made = header(NAMES[0], 0, tarfile.GNUTYPE_SPARSE)
    made[386:410] = b"%011o\0" % 0 * 2
    made[483:495] = b"%011o\0" % HOLES
    return bytes(summed(made)) + bytes(1024)


def test_what_is_packed_is_opened() -> None:
    text, signature, records = signed().values()
    manifest, content = opened(packed(text, signature, records, recipient_of(IDENTITY)), IDENTITY)
    assert (manifest.name, content) == ("H1-01-1-0001", CONTENT)


ODD = {
    "a size below zero leads back to what was read": bytes(header("x", 0) + header("a", -512)) + bytes(1024),
    "an extended header of a size below zero": bytes(header("a", -1024, tarfile.XHDTYPE)) + bytes(1024),
    "a file with holes": with_holes(),
    "a size beyond the end": bytes(header(NAMES[0], 1 << 40)) + bytes(1024),
    "a link": bytes(header(NAMES[0], 0, tarfile.SYMTYPE)) + bytes(1024),
    "many files": archive((f"f{number}", b"") for number in range(10_000)),
    "one file thrice": archive([(NAMES[0], b"")] * 3),
    "a file more": archive([*signed().items(), ("more", b"x")]),
    "extended headers": archive(signed().items(), tarfile.PAX_FORMAT),
    "names of another kind": archive([("../manifest.json", b""), ("/manifest.sig", b""), ("content", b"")]),
    "half of it": archive(signed().items())[:700],
    "no archive": b"\xff" * 2000,
    "nothing": b"",
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_no_package_is_refused_and_costs_nothing(name: str) -> None:
    package = sealed(ODD[name])
    tracemalloc.start()
    try:
        with pytest.raises(PackageError):
            opened(package, IDENTITY)
        assert tracemalloc.get_traced_memory()[1] < 50 * len(ODD[name]) + (4 << 20)
    finally:
        tracemalloc.stop()
