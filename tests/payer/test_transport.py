"""Every network fault on a real connection, and the outcome that the transport may report."""

import datetime
import gzip
import queue
import socket
import ssl
import struct
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
import trustme

from gongji.core.outbox.replies import Answered, Busy, NotSent, Unknown
from gongji.errors import GongjiError
from gongji.payer import transport
from gongji.payer.transport import HttpLine
from tests.scenarios.upload.loopback import Behaviour, answer, gateway, says, server_context

BODY = b'{"infno":"2207","input":{"data":{"certno":"530399195001010013"}}}'
GOOD = b'{"infcode":0}'


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def pem(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return path


def reset(connection: socket.socket, _: bytes) -> None:
    """End a connection at once, with RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def ended(connection: socket.socket, _: bytes) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def half(connection: socket.socket, _: bytes) -> None:
    connection.sendall(answer(GOOD, length=1000))
    connection.shutdown(socket.SHUT_RDWR)


LONG_SECONDS, CRUMB_SECONDS = 60.0, 0.02
"""How long a gateway stays that has nothing more to say; how long it waits between two crumbs of its answer."""


def client_went(connection: socket.socket, seconds: float) -> bool:
    """Wait until the client ends the connection; return whether it did within these seconds."""
    connection.settimeout(seconds)
    try:
        return connection.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


class Slow:
    """A gateway that does not end its answer; `stayed` is how often the client went first, and how often it did not."""

    def __init__(self, first: bytes = b"", crumb: bytes = b"") -> None:
        self.first = first
        self.crumb = crumb
        self.begun = threading.Event()
        self.stayed: list[bool] = []

    def __call__(self, connection: socket.socket, _: bytes) -> None:
        self.begun.set()
        connection.sendall(self.first)
        for _crumb in range(int(LONG_SECONDS / CRUMB_SECONDS) if self.crumb else 1):
            if client_went(connection, CRUMB_SECONDS if self.crumb else LONG_SECONDS):
                self.stayed.append(True)
                return
            connection.sendall(self.crumb)
        self.stayed.append(False)


class TestAnswers:
    def test_a_whole_answer_comes_as_it_is(self) -> None:
        with gateway(says(answer(GOOD))) as there, HttpLine() as line:
            assert line.post(there.url, BODY, {"x-tif-paasid": "p"}) == Answered(GOOD)
            assert line.post(there.url, BODY) == Answered(GOOD)
        assert len(there.received) == 2
        head, _, body = there.received[0].partition(b"\r\n\r\n")
        assert body == BODY
        assert head.startswith(b"POST /fsi HTTP/1.1")
        assert b"x-tif-paasid: p" in head
        assert b"content-type: application/json" in head

    @pytest.mark.parametrize(
        ("reply", "expected"),
        [
            (answer(b"", "429 Too Many Requests", "Retry-After: 7"), Busy(7)),
            (answer(b"", "429 Too Many Requests"), Busy(None)),
            (answer(b"", "429 Too Many Requests", "Retry-After: Sun, 22 Nov 2026 10:00:00 GMT"), Busy(None)),
            (answer(b"", "503 Service Unavailable", "Retry-After: 999999999"), Busy(86400)),
            (answer(b"", "503 Service Unavailable", "Retry-After: 99999999999"), Busy(None)),
        ],
    )
    def test_the_gateway_may_ask_to_be_tried_later(self, reply: bytes, expected: Busy) -> None:
        with gateway(says(reply)) as there, HttpLine() as line:
            assert line.post(there.url, BODY) == expected

    @pytest.mark.parametrize(
        "status", ["500 X", "502 X", "503 X", "504 X", "201 X", "204 X", "400 X", "401 X", "404 X"]
    )
    def test_any_other_status_proves_nothing(self, status: str) -> None:
        with gateway(says(answer(GOOD, status))) as there, HttpLine() as line:
            assert isinstance(line.post(there.url, BODY), Unknown)

    def test_a_redirect_is_not_followed(self) -> None:
        with gateway(says(answer(GOOD))) as elsewhere:
            reply = answer(b"", "307 Temporary Redirect", f"Location: {elsewhere.url}")
            with gateway(says(reply)) as there, HttpLine() as line:
                assert isinstance(line.post(there.url, BODY), Unknown)
        assert elsewhere.received == []

    def test_a_compressed_answer_proves_nothing(self) -> None:
        reply = answer(gzip.compress(GOOD), "200 OK", "Content-Encoding: gzip")
        with gateway(says(reply)) as there, HttpLine() as line:
            assert isinstance(line.post(there.url, BODY), Unknown)

    @pytest.mark.parametrize("told", [("gzip", "identity"), ("identity", "gzip")])
    def test_one_that_is_compressed_by_one_of_two_headers_proves_nothing(self, told: tuple[str, str]) -> None:
        reply = answer(gzip.compress(GOOD), "200 OK", *(f"Content-Encoding: {one}" for one in told))
        with gateway(says(reply)) as there, HttpLine() as line:
            assert isinstance(line.post(there.url, BODY), Unknown)

    def test_an_answer_may_be_too_large(self) -> None:
        with gateway(says(answer(b" " * 5000))) as there, HttpLine() as line:
            assert line.post(there.url, BODY, largest=5000) == Answered(b" " * 5000)
            assert isinstance(line.post(there.url, BODY, largest=4999), Unknown)


class TestBrokenLines:
    @pytest.mark.parametrize("behaviour", [ended, reset, half, says(b"SSH-2.0-x\r\n\r\n"), says(b"\x00" * 99)])
    def test_what_was_written_may_have_arrived(self, behaviour: Behaviour) -> None:
        with gateway(behaviour) as there, HttpLine() as line:
            assert isinstance(line.post(there.url, BODY), Unknown)
        assert there.received[0].endswith(BODY)

    @pytest.mark.parametrize(
        ("first", "crumb"),
        [(b"", b""), (answer(b"", length=100_000), b" "), (b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n")],
        ids=["silence", "a body in crumbs", "a head in crumbs"],
    )
    def test_the_deadline_is_for_all_of_it(self, first: bytes, crumb: bytes) -> None:
        """Each crumb comes well within any time-out of a single read; the client goes, not the gateway."""
        slow = Slow(first, crumb)
        with gateway(slow) as there, HttpLine(deadline_seconds=0.4) as line:
            assert isinstance(line.post(there.url, BODY), Unknown)
        assert slow.stayed == [True]

    def test_an_answer_in_crumbs_within_the_deadline_is_an_answer(self) -> None:
        def crumbs(connection: socket.socket, _: bytes) -> None:
            reply = answer(GOOD)
            for index in range(len(reply)):
                connection.sendall(reply[index : index + 1])
                client_went(connection, 0.005)

        with gateway(crumbs) as there, HttpLine(deadline_seconds=LONG_SECONDS) as line:
            assert line.post(there.url, BODY) == Answered(GOOD)

    def test_a_line_that_was_ended_while_idle_is_not_used_again(self) -> None:
        ended_lines: queue.SimpleQueue[None] = queue.SimpleQueue()

        def once(connection: socket.socket, _: bytes) -> None:
            connection.sendall(answer(GOOD))
            connection.shutdown(socket.SHUT_RDWR)
            ended_lines.put(None)

        with gateway(once) as there, HttpLine() as line:
            for _ in range(3):
                assert line.post(there.url, BODY) == Answered(GOOD)
                ended_lines.get(timeout=LONG_SECONDS)
        assert len(there.received) == 3

    @pytest.mark.parametrize("end", [ended, reset])
    def test_a_message_on_a_line_used_before_is_not_sent_again_either(self, end: Behaviour) -> None:
        """The line was good when it was written to; only its other end knows what became of the message."""

        def second_time(connection: socket.socket, request: bytes) -> None:
            if b"second" in request:
                end(connection, request)
            else:
                connection.sendall(answer(GOOD))

        with gateway(second_time) as there, HttpLine() as line:
            assert line.post(there.url, BODY) == Answered(GOOD)
            assert isinstance(line.post(there.url, b"second"), Unknown)
            assert line.post(there.url, BODY) == Answered(GOOD)
        assert [one.endswith(b"second") for one in there.received] == [False, True, False]

    def test_waiting_for_a_free_line_ends_too(self) -> None:
        slow = Slow()
        with gateway(slow) as there, HttpLine(deadline_seconds=0.5, lines=1) as line, ThreadPoolExecutor(2) as threads:
            first = threads.submit(line.post, there.url, BODY)
            assert slow.begun.wait(LONG_SECONDS)
            second = threads.submit(line.post, there.url, BODY)
            assert isinstance(first.result(), Unknown)
            assert isinstance(second.result(), NotSent | Unknown)
        assert slow.stayed
        assert all(slow.stayed)

    def test_nobody_there_is_not_sent(self) -> None:
        with gateway(says(answer(GOOD))) as there:
            url = there.url
        with HttpLine() as line:
            assert isinstance(line.post(url, BODY), NotSent)

    @pytest.mark.parametrize(
        "url",
        [
            "http://nowhere.invalid/",
            "nonsense",
            "",
            "ftp://localhost/",
            "http://",
            "http://[::1",
            "http://a..b/",
            "http://localhost:99999/",
        ],
    )
    def test_an_address_that_is_none_is_not_sent(self, url: str) -> None:
        with HttpLine(deadline_seconds=5) as line:
            assert isinstance(line.post(url, BODY), NotSent)

    def test_a_port_beyond_the_last_is_no_other_port(self) -> None:
        with gateway(says(answer(GOOD))) as there, HttpLine(deadline_seconds=5) as line:
            assert isinstance(line.post(f"http://localhost:{there.port + (1 << 16)}/", BODY), NotSent)
        assert there.received == []

    def test_an_address_that_this_machine_cannot_use_is_passed_over(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """As one of IPv6 where that is switched off."""
        found, no_family = socket.getaddrinfo, 9999
        unusable = (no_family, socket.SOCK_STREAM, 0, "", ("::1", 9, 0, 0))
        monkeypatch.setattr(socket, "getaddrinfo", lambda *asked, **more: [unusable, *found(*asked, **more)])
        with gateway(says(answer(GOOD))) as there, HttpLine() as line:
            assert line.post(there.url, BODY) == Answered(GOOD)

    def test_a_connection_that_is_never_taken_is_not_sent(self) -> None:
        with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
            port = listener.getsockname()[1]
            waiting = [socket.socket() for _ in range(3)]
            for one in waiting:
                one.setblocking(False)
                one.connect_ex(("127.0.0.1", port))
            with HttpLine(deadline_seconds=0.5) as line:
                assert isinstance(line.post(f"http://127.0.0.1:{port}/", BODY), NotSent)
            for one in waiting:
                one.close()


class TestCertificates:
    def test_the_payers_is_taken(self, authority: trustme.CA, pem: Path) -> None:
        with gateway(says(answer(GOOD)), server_context(authority)) as there, HttpLine(pem) as line:
            assert [line.post(there.url, BODY) for _ in range(3)] == [Answered(GOOD)] * 3

    def test_one_of_another_authority_is_refused_before_a_byte_leaves(self, pem: Path) -> None:
        with gateway(says(answer(GOOD)), server_context(trustme.CA())) as there, HttpLine(pem) as line:
            outcome = line.post(there.url, BODY)
        assert isinstance(outcome, NotSent)
        assert "证书" in outcome.reason
        assert there.received == []

    def test_one_for_another_name_is_refused_before_a_byte_leaves(self, authority: trustme.CA, pem: Path) -> None:
        context = server_context(authority, "gateway.example")
        with gateway(says(answer(GOOD)), context) as there, HttpLine(pem) as line:
            assert isinstance(line.post(there.url, BODY), NotSent)
        assert there.received == []

    def test_one_out_of_date_is_refused(self, authority: trustme.CA, pem: Path) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        past = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
        authority.issue_cert("localhost", not_before=past, not_after=past.replace(year=2021)).configure_cert(context)
        with gateway(says(answer(GOOD)), context) as there, HttpLine(pem) as line:
            assert isinstance(line.post(there.url, BODY), NotSent)
        assert there.received == []

    def test_the_systems_authorities_do_not_know_a_strangers(self, authority: trustme.CA) -> None:
        with gateway(says(answer(GOOD)), server_context(authority)) as there, HttpLine() as line:
            assert isinstance(line.post(there.url, BODY), NotSent)
        assert there.received == []

    def test_no_keys_of_a_line_are_written_down(
        self, authority: trustme.CA, pem: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Whatever the environment asks for: with them everybody could read what went over it."""
        kept = tmp_path / "keys.log"
        monkeypatch.setenv("SSLKEYLOGFILE", str(kept))
        with gateway(says(answer(GOOD)), server_context(authority)) as there, HttpLine(pem) as line:
            assert isinstance(line.post(there.url, BODY), Answered)
        assert not kept.exists() or "SECRET" not in kept.read_text(encoding="utf-8")

    def test_a_handshake_that_hangs_or_is_nonsense_is_not_sent(self, pem: Path) -> None:
        with gateway(None) as there, HttpLine(pem, deadline_seconds=0.4) as line:
            assert isinstance(line.post(f"https://localhost:{there.port}/", BODY), NotSent)
        assert there.raw
        assert BODY not in b"".join(there.raw)

    def test_what_should_be_tls_and_is_not_is_not_sent(self, pem: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener, HttpLine(pem, deadline_seconds=0.5) as line:
            assert isinstance(line.post(f"https://localhost:{listener.getsockname()[1]}/", BODY), NotSent)

    @pytest.mark.parametrize("behaviour", [ended, half, Slow()])
    def test_after_the_handshake_what_was_written_may_have_arrived(
        self, behaviour: Behaviour, authority: trustme.CA, pem: Path
    ) -> None:
        with gateway(behaviour, server_context(authority)) as there, HttpLine(pem, deadline_seconds=0.5) as line:
            assert isinstance(line.post(there.url, BODY), Unknown)
        assert there.received

    def test_a_file_of_authorities_must_be_one(self, tmp_path: Path) -> None:
        with pytest.raises(GongjiError, match="读不到"):
            HttpLine(tmp_path / "none.pem")
        (tmp_path / "bad.pem").write_text("no certificate")
        with pytest.raises(GongjiError, match="不是证书"):
            HttpLine(tmp_path / "bad.pem")


def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    with gateway(says(answer(GOOD))) as there, HttpLine() as line:
        assert line.post(there.url, BODY) == Answered(GOOD)


def test_nothing_of_the_message_stands_in_a_reason() -> None:
    with gateway(ended) as there, HttpLine() as line:
        outcome = line.post(there.url, BODY)
    assert isinstance(outcome, Unknown)
    assert "530399" not in outcome.reason
    assert "localhost" not in outcome.reason


def test_a_line_may_be_closed_by_two_threads_at_once() -> None:
    """The second closes it between any two steps of the first."""
    before, step, reached = sys.gettrace(), 0, 0

    while reached >= step:
        with gateway(says(answer(GOOD))) as there, HttpLine() as line:
            assert line.post(there.url, BODY) == Answered(GOOD)
            reached = 0

            def follow(frame: FrameType, event: str, _: Any, line: HttpLine = line, last: int = step) -> Any:
                nonlocal reached
                frame.f_trace_opcodes = frame.f_code.co_filename == transport.__file__
                if event == "opcode":
                    if reached == last:
                        line.close()
                    reached += 1
                return follow

            sys.settrace(follow)
            try:
                line.close()
            finally:
                sys.settrace(before)
        step += 1
    assert step > 1
