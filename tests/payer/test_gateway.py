"""Gateways and ciphers of regions, each held to an independent implementation (openssl) or a server of its own."""

import base64
import datetime
import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from gongji.core.outbox.replies import Answered, NotSent, Settled
from gongji.errors import GongjiError
from gongji.payer.answer_contents import bill_sums
from gongji.payer.envelope import envelope
from gongji.payer.gateway import Address, Gateway
from gongji.payer.gm_ciphers import (
    as_der,
    hmac_sm3,
    private_key,
    sm2_signed,
    sm4_deciphered,
    sm4_enciphered,
    sm4_key,
)
from gongji.payer.read_answers import output_of
from gongji.payer.regions import Profile, profile
from gongji.payer.signing import USUAL_IDENTITY, Caller, cainfo, headers, sm3
from gongji.payer.statements import file_up
from tests.payer.test_read_answers import MSGID, SETTLED
from tests.support.driving import SENDER, reply

MOMENT = datetime.datetime(2026, 11, 22, 10, 5, 33, 250000, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))
IDENTITY, SECRET = "clinic-0123456789", "s3cret-0123456789"
PLAIN = profile("plain")
OPENSSL = shutil.which("openssl")
pytestmark = pytest.mark.skipif(OPENSSL is None, reason="openssl is not here to compare with")


def openssl(*arguments: str, content: bytes = b"") -> bytes:
    return subprocess.run([str(OPENSSL), *arguments], input=content, capture_output=True, check=True).stdout


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who we are, as the environment says."""
    monkeypatch.setenv("GONGJI_GATEWAY_ID", IDENTITY)
    monkeypatch.setenv("GONGJI_GATEWAY_SECRET", SECRET)


class TestHeaders:
    @pytest.mark.parametrize(("in_seconds", "at"), [(False, "1795313133250"), (True, "1795313133")])
    def test_x_ca_is_hmac_sm3_over_time_and_body(self, in_seconds: bool, at: str) -> None:
        body = '{"infno":"2207A","input":{"名":"甲"}}'.encode()
        found = headers(
            Caller(scheme="x-ca", identity="AK", secret=SECRET, in_seconds=in_seconds), "2207", MOMENT, "n", body
        )
        raw = openssl("dgst", "-sm3", "-hmac", SECRET, "-binary", content=at.encode() + b"\n" + body)
        assert found == {"x-ca-key": "AK", "x-ca-signature": f"{at}:{raw.hex().upper()}"}

    def test_one_header_or_a_token(self) -> None:
        assert headers(Caller(scheme="apikey", secret=SECRET), "2207", MOMENT, "n") == {"apikey": SECRET}
        assert headers(Caller(scheme="bearer", secret="T"), "2207", MOMENT, "n") == {"authorization": "Bearer T"}  # noqa: S106

    def test_no_secret_is_shown(self) -> None:
        assert SECRET not in repr(
            [Caller(scheme=one, identity="a", secret=SECRET) for one in ("x-ca", "apikey", "bearer")]
        )


@settings(max_examples=12, deadline=None)
@given(st.binary(max_size=100).filter(lambda one: b"\0" not in one), st.binary(max_size=300))
def test_hmac_sm3_of_any_key_and_text(key: bytes, content: bytes) -> None:
    shown = openssl(
        "dgst", "-sm3", "-mac", "HMAC", "-macopt", f"hexkey:{key.hex() or '00'}", "-binary", content=content
    )
    assert hmac_sm3(key or b"\0", content) == shown


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A private key of somebody invented."""
    path = tmp_path_factory.mktemp("sm2") / "key.pem"
    path.write_bytes(openssl("ecparam", "-name", "SM2", "-genkey", "-noout"))
    return path


def verified(pem: Path, content: bytes, signature: bytes, identity: str) -> bool:
    """Tell whether openssl believes a signature (DER) over a content under an identity."""
    folder = pem.parent
    (folder / "signature").write_bytes(signature)
    (folder / "content").write_bytes(content)
    public = folder / "public.pem"
    public.write_bytes(openssl("pkey", "-in", str(pem), "-pubout"))
    done = subprocess.run(
        [
            str(OPENSSL), "pkeyutl", "-verify", "-pubin", "-inkey", str(public), "-sigfile", str(folder / "signature"),
            "-in", str(folder / "content"), "-rawin", "-digest", "sm3", "-pkeyopt", f"distid:{identity}",
        ],
        capture_output=True,
        check=False,
    )  # fmt: skip
    return done.returncode == 0


class TestSm2:
    @pytest.mark.parametrize("identity", [USUAL_IDENTITY.decode(), "H53030200001", SECRET])
    @pytest.mark.parametrize("content", [b"", "甲乙丙".encode() * 500])
    def test_openssl_believes_it_under_its_identity_and_no_other(
        self, pem: Path, identity: str, content: bytes
    ) -> None:
        signature = sm2_signed(private_key(pem.read_bytes()), content, identity.encode())
        assert len(signature) == 64
        assert verified(pem, content, as_der(signature), identity)
        assert not verified(pem, content, as_der(signature), "somebody-else")
        assert not verified(pem, content + b"x", as_der(signature), identity)

    def test_a_key_is_read_as_pem_hexadecimal_or_base64(self, pem: Path) -> None:
        number = private_key(pem.read_bytes())
        assert private_key(f"{number:064x}".encode()) == number
        assert private_key(f"{number:064X}\n".encode()) == number
        assert private_key(base64.b64encode(number.to_bytes(32))) == number
        pkcs8 = openssl("pkcs8", "-topk8", "-nocrypt", "-in", str(pem))
        assert private_key(pkcs8) == number

    @pytest.mark.parametrize("content", [b"", b"no key", b"0" * 64, b"\xff" * 40, b"-----BEGIN X-----\nAAAA\n"])
    def test_what_is_none_is_refused(self, content: bytes) -> None:
        with pytest.raises(GongjiError, match="私钥"):
            private_key(content)

    @pytest.mark.usefixtures("known")
    def test_a_message_carries_it_as_the_region_wants(self, pem: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GONGJI_SM2_KEY", str(pem))
        content = b'{"data":{}}'
        plain = base64.b64decode(cainfo("sm2", content, form="rs", identity=b"H1"))
        assert len(plain) == 64
        assert verified(pem, content, as_der(plain), "H1")
        jilin = replace(PLAIN, digest="sm2", sm2_form="rs", sm2_id="identity")
        message = json.loads(message_of(jilin))
        assert len(message["cainfo"]) == 88  # as in the recorded sample
        spelt = json.dumps(message["input"], separators=(",", ":"), ensure_ascii=False).encode()
        assert verified(pem, spelt, as_der(base64.b64decode(message["cainfo"])), IDENTITY)
        fields = replace(jilin, sm2_text="sorted", sm2_id="secret")
        message = json.loads(message_of(fields))
        head = {name: value for name, value in message.items() if value and name not in {"cainfo", "input"}}
        text = "&".join([*(f"{name}={head[name]}" for name in sorted(head)), f"key={SECRET}"])
        assert verified(pem, text.encode(), as_der(base64.b64decode(message["cainfo"])), SECRET)


def message_of(chosen: Profile, infno: str = "5206") -> bytes:
    content = {"data": {"psn_no": "P1"}}
    return envelope(infno, content, MSGID, "2025-06-10 09:00:00", SENDER, chosen, "530300")


class TestSm4:
    @settings(max_examples=10, deadline=None)
    @given(st.binary(min_size=16, max_size=16), st.binary(max_size=200))
    def test_is_openssls(self, key: bytes, content: bytes) -> None:
        shown = openssl("enc", "-sm4-ecb", "-K", key.hex(), "-base64", "-A", content=content).decode()
        assert sm4_enciphered(key, content) == shown
        assert sm4_deciphered(key, shown) == content

    def test_a_derived_key_is_the_secret_under_the_caller_s_number(self) -> None:
        once = openssl("enc", "-sm4-ecb", "-K", IDENTITY.encode()[:16].hex(), content=SECRET.encode())
        assert sm4_key(SECRET, "derived", IDENTITY) == once.hex().upper().encode()[:16]
        with pytest.raises(GongjiError, match="16"):
            sm4_key("short", "secret", IDENTITY)

    @pytest.mark.usefixtures("known")
    def test_an_input_leaves_and_an_output_comes_enciphered(self) -> None:
        chosen = replace(PLAIN, cipher="sm4", sm4_key="identity", envelope={"enc_type": "SM4"})
        message = json.loads(message_of(chosen))
        key = IDENTITY.encode()[:16]
        assert message["enc_type"] == "SM4"
        assert json.loads(sm4_deciphered(key, message["input"])) == {"data": {"psn_no": "P1"}}
        output = sm4_enciphered(key, json.dumps({"setlinfo": SETTLED}).encode())
        answer = json.dumps(
            {"infcode": 0, "err_msg": None, "output": output, "respond_time": "20250610090000"}
        ).encode()
        found = reply(Answered(answer), "2207", MSGID, "", chosen)
        assert isinstance(found, Settled)
        assert found.figures.total_fen == 10000
        assert not isinstance(reply(Answered(answer), "2207", MSGID, "", PLAIN), Settled)
        other = replace(chosen, sm4_key="secret")
        assert not isinstance(reply(Answered(answer), "2207", MSGID, "", other), Settled)
        bill = sm4_enciphered(key, json.dumps({"result": [{"inscp_scp_amt": "1.00"}]}).encode())
        kept = json.dumps({"infcode": 0, "output": bill}).encode()
        assert bill_sums(output_of(kept, chosen) or {})["inscp_scp_amt"] == "1.00"


class TestWrappers:
    def test_head_and_input_apart_and_an_answer_in_a_node(self) -> None:
        chosen = replace(PLAIN, wrapper="base_biz", answer_in="data")
        message = json.loads(message_of(chosen))
        assert set(message) == {"baseData", "bizData"}
        assert message["bizData"] == {"data": {"psn_no": "P1"}}
        assert message["baseData"]["infno"] == "5206"
        inside = {"infcode": 0, "err_msg": None, "output": {"setlinfo": SETTLED}, "respond_time": "20250610090000"}
        answer = json.dumps({"code": 0, "type": "success", "message": "", "data": inside}).encode()
        assert isinstance(reply(Answered(answer), "2207", MSGID, "", chosen), Settled)


class _Server(BaseHTTPRequestHandler):
    """A gateway that gives tokens, or takes a form."""

    seen: list[tuple[str, dict[str, str], bytes]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
        answer = self._token(body) if self.path.endswith("/oauth/token") else b'{"infcode":0}'
        self.send_response(200)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    @staticmethod
    def _token(body: bytes) -> bytes:
        asked = parse_qs(body.decode())
        if asked.get("client_secret") != [SECRET]:
            return b'{"error":"invalid_client"}'
        return json.dumps({"access_token": f"T-{asked['client_id'][0]}", "expires_in": 3600}).encode()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def served() -> Iterator[str]:
    _Server.seen = []
    server = HTTPServer(("127.0.0.1", 0), _Server)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


class TestLines:
    def test_a_token_is_got_once_and_goes_with_every_message(self, served: str) -> None:
        chosen = replace(PLAIN, scheme="bearer")
        now = [MOMENT]
        with Gateway(Address(url=served, identity=IDENTITY, secret=SECRET), chosen, lambda: now[0]) as gateway:
            for _ in range(3):
                assert gateway.send("5206", b"{}") == Answered(b'{"infcode":0}')
            now[0] += datetime.timedelta(hours=2)
            gateway.send("5206", b"{}")
        paths = [path for path, _, _ in _Server.seen]
        assert paths == ["/oauth/token", "/", "/", "/", "/oauth/token", "/"]
        assert {seen["authorization"] for path, seen, _ in _Server.seen if path == "/"} == {f"Bearer T-{IDENTITY}"}

    def test_without_a_token_nothing_is_sent(self, served: str) -> None:
        chosen = replace(PLAIN, scheme="bearer")
        with Gateway(Address(url=served, identity=IDENTITY, secret="wrong"), chosen, lambda: MOMENT) as gateway:  # noqa: S106
            refused = gateway.send("2207", b"{}")
            assert refused == NotSent("网关没有给令牌，请核对账号和密钥")
        assert [path for path, _, _ in _Server.seen] == ["/oauth/token"]

    def test_why_there_is_no_token_is_told(self) -> None:
        chosen = replace(PLAIN, scheme="bearer")
        where = Address(url="http://127.0.0.1:9", identity=IDENTITY, secret=SECRET)
        with Gateway(where, chosen, lambda: MOMENT) as gateway:
            found = gateway.send("2207", b"{}")
        assert isinstance(found, NotSent)
        assert "令牌" in found.reason
        assert "连接被拒绝" in found.reason

    def test_a_file_goes_as_a_form(self, served: str) -> None:
        chosen = replace(PLAIN, file_encoding="multipart")
        content = file_up("a\tb\n", "stmt.zip", "H53030200001", chosen)
        body = envelope("9101", content, MSGID, "2025-06-10 09:00:00", SENDER, chosen)
        with Gateway(Address(url=served), chosen, lambda: MOMENT) as gateway:
            gateway.send("9101", body)
        ((_, seen, form),) = _Server.seen
        whole = message_from_bytes(b"content-type: " + seen["content-type"].encode() + b"\r\n\r\n" + form)
        parts: Any = whole.get_payload()
        text, file = parts
        told = json.loads(text.get_payload(decode=True))
        assert told["input"]["fsUploadIn"] == {"in": "", "filename": "stmt.zip", "fixmedins_code": "H53030200001"}
        assert file.get_payload(decode=True) == base64.b64decode(content["fsUploadIn"]["in"])

    @pytest.mark.parametrize("encoding", ["bytes", "signed_bytes"])
    def test_a_file_goes_as_numbers(self, encoding: Any) -> None:
        chosen = replace(PLAIN, file_encoding=encoding)
        spelt = file_up("x" * 500, "a.zip", "H1", chosen)["fsUploadIn"]["in"]
        plain = base64.b64decode(file_up("x" * 500, "a.zip", "H1", PLAIN)["fsUploadIn"]["in"])
        assert bytes(one % 256 for one in spelt) == plain
        assert (min(spelt) < 0) is (encoding == "signed_bytes")


def test_sm3_is_openssls() -> None:
    assert sm3(b"abc" * 99) == openssl("dgst", "-sm3", content=b"abc" * 99).split()[-1].decode()
