"""Every message is checked against the interface before it leaves and when it arrives: types, lengths, presence."""

import datetime
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from msgspec import Struct

from gongji.core.strict_json import JsonNumber

_FIELD = re.compile(r"(\w+) (c|n|d|t|b)(?:(\d+)(?:,(\d+))?)?(!?)\Z")
_MOST_WHOLE = 14
_NUMBER = re.compile(rf"-?\d{{1,{_MOST_WHOLE}}}(?:\.\d+)?\Z", re.ASCII)
_WRITTEN = {
    "d": re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII),
    "t": re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\Z", re.ASCII),
}


class UnfitError(ValueError):
    """A message that the interface would refuse; the sentence says which fields and why."""


class InterfaceField(Struct, frozen=True):
    """A field: its kind, the length of its text or its number of digits, decimals, whether it is required."""

    name: str
    kind: str
    length: int
    decimals: int
    required: bool


@cache
def fields(short: str) -> tuple[InterfaceField, ...]:
    """Return the fields that the short form of a node lists."""
    found = []
    for part in short.split("; "):
        match = _FIELD.match(part)
        assert match is not None, part
        name, kind, length, decimals, required = match.groups()
        found.append(InterfaceField(name, kind, int(length or 0), int(decimals or 0), bool(required)))
    return tuple(found)


@cache
def _quickly(short: str) -> tuple[tuple[InterfaceField, str, int, re.Pattern[str] | None], ...]:
    """Return each field of a node, its name, the length of a text that is surely right, a number's pattern."""
    return tuple((one, one.name, one.length if one.kind == "c" else 0, _digits(one)) for one in fields(short))


@cache
def _digits(field: InterfaceField) -> re.Pattern[str] | None:
    """Return the pattern of a number that a field takes: zeros after its decimals are free. None for other kinds."""
    if field.kind != "n":
        return None
    whole = min(field.length - field.decimals, _MOST_WHOLE)
    return re.compile(rf"-?\d{{1,{whole}}}(?:\.\d{{0,{field.decimals}}}0*(?<!\.))?\Z", re.ASCII)


def faults(nodes: Mapping[str, str], content: Any) -> Iterator[str]:
    """Yield what is wrong with a message's nodes, each as the place of the field and a few Chinese words."""
    if not isinstance(content, Mapping):
        yield "：应为一个对象"
        return
    for node, short in nodes.items():
        name = node.strip("[]?")
        value = content.get(name) if name else content
        if is_empty(value):
            if not node.endswith("?"):
                yield f"{name}：缺少"
        elif node.startswith("["):
            # an array by rule, a single object in the documents' own sample
            rows = value if isinstance(value, list) else [value]
            for place, row in enumerate(rows):
                yield from _faults_of_row(short, row, f"{name}.{place}")
        elif isinstance(value, list):
            yield f"{name}：应为一个对象"
        else:
            yield from _faults_of_row(short, value, name)


def _faults_of_row(short: str, row: Any, place: str) -> Iterator[str]:
    if not isinstance(row, Mapping):
        yield f"{place}：应为一个对象"
        return
    for field, name, most, digits in _quickly(short):
        value = row.get(name)
        if type(value) is str:  # nearly all are right, and seen to be without another call
            length = len(value)
            if 0 < length <= most and value.isprintable():
                continue
            if length and digits is not None and digits.match(value):
                continue
        empty = value is None or value == ""
        wrong = ("缺少" if field.required else None) if empty else fault(field, value)
        if wrong:
            yield f"{place}.{field.name}：{wrong}" if place else f"{field.name}：{wrong}"


def fault(field: InterfaceField, value: Any) -> str | None:
    """Return what is wrong with a value that is not empty; None where nothing is."""
    if field.kind == "b" and isinstance(value, list):
        return None if all(type(one) is int for one in value) else "应为字节"
    text = plain(value)
    if text is None:
        return "应为文字或数"
    if (digits := _digits(field)) is not None:
        return None if digits.match(text) else _number_fault(field, text)
    if field.kind in _WRITTEN:
        return None if _is_time(field.kind, text) else "应为日期" if field.kind == "d" else "应为日期和时间"
    if len(text) > field.length:
        return f"太长（{len(text)} 个字，最多 {field.length}）"
    return None if text.isprintable() or "\n" in text else "含有看不见的字符"


def _number_fault(field: InterfaceField, text: str) -> str | None:
    if not _NUMBER.match(text):
        return "应为数"
    whole, _, decimals = text.lstrip("-").partition(".")
    if len(whole) > field.length - field.decimals:
        return "数太大"
    return "小数太多" if len(decimals.rstrip("0")) > field.decimals else None


def _is_time(kind: str, text: str) -> bool:
    if not _WRITTEN[kind].match(text):
        return False
    try:
        datetime.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_empty(value: Any) -> bool:
    """Return whether a field says nothing."""
    return value is None or value == ""


def plain(value: Any) -> str | None:
    """Return a value of a message as text, however it was written; None for neither text nor number."""
    if type(value) is str:
        return value
    if type(value) is JsonNumber:
        return value.text
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return None
