"""开放参数: figures that a document leaves to the agency's notices; each shows who entered it from which notice."""

from collections.abc import Mapping
from itertools import product
from typing import Any

from msgspec import Struct, json

from gongji.core.engine.parameters import read_parameters
from gongji.core.engine.policy import Policy
from gongji.core.ledger.audit import Act
from gongji.core.packs.language import Parameter
from gongji.desk.reasons import reason_of
from gongji.desk.roles import only, second, with_second
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.store import audit, settings
from gongji.store.settings import ParameterEntry

__all__ = ["ParameterEntry", "ParameterSlot", "enter", "entered", "places_of", "value_of"]


class ParameterSlot(Struct, frozen=True, kw_only=True):
    """A place for a parameter's figure: its keys and their meaning; `fixed` where the document gives it."""

    keys: tuple[str, ...]
    words: str
    fixed: str | None


def entered(session: Session, area: str) -> list[ParameterEntry]:
    """Return every entry of an area, the newest first; the first of each name is in effect."""
    return settings.entered(session.store.reader, area)


def places_of(policy: Policy, parameter: Parameter, years: tuple[int, ...]) -> list[ParameterSlot]:
    """Return every figure a parameter may have; for those that go by year, of these years."""
    axes = [
        [(str(year), f"{year} 年") for year in years]
        if fact == "year"
        else [(str(value), word) for value, word in policy.known[fact].words.items()]
        for fact in parameter.by
    ]
    found = []
    for combination in product(*axes):
        keys = tuple(key for key, _ in combination)
        words = "、".join(word for _, word in combination) or parameter.name
        found.append(ParameterSlot(keys=keys, words=words, fixed=parameter.fixed.get(".".join(keys))))
    return found


def value_of(figures: Mapping[tuple[str, ...], str]) -> Any:
    """Return a parameter's value in the contract's form from its figures by keys; empty ones are left out."""
    if () in figures:
        return figures[()]
    value: dict[str, Any] = {}
    for keys, text in figures.items():
        if text:
            inner = value
            for key in keys[:-1]:
                inner = inner.setdefault(key, {})
            inner[keys[-1]] = text
    return value


@only("parameter")
def enter(session: Session, policy: Policy, name: str, value: Any, notice: str) -> None:
    """Store a parameter's figures and the notice they come from. Raises `GongjiError` that says what is wrong."""
    notice = reason_of(notice, "没有写明出自哪个通知", "请填写通知的名称、文号或日期", what="出自哪个通知")
    if not value:
        raise GongjiError("一个数也没有填", "请至少填写一格")
    declared = {name: policy.pack.parameter[name]}
    _, problems = read_parameters({name: value}, declared, policy.known)
    if problems:
        keys = problems[0].field.removeprefix(f"parameters.{name}").split(".")[1:]
        words = [policy.known[fact].words.get(key, key) for fact, key in zip(declared[name].by, keys, strict=False)]
        where = f"{'、'.join(map(str, words))}：" if words else ""
        raise GongjiError(f"{where}{problems[0].message}", "请按通知上的数改正")
    at, other = session.now(), second(session, "parameter")
    with session.store.write() as connection:
        settings.put_parameter(connection, policy.pack.area, name, value, notice, session.operator, at)
        detail = with_second(f"{json.encode(value).decode()} 出自 {notice}", other)
        audit.append(connection, at, session.operator, Act.PARAMETER, f"{policy.pack.area} {name}", detail)
