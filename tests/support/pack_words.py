"""What the packs that come with the program say where they refuse a visit, and what stands for a missing figure."""

import tomllib
from functools import cache
from typing import Any

from gongji.files import resource_folder

_REFUSES = {"refused", "undefined"}


@cache
def refusals() -> frozenset[str]:
    """Every sentence of a pack that a refusal may consist of."""
    found: set[str] = set()
    for path in (resource_folder() / "policies").glob("*/*.toml"):
        _collect(tomllib.loads(path.read_text(encoding="utf-8")), found)
    return frozenset(found)


def _collect(value: Any, found: set[str]) -> None:
    if isinstance(value, list):
        for one in value:
            _collect(one, found)
    elif isinstance(value, dict):
        for name, one in value.items():
            if name in _REFUSES and isinstance(one, str):
                found.add(one)
            else:
                _collect(one, found)
