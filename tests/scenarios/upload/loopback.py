"""A gateway of bare sockets on loopback that behaves as a test says, and remembers what reached it."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import trustme

Behaviour = Callable[[socket.socket, bytes], None]
"""What is done with a connection once a whole request has come: the socket and the request."""


def answer(body: bytes, status: str = "200 OK", *headers: str, length: int | None = None) -> bytes:
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


class Gateway:
    """Listens until it is closed; `received` holds the bytes of each connection, beyond any handshake."""

    def __init__(self, behaviour: Behaviour | None, context: ssl.SSLContext | None = None) -> None:
        self.received: list[bytes] = []
        self.behaviour = behaviour
        self.raw: list[bytes] = []
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._ended = threading.Event()
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    @property
    def url(self) -> str:
        scheme = "http" if self._context is None else "https"
        return f"{scheme}://localhost:{self.port}/fsi"

    def close(self) -> None:
        self._ended.set()
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            pass
        self._thread.join()
        self._listener.close()

    def _listen(self) -> None:
        while not self._ended.is_set():
            connection, _ = self._listener.accept()
            with connection:
                if self._ended.is_set():
                    return
                connection.settimeout(5)
                with contextlib.suppress(OSError):
                    self._serve(connection)

    def _serve(self, connection: socket.socket) -> None:
        if self.behaviour is None:  # says nothing at all, not even a handshake
            connection.settimeout(1)
            self.raw.append(connection.recv(65536))
            self._ended.wait(2)
            return
        secured = connection if self._context is None else self._context.wrap_socket(connection, server_side=True)
        with secured:
            while True:
                request = _whole_request(secured)
                if not request:
                    return
                self.received.append(request)
                self.behaviour(secured, request)


def _whole_request(connection: socket.socket) -> bytes:
    found = b""
    while b"\r\n\r\n" not in found:
        part = connection.recv(65536)
        if not part:
            return b""
        found += part
    head, _, body = found.partition(b"\r\n\r\n")
    (length,) = [int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")]
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@contextmanager
def gateway(behaviour: Behaviour | None, context: ssl.SSLContext | None = None) -> Iterator[Gateway]:
    one = Gateway(behaviour, context)
    try:
        yield one
    finally:
        one.close()


def says(reply: bytes) -> Behaviour:
    return lambda connection, _: connection.sendall(reply)


def server_context(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*(names or ("localhost", "127.0.0.1"))).configure_cert(context)
    return context
