"""Everything that is wrong with the shape of a value: missing, unknown and mistyped parts, all found in one walk.

msgspec reads a value into a record fast and stops at the first fault. When it does, this walk over the same types
names every fault with its path. It knows the kinds of types that our records use and no more.
"""

import datetime
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Annotated, Any, TypeVar

from msgspec import NODEFAULT, Meta, Struct, ValidationError, convert, inspect

from gongji.core.problems import LONGEST_QUOTED, Problem, invalid, join, quoted

Reader = Callable[[type, Any], Any]
"""Converts an input into a custom type such as `Fen`; raises ValueError with a Chinese sentence."""

Text = Annotated[str, Meta(min_length=1)]
"""A text that is not empty."""

Record = TypeVar("Record", bound=Struct)

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOST_KEYS_SHOWN = 4
_LONGEST_KEY = 500
_LARGEST_SHOWN = 10**18


def prepare(*kinds: type[Struct]) -> None:
    """Let msgspec build its decoders for these record types while only one thread runs (at import).

    msgspec stores them on the class at first use and is not thread-safe there: two threads that read a type for
    the first time at once crash the process (tests/core/test_core_threads.py).
    """
    for kind in kinds:
        with suppress(ValidationError):
            convert(None, kind)


def _no_custom(kind: type, value: Any) -> Any:
    raise AssertionError((kind, value))  # the records have no field of a type of our own


def read(value: Any, kind: type[Record], reader: Reader = _no_custom) -> Record | list[Problem]:
    """Return the value as a record of this kind, or every problem of its shape.

    null counts as absent, except for a boolean or a member of a closed list.
    """
    try:
        return convert(value, kind, dec_hook=reader)
    except ValidationError:
        value = without_nulls(value, _type_info(kind))
    try:
        return convert(value, kind, dec_hook=reader)
    except ValidationError as error:
        return problems_of(value, kind, reader) or [invalid("", f"无法读入（{error}）")]


def without_nulls(value: Any, kind: inspect.Type) -> Any:
    """Return the value without the nulls that many programs write for absent fields."""
    match kind:
        case inspect.UnionType(types=types):
            inner = next(one for one in types if not isinstance(one, inspect.NoneType))
            return None if value is None else without_nulls(value, inner)
        case inspect.Metadata(type=inner):
            return without_nulls(value, inner)
        case inspect.VarTupleType(item_type=item) if isinstance(value, list):
            return [without_nulls(part, item) for part in value]
        case inspect.StructType(fields=fields) if isinstance(value, dict):
            known = {field.encode_name: field for field in fields}
            return {
                name: without_nulls(part, known[name].type) if name in known else part
                for name, part in value.items()
                if part is not None or name not in known or not _may_be_null(known[name])
            }
        case _:
            return value


def _may_be_null(field: inspect.Field) -> bool:
    optional = field.default is not NODEFAULT or field.default_factory is not NODEFAULT
    return optional and not isinstance(field.type, inspect.BoolType | inspect.LiteralType)


def problems_of(value: Any, kind: type[Struct], reader: Reader) -> list[Problem]:
    """Return every problem of the shape of a value that should be a record of this kind."""
    return list(_walk(value, _type_info(kind), "", reader))


@lru_cache
def _type_info(kind: type[Struct]) -> inspect.Type:
    return inspect.type_info(kind)


def shown(value: object) -> str:
    """Return a value for use in a sentence: as written in a file, shortened, with nothing in it that is not seen."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, list | tuple):
        return "一个列表"
    if isinstance(value, dict):
        return shown("{ " + "、".join(f"{shown(key)} = …" for key in list(value)[:_MOST_KEYS_SHOWN]) + " }")
    if isinstance(value, int) and abs(value) > _LARGEST_SHOWN:
        return "一个太大的数"
    return quoted(str(value))


def seen(value: object) -> str:
    """Return a value that was refused for use in a sentence: shortened, and blanks and invisible signs are seen."""
    text = shown(value)
    return text if text.strip() else "（空白）"


def did_you_mean(name: str, names: list[str]) -> str:
    """Return a suggestion to append to a sentence, empty when no name is close."""
    if not names:
        return ""
    from difflib import get_close_matches  # noqa: PLC0415  # only what is wrong is compared

    close = get_close_matches(name[:LONGEST_QUOTED], names, n=1)
    return f"，是不是“{close[0]}”" if close else ""


def _walk(value: Any, kind: inspect.Type, path: str, reader: Reader) -> Iterator[Problem]:
    match kind:
        case inspect.StructType():
            yield from _walk_record(value, kind, path, reader)
        case inspect.UnionType(types=types):
            if value is not None or not any(isinstance(one, inspect.NoneType) for one in types):
                yield from _walk(
                    value, next(one for one in types if not isinstance(one, inspect.NoneType)), path, reader
                )
        case inspect.VarTupleType():
            yield from _walk_list(value, kind, path, reader)
        case inspect.DictType(value_type=item):
            if isinstance(value, dict):
                for key, part in value.items():
                    yield from _walk(part, item, join(path, key), reader)
            else:
                yield invalid(path, "应为一组“名称: 值”")
        case inspect.CustomType(cls=custom):
            try:
                reader(custom, value)
            except ValueError as error:
                yield invalid(path, f"{error}，现为 {seen(value)}")
        case inspect.Metadata(type=inner):
            yield from _walk(value, inner, path, reader)
        case _:
            yield from _walk_plain(value, kind, path)


def _walk_record(value: Any, kind: inspect.StructType, path: str, reader: Reader) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield invalid(path, "应为一个对象，即花括号括起的若干“名称: 值”")
        return
    for field in kind.fields:
        name = field.encode_name
        if name in value:
            yield from _walk(value[name], field.type, join(path, name), reader)
        elif field.default is NODEFAULT and field.default_factory is NODEFAULT:
            yield invalid(join(path, name), f"缺少“{name}”，请补上")
    names = [field.encode_name for field in kind.fields]
    for key in value:
        if key not in names:
            hint = did_you_mean(str(key), names)
            yield invalid(join(path, str(key)[:_LONGEST_KEY]), f"没有“{shown(key)}”这一项{hint}；请改名或删去")


def _walk_list(value: Any, kind: inspect.VarTupleType, path: str, reader: Reader) -> Iterator[Problem]:
    if not isinstance(value, list | tuple):
        yield invalid(path, "应为一个列表，即方括号括起的若干项")
        return
    if kind.min_length is not None and len(value) < kind.min_length:
        yield invalid(path, f"至少要有 {kind.min_length} 项，现有 {len(value)} 项")
    if kind.max_length is not None and len(value) > kind.max_length:
        yield invalid(path, f"至多 {kind.max_length} 项，现有 {len(value)} 项")
    for index, part in enumerate(value):
        yield from _walk(part, kind.item_type, join(path, index), reader)


def _walk_text(value: Any, kind: inspect.StrType, path: str) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield invalid(path, f"应为文字（加引号），现为 {seen(value)}")
    elif len(value) < (kind.min_length or 0):
        yield invalid(path, "不能为空")
    elif kind.pattern is not None and re.search(kind.pattern, value) is None:
        yield invalid(path, f"“{shown(value)}”的写法不对")


def _walk_plain(value: Any, kind: inspect.Type, path: str) -> Iterator[Problem]:
    match kind:
        case inspect.StrType():
            yield from _walk_text(value, kind, path)
        case inspect.LiteralType(values=values):
            if value not in values or isinstance(value, bool):
                yield invalid(path, f"应为 {'、'.join(map(str, values))} 之一，现为 {seen(value)}")
        case inspect.BoolType():
            if not isinstance(value, bool):
                yield invalid(path, f"应为 true 或 false，现为 {seen(value)}")
        case inspect.IntType(ge=low, le=high):
            whole = isinstance(value, int) and not isinstance(value, bool)
            if not whole or (low is not None and value < low) or (high is not None and value > high):
                yield invalid(path, f"应为整数{_bounds(low, high)}，现为 {seen(value)}")
        case inspect.DateType():
            if type(value) is not datetime.date and not is_iso_date(value):
                yield invalid(path, f"应为存在的日期，写作 2023-05-04，现为 {seen(value)}")
        case inspect.AnyType():
            pass
        case _:  # a record has a type that this walk does not handle
            raise AssertionError(kind)


def _bounds(low: int | None, high: int | None) -> str:
    if low is not None and high is not None:
        return f"（{low} 到 {high}）"
    return "" if low is None else f"（不小于 {low}）"


def is_iso_date(value: Any) -> bool:
    """Return whether a value is the ISO text of an existing date, such as 2023-05-04."""
    if not isinstance(value, str) or _ISO_DATE.fullmatch(value) is None:
        return False
    try:
        datetime.date.fromisoformat(value)
    except ValueError:
        return False
    return True
