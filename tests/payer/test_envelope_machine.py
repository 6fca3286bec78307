"""What a sign-in says of the machine: its own network card and address, or that it has none."""

import json
import re
import socket
import uuid

import pytest

from gongji.payer.envelope import LOOPBACK, NO_CARD, card_number, own_address
from tests.support.circle import Circle
from tests.support.in_the_book import body_of


@pytest.fixture(autouse=True)
def asked_anew() -> None:
    card_number.cache_clear()


def test_the_card_is_this_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uuid, "getnode", lambda: 0x00112233445F)
    assert card_number() == "00112233445F"


def test_a_number_made_up_for_want_of_a_card_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uuid, "getnode", lambda: 0x01FF22334455)
    assert card_number() == NO_CARD


@pytest.mark.parametrize("gateway", ["http://127.0.0.1:8701", "http://localhost:8701"])
def test_the_address_is_that_from_which_the_gateway_is_reached(gateway: str) -> None:
    assert own_address(gateway) == LOOPBACK


@pytest.mark.parametrize("gateway", ["", "https://gateway.example/fsi", "no address", "https://[2001:db8::1]/"])
def test_whatever_the_gateway_is_there_is_an_address(gateway: str) -> None:
    assert re.fullmatch(r"[0-9a-fA-F:.]{2,20}", own_address(gateway))


def test_without_any_network_it_is_the_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise OSError("no network")

    monkeypatch.setattr(socket, "socket", refused)
    assert own_address("https://10.1.2.3") == LOOPBACK


def test_a_sign_in_carries_both(circle: Circle) -> None:
    circle.uploader.post.claim_sign_in()
    reader = circle.counter.store.reader
    (msgid,) = reader.execute("SELECT msgid FROM attempt WHERE infno = '9001'").fetchone()
    body = body_of(reader, msgid)
    assert body is not None
    told = json.loads(body)["input"]["signIn"]
    assert told["mac"] == card_number()
    assert told["ip"] == own_address("")
