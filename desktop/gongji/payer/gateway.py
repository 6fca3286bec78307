"""A region's gateway: where a message goes, under which headers. Knows no book; may be used by any thread."""

import datetime
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec import Struct

from gongji.core.outbox.replies import Exchange
from gongji.errors import GongjiError
from gongji.payer.regions import Profile
from gongji.payer.signing import Api, Plain, Scheme, Tif, headers
from gongji.payer.transport import HttpLine

IDENTITY, SECRET = "GONGJI_GATEWAY_ID", "GONGJI_GATEWAY_SECRET"
"""The variables that say who we are to a gateway: never an argument, which others on the PC could read."""
_LARGEST_FILE = 64 << 20


class Address(Struct, frozen=True, kw_only=True):
    """Where the platform is and who we are to its gateway; `authorities` (PEM, a file of it) vouch for it."""

    url: str
    identity: str = ""
    secret: str = ""
    authorities: Path | str | None = None

    def __repr__(self) -> str:
        """Return no secret."""
        return f"Address({self.url})"


def address_from(url: str, environment: Mapping[str, str], authorities: Path | str | None = None) -> Address:
    """Return where the platform is, and who we are to its gateway as the environment has it."""
    return Address(
        url=url,
        identity=environment.get(IDENTITY, ""),
        secret=environment.get(SECRET, ""),
        authorities=authorities,
    )


class Gateway:
    """An open line to a gateway that messages are posted to."""

    def __init__(self, address: Address, profile: Profile, clock: Callable[[], datetime.datetime]) -> None:
        """Open nothing yet; `GongjiError` when the address or its secrets cannot be used."""
        if not address.url.startswith(("http://", "https://")):
            raise GongjiError(f"网关地址 {address.url} 不对", "应以 http:// 或 https:// 开头")
        self._address = address
        self._profile = profile
        self._clock = clock
        self._scheme = _scheme(address, profile)
        self._line = HttpLine(address.authorities, deadline_seconds=float(profile.deadline_s), lines=profile.lanes)

    def send(self, infno: str, body: bytes) -> Exchange:
        """Post a message once and return what can be said of it."""
        service = self._profile.services.get(infno, infno)
        given = headers(self._scheme, service, self._clock(), secrets.token_hex(8))
        url = self._profile.url(self._address.url, infno)
        if infno == "9102":  # a file is longer than any message
            return self._line.post(url, body, given, largest=_LARGEST_FILE)
        return self._line.post(url, body, given)

    def close(self) -> None:
        """Let the line go."""
        self._line.close()

    def __enter__(self) -> Self:
        """Return the gateway, to be closed at the end."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the line go."""
        self.close()


def _scheme(address: Address, profile: Profile) -> Scheme:
    if profile.scheme == "plain":
        return Plain()
    if not (address.identity and address.secret):
        raise GongjiError("这个地区的网关要求签名，还没有账号和密钥", f"请放在环境变量 {IDENTITY} 和 {SECRET} 里")
    if profile.scheme == "x-tif":
        return Tif(paasid=address.identity, secret=address.secret)
    return Api(access_key=address.identity, secret=address.secret)
