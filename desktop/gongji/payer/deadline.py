"""Sockets with one deadline for the whole exchange, which remember whether anything was written.

A client's time-outs are for one read each: an answer that comes byte by byte would never end. So no wait here is
longer than what is left of the exchange. And whether the payer can have anything of a message is decided not by the
kind of error but by the one fact that proves it: nothing was ever passed to the connection for writing.
"""

import select
import socket
import ssl
from collections.abc import Iterable
from contextvars import ContextVar
from time import monotonic
from typing import Any

import httpcore2

_CONNECT_SECONDS = 15.0  # with several addresses each gets so long, within the deadline


class TimedExchange:
    """One exchange: its deadline, and whether anything of it was passed to the connection for writing."""

    def __init__(self, seconds: float) -> None:
        self._ends = monotonic() + seconds
        self.written = False

    def left(self) -> float:
        """Return the seconds left. Raises `TimeoutError` when there are none."""
        left = self._ends - monotonic()
        if left <= 0:
            raise TimeoutError("deadline")
        return left


ATTEMPT: ContextVar[TimedExchange] = ContextVar("attempt")


class _Stream(httpcore2.NetworkStream):
    """A connected socket, in the clear or under TLS."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002  # the deadline counts
        self._socket.settimeout(ATTEMPT.get().left())
        return self._socket.recv(max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002  # the deadline counts
        attempt = ATTEMPT.get()
        self._socket.settimeout(attempt.left())
        attempt.written = True
        self._socket.sendall(buffer)  # the socket's time-out covers all of it

    def close(self) -> None:
        self._socket.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002  # the deadline counts
    ) -> httpcore2.NetworkStream:
        try:
            self._socket.settimeout(ATTEMPT.get().left())
            return _Stream(ssl_context.wrap_socket(self._socket, server_hostname=server_hostname))
        except BaseException:
            self._socket.close()
            raise

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":  # an idle connection with data to read has been closed by the other side
            return _is_readable(self._socket)
        return None


class Backend(httpcore2.NetworkBackend):
    """Opens connections within the deadline of the exchange under way."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002  # the deadline counts
        local_address: str | None = None,  # noqa: ARG002  # never asked for
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002  # never asked for
    ) -> httpcore2.NetworkStream:
        """Return a connection to the first address of a host that accepts one. Raises OSError when none does."""
        trouble: OSError = ConnectionRefusedError()
        for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            sock = socket.socket(family, kind, protocol)
            try:
                sock.settimeout(min(_CONNECT_SECONDS, ATTEMPT.get().left()))
                sock.connect(address)
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError as error:
                sock.close()
                trouble = error
            else:
                return _Stream(sock)
        raise trouble


def _is_readable(sock: socket.socket) -> bool:
    try:
        return bool(select.select([sock], [], [], 0)[0])
    except (OSError, ValueError):  # closed already
        return True
