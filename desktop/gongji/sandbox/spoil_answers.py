"""What is sent spoilt though the line is whole: answers that are none or another's, files that are not as they were."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

from msgspec import json

Spoil = Callable[[bytes], bytes]
_NOBODYS = "H" * 12 + "0" * 18


def _strange(body: bytes) -> bytes:
    """Return an answer to another message."""
    value = json.decode(body)
    return json.encode({**value, "msgid": _NOBODYS, "output": _renumbered(value.get("output"))})


def _renumbered(output: Any) -> Any:
    node = output.get("setlinfo") if isinstance(output, dict) else None
    return output if node is None else {**output, "setlinfo": {**node, "medins_setl_id": _NOBODYS}}


def _damaged(content: bytes) -> bytes:
    """Return a zip with a byte of its first file's packed content changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entry = archive.infolist()[0]
    place = entry.header_offset + _HEADER + len(entry.filename.encode()) + entry.compress_size // 2
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def _shortened(content: bytes) -> bytes:
    """Return a zip whose texts have lost their last line, and are whole otherwise."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as fewer:
        for entry in archive.infolist():
            lines = archive.read(entry).splitlines(keepends=True)
            fewer.writestr(entry.filename, b"".join(lines[:-1]))
    return out.getvalue()


_HEADER = 30  # of an entry in a zip, before its name
OF_ANSWERS: dict[str, Spoil] = {
    "malformed": lambda body: b"<" + body,
    "doubled_key": lambda body: body[:-1] + b',"infcode":0}',
    "not_a_number": lambda body: body[:-1] + b',"rate":NaN}',
    "stranger": _strange,
}
OF_FILES: dict[str, Spoil] = {
    "malformed": lambda body: b"<" + body,
    "half_file": lambda body: body[: len(body) // 2],
    "damaged_file": _damaged,
    "short_file": _shortened,
}
