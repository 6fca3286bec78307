"""A disk as a power cut may leave it: what was flushed lasts, of what was written since, all, none or some is there."""

import random
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath

from tests.scenarios.faults.recorder import Event

_SECTOR = 512


class File:
    """A file on the modelled disk: what lasts, and what was written since the last flush."""

    def __init__(self, content: bytes = b"") -> None:
        self.lasting = bytearray(content)
        self.pending: list[tuple[int, bytes] | int] = []

    def flush(self) -> None:
        self.lasting = self.with_(self.pending)
        self.pending = []

    def with_(self, changes: Sequence[tuple[int, bytes] | int]) -> bytearray:
        content = bytearray(self.lasting)
        for one in changes:
            if isinstance(one, int):
                del content[one:]
                content.extend(bytes(one - len(content)))
            else:
                place, data = one
                content.extend(bytes(max(0, place - len(content))))
                content[place : place + len(data)] = data
        return content

    @property
    def size(self) -> int:
        return len(self.with_(self.pending))


class Disk:
    """A folder as the program sees it, and what of it would survive."""

    def __init__(self, folder: Path) -> None:
        self.names: dict[str, File] = {
            str(one.relative_to(folder)): File(one.read_bytes()) for one in folder.rglob("*") if one.is_file()
        }
        self.lasting = dict(self.names)
        self.changes: list[tuple[str, str, File | None]] = []

    def create(self, name: str, *, cut: bool) -> File:
        file = self.names.get(name)
        if file is None:
            file = self.names[name] = File()
            self.changes.append(("put", name, file))
        elif cut:
            file.pending.append(0)
        return file

    def remove(self, name: str) -> None:
        if self.names.pop(name, None) is not None:
            self.changes.append(("drop", name, None))

    def rename(self, old: str, new: str) -> None:
        file = self.names.pop(old)
        self.names[new] = file
        self.changes.append(("rename", f"{old}\0{new}", file))

    def flush(self, name: str) -> None:
        if name in self.names:
            self.names[name].flush()
        folder = str(PurePosixPath(name).parent) if name in self.names else name
        kept = []
        for one in self.changes:
            where = str(PurePosixPath(one[1].split("\0")[-1]).parent)
            if where == folder:
                _apply(self.lasting, one)
            else:
                kept.append(one)
        self.changes = kept

    def image(self, own: random.Random, way: str) -> dict[str, bytes]:
        """What may be there after a cut: with nothing unflushed, with all of it, or with some."""
        names = dict(self.lasting)
        upto = {"none": 0, "all": len(self.changes)}.get(way, own.randint(0, len(self.changes)))
        for one in self.changes[:upto]:
            _apply(names, one)
        return {name: bytes(file.with_(_some(file.pending, own, way))) for name, file in names.items()}


def _apply(names: dict[str, File], change: tuple[str, str, File | None]) -> None:
    kind, name, file = change
    if kind == "put" and file is not None:
        names[name] = file
    elif kind == "drop":
        names.pop(name, None)
    elif file is not None:
        old, new = name.split("\0")
        names.pop(old, None)
        names[new] = file


def _some(pending: Sequence[tuple[int, bytes] | int], own: random.Random, way: str) -> list[tuple[int, bytes] | int]:
    if way in {"none", "all"}:
        return list(pending) if way == "all" else []
    found: list[tuple[int, bytes] | int] = []
    share = own.choice((0.1, 0.5, 0.9))
    for one in pending:
        if own.random() >= share:
            continue
        if isinstance(one, tuple) and own.random() < 0.3:  # torn: some of its sectors
            place, data = one
            starts = [start for start in range(0, len(data), _SECTOR) if own.random() < 0.5]
            found += [(place + start, data[start : start + _SECTOR]) for start in starts]
            continue
        found.append(one)
    return found


def play(disk: Disk, events: Sequence[Event], at: Callable[[int, dict[str, str]], None]) -> None:
    """Let everything happen again on a modelled disk, looking at it after each event."""
    acked: dict[str, str] = {}
    for place, one in enumerate(events):
        match one.kind:
            case "create":
                disk.create(one.name, cut=bool(one.place))
            case "write":
                disk.create(one.name, cut=False).pending.append((one.place, one.data))
            case "append":
                file = disk.create(one.name, cut=False)
                file.pending.append((file.size, one.data))
            case "cut":
                disk.create(one.name, cut=False).pending.append(one.place)
            case "drop":
                disk.remove(one.name)
            case "rename":
                old, new = one.name.split("\0")
                if old in disk.names:
                    disk.rename(old, new)
            case "flush":
                disk.flush(one.name)
            case "ack":
                _, act, what = one.name.split("\t")
                acked[act] = what
        at(place, acked)
