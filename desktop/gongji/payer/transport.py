"""The one door to HTTP: a message sent once, and its outcome.

No system proxies, no redirects, no automatic resending, one deadline for the whole exchange,
and with a certificate that is not the payer's the connection is closed before anything is written. It never raises for
network errors: the outcome is one of four (core.outbox.replies), whatever goes wrong.
"""

import ssl
from base64 import b64encode
from collections import deque
from collections.abc import Mapping
from contextlib import AbstractContextManager
from functools import lru_cache
from pathlib import Path
from threading import BoundedSemaphore
from typing import NamedTuple

import h11
import httpx2

from gongji.core.outbox.replies import Answered, Busy, Exchange, NotSent, Unknown
from gongji.payer.authorities import context_of
from gongji.payer.connection import GatewayConnection
from gongji.payer.deadline import TimedExchange, connected, secured

DEADLINE_SECONDS = 60.0
LARGEST_ANSWER = 1 << 20
# servers close idle connections after five seconds or more; one closed while we write is an Unknown
_IDLE_SECONDS = 2.0
_LONGEST_WAIT = 24 * 3600
_OK, _TOO_MANY, _UNAVAILABLE = 200, 429, 503
_PORTS = {"http": 80, "https": 443}
_LAST_PORT = (1 << 16) - 1
_USUAL = {"content-type": "application/json; charset=utf-8", "accept-encoding": "identity"}


class _Place(NamedTuple):
    """Where a message goes: its address in parts, and the headers that follow from it."""

    scheme: str
    host: str
    port: int
    target: str
    headers: dict[str, str]

    @property
    def origin(self) -> tuple[str, str, int]:
        """What a connection leads to."""
        return self.scheme, self.host, self.port


class HttpLine(AbstractContextManager["HttpLine"]):
    """Connections to a gateway: one exchange at a time in each thread that uses it, at most `lines` at once."""

    def __init__(
        self, authorities: Path | str | None = None, *, deadline_seconds: float = DEADLINE_SECONDS, lines: int = 16
    ) -> None:
        """Open nothing yet. Raises `GongjiError` when the file of authorities cannot be used.

        With `authorities` (PEM, or its file) only certificates they sign are accepted, without it those the
        system trusts.
        """
        self._seconds = deadline_seconds
        self._context = context_of(authorities)
        self._context.set_alpn_protocols(["http/1.1"])
        self._free = BoundedSemaphore(lines)
        self._idle: dict[tuple[str, str, int], deque[GatewayConnection]] = {}
        self._is_closed = False

    def post(
        self, url: str, body: bytes, headers: Mapping[str, str] | None = None, *, largest: int = LARGEST_ANSWER
    ) -> Exchange:
        """Send a message once and return the outcome; an answer beyond `largest` bytes counts as none."""
        attempt = TimedExchange(self._seconds)
        try:
            return self._posted(_place(url), body, headers or {}, largest, attempt)
        except (h11.ProtocolError, httpx2.InvalidURL, OSError, UnicodeError) as error:
            if attempt.written:
                return Unknown(_sentence(error, "发出后"))
            return NotSent(_sentence(error, "没有发出"))

    def _posted(
        self, place: _Place, body: bytes, headers: Mapping[str, str], largest: int, attempt: TimedExchange
    ) -> Exchange:
        request = _head(place, {**_USUAL, **headers}, len(body)) + body
        if not self._free.acquire(timeout=attempt.left()):
            raise TimeoutError("deadline")
        try:
            connection = self._kept(place) or _opened(place, self._context, attempt)
            reply = connection.exchange(request, largest, attempt)
            if connection.is_open:
                self._keep(place, connection)
        finally:
            self._free.release()
        told = reply.headers
        if reply.status == _TOO_MANY or (reply.status == _UNAVAILABLE and b"retry-after" in told):
            return Busy(_wait(told.get(b"retry-after", b"").decode("latin-1")))
        if reply.status != _OK:
            return Unknown(f"网关答复 HTTP {reply.status}")
        if told.get(b"content-encoding", b"identity") != b"identity":
            return Unknown("网关的答复是压缩的，无法采信")
        if reply.body is None:
            return Unknown(f"网关的答复超过 {largest} 字节，无法采信")
        return Answered(reply.body)

    def _kept(self, place: _Place) -> GatewayConnection | None:
        """Return a connection that was kept and can still be used; None where there is none."""
        idle = self._idle.get(place.origin)
        while idle is not None and (connection := _taken(idle)) is not None:
            if connection.is_fresh(_IDLE_SECONDS):
                return connection
            connection.close()
        return None

    def _keep(self, place: _Place, connection: GatewayConnection) -> None:
        self._idle.setdefault(place.origin, deque()).append(connection)
        if self._is_closed:
            self.close()

    def close(self) -> None:
        """Close the connections; one with an exchange under way is closed after it."""
        self._is_closed = True
        for idle in list(self._idle.values()):
            while (connection := _taken(idle)) is not None:
                connection.close()

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self.close()


def _taken(idle: deque[GatewayConnection]) -> GatewayConnection | None:
    """Return a connection that is only the caller's from now on, whichever threads ask at once; None for none left."""
    try:
        return idle.pop()
    except IndexError:
        return None


def _opened(place: _Place, context: ssl.SSLContext, attempt: TimedExchange) -> GatewayConnection:
    sock = connected(place.host, place.port, attempt)
    return GatewayConnection(sock if place.scheme == "http" else secured(sock, context, place.host, attempt))


def _head(place: _Place, given: Mapping[str, str], length: int) -> bytes:
    """Return the head of a request; what is given counts, and nothing stands twice."""
    named = {name.lower() for name in given}
    usual = {name: value for name, value in place.headers.items() if name not in named}
    lines = [f"{name}: {value}" for part in (usual, given) for name, value in part.items()]
    if not all(line.isprintable() for line in lines):
        raise h11.LocalProtocolError("a header with a line end in it")
    text = "\r\n".join((f"POST {place.target} HTTP/1.1", *lines, f"content-length: {length}", "", ""))
    return text.encode("ascii")


@lru_cache(64)  # a gateway has an address for each kind of message
def _place(url: str) -> _Place:
    """Return where an address is. Raises `httpx2.InvalidURL`."""
    one = httpx2.URL(url)
    if one.scheme not in _PORTS or not one.raw_host:
        raise httpx2.InvalidURL("no address of a gateway")
    port = one.port or _PORTS[one.scheme]
    if port > _LAST_PORT:  # the system would take what is left of it by 65,536, which is another one
        raise httpx2.InvalidURL("no port")
    headers = {"host": one.netloc.decode("ascii"), "accept": "*/*", "connection": "keep-alive"}
    if one.userinfo:
        headers["authorization"] = "Basic " + b64encode(f"{one.username}:{one.password}".encode()).decode()
    host, target = one.raw_host.decode("ascii"), one.raw_path.decode("ascii")
    return _Place(one.scheme, host, port, target, headers)


def _wait(text: str) -> int | None:
    """Return for how many seconds the gateway asks to wait; a date is not understood."""
    return min(int(text), _LONGEST_WAIT) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004


def _sentence(error: Exception, when: str) -> str:
    """Return what happened in a few words, without the address or any of the message."""
    match error:
        case ssl.SSLCertVerificationError():
            return f"{when}：网关的证书不对（{error.verify_message}），没有发送任何内容"
        case ssl.SSLError():
            return f"{when}：加密连接没有建成"
        case TimeoutError():
            return f"{when}：等得太久"
        case ConnectionRefusedError():
            return f"{when}：网关不在（连接被拒绝）"
        case httpx2.InvalidURL() | UnicodeError():
            return f"{when}：网关地址不对"
        case ConnectionError() | h11.RemoteProtocolError():
            return f"{when}：连接中断"
        case OSError():
            return f"{when}：网络不通"
        case _:
            return f"{when}：{type(error).__name__}"
