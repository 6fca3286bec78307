"""Merging the agency's data on an item into the clinic's own list. Pure.

What decides money is the agency's: class, share borne first, ceiling, whether negotiated. The item's name and the
unit in which it is sold stay the clinic's, since its price is for that unit.
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from gongji.core.imports.catalogue_feed import AgencyRow, newer
from gongji.core.imports.rows import ItemRow
from gongji.core.money import E4, E12

_DAY = datetime.timedelta(days=1)


def merged(editions: Sequence[ItemRow], rows: Sequence[AgencyRow], level: str) -> list[ItemRow]:
    """Return the editions of an item that are new or changed, for an institution of a level.

    `editions` are all the clinic has of one code, at least one; `rows` all the agency's rows of it. Before the first
    edition the clinic did not have the item, and earlier rows do not matter.
    """
    own = sorted(editions, key=lambda one: one.starts)
    known = {one.starts: one for one in own}
    found: list[ItemRow] = []
    before: ItemRow | None = None
    for day in sorted(known.keys() | {day for day in _turns(rows) if day > own[0].starts}):
        base = _in_force(own, day)
        if base is None:
            before = None
            continue
        one = _told(replace(base, starts=day), rows, level)
        same = (
            one == known[day] if day in known else before is not None and replace(one, starts=before.starts) == before
        )
        if not same:
            found.append(one)
        before = one
    return found


def _turns(rows: Iterable[AgencyRow]) -> Iterator[datetime.date]:
    """Yield the days on which rows of the agency begin, or have ended."""
    for row in rows:
        yield datetime.date.fromisoformat(row.starts)
        if row.ends is not None:
            yield datetime.date.fromisoformat(row.ends) + _DAY


def _in_force(own: Sequence[ItemRow], day: datetime.date) -> ItemRow | None:
    begun = [one for one in own if one.starts <= day and (one.ends is None or one.ends >= day)]
    return begun[-1] if begun else None


def _told(base: ItemRow, rows: Sequence[AgencyRow], level: str) -> ItemRow:
    """Return an edition with the agency's data of its first day; other fields stay the clinic's."""
    item = said_on(rows, "name", base.starts) or {}
    insured = said_on(rows, "class", base.starts) or {}
    class_ = insured.get("class", base.class_)
    here = [row for row in rows if level in row.said.get("level", ())]
    ratio, ceiling = base.prepay_ratio, base.price_ceiling
    if any("ratio" in row.said for row in rows):
        ratio = (said_on(rows, "ratio", base.starts) or {}).get("ratio")
    if here:
        ceiling = (said_on(here, "ceiling", base.starts) or {}).get("ceiling")
    return replace(
        base,
        negotiated=item.get("negotiated", base.negotiated),
        category=insured.get("category", item.get("category", base.category)),
        fee_category=insured.get("fee_category", base.fee_category),
        class_=class_,
        prepay_ratio=None if ratio is None or class_ != "B" else E12(ratio),
        price_ceiling=None if ceiling is None else E4(ceiling),
    )


def said_on(rows: Iterable[AgencyRow], what: str, day: datetime.date) -> dict[str, Any] | None:
    """Return the agency's data about something on a day: of rows in force the one begun last, then reported last."""
    best: AgencyRow | None = None
    on = day.isoformat()
    for row in rows:
        if what not in row.said or not row.valid or on < row.starts or (row.ends is not None and row.ends < on):
            continue
        later = best is None or row.starts > best.starts
        if later or (best is not None and row.starts == best.starts and newer(row.version, best.version)):
            best = row
    return None if best is None else best.said
