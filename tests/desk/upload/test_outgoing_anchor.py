"""锚 in the upload field of a region that has one, seen in the bytes that reach a real server."""

import json
import random
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from msgspec.structs import replace

from gongji.core.ledger.audit import PREFIX, read_anchor
from gongji.desk.clinic.backup.anchors import make_anchor
from gongji.desk.upload.sending_loop import SendingLoop
from gongji.desk.upload.uploader import TimeAndChance
from gongji.payer.gateway import Address, Gateway
from tests.support.circle import Circle, ticks
from tests.support.claiming import Uploader
from tests.support.clinic import visit

FIELD = "dev_safe_info"


@contextmanager
def listening(platform: str) -> Iterator[tuple[str, list[bytes]]]:
    """A gateway before the platform that keeps every byte it was sent; its address, and what it was sent."""
    seen: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            seen.append(body := self.rfile.read(int(self.headers["content-length"])))
            request = urllib.request.Request(f"{platform}{self.path}", body)  # noqa: S310
            with urllib.request.urlopen(request) as response:  # noqa: S310
                answer = response.read()
            self.send_response(200)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", seen
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def sent(circle: Circle) -> Callable[[str], list[bytes]]:
    """Uploads what waits under a profile whose anchor is in this field; returns what reached the server."""

    def upload(field: str) -> list[bytes]:
        chosen = replace(circle.uploader.profile, anchor=field)
        with (
            listening(circle.there.url) as (url, seen),
            Gateway(Address(url=url), chosen, circle.clock) as gateway,
        ):
            outside = TimeAndChance(circle.clock, ticks, random.Random(1).random)
            loop = SendingLoop(
                Uploader(circle.counter, chosen, outside), lambda one: gateway.send(one.infno, one.body), lanes=1
            )
            loop.send_all(lambda _: False, lambda _: None)
        return seen

    return upload


def test_it_is_in_every_message_once_there_is_one(circle: Circle, sent: Callable[[str], list[bytes]]) -> None:
    circle.settle(visit("V1"))
    before = sent(FIELD)
    assert before
    assert {json.loads(one)[FIELD] for one in before} == {""}, "no anchor was given out yet"
    line = make_anchor(circle.counter, "日结")
    circle.settle(visit("V2"))
    after = [json.loads(one) for one in sent(FIELD)]
    assert "2207" in {one["infno"] for one in after}
    assert {one[FIELD] for one in after} == {line}
    newest = make_anchor(circle.counter, "日结")
    circle.settle(visit("V3"))
    assert {json.loads(one)[FIELD] for one in sent(FIELD)} == {newest}
    assert read_anchor(newest) is not None


def test_a_region_without_such_a_field_gets_none(circle: Circle, sent: Callable[[str], list[bytes]]) -> None:
    make_anchor(circle.counter, "日结")
    circle.settle(visit("V1"))
    seen = sent("")
    assert seen
    assert {json.loads(one)[FIELD] for one in seen} == {""}
    assert not [one for one in seen if PREFIX.encode() in one]
