"""Walks the records of a pack, so that what is true of every rule, condition or counter is checked in one place."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct, structs

from gongji.core.problems import join


def records(value: Any, path: str = "") -> Iterator[tuple[str, Struct]]:
    """Yield every record inside a value with its path, the value itself first."""
    if isinstance(value, Struct):
        yield path, value
        for field in structs.fields(value):
            yield from records(getattr(value, field.name), join(path, field.encode_name))
    elif isinstance(value, tuple):
        for index, part in enumerate(value):
            yield from records(part, join(path, index))
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from records(part, join(path, key))
