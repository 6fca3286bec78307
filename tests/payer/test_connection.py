"""Answers in every form that HTTP/1.1 allows, and what is done with the connection after each."""

import socket
import time

import pytest

from gongji.core.outbox.replies import Answered, NotSent, Unknown
from gongji.payer.transport import HttpLine
from tests.scenarios.upload.loopback import Behaviour, gateway, says

BODY = b'{"infno":"9001"}'
GOOD = b'{"infcode":0}'
LENGTH = b"Content-Length: %d\r\n" % len(GOOD)
CHUNKED = b"Transfer-Encoding: chunked\r\n"
CHUNKS = b"4\r\n" + GOOD[:4] + b"\r\n9;why=not\r\n" + GOOD[4:] + b"\r\n0\r\nX-After: it\r\n\r\n"


def ends_after(reply: bytes) -> Behaviour:
    """Say it and end the connection."""

    def behaviour(connection: socket.socket, _: bytes) -> None:
        connection.sendall(reply)
        connection.shutdown(socket.SHUT_RDWR)

    return behaviour


def in_two(reply: bytes, first: int) -> Behaviour:
    """Say it in two pieces."""

    def behaviour(connection: socket.socket, _: bytes) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(reply[:first])
        time.sleep(0.01)
        connection.sendall(reply[first:])

    return behaviour


USUAL = b"HTTP/1.1 200 OK\r\n" + LENGTH + b"\r\n" + GOOD


@pytest.mark.parametrize(
    "behaviour",
    [
        says(USUAL),
        says(b"HTTP/1.1 200\r\n" + LENGTH + b"\r\n" + GOOD),
        says(b"HTTP/1.1 200 OK\r\n" + LENGTH + LENGTH + b"\r\n" + GOOD),
        says(b"HTTP/1.1 200 OK\r\n" + CHUNKED + b"\r\n" + CHUNKS),
        says(b"HTTP/1.1 100 Continue\r\n\r\n" + USUAL),
        says(b"HTTP/1.1 200 OK\n" + LENGTH.replace(b"\r", b"") + b"\n" + GOOD),
        says(b"HTTP/1.1 200 OK\r\nX-A: b\r\n  c\r\n" + LENGTH + b"\r\n" + GOOD),
        ends_after(b"HTTP/1.1 200 OK\r\n\r\n" + GOOD),
        ends_after(b"HTTP/1.0 200 OK\r\n\r\n" + GOOD),
        *(in_two(USUAL, first) for first in (1, 20, len(USUAL) - len(GOOD), len(USUAL) - 1)),
        in_two(b"HTTP/1.1 200 OK\r\n" + CHUNKED + b"\r\n" + CHUNKS, 50),
    ],
)
def test_an_answer_in_any_form_is_read(behaviour: Behaviour) -> None:
    with gateway(behaviour) as there, HttpLine() as line:
        assert [line.post(there.url, BODY) for _ in range(3)] == [Answered(GOOD)] * 3


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\nContent-Length: 14\r\n\r\n" + GOOD,
        b"HTTP/1.1 200 OK\r\nContent-Length: +13\r\n\r\n" + GOOD,
        b"HTTP/1.1 200 OK\r\nContent-Length: 1_3\r\n\r\n" + GOOD,
        b"HTTP/1.1 200 OK\r\nBad Name: x\r\n" + LENGTH + b"\r\n" + GOOD,
        b"HTTP/1.1 200 OK\r\nX: a\x00b\r\n" + LENGTH + b"\r\n" + GOOD,
        b"HTTP/2 200 OK\r\n" + LENGTH + b"\r\n" + GOOD,
        b"HTTP/1.1 200 OK\r\n" + CHUNKED + b"\r\nzz\r\n" + GOOD,
        b"HTTP/1.1 200 OK\r\n" + CHUNKED + b"\r\n" + CHUNKS[:-9],
    ],
)
def test_what_breaks_the_rules_proves_nothing(reply: bytes) -> None:
    with gateway(ends_after(reply)) as there, HttpLine(deadline_seconds=5) as line:
        assert isinstance(line.post(there.url, BODY), Unknown)


@pytest.mark.parametrize("head", [LENGTH, CHUNKED])
def test_an_answer_beyond_the_limit_is_not_read_on(head: bytes) -> None:
    content = GOOD if head == LENGTH else CHUNKS
    with gateway(says(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n" + content)) as there, HttpLine() as line:
        assert isinstance(line.post(there.url, BODY, largest=len(GOOD) - 1), Unknown)
        assert line.post(there.url, BODY, largest=len(GOOD)) == Answered(GOOD)


def counting(reply: bytes, connections: list[int]) -> Behaviour:
    """Say it, and remember over which connection it was asked for."""

    def behaviour(connection: socket.socket, _: bytes) -> None:
        connections.append(connection.fileno())
        connections.append(connection.getpeername()[1])
        connection.sendall(reply)

    return behaviour


@pytest.mark.parametrize(
    ("reply", "stays"),
    [
        (USUAL, True),
        (b"HTTP/1.1 200 OK\r\n" + CHUNKED + b"\r\n" + CHUNKS, True),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\n" + LENGTH + b"\r\n" + GOOD, False),
        (b"HTTP/1.0 200 OK\r\n" + LENGTH + b"\r\n" + GOOD, False),
        (USUAL + b"more", False),
        (b"HTTP/1.1 200 OK\r\n" + CHUNKED + b"\r\n" + CHUNKS + b"more", False),
    ],
)
def test_a_connection_is_used_again_where_nothing_of_an_answer_is_left(reply: bytes, stays: bool) -> None:
    found: list[int] = []
    with gateway(counting(reply, found)) as there, HttpLine() as line:
        for _ in range(3):
            assert line.post(there.url, BODY) == Answered(GOOD)
    assert len(set(found[1::2])) == (1 if stays else 3)


@pytest.mark.parametrize("value", ["a\r\nx-b: c", "a\nb", "a\x00b", "药"])
def test_a_header_with_more_than_its_line_is_not_sent(value: str) -> None:
    with gateway(says(USUAL)) as there, HttpLine() as line:
        assert isinstance(line.post(there.url, BODY, {"x-a": value}), NotSent)
    assert there.received == []
