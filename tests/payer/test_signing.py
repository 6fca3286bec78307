"""Headers and digests against values worked out by other means (openssl, the standards' own examples)."""

import base64
import datetime
import hashlib
import importlib
import shutil
import subprocess
from pathlib import Path

import pytest

from gongji.errors import GongjiError
from gongji.payer import signing
from gongji.payer.signing import Caller, headers, sm3

SECRET = "s3cret"  # noqa: S105  # nobody's
MOMENT = datetime.datetime(2026, 11, 22, 10, 5, 33, 250000, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))
SECONDS = "1795313133"


def by_openssl(*arguments: str, content: bytes) -> bytes:
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("openssl is not here to compare with")
    return subprocess.run([program, *arguments], input=content, capture_output=True, check=True).stdout


def test_plain_has_none() -> None:
    assert headers(Caller(), "2207", MOMENT, "n") == {}


def test_x_tif() -> None:
    found = headers(Caller(scheme="x-tif", identity="hospital", secret=SECRET), "2207", MOMENT, "abc123")
    expected = by_openssl("dgst", "-sha256", content=f"{SECONDS}s3cretabc123{SECONDS}".encode()).split()[-1].decode()
    assert found == {
        "x-tif-paasid": "hospital",
        "x-tif-timestamp": SECONDS,
        "x-tif-nonce": "abc123",
        "x-tif-signature": expected,
    }


def test_api() -> None:
    found = headers(Caller(scheme="_api_", identity="AK", secret=SECRET), "fsi", MOMENT, "abc123")
    text = f"_api_access_key=AK&_api_name=fsi&_api_timestamp={SECONDS}250&_api_version=1.0.0"
    raw = by_openssl("dgst", "-sha1", "-hmac", SECRET, "-binary", content=text.encode())
    assert found.pop("_api_signature") == base64.b64encode(raw).decode()
    assert found == {
        "_api_name": "fsi",
        "_api_version": "1.0.0",
        "_api_timestamp": SECONDS + "250",
        "_api_access_key": "AK",
    }


def test_api_under_one_constant_name_and_in_seconds() -> None:
    """Jiangsu calls every transaction by one name, Nanjing counts seconds: what is signed says both."""
    chosen = Caller(scheme="_api_", identity="AK", secret=SECRET, api_name="hssServives", in_seconds=True)
    found = headers(chosen, "2207", MOMENT, "abc123")
    text = f"_api_access_key=AK&_api_name=hssServives&_api_timestamp={SECONDS}&_api_version=1.0.0"
    raw = by_openssl("dgst", "-sha1", "-hmac", SECRET, "-binary", content=text.encode())
    assert found["_api_signature"] == base64.b64encode(raw).decode()
    assert (found["_api_name"], found["_api_timestamp"]) == ("hssServives", SECONDS)


def test_a_secret_is_not_shown() -> None:
    assert SECRET not in repr(Caller(scheme="x-tif", identity="p", secret=SECRET))


@pytest.mark.parametrize("here", [True, False])
def test_sm3_of_the_standards_examples(here: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not here:
        monkeypatch.setattr(hashlib, "algorithms_available", set())
    assert sm3(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm3(b"abcd" * 16) == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


def test_sm2_needs_its_extra_and_says_so() -> None:
    try:
        import tongsuopy  # noqa: F401, PLC0415  # only to know whether the extra is installed
    except ImportError:
        with pytest.raises(GongjiError, match=r"gongji\[sm2\]"):
            signing.sm2_signature(b"", b"x")
    else:
        with pytest.raises(GongjiError, match="私钥"):
            signing.sm2_signature(b"no key", b"x")


def test_where_sm2_is_asked_for_nothing_leaves_without_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(signing.SM2_KEY, raising=False)
    with pytest.raises(GongjiError, match=signing.SM2_KEY):
        signing.cainfo("sm2", b"x")
    assert signing.cainfo("", b"x") == ""


def test_an_sm2_signature_is_verified_by_its_public_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    crypto = importlib.import_module("tongsuopy.crypto")
    asymmetric = importlib.import_module("tongsuopy.crypto.asymciphers.ec")
    key = asymmetric.generate_private_key(asymmetric.SM2())
    form = importlib.import_module("tongsuopy.crypto.serialization")
    place = tmp_path / "key.pem"
    place.write_bytes(key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()))
    monkeypatch.setenv(signing.SM2_KEY, str(place))
    signature = base64.b64decode(signing.cainfo("sm2", b"abc"))
    key.public_key().verify(signature, b"abc", asymmetric.ECDSA(crypto.hashes.SM3()))
    with pytest.raises(crypto.exceptions.InvalidSignature):
        key.public_key().verify(signature, b"abd", asymmetric.ECDSA(crypto.hashes.SM3()))
