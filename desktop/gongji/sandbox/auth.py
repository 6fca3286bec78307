"""网关: a caller proves its identity by headers and a digest of the input, or is refused; a region's has its own paths.

Written from the interface documents and public clients of several provinces, and not shared with the program that signs
and sends, so that each checks the other: digests and MACs are another library's than the client's.
"""

import base64
import datetime
from collections.abc import Callable, Mapping
from typing import Any, Literal

from cryptography.hazmat.primitives import constant_time, hashes
from cryptography.hazmat.primitives import hmac as macs
from msgspec import DecodeError, Raw, Struct, ValidationError, json

Scheme = Literal["x-tif", "_api_", "x-ca"]

TURNED_AWAY = 401
_WINDOW_S = 30 * 60
_HEADERS: dict[Scheme, tuple[str, ...]] = {
    "x-tif": ("x-tif-paasid", "x-tif-timestamp", "x-tif-nonce", "x-tif-signature"),
    "_api_": ("_api_access_key", "_api_name", "_api_timestamp", "_api_version", "_api_signature"),
    "x-ca": ("x-ca-key", "x-ca-signature"),
}


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
        given = {name: headers.get(name, "") for name in _HEADERS[self._gate.scheme]}
        if not all(given.values()):
            return "缺少请求头 " + "、".join(name for name, value in given.items() if not value)
        secret, nonce, ticks_a_second = self._gate.secret, "", 1000
        match self._gate.scheme:
            case "x-tif":
                identity, at, nonce, signature = given.values()
                right, signature = _digest(hashes.SHA256(), f"{at}{secret}{nonce}{at}".encode()), signature.lower()
                ticks_a_second = 1
            case "x-ca":
                identity, (at, _, signature) = given["x-ca-key"], given["x-ca-signature"].partition(":")
                right = _mac(secret, hashes.SM3(), at.encode() + b"\n" + body).hex().upper()
            case _:
                identity, name, at, version, signature = given.values()
                text = f"_api_access_key={identity}&_api_name={name}&_api_timestamp={at}&_api_version={version}"
                mac = _mac(secret, hashes.SHA1(), text.encode())  # noqa: S303  # as the gateway has it
                right = base64.b64encode(mac).decode()
                if self._gate.api_name and name != self._gate.api_name:
                    return f"没有名为 {name} 的接口"
        return (
            self._wrong_caller(identity)
            or self._wrong_time(at, ticks_a_second)
            or ("" if constant_time.bytes_eq(right.encode(), signature.encode()) else "签名不符")
            or (self._again(nonce) if nonce else "")
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


def _digest(algorithm: hashes.HashAlgorithm, content: bytes) -> str:
    seal = hashes.Hash(algorithm)
    seal.update(content)
    return seal.finalize().hex()


def _mac(secret: str, algorithm: hashes.HashAlgorithm, content: bytes) -> bytes:
    mac = macs.HMAC(secret.encode(), algorithm)
    mac.update(content)
    return mac.finalize()


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
    right = _digest(hashes.SM3(), bytes(found.input))
    return "" if right == found.cainfo.lower() else "cainfo 与交易输入的 SM3 摘要不符"


Paths = Literal["any", "root", "service", "number"]
_ROOT = "fsi/api"
_SERVICES = {
    "fsiPsnInfoService": {"1101": "queryPsnInfo"},
    "hsecfc": {"1162": "localQrCodeQuery"},
    "fsiPsnPriorityInfoService": {"2001": "queryPsnPriorityInfo"},
    "outpatientDocInfoService": {
        "2201": "outpatientRregistration",
        "2202": "outpatientRegistrationCancel",
        "2203": "outpatientMdtrtinfoUp",
        "2203A": "outpatientMdtrtinfoUpA",
        "2204": "outpatientFeeListUp",
        "2205": "outpatientFeeListUpCancel",
    },
    "outpatientSettleService": {
        "2206": "preSettletment",
        "2206A": "preSettletmentA",
        "2207A": "saveSettletment",
        "2208": "cancleSettletment",
    },
    "fsiPsnFixedRegEvtService": {"2505": "addEvtInfo", "2506": "revokeReg"},
    "reverseService": {"2601": "revsMethod"},
    "ybSettlementStmtService": {"3201": "stmtTotal", "3202": "stmtDetail"},
    "catalogCompService": {"3301": "catalogCompUp"},
    "fsiIntegratedQueryService": {
        "5201": "queryMdtrtInfo",
        "5203": "querySetlInfo",
        "5204": "queryFeeList",
        "5206": "queryFixmedinsPracPsnSum",
        "5302": "query",
    },
    "signInSignOutService": {"9001": "signIn"},
    "fileupload": {"9101": "upload", "9102": "download"},
    "catalogdownservice": {f"13{number:02d}": f"downCatalog13{number:02d}" for number in (1, 2, 5, 6)},
    "catalogqueryservice": {"1312": "queryHilist", "1318": "queryLmtprcByPage", "1319": "querySelfpayByPage"},
}
_PATHS = {infno: f"{_ROOT}/{service}/{name}" for service, named in _SERVICES.items() for infno, name in named.items()}


class RegionGate(Struct, frozen=True, kw_only=True):
    """How one region's gateway is spoken to.

    `paths`: one address for all (root), one for each service, or the transaction's number. `api_name` is the one name
    of all transactions where `_api_name` is constant. `signed_bytes` wants a file as an array of signed bytes. A
    message sent to a wrong path gets status 404, as from a gateway.
    """

    scheme: Scheme | None = None
    paths: Paths = "any"
    api_name: str = ""
    signed_bytes: bool = False

    def is_misplaced(self, path: str, infno: str, national: str) -> bool:
        """Return whether a message came at a path that its number (the region's or the national one) does not have."""
        match self.paths:
            case "root":
                return path.strip("/") not in {"", _ROOT}
            case "service":
                return path.strip("/") != _PATHS.get(infno, _PATHS.get(national))
            case "number":
                return path.strip("/") not in {f"{_ROOT}/{infno}", f"{_ROOT}/{national}"}
            case _:
                return False

    def file_objection(self, national: str, content: dict[str, Any]) -> str:
        """Return why an uploaded file is refused; empty where it is accepted."""
        node = content.get("fsUploadIn")
        sent = node.get("in") if isinstance(node, dict) else None
        if not self.signed_bytes or national != "9101":
            return ""
        is_array = isinstance(sent, list) and all(type(one) is int and -128 <= one <= 127 for one in sent)  # noqa: PLR2004
        return "" if is_array else "文件内容应为有符号字节的数组"
