"""网关: a caller proves its identity by headers and a digest of the input, or is refused.

Written from the interface documents and not shared with the program that signs, so that each checks the other:
digests and MACs are another library's than the client's.
"""

import base64
import datetime
from collections.abc import Callable, Mapping
from typing import Literal

from cryptography.hazmat.primitives import constant_time, hashes
from cryptography.hazmat.primitives import hmac as macs
from msgspec import DecodeError, Raw, Struct, ValidationError, json

Scheme = Literal["x-tif", "_api_", "x-ca"]

TURNED_AWAY = 401
_WINDOW_S = 30 * 60
_TIF = ("x-tif-paasid", "x-tif-timestamp", "x-tif-nonce", "x-tif-signature")
_API = ("_api_access_key", "_api_name", "_api_timestamp", "_api_version")
_API_SIGNATURE = "_api_signature"
_CA = ("x-ca-key", "x-ca-signature")


class CallerRules(Struct, frozen=True, kw_only=True):
    """Which headers are required, and of whom: the caller's number (paasid, access key) and secret."""

    scheme: Scheme
    identity: str
    secret: str
    api_name: str = ""

    def __repr__(self) -> str:
        """Show no secret."""
        return f"CallerRules({self.scheme})"


class Gatekeeper:
    """Checks the headers of one call after another; a repeated nonce is refused."""

    def __init__(self, gate: CallerRules, clock: Callable[[], datetime.datetime]) -> None:
        self._gate = gate
        self._clock = clock
        self._nonces: dict[str, float] = {}

    def objection(self, headers: Mapping[str, str], body: bytes = b"") -> str:
        """Return why a call is refused; empty where it is accepted."""
        match self._gate.scheme:
            case "x-tif":
                return self._tif(headers)
            case "x-ca":
                return self._ca(headers, body)
            case _:
                return self._api(headers)

    def _ca(self, headers: Mapping[str, str], body: bytes) -> str:
        given = [headers.get(name, "") for name in _CA]
        if not all(given):
            return _missing(_CA, given)
        at, _, signature = given[1].partition(":")
        mac = macs.HMAC(self._gate.secret.encode(), hashes.SM3())
        mac.update(at.encode() + b"\n" + body)
        return (
            self._wrong_caller(given[0])
            or self._wrong_time(at, 1000)
            or _wrong_signature(mac.finalize().hex().upper(), signature)
        )

    def _tif(self, headers: Mapping[str, str]) -> str:
        given = [headers.get(name, "") for name in _TIF]
        if not all(given):
            return _missing(_TIF, given)
        paasid, at, nonce, signature = given
        seal = hashes.Hash(hashes.SHA256())
        seal.update(f"{at}{self._gate.secret}{nonce}{at}".encode())
        right = seal.finalize().hex()
        return (
            self._wrong_caller(paasid)
            or self._wrong_time(at, 1)
            or _wrong_signature(right, signature.lower())
            or self._again(nonce)
        )

    def _api(self, headers: Mapping[str, str]) -> str:
        given = {name: headers.get(name, "") for name in (*_API, _API_SIGNATURE)}
        if not all(given.values()):
            return _missing(tuple(given), list(given.values()))
        mac = macs.HMAC(self._gate.secret.encode(), hashes.SHA1())  # noqa: S303  # as the gateway has it
        mac.update("&".join(f"{name}={given[name]}" for name in _API).encode())
        right = base64.b64encode(mac.finalize()).decode()
        if self._gate.api_name and given["_api_name"] != self._gate.api_name:
            return f"没有名为 {given['_api_name']} 的接口"
        return (
            self._wrong_caller(given["_api_access_key"])
            or self._wrong_time(given["_api_timestamp"], 1000)
            or _wrong_signature(right, given[_API_SIGNATURE])
        )

    def _wrong_caller(self, identity: str) -> str:
        return "" if identity == self._gate.identity else "没有这个账号"

    def _wrong_time(self, text: str, ticks_a_second: int) -> str:
        if not (text.isascii() and text.isdigit()):
            return "时间戳不是数"
        lag_s = abs(self._clock().timestamp() - int(text) / ticks_a_second)
        return "" if lag_s <= _WINDOW_S else "时间戳相差超过 30 分钟"

    def _again(self, nonce: str) -> str:
        now = self._clock().timestamp()
        self._nonces = {one: at for one, at in self._nonces.items() if now - at <= _WINDOW_S}
        if nonce in self._nonces:
            return "随机串用过了"
        self._nonces[nonce] = now
        return ""


def _missing(names: tuple[str, ...], given: list[str]) -> str:
    return "缺少请求头 " + "、".join(name for name, value in zip(names, given, strict=True) if not value)


def _wrong_signature(right: str, given: str) -> str:
    return "" if constant_time.bytes_eq(right.encode(), given.encode()) else "签名不符"


class _Sealed(Struct):
    input: Raw
    cainfo: str = ""
    signtype: str = ""


def digest_objection(body: bytes) -> str:
    """Return why a message's `cainfo` is refused: with signtype SM3 it must be the digest of the input as received."""
    try:
        found = json.decode(body, type=_Sealed)
    except (DecodeError, ValidationError):
        return ""  # the reader of messages says what is wrong with it
    if found.signtype != "SM3":
        return ""
    seal = hashes.Hash(hashes.SM3())
    seal.update(bytes(found.input))
    return "" if seal.finalize().hex() == found.cainfo.lower() else "cainfo 与交易输入的 SM3 摘要不符"
