"""The sentences with which the shipped packs refuse a visit or pay nothing."""

import tomllib
from functools import cache
from typing import Any

from gongji.files import resource_folder

_REFUSES = {"require", "refuse", "undefined", "gate", "bar", "exclude", "notice"}


@cache
def refusals() -> frozenset[str]:
    """Every sentence by which a pack refuses a visit, or says that something is not paid."""
    found: set[str] = set()
    for path in (resource_folder() / "policies").glob("*/*.toml"):
        _collect(tomllib.loads(path.read_text(encoding="utf-8")), found, refuses=False)
    return frozenset(found)


def _collect(value: Any, found: set[str], *, refuses: bool) -> None:
    """Collect the texts of what refuses, wherever in a pack it stands."""
    if isinstance(value, list):
        for one in value:
            _collect(one, found, refuses=refuses)
    elif isinstance(value, dict):
        for name, one in value.items():
            if isinstance(one, str) and (name == "undefined" or (refuses and name == "text")):
                found.add(one)
            _collect(one, found, refuses=refuses or name in _REFUSES)
