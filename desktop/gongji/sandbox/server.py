"""The HTTP server: passes messages to the payer and injects the faults that were asked for."""

import asyncio
import ipaddress
import secrets
import socket
from typing import Any

import uvicorn
from msgspec import json
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from gongji.core.strict_json import decode
from gongji.sandbox import control
from gongji.sandbox.auth import TURNED_AWAY, Gatekeeper
from gongji.sandbox.certificates import Contexts
from gongji.sandbox.faults import OF_ANSWERS, OF_FILES, Fault, Faults, not_done
from gongji.sandbox.payer import Payer

TOKEN_FILE = "sandbox.token"  # noqa: S105  # where it lies
"""The file beside the platform's data in which the token for control calls lies."""
MOST_BYTES = 32 << 20
"""No message is larger: 3202 sends a month's records of an institution in a zip."""
_JSON = "application/json; charset=utf-8"
_FILE = "application/octet-stream"
_PORTAL = "<!doctype html><title>上网认证</title><p>请先登录</p>".encode()


class _EndableConnection(H11Protocol):
    """A connection that a request can end (`scope["state"]["line"]`)."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        sock = transport.get_extra_info("socket")
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else each answer waits 40 ms for the other side
        self.app_state = {**self.app_state, "line": transport}


class Service:
    """The application: a payer, what is to go wrong, and who keeps its gate where it is not open to everybody."""

    def __init__(self, payer: Payer, faults: Faults, gatekeeper: Gatekeeper | None = None, token: str = "") -> None:
        """Take them, and the token without which nobody controls it; without one nobody does at all."""
        self.payer = payer
        self._token = token
        self.faults = faults
        self._gatekeeper = gatekeeper
        self.app = Starlette(
            routes=[
                Route("/control", self._state, methods=["GET"]),
                Route("/control/dump", self._dump, methods=["GET", "POST"]),
                Route("/control/{what}", self._control, methods=["POST"]),
                Route("/{path:path}", self._message, methods=["POST"]),
            ]
        )

    def _stranger(self, request: Request) -> Response | None:
        """Turn away a control call of anybody but who started the platform: a page in a browser, another machine."""
        headers = request.headers
        if _is_from_a_page(headers) or not _is_here(headers.get("host", "")):
            return _json({"error": "控制调用只能从本机的程序发来，网页不行"}, 403)
        given = headers.get("authorization", "").removeprefix("Bearer ").strip()
        if not self._token or not secrets.compare_digest(given.encode(), self._token.encode()):
            return _json({"error": f"控制调用要带口令（Authorization: Bearer），它在数据旁的 {TOKEN_FILE} 里"}, 401)
        return None

    async def _state(self, request: Request) -> Response:
        return self._stranger(request) or _json(control.state_in_json(self.payer, self.faults))

    async def _dump(self, request: Request) -> Response:
        refused = self._stranger(request)
        return refused or Response(control.dump(self.payer), media_type="application/x-ndjson")

    async def _control(self, request: Request) -> Response:
        refused = self._stranger(request)
        if refused is not None:
            return refused
        body = await _body(request)
        if body is None:
            return _too_large()
        try:
            return _json(control.act(request.path_params["what"], body, self.payer, self.faults))
        except control.ControlError as error:
            return _json({"error": str(error)}, 400)

    async def _message(self, request: Request) -> Response:
        try:
            body = await _body(request)
        except ClientDisconnect:
            return Response(status_code=400)
        if body is None:
            return _too_large()
        infno = _infno(body)
        if self._is_misplaced(request.path_params["path"], infno):
            return Response(status_code=404)
        objection = "" if self._gatekeeper is None else self._gatekeeper.objection(request.headers, body)
        if objection:
            return _json({"code": TURNED_AWAY, "message": objection})
        fault = self.faults.next_for(infno)
        if fault is None:
            return self._answer(body, infno)
        if fault.kind == "duplicate":
            self._answer(body, infno)
            return self._answer(body, infno)
        before = await self._before(request, fault)
        if before is not None:
            return before
        answer = self._answer(body, infno)
        return await self._after(request, fault, answer)

    def _is_misplaced(self, path: str, infno: str | None) -> bool:
        """Return whether a region's gateway takes no such message at this path."""
        manner = self.payer.options.manner
        return manner is not None and infno is not None and manner.gate.is_misplaced(path, infno, manner.number(infno))

    def _answer(self, body: bytes, infno: str | None) -> Response:
        if infno != "9102":
            return Response(self.payer.answer(body), media_type=_JSON)
        content = self.payer.file(body)
        if content is None:
            return _json({"infcode": -1, "err_msg": "未找到文件", "output": {}})
        return Response(content, media_type=_FILE)

    async def _before(self, request: Request, fault: Fault) -> Response | None:
        """Let go wrong what goes wrong before anything is done; None where it is done."""
        match fault.kind:
            case "drop_before":
                return _dropped(request)
            case "status_before":
                return Response(status_code=fault.status)
            case "portal":
                return Response(_PORTAL, media_type="text/html")
            case kind if (said := not_done(kind)) is not None:
                return Response(said, media_type=_JSON)
            case "redirect":
                return Response(status_code=302, headers={"location": "/elsewhere"})
            case "late":
                await asyncio.sleep(fault.seconds)
        return None

    async def _after(self, request: Request, fault: Fault, answer: Response) -> Response:
        """Let go wrong what goes wrong with the answer."""
        body = bytes(answer.body)
        spoilt = OF_FILES if answer.media_type == _FILE else OF_ANSWERS
        match fault.kind:
            case "drop_after":
                return _dropped(request)
            case "delay":
                await asyncio.sleep(fault.seconds)
            case "status_after":
                return Response(body, status_code=fault.status, media_type=_JSON)
            case "truncated" | "trickle":
                return _Slow(request, body, fault)
            case kind if kind in spoilt:
                return Response(spoilt[kind](body), media_type=answer.media_type)
        return answer


class _Slow(Response):
    """An answer that comes in crumbs, or of which only half comes."""

    def __init__(self, request: Request, content: bytes, fault: Fault) -> None:
        super().__init__(content, media_type=_JSON)
        self._line: asyncio.Transport = request.scope["state"]["line"]
        self._fault = fault

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Send the head, then what there is to send."""
        del scope, receive
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        body = bytes(self.body)
        if self._fault.kind == "truncated":
            await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
            self._line.close()
            return
        size = max(1, len(body) // 20)
        for start in range(0, len(body), size):
            await send({"type": "http.response.body", "body": body[start : start + size], "more_body": True})
            await asyncio.sleep(self._fault.seconds / 20)
        await send({"type": "http.response.body", "body": b""})


async def _body(request: Request) -> bytes | None:
    """Return what was sent; None where it is more than any message, and then no more than that was taken."""
    told = request.headers.get("content-length", "0")
    if not told.isdecimal() or int(told) > MOST_BYTES:
        return None
    content = bytearray()
    async for part in request.stream():
        content += part
        if len(content) > MOST_BYTES:
            return None
    return bytes(content)


def _too_large() -> Response:
    answer = _json({"infcode": -1, "err_msg": f"报文超过 {MOST_BYTES >> 20} MB", "output": {}}, 413)
    answer.headers["connection"] = "close"
    return answer


def _is_from_a_page(headers: Headers) -> bool:
    """Return whether a browser sent it for a page, which names where the page comes from."""
    return "origin" in headers or headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}


def _is_here(host: str) -> bool:
    """Return whether a call names the machine by its address: any other name may have been made to lead here."""
    name = host.rsplit(":", 1)[0] if host.rsplit(":", 1)[-1].isdecimal() else host
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return name == "localhost"
    return True


def _json(value: Any, status: int = 200) -> Response:
    return Response(json.encode(value), status_code=status, media_type=_JSON)


def _infno(body: bytes) -> str | None:
    value, problems = decode(body)
    found = value.get("infno") if not problems and isinstance(value, dict) else None
    return found if isinstance(found, str) else None


def _dropped(request: Request) -> Response:
    request.scope["state"]["line"].abort()
    return Response()


def server(service: Service, contexts: Contexts | None) -> uvicorn.Server:
    """Return the server, to be run on a socket that listens already; under TLS where there are contexts."""
    config = uvicorn.Config(
        service.app,
        http=_EndableConnection,
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
        ssl_context_factory=None if contexts is None else lambda _, __: contexts.serving(service.faults),
    )
    return uvicorn.Server(config)
