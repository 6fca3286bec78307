"""What was handed in, as bytes to keep and as a fingerprint to know it again by."""

import hashlib
from typing import Any

from msgspec import json

from gongji.core.strict_json import JsonNumber


def as_bytes(value: Any) -> bytes:
    """Return a decoded JSON value as JSON with its keys in order; a number with a fraction becomes its text."""
    return json.encode(value, enc_hook=_text, order="deterministic")


def fingerprint(value: Any) -> str:
    """Return SHA-256 of what a decoded JSON value says: the order of keys, and 12.5 or "12.5", make no difference."""
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
