"""The one door to HTTP: a message sent once, and its outcome.

No system proxies, no redirects, no automatic resending, one deadline for the whole exchange,
and with a certificate that is not the payer's the connection is closed before anything is written. It never raises for
network errors: the outcome is one of four (core.outbox.replies), whatever goes wrong.
"""

import ssl
from base64 import b64encode
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import httpcore2
import httpx2

from gongji.core.outbox.replies import Answered, Busy, Exchange, NotSent, Unknown
from gongji.payer.authorities import context_of
from gongji.payer.deadline import ATTEMPT, Backend, TimedExchange

DEADLINE_SECONDS = 60.0
LARGEST_ANSWER = 1 << 20
# servers close idle connections after five seconds or more; one closed while we write is an Unknown
_IDLE_SECONDS = 2.0
_LONGEST_WAIT = 24 * 3600
_OK, _TOO_MANY, _UNAVAILABLE = 200, 429, 503
_TROUBLES = (
    httpcore2.TimeoutException,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.ProxyError,
    httpcore2.UnsupportedProtocol,
    httpcore2.ConnectionNotAvailable,
)


_Headers = list[tuple[bytes, bytes]]


class _Place(NamedTuple):
    """Where a message goes: its address in parts, and the headers that follow from it."""

    url: httpcore2.URL
    headers: _Headers


class HttpLine:
    """Connections to a gateway: one exchange at a time in each thread that uses it, at most `lines` at once."""

    def __init__(
        self, authorities: Path | str | None = None, *, deadline_seconds: float = DEADLINE_SECONDS, lines: int = 16
    ) -> None:
        """Open nothing yet. Raises `GongjiError` when the file of authorities cannot be used.

        With `authorities` (PEM, or its file) only certificates they sign are accepted, without it those the
        system trusts.
        """
        self._seconds = deadline_seconds
        self._pool = httpcore2.ConnectionPool(
            ssl_context=context_of(authorities),
            max_connections=lines,
            max_keepalive_connections=lines,
            keepalive_expiry=_IDLE_SECONDS,
            network_backend=Backend(),
        )
        self._extensions = {"timeout": {"pool": deadline_seconds}}  # the sockets enforce the rest

    def post(
        self, url: str, body: bytes, headers: Mapping[str, str] | None = None, *, largest: int = LARGEST_ANSWER
    ) -> Exchange:
        """Send a message once and return the outcome; an answer beyond `largest` bytes counts as none."""
        attempt = TimedExchange(self._seconds)
        before = ATTEMPT.set(attempt)
        given = {"content-type": "application/json; charset=utf-8", "accept-encoding": "identity", **(headers or {})}
        try:
            return self._posted(url, body, given, largest)
        except (*_TROUBLES, httpx2.InvalidURL, OSError, UnicodeError) as error:
            if attempt.written:
                return Unknown(_sentence(error, "发出后"))
            return NotSent(_sentence(error, "没有发出"))
        finally:
            ATTEMPT.reset(before)

    def _posted(self, url: str, body: bytes, headers: Mapping[str, str], largest: int) -> Exchange:
        place = _place(url)
        given = [(name.encode("ascii"), value.encode("ascii")) for name, value in headers.items()]
        named = {name.lower() for name, _ in given}
        given += [one for one in place.headers if one[0] not in named]  # what is given counts, and nothing twice
        given.append((b"content-length", b"%d" % len(body)))
        with self._pool.stream("POST", place.url, headers=given, content=body, extensions=self._extensions) as response:
            told = {name.lower(): value.decode("latin-1").strip() for name, value in response.headers}
            if response.status == _TOO_MANY or (response.status == _UNAVAILABLE and b"retry-after" in told):
                return Busy(_wait(told.get(b"retry-after", "")))
            if response.status != _OK:
                return Unknown(f"网关答复 HTTP {response.status}")
            if told.get(b"content-encoding", "identity") != "identity":
                return Unknown("网关的答复是压缩的，无法采信")
            found = bytearray()
            for part in response.iter_stream():
                found += part
                if len(found) > largest:
                    return Unknown(f"网关的答复超过 {largest} 字节，无法采信")
        return Answered(bytes(found))

    def close(self) -> None:
        """Close the connection."""
        self._pool.close()

    def __enter__(self) -> Self:
        """Return the line, to be closed at the end."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        self.close()


@lru_cache(64)  # a gateway has an address for each kind of message
def _place(url: str) -> _Place:
    """Return where an address is. Raises `httpx2.InvalidURL`."""
    one = httpx2.URL(url)
    headers = [(b"host", one.netloc), (b"accept", b"*/*"), (b"connection", b"keep-alive")]
    if one.userinfo:
        known = b64encode(f"{one.username}:{one.password}".encode())
        headers.append((b"authorization", b"Basic " + known))
    place = httpcore2.URL(scheme=one.raw_scheme, host=one.raw_host, port=one.port, target=one.raw_path)
    return _Place(place, headers)


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
        case TimeoutError() | httpcore2.TimeoutException():
            return f"{when}：等得太久"
        case ConnectionRefusedError():
            return f"{when}：网关不在（连接被拒绝）"
        case httpx2.InvalidURL() | httpcore2.UnsupportedProtocol() | UnicodeError():
            return f"{when}：网关地址不对"
        case ConnectionError() | httpcore2.RemoteProtocolError() | httpcore2.ReadError() | httpcore2.WriteError():
            return f"{when}：连接中断"
        case OSError():
            return f"{when}：网络不通"
        case _:
            return f"{when}：{type(error).__name__}"
