"""A county's gateway in front of the practice platform, written from docs/regions.md alone: OAuth2, SM4, wrappers.

It shares no code with the client: the ciphers are a library's own, names and paths are written here again.
"""

import base64
import contextlib
import json
import secrets
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

CALLER, SECRET = "clinic-0123456789", "s3cret-0123456789"
PATHS = {
    "/psn": "1101", "/voucher": "1162", "/reg": "2201", "/reg-undo": "2202", "/visit-a": "2203A", "/fees": "2204",
    "/fees-undo": "2205", "/presettle-a": "2206A", "/settle-a": "2207A", "/settle-undo": "2208", "/choose": "2505",
    "/reverse": "2601", "/total": "3201", "/detail": "3202", "/mapping": "3301", "/settled": "5203",
    "/sign-in": "9001", "/upload": "9101", "/download": "9102",
}  # fmt: skip
_PREFIX, _BITS = "/mss/fsi", 128


def _cipher() -> Cipher[modes.ECB]:
    return Cipher(algorithms.SM4(SECRET.encode()[:16]), modes.ECB())  # noqa: S305  # as the county has it


def _opened(text: str) -> bytes:
    unlocked = _cipher().decryptor()
    whole = unlocked.update(base64.b64decode(text, validate=True)) + unlocked.finalize()
    plain = padding.PKCS7(_BITS).unpadder()
    return plain.update(whole) + plain.finalize()


def _closed(content: bytes) -> str:
    whole = padding.PKCS7(_BITS).padder()
    padded = whole.update(content) + whole.finalize()
    locked = _cipher().encryptor()
    return base64.b64encode(locked.update(padded) + locked.finalize()).decode()


class CountyGateway:
    """The gateway; `seen` are the transactions received, `lose` those whose next answer is lost."""

    def __init__(self, platform: str) -> None:
        self.platform = platform
        self.seen: list[str] = []
        self.lose: list[str] = []
        self.tokens: set[str] = set()
        self.url = ""

    def token(self, body: bytes) -> dict[str, Any]:
        asked = parse_qs(body.decode())
        if (asked.get("client_id"), asked.get("client_secret")) != ([CALLER], [SECRET]):
            return {"error": "invalid_client"}
        self.tokens.add(one := secrets.token_hex(8))
        return {"access_token": one, "expires_in": 3600}

    def passed_on(self, path: str, body: bytes) -> bytes:
        """Return the answer in the county's form."""
        value = json.loads(body)
        assert set(value) == {"baseData", "bizData"}, set(value)
        head = value["baseData"]
        infno = PATHS[path.removeprefix(_PREFIX)]
        assert path.startswith(_PREFIX)
        assert head["infno"] == infno
        assert (head["enc_type"], head["fixmedins_soft_fcty"], head["infver"]) == ("SM4", "共济", "V2.0")
        assert head["recer_sys_code"] == ("MBS_LOCAL" if infno == "1101" else "FSI_LOCAL")
        self.seen.append(infno)
        content = json.loads(_opened(value["bizData"]))
        if infno == "2601":
            assert content["data"]["oinfno"] == "2207A"
            content["data"]["oinfno"] = "2207"
        message = {**head, "infno": infno.rstrip("A"), "input": content}
        request = urllib.request.Request(f"{self.platform}/fsi/api", json.dumps(message).encode())  # noqa: S310
        with urllib.request.urlopen(request) as response:  # noqa: S310
            answer: bytes = response.read()
        if infno == "9102":
            return answer
        told = json.loads(answer)
        if told.get("output"):
            told["output"] = _closed(json.dumps(told["output"], ensure_ascii=False).encode())
        return json.dumps({"code": 0, "type": "success", "message": "成功", "data": told}).encode()


def _handler(county: CountyGateway) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle(self) -> None:
            with contextlib.suppress(ConnectionError):  # the client closes its own connection
                super().handle()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if self.path == "/oauth2/token":
                self._say(200, json.dumps(county.token(body)).encode())
            elif self.headers.get("authorization", "").removeprefix("Bearer ") not in county.tokens:
                self._say(401, b'{"code":401,"message":"invalid token"}')
            else:
                answer = county.passed_on(self.path, body)
                if county.lose and county.lose[0] == county.seen[-1]:
                    county.lose.pop(0)
                    self.close_connection = True
                    return
                self._say(200, answer)

        def _say(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Log nothing."""

    return Handler


@contextmanager
def county_gateway(platform: str) -> Iterator[CountyGateway]:
    """Serve a county's gateway in front of a platform until the end of the block."""
    one = CountyGateway(platform)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(one))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    one.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield one
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
