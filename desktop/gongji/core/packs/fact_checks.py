"""Checks of a pack's facts and conditions, of what a visit must bring, of levels and types of institutions."""

import re
from collections.abc import Iterator

from msgspec import Struct

from gongji.core.packs.accounts import AccountBar
from gongji.core.packs.amount_checks import split_by_of
from gongji.core.packs.benefits import Require
from gongji.core.packs.conditions import check, names_used
from gongji.core.packs.dimensions import CONTRACT, CREDIT_FACTS, Dimension
from gongji.core.packs.entries import PackRow, records
from gongji.core.packs.language import FREE_NAMES, PLACEHOLDER, Pack, WorkedCase
from gongji.core.packs.lines import LineExclude, LineNotice, LineRefuse, Prepay
from gongji.core.problems import Problem, invalid, join
from gongji.core.strict_json import decode
from gongji.core.strict_records import did_you_mean, seen, shown

_LEVEL_ID = re.compile(r"[A-Za-z0-9_]+")
_LINE_SCOPE = (Prepay, LineRefuse, LineExclude, LineNotice, AccountBar)


def fact_problems(pack: Pack, known: dict[str, Dimension]) -> Iterator[Problem]:
    """Yield what is wrong with the facts a pack declares and with what its conditions ask."""
    yield from _facts(pack)
    yield from _conditions(pack, known)


def _facts(pack: Pack) -> Iterator[Problem]:
    for name, fact in pack.fact.items():
        path = f"fact.{name}"
        if name in CONTRACT or name in {"level", *FREE_NAMES, "year"}:
            yield invalid(path, "这个名称已有固定含义，请改名")
        if (fact.kind == "choice") != bool(fact.values):
            yield invalid(f"{path}.values", "kind 为 choice 时须列出 values，其他种类不列")
        if (fact.kind == "within") != (fact.days is not None):
            yield invalid(f"{path}.days", "kind 为 within 时须写 days（有效多少天），其他种类不写")
        if fact.default is not None and fact.default not in fact.values:
            yield invalid(f"{path}.default", f"应为 {'、'.join(fact.values)} 之一")
        if name not in _asked(pack):
            yield invalid(path, "没有任何一处用到这个事实，请删去")


def _asked(pack: Pack) -> set[str]:
    """Return the names of all facts that any part of the pack asks for."""
    names = {name for _, record in records(pack) for name in names_used(getattr(record, "when", None))}
    names |= {name for benefit in pack.benefit.values() for name in benefit.split_by}
    names |= {name for parameter in pack.parameter.values() for name in parameter.by}
    return names | {name for accumulator in pack.accumulator for name in PLACEHOLDER.findall(accumulator)}


def _conditions(pack: Pack, known: dict[str, Dimension]) -> Iterator[Problem]:
    for path, record in records(pack):
        if not hasattr(record, "when"):
            continue
        if record.when is not None:
            allowed = {name: one for name, one in known.items() if _may_ask(path, record, name, one, pack)}
            yield from check(record.when, join(path, "when"), allowed)
        if isinstance(record, PackRow) and record.otherwise and record.when is not None:
            yield invalid(join(path, "otherwise"), "otherwise 的行不能再写 when")


def _may_ask(path: str, record: Struct, name: str, dimension: Dimension, pack: Pack) -> bool:
    """Return whether the condition of a record may ask for a fact: one that is known where the record is used."""
    if path.startswith("credit."):
        return name in CREDIT_FACTS
    if dimension.scope == "line":
        return isinstance(record, _LINE_SCOPE) or name in split_by_of(pack, path)
    return dimension.scope == "visit"


def requirement_problems(pack: Pack, known: dict[str, Dimension]) -> Iterator[Problem]:
    """Yield rows and cases that leave out what they must state, and what no visit can be required to bring."""
    for index, row in enumerate(() if pack.credit is None else pack.credit.row):
        if row.rule is None:
            yield invalid(f"credit.row.{index}.rule", "缺少“rule”，请写明依据哪条规则")
    for index, case in enumerate(pack.case):
        if not (case.expect or case.accumulators or case.refused):
            yield invalid(f"case.{index}", "例子须写明结果：expect、accumulators 或 refused")
    for path, record in records(pack):
        if isinstance(record, Require):
            fact = known.get(record.field)
            allowed = record.field in CREDIT_FACTS if path.startswith("credit.") else fact and fact.scope == "visit"
            if fact is None or not allowed or not (fact.optional or fact.kind == "set"):
                yield invalid(join(path, "field"), f"“{shown(record.field)}”不是可以不填的事实，不能要求填写")


def level_problems(pack: Pack) -> Iterator[Problem]:
    """Yield levels listed twice, and levels that follow the rules of one that has none of its own."""
    ids = [level.id for level in pack.level]
    own = [level.id for level in pack.level if level.same_as is None]
    for index, level in enumerate(pack.level):
        if ids.index(level.id) != index:
            yield invalid(f"level.{index}.id", f"级别 {level.id} 列了两次")
        if level.same_as is not None and level.same_as not in own:
            allowed = f"，应为 {'、'.join(own)} 之一" if own else ""
            yield invalid(f"level.{index}.same_as", f"没有独立的级别 {shown(level.same_as)}{allowed}")


def level_name_problems(pack: Pack) -> Iterator[Problem]:
    """Yield level ids that no visit can name, and visits of worked cases at a level that the pack does not list."""
    ids = [level.id for level in pack.level]
    for index, one in enumerate(ids):
        if not _LEVEL_ID.fullmatch(one):
            text = f"级别的编号只能用半角的字母、数字和下划线，例如 1、unrated，现为 {seen(one)}"
            yield invalid(f"level.{index}.id", text)
    for index, case in enumerate(pack.case):
        yield from _levels_of_case(f"case.{index}.visit", case, ids)


def _levels_of_case(path: str, case: WorkedCase, ids: list[str]) -> Iterator[Problem]:
    """Report levels in the visit of a worked case that the pack does not list, unless it is there to be refused."""
    visit, unreadable = decode(case.visit.encode())
    if unreadable or not isinstance(visit, dict) or case.refused is not None:
        return  # what is no visit is told when the cases are settled
    for who in ("institution", "prescriber"):
        rated = visit.get(who)
        level = rated.get("level") if isinstance(rated, dict) else None
        if isinstance(level, str) and level not in ids:
            yield invalid(path, f"{who}.level：没有级别 {shown(level)}，应为 {'、'.join(ids)} 之一")


def institution_type_problems(pack: Pack, known: dict[str, Dimension]) -> Iterator[Problem]:
    """Yield types of institutions that there are not, for which a pack says whose level counts or is chosen."""
    for kind in ("prescriber_level", "prescriber_selected"):
        types = list(known["institution_type"].words)
        for institution_type in getattr(pack, kind):
            if institution_type not in types:
                hint = did_you_mean(institution_type, types)
                yield invalid(f"{kind}.{institution_type}", f"没有这种机构类型{hint}")
