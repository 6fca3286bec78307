"""Starting children, faulting them, and looking at what they left."""

import contextlib
import multiprocessing
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.forkserver import ensure_running
from pathlib import Path
from typing import IO

from msgspec import Struct

from gongji.desk.clinic.open import open_to_read
from gongji.desk.clinic.verify.verify_book import verify
from tests.scenarios.faults.child import LIBRARY, Order, digest, run
from tests.support.clinic import OPERATOR, PASSWORD
from tests.support.in_the_book import wholes

ROOT = Path(__file__).parents[3]
LATER = "数据文件有，见证文件还没有；下次结算时会补上"
UNREAD = "见证文件读不到"
"""Told until a person explains it: what could not be read may have been changed."""
CALLS = (
    "pwrite64",
    "write",
    "fdatasync",
    "fsync",
    "ftruncate",
    "unlink",
    "unlinkat",
    "rename",
    "renameat",
    "renameat2",
)
_PATIENCE = 120
_SERVER = multiprocessing.get_context("forkserver")


def start_server() -> None:
    """Start the process that all children are forked from, with everything they need loaded in it."""
    acts = "tests.scenarios.faults.test_between_commits"  # names what children do: it brings most of the program
    _SERVER.set_forkserver_preload(["pytest", "tests.scenarios.faults.warm", acts])
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join((str(ROOT), before or "")).rstrip(os.pathsep)
    try:
        ensure_running()
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before


def in_memory() -> str | None:
    """A place in memory where there is one: what is not about the time flushing takes need not wait for it."""
    place = Path("/dev/shm")  # noqa: S108  # the system's own name for it
    return str(place) if os.access(place, os.W_OK) else None


class Child:
    """A child that has been started and waits for the word to go; `said` is what it has said so far."""

    def __init__(self, order: Order) -> None:
        self.line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.line.settimeout(_PATIENCE)
        self._process = _SERVER.Process(target=run, args=(theirs, order), daemon=True)
        self._process.start()
        theirs.close()
        self.said: list[list[str]] = []

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def go(self) -> None:
        self.line.send(b"!")

    def hear(self) -> list[str] | None:
        """The next thing it says; None when it is gone."""
        try:
            message = self.line.recv(1 << 20)
        except ConnectionResetError:
            return None
        if not message:
            return None
        self.said.append(message.decode().split("\t"))
        return self.said[-1]

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):  # it has just finished
            os.kill(self.pid, signal.SIGKILL)

    def end(self) -> int:
        """Hear it out, and return how it ended."""
        while self.hear() is not None:
            pass
        self._process.join(_PATIENCE)
        code = self._process.exitcode
        self._process.close()
        self.line.close()
        assert code is not None
        return code


class Outcome(Struct, frozen=True):
    """What a child said and how it ended."""

    said: list[list[str]]
    code: int

    @property
    def acked(self) -> dict[str, tuple[str, str]]:
        return {act: (no, found) for word, act, no, found in self._of("ACK") if word}

    @property
    def pending(self) -> list[str]:
        """Acts tried that were not acknowledged, whatever was told instead."""
        return [act for _, act in self._of("TRY") if act not in self.acked]

    @property
    def told(self) -> list[list[str]]:
        return [one[1:] for one in self._of("TOLD")]

    @property
    def warned(self) -> list[str]:
        return [one[1] for one in self._of("WARNED")]

    @property
    def crashes(self) -> list[str]:
        return ["\n".join(one[1:]) for one in self._of("CRASH")]

    @property
    def done(self) -> bool:
        return self.said[-1:] == [["DONE"]]

    def _of(self, word: str) -> list[list[str]]:
        return [one for one in self.said if one[0] == word]


def ran(order: Order) -> Outcome:
    """Let a child do its work undisturbed."""
    child = Child(order)
    child.go()
    code = child.end()
    return Outcome(child.said, code)


def can_trace() -> bool:
    """Whether strace is there and may trace."""
    if shutil.which("strace") is None:
        return False
    child = Child(Order(path="/nonexistent"))
    try:
        with _traced(child, [], Path(os.devnull)):
            child.go()
            child.end()
    except RuntimeError:
        child.go()
        child.end()
        return False
    return True


@contextmanager
def _traced(child: Child, options: Sequence[str], log: Path) -> Iterator[None]:
    command = ["strace", "-p", str(child.pid), "-o", str(log), *options]
    tracer = subprocess.Popen(command, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    assert tracer.stderr is not None
    try:
        _wait_for(tracer.stderr, b"attached")
        yield
    finally:
        tracer.stderr.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            tracer.wait(_PATIENCE)
        tracer.kill()
        tracer.wait()


def _wait_for(stream: IO[bytes], word: bytes) -> None:
    while True:
        said = stream.readline()
        if not said:
            raise RuntimeError("strace may not trace here")
        if word in said:
            return


def calls_of(order: Order) -> dict[str, int]:
    """How often the work makes each call that writes."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        child = Child(order)
        with _traced(child, ["-e", f"trace={','.join(f'?{one}' for one in CALLS)}"], log):
            child.go()
            assert child.end() == 0
        assert child.said[-1] == ["DONE"], child.said
        assert not [one for one in child.said if one[0] in {"TOLD", "WARNED", "CRASH"}], child.said
        names = re.findall(r"^(\w+)\(", log.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    return {name: names.count(name) for name in CALLS if name in names}


def faulted(order: Order, fault: str, path: Path | None = None) -> Outcome:
    """Let a child do its work with strace's `inject` expression upon its calls, or only on those for one file."""
    child = Child(order)
    options = [
        "-e",
        f"trace={fault.split(':', maxsplit=1)[0]}",
        "-e",
        f"inject={fault}",
        *([] if path is None else ["-P", str(path)]),
    ]
    with _traced(child, options, Path(os.devnull)):
        child.go()
        code = child.end()
    return Outcome(child.said, code)


class Book(Struct, frozen=True):
    """What a folder holds: number and digest of every act, by act; and what verifying it finds."""

    acts: dict[str, tuple[str, str]]
    numbers: tuple[str, ...]
    findings: tuple[str, ...]

    @property
    def faults(self) -> list[str]:
        """What may not be found even before the witness has caught up."""
        return [one for one in self.findings if LATER not in one and UNREAD not in one]


def looked(path: Path) -> Book:
    """Look at a folder without changing it; every number once, one after the other, and no act twice."""
    folder, store = open_to_read(path, OPERATOR, PASSWORD)
    try:
        acts: dict[str, tuple[str, str]] = {}
        numbers = []
        for place, one in enumerate(wholes(store.reader), 1):
            assert one.serial == place
            act = f"void {one.voids}" if one.kind == "void" else f"settle {one.visit_no}"
            assert act not in acts, f"{act} twice"
            acts[act] = (one.no, digest(one))
            numbers.append(one.no)
        assert len({*numbers}) == len(numbers)
        findings = tuple(f"{one.place}：{one.text}" for one in verify(folder, store, LIBRARY, lambda *_: None))
    finally:
        store.close()
    return Book(acts, tuple(numbers), findings)


def begun_or_begins(path: Path) -> bool:
    """Whether the folder can be worked in at once; otherwise it must be possible to begin again, and then it can."""
    works = Order(path=str(path), acts=("settle V1",))
    at_once = ran(works)
    assert not at_once.crashes, at_once.crashes
    if at_once.told:
        again = ran(Order(path=str(path), begins=True))
        assert again.said == [["BEGUN"], ["DONE"]]
        assert ran(works).acked
    else:
        refused = ran(Order(path=str(path), begins=True))
        assert "里已有数据" in refused.told[0][1]
    book = looked(path)
    assert book.findings == ()
    assert [*book.acts] == ["settle V1"]
    shutil.rmtree(path)
    return not at_once.told
