"""A visit read again from the book, as it was settled: fast where it is written as we write, in any way it ever was."""

from msgspec import DecodeError
from msgspec import json as fast_json

from gongji.core.strict_json import decode
from gongji.core.visits import Visit, read_known_amount, read_visit
from gongji.errors import GongjiError

_DECODER = fast_json.Decoder(Visit, dec_hook=read_known_amount)


def settled_body(no: str, body: bytes) -> Visit:
    """Return the visit of a settlement's number; `GongjiError` where what the book holds cannot be read."""
    try:
        return _DECODER.decode(body)
    except DecodeError:  # written otherwise than we write: read as it was read when it was settled
        value, problems = decode(body)
        read = problems or read_visit(value)
        if not isinstance(read, Visit):
            raise GongjiError(f"{no} 所存的就诊读不出来", "请运行 gongji verify 核对数据文件") from None
        return read
