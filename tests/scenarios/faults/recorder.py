"""Everything a program does to a folder of the disk, recorded by strace, and what it acknowledged when."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

ROOT = Path(__file__).parents[3]
ACK = "ACK"
"""What an acknowledging line on standard output begins with; the act and what must be there of it follow, by tabs."""
_CALLS = "openat,pwrite64,write,lseek,fsync,fdatasync,ftruncate,unlink,unlinkat,rename,renameat,renameat2"


class Event(Struct, frozen=True):
    """A change of the disk, or what was acknowledged (act, and what must be there of it)."""

    kind: str
    name: str = ""
    place: int = 0
    data: bytes = b""


def record(folder: Path, log: Path, synchronous: int) -> list[Event]:
    """Let the program work in a folder under strace; return everything it did to the disk, in order."""
    command = [
        "strace", "-f", "-y", "-xx", "-s", "400000", "-e", f"trace={_CALLS}", "-o", str(log),
        sys.executable, "-m", "tests.scenarios.faults.power", "--work", str(folder), str(synchronous),
    ]  # fmt: skip
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, timeout=600)
    return list(_events(log, folder))


_LINE = re.compile(r"^(\d+) +(\w+)\((.*)\) += (-?\d+)(?:<([^>]*)>)?")
_UNFINISHED = re.compile(r"^(\d+) +(.*) <unfinished \.\.\.>$")
_RESUMED = re.compile(r"^(\d+) +<\.\.\. \w+ resumed>(.*)$")
_FD = re.compile(r"^(\d+)<([^>]*)>")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


def _events(log: Path, folder: Path) -> Iterator[Event]:
    begun: dict[str, str] = {}
    places: dict[str, int] = {}
    appending: set[str] = set()
    with log.open(encoding="ascii", errors="replace") as lines:
        for raw in lines:
            line = raw.rstrip("\n")
            if (cut := _UNFINISHED.match(line)) is not None:
                begun[cut[1]] = f"{cut[1]} {cut[2]}"
                continue
            if (rest := _RESUMED.match(line)) is not None:
                line = begun.pop(rest[1], "") + rest[2]
            found = _LINE.match(line)
            if found is None or int(found[4]) < 0:
                continue
            yield from _event(found, folder, places, appending)


def _event(  # noqa: C901, PLR0912  # a branch for each call
    found: re.Match[str], folder: Path, places: dict[str, int], appending: set[str]
) -> Iterator[Event]:
    call, told, result = found[2], found[3], int(found[4])
    texts = [bytes.fromhex(one.replace("\\x", "")) for one in _TEXT.findall(told)]
    fd = _FD.match(told)
    if call in {"unlink", "unlinkat"}:
        name = _inside(texts[0].decode(), folder)
        if name:
            yield Event("drop", name)
        return
    if call.startswith("rename"):
        old, new = (_inside(one.decode(), folder) for one in texts[:2])
        if old and new:
            yield Event("rename", f"{old}\0{new}")
        return
    if call == "openat":
        name = _inside(_unhexed(found[5] or ""), folder)
        if name:
            key = f"{result}"
            places[key] = 0
            (appending.add if "O_APPEND" in told else appending.discard)(key)
            if "O_CREAT" in told:
                yield Event("create", name, int("O_TRUNC" in told))
        return
    if fd is None:
        return
    if call == "write" and texts and texts[0].startswith(ACK.encode()):
        yield Event("ack", texts[0].decode().strip())
        return
    name = _inside(_unhexed(fd[2]), folder)
    if not name:
        return
    if call == "lseek":
        places[fd[1]] = result
    elif call == "pwrite64":
        yield Event("write", name, int(told.rsplit(",", 1)[1]), texts[0][:result])
    elif call == "write":
        append = fd[1] in appending
        yield Event("append" if append else "write", name, places.get(fd[1], 0), texts[0][:result])
        places[fd[1]] = places.get(fd[1], 0) + result
    elif call == "ftruncate":
        yield Event("cut", name, int(told.rsplit(",", 1)[1]))
    elif call in {"fsync", "fdatasync"}:
        yield Event("flush", name)


def _unhexed(text: str) -> str:
    return re.sub(r"(?:\\x[0-9a-f]{2})+", lambda one: bytes.fromhex(one[0].replace("\\x", "")).decode(), text)


def _inside(path: str, folder: Path) -> str:
    """The name of a file under the folder; "." for the folder itself, nothing for any other and for shared memory."""
    if path == str(folder):
        return "."
    if not path.startswith(f"{folder}/") or path.endswith(("-shm", "/lock", ".log")):
        return ""
    return path.removeprefix(f"{folder}/")
