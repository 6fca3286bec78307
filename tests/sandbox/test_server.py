"""Every fault on a real line: what the client may say of it, and what the payer really did."""

import socket
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from gongji.core.outbox.replies import Answered, Busy, NotSent, Settled, Unknown
from gongji.pack_files.library import Library
from gongji.payer.message_contents import content as step
from gongji.payer.wire_leg import LegData
from gongji.sandbox.control import live
from gongji.sandbox.server import MOST_BYTES
from tests.support.driving import PROFILE, Clinic, reply, visit
from tests.support.serving import TOKEN, Running, running
from tests.support.waiting import until

RIGHT = {"authorization": f"Bearer {TOKEN}"}


def settling(there: Running, library: Library) -> tuple[str, bytes, LegData]:
    clinic = Clinic(there.payer, library)
    sheet, _ = clinic.prepared(visit("A"))
    msgid, body = clinic.message("2207", step("2207", sheet, PROFILE))
    return msgid, body, sheet


def is_there(there: Running) -> bool:
    return bool(list(live(there.payer.platform.connection)))


@pytest.mark.parametrize(
    ("fault", "done"),
    [
        ({"kind": "drop_before"}, False),
        ({"kind": "drop_after"}, True),
        ({"kind": "status_before", "status": 500}, False),
        ({"kind": "status_after", "status": 502}, True),
        ({"kind": "malformed"}, True),
        ({"kind": "truncated"}, True),
        ({"kind": "doubled_key"}, True),
        ({"kind": "not_a_number"}, True),
        ({"kind": "stranger"}, True),
        ({"kind": "portal"}, False),
        ({"kind": "redirect"}, False),
        ({"kind": "delay", "seconds": 1.2}, True),
        ({"kind": "trickle", "seconds": 1.2}, True),
        ({"kind": "late", "seconds": 1.2}, False),
    ],
)
def test_a_fault_is_an_unknown_outcome_whatever_was_done(
    fault: dict[str, Any], done: bool, tmp_path: Path, library: Library
) -> None:
    with running(tmp_path, library, deadline_seconds=0.8) as there:
        msgid, body, sheet = settling(there, library)
        there.control("faults", {**fault, "infno": "2207"})
        outcome = reply(there.post(body), "2207", msgid, sheet.number, PROFILE)
        assert isinstance(outcome, Unknown)
        assert is_there(there) is done
        if fault["kind"] == "late":
            until(lambda: is_there(there))  # done though nobody waits any more: why there is a quiet time
        if not is_there(there):
            outcome = reply(there.post(body), "2207", msgid, sheet.number, PROFILE)
            assert isinstance(outcome, Settled)
        assert len(list(live(there.payer.platform.connection))) == 1


def test_too_many_is_no_outcome(tmp_path: Path, library: Library) -> None:
    with running(tmp_path, library) as there:
        there.control("faults", {"kind": "status_before", "status": 429})
        assert there.post(b"{}") == Busy(None)


@pytest.mark.parametrize(("dedupe", "times"), [(True, 1), (False, 2)])
def test_a_message_may_be_delivered_twice(dedupe: bool, times: int, tmp_path: Path, library: Library) -> None:
    with running(tmp_path, library, dedupe=dedupe) as there:
        msgid, body, sheet = settling(there, library)
        there.control("faults", [{"kind": "duplicate", "infno": "2207"}])
        assert isinstance(reply(there.post(body), "2207", msgid, sheet.number, PROFILE), Settled)
        assert len(list(live(there.payer.platform.connection))) == times


def test_faults_wait_for_their_message_and_end(tmp_path: Path, library: Library) -> None:
    with running(tmp_path, library) as there:
        _, body, _ = settling(there, library)
        there.control("faults", {"kind": "drop_before", "infno": "2207", "skip": 1, "times": 2})
        other = body.replace(b'"2207"', b'"5206"', 1)
        kinds = [type(there.post(one)) for one in (other, body, body, other, body, body)]
        assert kinds == [Answered, Answered, Unknown, Answered, Unknown, Answered]
        there.control("faults", {"kind": "drop_before"})
        assert there.control("clear")["faults"]["wanted"] == []
        assert isinstance(there.post(body), Answered)


def test_chance_is_the_same_for_the_same_seed(tmp_path: Path, library: Library) -> None:
    runs = []
    with running(tmp_path, library) as there:
        for _ in range(2):
            there.control("chance", {"seed": 7, "share": 0.5, "kinds": ["drop_before", "status_before"]})
            runs.append([isinstance(there.post(b"{}"), Answered) for _ in range(40)])
        there.control("chance")
        assert all(isinstance(there.post(b"{}"), Answered) for _ in range(10))
    assert runs[0] == runs[1]
    assert 5 < sum(runs[0]) < 35


@pytest.mark.parametrize("kind", ["tls", "certificate"])
def test_a_handshake_that_fails_lets_nothing_out(kind: str, tmp_path: Path, library: Library) -> None:
    with running(tmp_path, library, tls=True) as there:
        msgid, body, sheet = settling(there, library)
        there.faults.want([_fault(kind)])
        assert isinstance(there.post(body), NotSent)
        assert not is_there(there)
        assert isinstance(reply(there.post(body), "2207", msgid, sheet.number, PROFILE), Settled)


def _fault(kind: str) -> Any:
    from gongji.sandbox.faults import Fault  # noqa: PLC0415  # used here alone

    return Fault(kind=kind)  # type: ignore[arg-type]  # one of its kinds


def test_any_path_is_the_gateway_s(tmp_path: Path, library: Library) -> None:
    with running(tmp_path, library) as there:
        for path in ("", "/", "/fsi/api/outpatientSettleService/saveSettletment"):
            assert isinstance(there.line.post(there.url + path, b"{}"), Answered)


def test_control_says_what_is_wrong(tmp_path: Path, library: Library) -> None:
    with running(tmp_path, library) as there:
        for what, value in [
            ("faults", {"kind": "nonsense"}),
            ("nothing", {}),
            ("people", {"id": "1"}),
            ("elsewhere", []),
        ]:
            assert there.asked(what, value, RIGHT) == Unknown("网关答复 HTTP 400")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer"},
        {"authorization": "Bearer wrong"},
        {**RIGHT, "origin": "http://evil.example"},
        {**RIGHT, "origin": "null"},
        {**RIGHT, "sec-fetch-site": "cross-site"},
        {**RIGHT, "host": "evil.example:80"},
        {**RIGHT, "host": "127.0.0.1.evil.example"},
    ],
)
def test_nobody_controls_it_but_who_started_it(tmp_path: Path, library: Library, headers: dict[str, str]) -> None:
    with running(tmp_path, library) as there:
        outcome = there.asked("options", {"strict": True}, headers)
        assert isinstance(outcome, Unknown)
        assert outcome.reason in {"网关答复 HTTP 401", "网关答复 HTTP 403"}
        assert not there.payer.options.strict
        there.control("options", {"strict": True})
        assert there.payer.options.strict


@pytest.mark.parametrize("place", ["fsi/api", "control/options"])
def test_a_body_larger_than_any_message_is_not_swallowed(tmp_path: Path, library: Library, place: str) -> None:
    with running(tmp_path, library) as there:
        address = urlsplit(there.url)
        for told, sent in ((300 << 20, 0), (None, MOST_BYTES + (1 << 20))):
            with socket.create_connection((address.hostname, address.port), timeout=60) as line:
                length = f"Content-Length: {told}" if told else "Transfer-Encoding: chunked"
                head = f"POST /{place} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {RIGHT['authorization']}\r\n"
                line.sendall(f"{head}{length}\r\n\r\n".encode())
                with suppress(ConnectionError):  # it does not wait for the rest
                    for _ in range(0, sent, 1 << 20):
                        line.sendall(b"100000\r\n" + b" " * (1 << 20) + b"\r\n")
                with suppress(ConnectionError):
                    assert line.recv(64).startswith(b"HTTP/1.1 413")
        assert isinstance(there.control("options", {"strict": True}), dict)  # and goes on
