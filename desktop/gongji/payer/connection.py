"""A connection to a gateway: a message is written whole, and its answer read.

Nearly every answer has a head that comes in one piece and a body of a stated length, which is read here. Any other,
and what is no answer, goes to h11 as it came, which knows the rest of HTTP/1.1 and what breaks its rules.
"""

import re
import socket
from time import monotonic
from typing import NamedTuple

import h11

from gongji.payer.deadline import TimedExchange, is_readable

_AT_ONCE = 1 << 16
_LONGEST_HEAD = 100 * 1024
_OK = 200
_LONGEST_NUMBER = 10
_HEAD = re.compile(
    rb"HTTP/1\.1 (\d{3})(?: [\t\x20-\x7e\x80-\xff]*)?\r\n"
    rb"((?:[-!#$%&'*+.^_`|~0-9A-Za-z]+:[\t\x20-\x7e\x80-\xff]*\r\n)*)\r\n"
)


class HttpReply(NamedTuple):
    """An answer; `body` is None where its status is not 200 or it is longer than was allowed, and nobody reads it."""

    status: int
    headers: dict[bytes, bytes]
    body: bytes | None


class GatewayConnection:
    """A socket that is connected, under TLS or not; one exchange at a time."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._idle_since = monotonic()
        self.is_open = True
        """Whether it can be used for another exchange."""

    def exchange(self, request: bytes, largest: int, attempt: TimedExchange) -> HttpReply:
        """Write a request and return the answer, with at most `largest` bytes of body.

        Raises OSError where the connection fails or time runs out, `h11.ProtocolError` for what is no answer; then,
        and whenever something of the answer was left unread, the connection is closed.
        """
        keeps = False
        try:
            attempt.write(self._socket, request)
            first = attempt.read(self._socket, _AT_ONCE)
            reply, keeps = self._plainly(first, largest, attempt) or self._by_rule(first, largest, attempt)
        finally:
            if keeps:
                self._idle_since = monotonic()
            else:
                self.close()
        return reply

    def _plainly(self, first: bytes, largest: int, attempt: TimedExchange) -> tuple[HttpReply, bool] | None:
        """Return an answer of the usual form, and whether the connection stays; None for any other, to be read anew."""
        head = _HEAD.match(first)
        if head is None:
            return None
        lines = head[2].split(b"\r\n")[:-1]
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}
        told = headers.get(b"content-length", b"")
        is_usual = told.isdigit() and len(told) < _LONGEST_NUMBER and b"transfer-encoding" not in headers
        if len(headers) < len(lines) or not is_usual:
            return None
        status, length = int(head[1]), int(told)
        if status < _OK:
            return None
        if status != _OK or length > largest:
            return HttpReply(status, headers, None), False
        body = bytearray(first[head.end() :])
        while len(body) < length:
            part = attempt.read(self._socket, _AT_ONCE)
            if not part:
                raise h11.RemoteProtocolError("the answer ends early")
            body += part
        keeps = len(body) == length and b"close" not in headers.get(b"connection", b"").lower()
        return HttpReply(status, headers, bytes(body[:length])), keeps

    def _by_rule(self, first: bytes, largest: int, attempt: TimedExchange) -> tuple[HttpReply, bool]:
        """Return an answer that h11 reads from its first bytes on, and whether the connection stays."""
        rules = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LONGEST_HEAD)
        rules.send(h11.Request(method="POST", target="/", headers=[("host", ""), ("content-length", "0")]))
        rules.send(h11.EndOfMessage())
        self._pass_on(rules, first)
        event = self._event(rules, attempt)
        while not isinstance(event, h11.Response):
            event = self._event(rules, attempt)
        headers: dict[bytes, bytes] = {}
        for name, value in event.headers:  # one that stands twice means both
            headers[name] = headers[name] + b", " + value if name in headers else value
        status, body = event.status_code, bytearray()
        if status != _OK:
            return HttpReply(status, headers, None), False
        while isinstance(event := self._event(rules, attempt), h11.Data):
            body += event.data
            if len(body) > largest:
                return HttpReply(status, headers, None), False
        keeps = rules.our_state is h11.DONE and rules.their_state is h11.DONE and not rules.trailing_data[0]
        return HttpReply(status, headers, bytes(body)), keeps

    def _event(self, rules: h11.Connection, attempt: TimedExchange) -> object:
        """Return the next part of an answer, reading on for it."""
        while (event := rules.next_event()) is h11.NEED_DATA:
            self._pass_on(rules, attempt.read(self._socket, _AT_ONCE))
        return event

    @staticmethod
    def _pass_on(rules: h11.Connection, data: bytes) -> None:
        if not data and rules.their_state is h11.SEND_RESPONSE:
            raise h11.RemoteProtocolError("there is no answer")
        rules.receive_data(data)

    def is_fresh(self, seconds: float) -> bool:
        """Return whether it was used within some seconds and the other side has not ended it since."""
        return monotonic() - self._idle_since <= seconds and not is_readable(self._socket)

    def close(self) -> None:
        """Close the connection."""
        self.is_open = False
        self._socket.close()
