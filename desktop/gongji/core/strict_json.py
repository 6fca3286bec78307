"""JSON read strictly: no duplicate key, no number as a float, nothing after the end.

Also a decoded value as bytes to store, and its fingerprint, by which the same input is recognised.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from msgspec import DecodeError
from msgspec import json as fast_json

from gongji.core.problems import Problem, invalid, join


class JsonNumber:
    """A JSON number with a fraction or an exponent, kept as the text it was written in; equal if the texts are."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __eq__(self, other: object) -> bool:
        """Return whether another number has the same text."""
        return type(other) is JsonNumber and other.text == self.text

    def __hash__(self) -> int:
        """Return the hash of the text, so that equal numbers share a cache entry."""
        return hash(self.text)

    def __repr__(self) -> str:
        """Return the number as written."""
        return self.text


class _Repeating(dict[str, Any]):
    """An object with a duplicate key."""

    repeated: tuple[str, ...] = ()


_SURROGATE = re.compile("[\ud800-\udfff]")
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"(\s*:)?')
"""A string, and whether it is a key."""
_MOST_DIGITS = 4300
"""The most digits that Python itself converts."""
_OBJECTS = {dict}
_DECODER = fast_json.Decoder(float_hook=JsonNumber)


def decode(text: bytes) -> tuple[Any, list[Problem]]:
    """Return the value of a JSON text and its problems; with problems the value means nothing.

    Objects become dict, integers int, other numbers `JsonNumber`.
    """
    try:
        value = _DECODER.decode(text)
        colons = text.count(b":")
        if colons == _outer_keys(value):
            return value, []
        keys = _keys([value])
        if colons == keys or _keys_written(text) == keys:
            return value, []
        return value, _repeated_keys(text)
    except RecursionError:
        return None, [invalid("", "JSON 嵌套太深，请检查这一条的括号")]
    except UnicodeDecodeError:
        return None, [invalid("", "不是 UTF-8 编码，请用 UTF-8 重新保存")]
    except (DecodeError, ValueError) as error:
        if not _is_utf8(text):
            return None, [invalid("", "不是 UTF-8 编码，请用 UTF-8 重新保存")]
        beyond = _beyond_reading(text)
        if beyond:
            return None, beyond
        place = re.search(r"byte (\d+)", str(error))
        where = f"第 {int(place[1]) + 1} 个字节附近" if place else "末尾"
        return None, [invalid("", f"不是完整的 JSON（{where}），请检查引号、逗号和括号")]


def _is_utf8(text: bytes) -> bool:
    """Return whether a text is all UTF-8, which one saved as "Unicode" (UTF-16) is not."""
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _beyond_reading(text: bytes) -> list[Problem]:
    """Return problems of strings and numbers that parse but no program uses; empty for any other fault."""
    import json  # noqa: PLC0415  # only what is wrong is read by it

    problems: list[Problem] = []
    try:
        for path, value in _inside(json.loads(text, parse_float=JsonNumber, parse_int=JsonNumber)):
            found = _SURROGATE.search(value) if isinstance(value, str) else None
            if found is not None:
                problems.append(invalid(path, f"“\\u{ord(found[0]):04x}”只是半个字符，请改正"))
            elif isinstance(value, JsonNumber) and len(value.text) > _MOST_DIGITS:
                problems.append(invalid(path, f"这个数有 {len(value.text)} 位，太长，请改正"))
    except (ValueError, RecursionError):
        return []
    return [one for one in problems if _SURROGATE.search(one.field) is None] or [
        invalid("", one.message) for one in problems[:1]
    ]


def _inside(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield a value and everything inside it, each with its path; a key, of the path of its object, before its part.

    No step costs more where it is deep: whoever sends a text also chooses how deep it is.
    """
    left: list[Iterator[tuple[str, Any]]] = [iter((("", value),))]
    while left:
        for path, one in left[-1]:
            yield path, one
            if isinstance(one, dict | list):
                left.append(_parts(path, one))
                break
        else:
            left.pop()


def _parts(path: str, value: dict[str, Any] | list[Any]) -> Iterator[tuple[str, Any]]:
    """Yield the keys and parts of an object, or the parts of an array."""
    if isinstance(value, list):
        for index, part in enumerate(value):
            yield join(path, index), part
        return
    for key, part in value.items():
        yield path, key
        yield join(path, key), part


def _outer_keys(value: Any) -> int:
    """Return how many keys a value has at least: those within the objects of a list, as a bill's lines, are left out.

    A text with no more colons than these has no duplicate either, and is told so without a look at every line's fields.
    """
    objects, count = [value] if type(value) is dict else [], 0
    for one in objects:  # which grows meanwhile
        count += len(one)
        for part in one.values():
            if type(part) is dict:
                objects.append(part)
            elif type(part) is list and set(map(type, part)) == _OBJECTS:
                count += sum(map(len, part))
    return count


def _keys(value: Any) -> int:
    """Return how many keys a value has at all depths.

    A text with no more colons than keys has no duplicate; one with more may only have colons in its strings.
    """
    if type(value) is dict:
        count, parts = len(value), value.values()
    else:
        count, parts = 0, value
    for part in parts:
        if type(part) is dict or type(part) is list:
            count += _keys(part)
    return count


def _keys_written(text: bytes) -> int:
    """Return how many keys a JSON text has, a duplicate counted as often as it is written."""
    return sum(map(bool, _STRING.findall(text)))


def _remember_repeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the object of these pairs, with its duplicate keys remembered."""
    result = _Repeating(pairs)
    if len(result) != len(pairs):
        result.repeated = tuple(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
    return result


def _repeated_keys(text: bytes) -> list[Problem]:
    """Return a problem for every duplicate key."""
    import json  # noqa: PLC0415  # only what is wrong is read by it

    value = json.loads(text, object_pairs_hook=_remember_repeated, parse_float=JsonNumber, parse_int=JsonNumber)
    return [
        invalid(join(path, key), f"“{key}”写了两次，请只留一个")
        for path, one in _inside(value)
        if isinstance(one, _Repeating)
        for key in one.repeated
    ]


def as_bytes(value: Any) -> bytes:
    """Return a decoded JSON value as JSON with its keys in order; a number with a fraction becomes its text."""
    return fast_json.encode(value, enc_hook=_text, order="deterministic")


def fingerprint(value: Any) -> str:
    """Return the SHA-256 of a decoded JSON value; key order, and 12.5 against "12.5", make no difference."""
    import hashlib  # noqa: PLC0415  # and with it a large library that no quote needs

    return hashlib.sha256(as_bytes(_plain(value))).hexdigest()


def _text(value: Any) -> str:
    if isinstance(value, JsonNumber):
        return value.text
    raise TypeError(type(value))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items() if part is not None}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, JsonNumber) or (isinstance(value, int) and not isinstance(value, bool)):
        return str(value)
    return value
