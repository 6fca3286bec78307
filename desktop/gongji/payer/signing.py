"""How a caller identifies itself to a region's gateway, and the digests and signatures a region may require.

There is no national rule for the headers; those in use are listed here, a small closed set, and everything about one
region is in its profile. All inputs of a header are parameters: the body, the moment, the nonce and the secrets, so
that the same call always has the same headers.
"""

import base64
import datetime
import hashlib
import hmac
import os
from pathlib import Path

from msgspec import Struct

from gongji.errors import GongjiError
from gongji.files import read_whole
from gongji.payer.gm_ciphers import as_der, hmac_sm3, private_key, sm2_signed, sm3_bytes
from gongji.payer.regions import Scheme

IDENTITY, SECRET = "GONGJI_GATEWAY_ID", "GONGJI_GATEWAY_SECRET"
"""The environment variables with our identity at a gateway: never an argument, which others on the PC could read."""
SM2_KEY = "GONGJI_SM2_KEY"
"""The variable with the path of the institution's private SM2 key, a PEM file."""


class Caller(Struct, frozen=True, kw_only=True):
    """Who calls a region's gateway, and by which of the ways in use that is shown.

    `plain`: no headers. `x-tif`: SHA-256 over timestamp, secret, nonce, timestamp. `_api_`: HMAC-SHA1 over the other
    four headers in order of their names. `x-ca`: time and HMAC-SM3 over time, line break and body, in capital
    hexadecimal. `apikey`: one header that names the caller. `bearer`: OAuth2, a token obtained with the caller's number
    and secret, and then in the secret's place.

    `identity` is the caller's number (paasid, access key), `api_name` the service where all transactions of `_api_` go
    by one name; `in_seconds` where the time of `_api_` and `x-ca` is not in milliseconds.
    """

    scheme: Scheme = "plain"
    identity: str = ""
    secret: str = ""
    api_name: str = ""
    in_seconds: bool = False

    def __repr__(self) -> str:
        """Show no secret."""
        return f"Caller({self.scheme}, {self.identity})"


def headers(caller: Caller, service: str, moment: datetime.datetime, nonce: str, body: bytes = b"") -> dict[str, str]:
    """Return the headers of one call: of `service` (where the scheme names it), at a moment, with a fresh nonce."""
    match caller.scheme:
        case "x-tif":
            at = _time(moment, in_seconds=True)
            signature = hashlib.sha256(f"{at}{caller.secret}{nonce}{at}".encode()).hexdigest()
            return {
                "x-tif-paasid": caller.identity,
                "x-tif-timestamp": at,
                "x-tif-nonce": nonce,
                "x-tif-signature": signature,
            }
        case "_api_":
            named = {
                "_api_name": caller.api_name or service,
                "_api_version": "1.0.0",
                "_api_timestamp": _time(moment, in_seconds=caller.in_seconds),
                "_api_access_key": caller.identity,
            }
            text = "&".join(f"{name}={value}" for name, value in sorted(named.items()))
            mac = hmac.digest(caller.secret.encode(), text.encode(), "sha1")
            return {**named, "_api_signature": base64.b64encode(mac).decode()}
        case "x-ca":
            at = _time(moment, in_seconds=caller.in_seconds)
            mac = hmac_sm3(caller.secret.encode(), at.encode() + b"\n" + body)
            return {"x-ca-key": caller.identity, "x-ca-signature": f"{at}:{mac.hex().upper()}"}
        case "apikey":
            return {"apikey": caller.secret}
        case "bearer":
            return {"authorization": f"Bearer {caller.secret}"}
        case "plain":
            return {}


def _time(moment: datetime.datetime, *, in_seconds: bool) -> str:
    return str(int(moment.timestamp())) if in_seconds else str(int(moment.timestamp() * 1000))


USUAL_IDENTITY = b"1234567812345678"


def cainfo(digest: str, content: bytes, form: str = "der", identity: bytes = b"") -> str:
    """Return what a message carries to prove its input: nothing, its SM3 digest, or the institution's SM2 signature.

    A region wants the signature as "der" or the plain "rs", and under an identity; empty is the default.
    Raises `GongjiError` where the signature is required and its key or its library is missing.
    """
    match digest:
        case "sm3":
            return sm3(content)
        case "sm2" if form == "der" and not identity:
            return sm2_signature(_sm2_key(), content)
        case "sm2":
            signature = sm2_signed(private_key(_sm2_key()), content, identity or USUAL_IDENTITY)
            return base64.b64encode(signature if form == "rs" else as_der(signature)).decode()
        case _:
            return ""


def _sm2_key() -> bytes:
    path = os.environ.get(SM2_KEY, "")
    if not path:
        raise GongjiError("这个地区的报文要用 SM2 签名，还没有指明私钥", f"请把私钥文件（PEM）的位置放在 {SM2_KEY}")
    return read_whole(Path(path))


def sm3(content: bytes) -> str:
    """Return the SM3 digest in hexadecimal."""
    return sm3_bytes(content).hex()


def sm2_signature(pem: bytes, content: bytes) -> str:
    """Return the SM2 signature (with SM3, in base64) under a private key (PEM).

    It needs a library that is not installed by default. Raises `GongjiError` without it, or for an invalid key.
    """
    try:
        from tongsuopy.crypto import hashes as sm_hashes  # noqa: PLC0415  # an optional extra
        from tongsuopy.crypto import serialization  # noqa: PLC0415  # the same
        from tongsuopy.crypto.asymciphers import ec  # noqa: PLC0415  # the same
    except ImportError as error:
        raise GongjiError("本机没有安装国密 SM2 组件", "请按说明安装 gongji[sm2]，或换用不要求 SM2 的网关") from error
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except ValueError as error:
        raise GongjiError("SM2 私钥文件读不懂", "应为 PEM 格式、没有口令的 SM2 私钥") from error
    signature: bytes = key.sign(content, ec.ECDSA(sm_hashes.SM3()))
    return base64.b64encode(signature).decode()
