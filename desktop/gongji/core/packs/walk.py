"""Walks the records of a pack, so that what is true of every rule, condition or counter is checked in one place."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from gongji.core.problems import join

_NESTING = (Struct, tuple, dict)


def records(value: Any, path: str = "") -> Iterator[tuple[str, Struct]]:
    """Yield every record inside a value with its path, the value itself first."""
    if isinstance(value, Struct):
        yield path, value
        for name in value.__struct_fields__:
            part = getattr(value, name)
            if isinstance(part, _NESTING):
                yield from records(part, join(path, name))
    elif isinstance(value, tuple):
        for index, part in enumerate(value):
            if isinstance(part, _NESTING):
                yield from records(part, join(path, index))
    elif isinstance(value, dict):
        for key, part in value.items():
            if isinstance(part, _NESTING):
                yield from records(part, join(path, key))
