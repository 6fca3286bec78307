"""A visit put aside, restored or begun before midnight is settled with the catalogue of its own day.

Price, class and first share of a line are those of the day the visit is settled for, not of the day it was entered;
what the clerk changed stays, and every change is reported.
"""

import datetime

from msgspec import structs

from gongji.core.ledger.draft import Draft, DraftLine
from gongji.core.money import parse_ratio, percent
from gongji.core.packs.dimensions import CONTRACT
from gongji.desk.session import Session
from gongji.desk.visits.drafts import line_of
from gongji.desk.visits.search import find_items
from gongji.store.search import ItemFound

_FIELDS = {
    "unit_price": "单价",
    "class_": "类别",
    "prepay_ratio": "先行自付",
    "price_ceiling": "限价",
    "negotiated": "谈判药品",
}


def on_day(session: Session, draft: Draft, day: datetime.date) -> tuple[Draft, tuple[str, ...]]:
    """Return a draft with its lines as the catalogue has them on a day, and a sentence for each that changed.

    A line without a catalogue item stays as it is; one whose item is not in force on the day keeps what was entered.
    """
    lines, sentences = [], []
    for one in draft.lines:
        line, sentence = _line(session, one, day)
        lines.append(line)
        sentences += [sentence] if sentence else []
    if tuple(lines) == draft.lines:
        return draft, ()
    return structs.replace(draft, lines=tuple(lines)), tuple(sentences)


def is_of_day(draft: Draft, day: datetime.date) -> bool:
    """Return whether every line from the catalogue is as of a day."""
    return all(one.as_of in {"", day.isoformat()} for one in draft.lines)


def _line(session: Session, one: DraftLine, day: datetime.date) -> tuple[DraftLine, str]:
    if one.as_of in {"", day.isoformat()}:
        return one, ""
    then = _item(session, one.code, datetime.date.fromisoformat(one.as_of))
    now = _item(session, one.code, day)
    if now is None:
        sentence = f"“{one.name}”在 {day} 的目录里没有，仍按录入时的单价和类别，请核对"
        return structs.replace(one, as_of=day.isoformat()), sentence  # so that it is said once
    if then is None:
        return structs.replace(one, as_of=day.isoformat()), ""
    before, after = line_of(then), line_of(now)
    changed = {
        name: getattr(after, name)
        for name in _FIELDS
        if getattr(before, name) != getattr(after, name) and getattr(one, name) == getattr(before, name)
    }
    words = [f"{word} {_shown(one, name)} → {_shown(after, name)}" for name, word in _FIELDS.items() if name in changed]
    sentence = f"“{one.name}”按 {day} 的目录：{'，'.join(words)}" if words else ""
    return structs.replace(one, as_of=day.isoformat(), **changed), sentence


def _item(session: Session, code: str, day: datetime.date) -> ItemFound | None:
    return next((one for one in find_items(session.store, code, day) if one.code == code), None)


def _shown(line: DraftLine, name: str) -> str:
    value = getattr(line, name)
    if name == "class_":
        return CONTRACT["class"].words[value]
    if name == "negotiated":
        return "是" if value else "否"
    if value is None:
        return "无"
    return percent(parse_ratio(value)) if name == "prepay_ratio" else str(value)
