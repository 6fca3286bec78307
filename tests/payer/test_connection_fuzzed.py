"""Whatever bytes answer a message, however they are cut: they are read as h11 alone reads them, or refused as by it.

`GONGJI_FUZZ_EXAMPLES` says how many answers are tried.
"""

import os
import socket
from itertools import groupby, pairwise
from operator import itemgetter
from typing import NamedTuple

import h11
from hypothesis import given, settings
from hypothesis import strategies as st

from gongji.payer.connection import GatewayConnection
from gongji.payer.deadline import TimedExchange

EXAMPLES = int(os.environ.get("GONGJI_FUZZ_EXAMPLES", "2000"))
LARGEST = 24
SECONDS = 60.0


class Found(NamedTuple):
    """What an answer comes to; nothing of it counts where it is no answer or its body is not read."""

    status: int
    headers: dict[bytes, bytes]
    body: bytes | None
    stays: bool


def by_us(pieces: list[bytes]) -> Found | None:
    """Read an answer that comes in these pieces, each by a reading of its own; None where it is refused."""
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with here, there:
        for piece in pieces:
            there.send(piece)
        there.shutdown(socket.SHUT_WR)
        connection = GatewayConnection(here)
        try:
            reply = connection.exchange(b"POST / HTTP/1.1\r\n\r\n", LARGEST, TimedExchange(SECONDS))
        except (h11.ProtocolError, OSError):
            assert not connection.is_open
            return None
        return Found(reply.status, reply.headers, reply.body, connection.is_open)


def by_rule(answer: bytes) -> Found | None:
    """Read an answer by h11 alone, whole, with the other side's end after it; None where it is refused."""
    rules = h11.Connection(h11.CLIENT, max_incomplete_event_size=100 * 1024)
    rules.send(h11.Request(method="POST", target="/", headers=[("host", "")]))
    rules.send(h11.EndOfMessage())
    try:
        rules.receive_data(answer)
        while isinstance(response := rules.next_event(), h11.InformationalResponse):
            pass
        if response is h11.NEED_DATA:
            return None
        assert isinstance(response, h11.Response)
        named = groupby(sorted(response.headers, key=itemgetter(0)), itemgetter(0))
        headers, body = {name: b", ".join(value for _, value in each) for name, each in named}, b""
        if response.status_code != 200:
            return Found(response.status_code, headers, None, stays=False)
        while not isinstance(event := rules.next_event(), h11.EndOfMessage):
            if event is h11.NEED_DATA:
                rules.receive_data(b"")
                continue
            assert isinstance(event, h11.Data)
            body += event.data
    except h11.RemoteProtocolError:
        return None
    return Found(200, headers, body, stays=rules.their_state is h11.DONE and not rules.trailing_data[0])


TOLD = st.sampled_from(
    ["0", "1", "13", "013", "13 ", "\t13", "+13", "-1", "1_3", "13, 13", "13,14", "0x1", "٣", "", "99"]
)
FIELDS = st.one_of(
    TOLD.map(lambda length: f"Content-Length: {length}"),
    st.just("content-LENGTH:13"),
    st.just("Transfer-Encoding: chunked"),
    st.sampled_from(["Chunked", "identity", "gzip, chunked", ""]).map("Transfer-Encoding: {}".format),
    st.sampled_from(["close", "Close", "keep-alive", "keep-alive, close", "upgrade"]).map("Connection: {}".format),
    st.sampled_from(["gzip", "identity"]).map("Content-Encoding: {}".format),
    st.sampled_from(
        ["A: b", "A:", "A: \x7f", "A: b\r", "A: b\n c", " folded", "\tfolded", "A : b", ": b", "A", "A: \x00", "Ä: b",
         "A: ä", "A: b\x0b", "A: b\x0c ", "A: \x1f", "A:\xa0b\x85", "Retry-After: 7"]
    ),
)  # fmt: skip
STARTS = st.sampled_from(
    ["HTTP/1.1 200 OK"] * 24
    + ["HTTP/1.1 200", "HTTP/1.1 200 ", "HTTP/1.0 200 OK", "HTTP/1.1 204 No", "HTTP/1.1 304 Not", "HTTP/1.1 429 Many"]
    + ["HTTP/1.1 100 Continue", "HTTP/1.1 101 Switch", "HTTP/1.1 199 X", "HTTP/1.1 307 There", "HTTP/1.1 099 X"]
    + ["HTTP/2 200 OK", "http/1.1 200 OK", "HTTP/1.1  200 OK", "HTTP/1.1 2000 OK", "HTTP/1.1 200 Ä\x7f", "HTTP/1.1 20a"]
)
ENDS = st.sampled_from(["\r\n"] * 60 + ["\n", "\r", "\r\r\n", ""])
BODIES = st.sampled_from(
    ['{"infcode":0}', "", "x" * LARGEST, "x" * (LARGEST + 1), "x" * 99, "d\r\n" + '{"infcode":0}' + "\r\n0\r\n\r\n",
     "1;a=b\r\nx\r\n0\r\nA: b\r\n\r\n", "zz\r\n"]
)  # fmt: skip


@st.composite
def heads(draw: st.DrawFn, length: int) -> str:
    """A head, with the body's true length in it more often than not."""
    fields = draw(st.lists(FIELDS, max_size=draw(st.sampled_from([1, 1, 1, 3]))))
    if draw(st.integers(0, 3)):
        fields.insert(draw(st.integers(0, len(fields))), f"Content-Length: {length}")
    return "".join(line + draw(ENDS) for line in (draw(STARTS), *fields, ""))


@st.composite
def answers(draw: st.DrawFn) -> bytes:
    body = draw(BODIES)
    parts = [draw(heads(len(body))), body]
    if not draw(st.integers(0, 5)):
        parts.insert(0, draw(heads(0)))
    if not draw(st.integers(0, 3)):
        parts.append(draw(st.sampled_from(["\r\n", "more", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"])))
    text = bytearray("".join(parts).encode("latin-1", "replace"))
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
        place = draw(st.integers(0, max(0, len(text) - 1)))
        how_many = draw(st.integers(0, 1))
        text[place : place + how_many] = draw(st.binary(max_size=2))
    return bytes(text[: draw(st.sampled_from([len(text)] * 5 + [len(text) - 1]))])


@st.composite
def cut(draw: st.DrawFn, answer: bytes) -> list[bytes]:
    """Return an answer in some pieces, whole more often than not."""
    places = draw(st.sets(st.integers(1, max(1, len(answer))), max_size=draw(st.sampled_from([0, 0, 1, 6]))))
    pieces = [answer[start:end] for start, end in pairwise(sorted({0, *places, len(answer)}))]
    return [piece for piece in pieces if piece]


@settings(max_examples=EXAMPLES)
@given(answers(), st.data())
def test_any_answer_is_read_as_the_rules_read_it(answer: bytes, data: st.DataObject) -> None:
    pieces = data.draw(cut(answer))
    found, expected = by_us(pieces), by_rule(answer)
    if expected is None or (expected.body is not None and len(expected.body) > LARGEST):
        assert found is None or (found.status, found.body, found.stays) == (200, None, False)
        return
    assert found is not None
    assert found[:3] == expected[:3]
    assert not found.stays or expected.stays or len(pieces) > 1  # what comes later is seen before the next message
