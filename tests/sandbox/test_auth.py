"""The gateway in front of the practice platform: our own signing gets through it, and nothing else does."""

import datetime
import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from gongji.core.outbox.replies import Answered, Busy, Settled
from gongji.pack_files.library import Library
from gongji.payer.envelope import envelope
from gongji.payer.gateway import Address, Gateway
from gongji.payer.message_contents import content as step
from gongji.payer.read_answers import read_answer
from gongji.payer.regions import profile
from gongji.payer.signing import Caller, headers
from gongji.sandbox.auth import CallerRules, Gatekeeper, digest_objection
from tests.support.driving import NOW, PROFILE, SENDER, Clinic, reply, visit
from tests.support.serving import running

SECRET = "s3cret"  # noqa: S105  # nobody's
TIF = Caller(scheme="x-tif", identity="hospital", secret=SECRET)
API = Caller(scheme="_api_", identity="hospital", secret=SECRET)
GATES: dict[str, Caller] = {"x-tif": TIF, "_api_": API}


def keeper(scheme: str, now: datetime.datetime = NOW) -> Gatekeeper:
    gate = CallerRules(scheme=scheme, identity="hospital", secret=SECRET)  # type: ignore[arg-type]  # one of the two
    return Gatekeeper(gate, lambda: now)


@pytest.mark.parametrize("scheme", GATES)
class TestHeaders:
    def test_ours_get_through(self, scheme: str) -> None:
        assert keeper(scheme).objection(headers(GATES[scheme], "2207", NOW, "n1")) == ""

    def test_another_secret_or_caller_does_not(self, scheme: str) -> None:
        strangers: dict[str, tuple[Caller, Caller]] = {
            "x-tif": (replace(TIF, secret="x"), replace(TIF, identity="p")),  # noqa: S106  # nobody's
            "_api_": (replace(API, secret="x"), replace(API, identity="p")),  # noqa: S106  # nobody's
        }
        for stranger, words in zip(strangers[scheme], ("签名不符", "没有这个账号"), strict=True):
            assert keeper(scheme).objection(headers(stranger, "2207", NOW, "n1")) == words

    def test_a_header_changed_or_left_out_is_noticed(self, scheme: str) -> None:
        given = headers(GATES[scheme], "2207", NOW, "n1")
        for name in given:
            assert keeper(scheme).objection({one: value for one, value in given.items() if one != name})
            assert keeper(scheme).objection({**given, name: given[name] + "0"}), name

    def test_half_an_hour_is_too_old(self, scheme: str) -> None:
        given = headers(GATES[scheme], "2207", NOW, "n1")
        for seconds, words in ((1799, ""), (1801, "时间戳"), (-1801, "时间戳")):
            later = NOW + datetime.timedelta(seconds=seconds)
            assert keeper(scheme, later).objection(given).startswith(words)
            assert bool(keeper(scheme, later).objection(given)) is bool(words)


def test_a_nonce_counts_once() -> None:
    one = keeper("x-tif")
    given = headers(TIF, "2207", NOW, "n1")
    assert one.objection(given) == ""
    assert one.objection(given) == "随机串用过了"


def test_a_changed_input_does_not_fit_its_digest() -> None:
    chosen = replace(PROFILE, signtype="SM3", digest="sm3")
    body = envelope("5206", {"data": {"psn_no": "P1"}}, "H" * 12 + "1" * 18, "2025-06-10 09:00:00", SENDER, chosen)
    assert digest_objection(body) == ""
    assert "SM3" in digest_objection(body.replace(b'"P1"', b'"P2"'))
    assert "SM3" in digest_objection(json.dumps({**json.loads(body), "cainfo": ""}).encode())


@pytest.mark.parametrize("scheme", GATES)
def test_a_whole_visit_through_a_signed_gateway(scheme: str, tmp_path: Path, library: Library) -> None:
    signed = replace(profile({"x-tif": "x-tif", "_api_": "api"}[scheme]), extension=True, echo=True)
    ours = replace(signed, med_type=PROFILE.med_type, psn_type=PROFILE.psn_type, lanes=1)
    with running(tmp_path, library, gatekeeper=keeper(scheme)) as there:
        clinic = Clinic(there.payer, library)
        sheet, _ = clinic.prepared(visit("A"))
        msgid, body = clinic.message("2207", step("2207", sheet, ours), ours)
        right = Address(url=there.url, identity="hospital", secret=SECRET)
        with Gateway(right, ours, lambda: NOW) as gateway:
            exchange = gateway.send("2207", body)
            assert isinstance(reply(exchange, "2207", msgid, sheet.number, ours), Settled)
        with Gateway(replace(right, secret="wrong"), ours, lambda: NOW) as gateway:  # noqa: S106  # nobody's
            exchange = gateway.send("2207", body)
            assert isinstance(exchange, Answered)
            assert read_answer(exchange, "2207", msgid, ours) == Busy(None, "网关没有放行：签名不符")
