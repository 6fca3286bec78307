"""The practice platform on a real port, in a thread of this process."""

import datetime
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gongji.core.outbox.replies import Answered, Exchange
from gongji.pack_files.library import Library
from gongji.payer.transport import HttpLine
from gongji.sandbox.auth import Gatekeeper
from gongji.sandbox.certificates import Contexts
from gongji.sandbox.db import Platform
from gongji.sandbox.faults import Faults
from gongji.sandbox.payer import Payer
from gongji.sandbox.request import Options
from gongji.sandbox.server import Service, server
from tests.support.driving import NOW
from tests.support.waiting import until

TOKEN = "told to tests alone"  # noqa: S105  # of platforms that tests start


class Running:
    """A running platform; `line` is a client's."""

    def __init__(self, service: Service, url: str, line: HttpLine) -> None:
        self.payer = service.payer
        self.faults = service.faults
        self.url = url
        self.line = line

    def post(self, body: bytes) -> Exchange:
        return self.line.post(f"{self.url}/fsi/api", body)

    def asked(self, what: str, value: Any, headers: dict[str, str]) -> Exchange:
        return self.line.post(f"{self.url}/control/{what}", json.dumps(value).encode(), headers)

    def control(self, what: str, value: Any = None) -> Any:
        answer = self.asked(what, value, {"authorization": f"Bearer {TOKEN}"})
        assert isinstance(answer, Answered), answer
        return json.loads(answer.body)


@contextmanager
def running(
    path: Path,
    library: Library,
    *,
    tls: bool = False,
    deadline_seconds: float = 5.0,
    port: int = 0,
    clock: Callable[[], datetime.datetime] = lambda: NOW,
    gatekeeper: Gatekeeper | None = None,
    **options: Any,
) -> Iterator[Running]:
    """Serve a platform on loopback until the end of the block."""
    platform = Platform(path / "sandbox.db")
    service = Service(Payer(platform, library, clock, Options(**options)), Faults(), gatekeeper, TOKEN)
    authority = path / "authority.pem"
    contexts = Contexts(authority, _today()) if tls else None
    listener = socket.create_server(("127.0.0.1", port))
    one = server(service, contexts)
    thread = threading.Thread(target=one.run, kwargs={"sockets": [listener]})
    thread.start()
    until(lambda: one.started)
    scheme = "https" if tls else "http"
    line = HttpLine(authority if tls else None, deadline_seconds=deadline_seconds)
    try:
        yield Running(service, f"{scheme}://localhost:{listener.getsockname()[1]}", line)
    finally:
        line.close()
        one.should_exit = True
        thread.join()
        listener.close()
        platform.close()


def _today() -> Any:
    import datetime  # noqa: PLC0415  # used here alone

    return datetime.datetime.now(datetime.UTC)  # noqa: TID251  # certificates are held to the real time
