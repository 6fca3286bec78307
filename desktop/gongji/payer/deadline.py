"""Sockets with one deadline for the whole exchange, which remember whether anything was written.

A client's time-outs are for one read each: an answer that comes byte by byte would never end. So no wait here is
longer than what is left of the exchange. And whether the payer can have anything of a message is decided not by the
kind of error but by the one fact that proves it: nothing was ever passed to the connection for writing.
"""

import select
import socket
import ssl
from time import monotonic

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

    def read(self, sock: socket.socket, most: int) -> bytes:
        """Return what comes next, nothing where the other side ended. Raises OSError, `TimeoutError` among them."""
        sock.settimeout(self.left())
        return sock.recv(most)

    def write(self, sock: socket.socket, content: bytes) -> None:
        """Write all of it. Raises OSError, `TimeoutError` among them."""
        sock.settimeout(self.left())
        self.written = True
        sock.sendall(content)  # the socket's time-out covers all of it


def connected(host: str, port: int, attempt: TimedExchange) -> socket.socket:
    """Return a connection to the first address of a host that accepts one. Raises OSError when none does."""
    trouble: OSError = ConnectionRefusedError()
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        sock = None
        try:
            sock = socket.socket(family, kind, protocol)  # which a machine without IPv6 refuses for such an address
            sock.settimeout(min(_CONNECT_SECONDS, attempt.left()))
            sock.connect(address)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            if sock is not None:
                sock.close()
            trouble = error
        else:
            return sock
    raise trouble


def secured(sock: socket.socket, context: ssl.SSLContext, host: str, attempt: TimedExchange) -> ssl.SSLSocket:
    """Return a connection under TLS, closed where the handshake fails. Raises OSError, ssl's errors among them."""
    try:
        sock.settimeout(attempt.left())
        return context.wrap_socket(sock, server_hostname=host)
    except BaseException:
        sock.close()
        raise


def is_readable(sock: socket.socket) -> bool:
    """Return whether there is something to read: an idle connection with data has been closed by the other side."""
    try:
        return bool(select.select([sock], [], [], 0)[0])
    except (OSError, ValueError):  # closed already
        return True
