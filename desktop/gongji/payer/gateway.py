"""A region's gateway: where a message goes, under which headers. Knows no book; may be used by any thread."""

import datetime
import secrets
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import urlencode

from msgspec import DecodeError, Struct, ValidationError, json
from msgspec.structs import replace

from gongji.core.outbox.replies import Answered, Exchange, NotSent
from gongji.core.problems import quoted
from gongji.errors import GongjiError
from gongji.payer.envelope import as_form
from gongji.payer.regions import Profile
from gongji.payer.signing import IDENTITY, SECRET, Caller, headers

_LARGEST_FILE = 64 << 20
_TOKEN_MARGIN_S = 60


class Address(Struct, frozen=True, kw_only=True):
    """The platform's address and our identity at its gateway; `authorities` (PEM, or its file) sign its certificate."""

    url: str
    identity: str = ""
    secret: str = ""
    authorities: Path | str | None = None

    def __repr__(self) -> str:
        """Show no secret."""
        return f"Address({self.url})"


def address_from(url: str, environment: Mapping[str, str], authorities: Path | str | None = None) -> Address:
    """Return the platform's address, and our identity at its gateway from the environment."""
    return Address(
        url=url,
        identity=environment.get(IDENTITY, ""),
        secret=environment.get(SECRET, ""),
        authorities=authorities,
    )


class Gateway(AbstractContextManager["Gateway"]):
    """An open connection to a gateway."""

    def __init__(self, address: Address, profile: Profile, clock: Callable[[], datetime.datetime]) -> None:
        """Open nothing yet. Raises `GongjiError` when the address or its secrets cannot be used."""
        if not address.url.startswith(("http://", "https://")):
            raise GongjiError(f"网关地址 {quoted(address.url)} 不对", "应以 http:// 或 https:// 开头")
        self._address = address
        self._profile = profile
        self._clock = clock
        self._caller = _caller(address, profile)
        self._token = ("", 0.0)
        from gongji.payer.transport import HttpLine  # noqa: PLC0415  # a window opens without the wire

        self._line = HttpLine(address.authorities, deadline_seconds=float(profile.deadline_s), lines=profile.lanes)

    def send(self, infno: str, body: bytes) -> Exchange:
        """Send a message once and return the outcome."""
        service = self._profile.services.get(infno, infno)
        caller = self._caller
        if self._profile.scheme == "bearer":
            token = self._bearer()
            if not isinstance(token, str):
                return token
            caller = replace(caller, secret=token)
        given: dict[str, str] = {}
        if infno == "9101" and self._profile.file_encoding == "multipart":
            body, given["content-type"] = as_form(body)
        given |= headers(caller, service, self._clock(), secrets.token_hex(8), body)
        url = self._profile.url(self._address.url, infno)
        if infno == "9102":  # a file is longer than any message
            return self._line.post(url, body, given, largest=_LARGEST_FILE)
        found = self._line.post(url, body, given)
        if not isinstance(found, Answered) or b'"infcode"' not in found.body:
            self._token = ("", 0.0)  # the gateway may know it no more; getting another is a cheap question
        return found

    def _bearer(self) -> str | NotSent:
        """Return a valid token, fetched again if necessary; without one nothing is sent."""
        token, until = self._token
        now = self._clock().timestamp()
        if token and now < until:
            return token
        asked = urlencode({
            "grant_type": "client_credentials",
            "client_id": self._address.identity,
            "client_secret": self._address.secret,
        }).encode()  # fmt: skip
        url = f"{self._address.url.rstrip('/')}{self._profile.token_path}"
        found = self._line.post(url, asked, {"content-type": "application/x-www-form-urlencoded"})
        if not isinstance(found, Answered):
            return NotSent(f"没有取到网关的令牌（{found.reason or '网关忙'}）")
        try:
            granted = json.decode(found.body, type=_Token)
        except (DecodeError, ValidationError):
            return NotSent("网关没有给令牌，请核对账号和密钥")
        self._token = (granted.access_token, now + max(0, granted.expires_in - _TOKEN_MARGIN_S))
        return granted.access_token

    def close(self) -> None:
        """Close the connection."""
        self._line.close()

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self.close()


class _Token(Struct):
    access_token: str
    expires_in: int = 600


def _caller(address: Address, profile: Profile) -> Caller:
    if profile.scheme == "plain":
        return Caller()
    if not address.secret or not (address.identity or profile.scheme == "apikey"):
        raise GongjiError("这个地区的网关要求签名，还没有账号和密钥", f"请放在环境变量 {IDENTITY} 和 {SECRET} 里")
    return Caller(
        scheme=profile.scheme,
        identity=address.identity,
        secret=address.secret,
        api_name=profile.api_name,
        in_seconds=profile.timestamp == "s",
    )
