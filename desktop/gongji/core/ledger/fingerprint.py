"""The input of a settlement as bytes to store, and its fingerprint, by which the same input is recognised."""

import hashlib
from typing import Any

from msgspec import json

from gongji.core.strict_json import JsonNumber


def as_bytes(value: Any) -> bytes:
    """Return a decoded JSON value as JSON with its keys in order; a number with a fraction becomes its text."""
    return json.encode(value, enc_hook=_text, order="deterministic")


def fingerprint(value: Any) -> str:
    """Return the SHA-256 of a decoded JSON value; key order, and 12.5 against "12.5", make no difference."""
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
