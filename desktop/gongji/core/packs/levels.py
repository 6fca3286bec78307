"""Checks of a pack's levels and types of institutions: its own list, and who names one of them."""

import re
from collections.abc import Iterator

from gongji.core.packs.dimensions import Dimension
from gongji.core.packs.language import Pack, WorkedCase
from gongji.core.problems import Problem, invalid
from gongji.core.strict_json import decode
from gongji.core.strict_records import did_you_mean, seen, shown

_LEVEL_ID = re.compile(r"[A-Za-z0-9_]+")


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
