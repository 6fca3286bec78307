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


def _refusing(text: str) -> Spoil:
    def spoil(body: bytes) -> bytes:
        return json.encode({**json.decode(body), "infcode": -1, "err_msg": text, "output": None})

    return spoil


def not_done(kind: str) -> bytes | None:
    """Return what is said to a message with which nothing was done; None where that kind of fault says nothing."""
    said = _SAID_INSTEAD.get(kind)
    if said is None:
        return None
    infcode, text = said
    head = {"inf_refmsgid": "0" * 30, "refmsg_time": "20260101000000000", "respond_time": "20260101000000000"}
    return json.encode({"infcode": infcode, **head, "err_msg": text, "output": None})


_SAID_INSTEAD = {
    "zero_and_error": (0, "FSI-文件查询号不能为空[fileBO_156]"),
    "sign_in_ran_out": (-1, "FSI-签到流水号已失效，请重新签到[signInBO_9](1f2e@10.1.2.3)"),
    "stumbles": (500, "服务熔断"),
}
_HEADER = 30  # of an entry in a zip, before its name
OF_ANSWERS: dict[str, Spoil] = {
    "malformed": lambda body: b"<" + body,
    "doubled_key": lambda body: body[:-1] + b',"infcode":0}',
    "not_a_number": lambda body: body[:-1] + b',"rate":NaN}',
    "stranger": _strange,
    "said_to_fail": _refusing("FSI-Read timed out executing POST http://fsi/settle(1f2e@10.1.2.3)"),
    "refused_though_done": _refusing("FSI-写入结算明细失败[setl_7](1f2e@10.1.2.3)"),
}
OF_FILES: dict[str, Spoil] = {
    "malformed": lambda body: b"<" + body,
    "half_file": lambda body: body[: len(body) // 2],
    "damaged_file": _damaged,
    "short_file": _shortened,
}
