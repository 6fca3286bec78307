"""不寻常的数: unusual figures, to be confirmed before settling; the limits are in 设置."""

import datetime

from msgspec import Struct, json, structs

from gongji.core.ledger.draft import Draft
from gongji.core.money import line_fen, parse_e4, price, yuan
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.store import search, settings

_SETTING = "plausible"


class UsualFigures(Struct, frozen=True, kw_only=True):
    """The limits of usual figures.

    A line's quantity in whole units, the factor by which a price may differ from the catalogue's, the change
    given back and the visit's total in fen.
    """

    quantity: int = 300
    price_times: int = 5
    change_fen: int = 500_00
    total_fen: int = 5_000_00


class Doubt(Struct, frozen=True):
    """An unusual figure, in a sentence, and the place of its line; None for the visit as a whole."""

    sentence: str
    place: int | None = None


def usual(session: Session) -> UsualFigures:
    """Return the current limits."""
    kept = settings.get(session.store.reader, _SETTING)
    return UsualFigures() if kept is None else json.decode(kept, type=UsualFigures)


def set_usual(session: Session, limits: UsualFigures) -> None:
    """Set the limits. Raises `GongjiError` where one is not above zero, since every visit would be doubted."""
    if any(getattr(limits, name) <= 0 for name in UsualFigures.__struct_fields__):
        raise GongjiError("限额要大于 0", "请改正后再保存")
    words = "；".join(f"{name}：{value}" for name, value in structs.asdict(limits).items())
    session.keep_setting(_SETTING, json.encode(limits).decode(), words)


def doubts_of(session: Session, draft: Draft, on: datetime.date, total_fen: int, change_fen: int) -> list[Doubt]:
    """Return a visit's unusual figures: quantities, prices against the catalogue's, the total, the change."""
    limits = usual(session)
    listed = _listed(session, draft, on)
    found = []
    for place, line in enumerate(draft.lines):
        where = f"第 {place + 1} 行“{line.name}”"
        quantity_e4, price_e4 = parse_e4(line.quantity), parse_e4(line.unit_price)
        if quantity_e4 > limits.quantity * 10_000:
            amount = yuan(line_fen(price_e4, quantity_e4))
            found.append(Doubt(f"{where}的数量是 {line.quantity}{line.unit}，计 {amount} 元", place))
        usual_e4 = listed.get(line.code)
        if usual_e4 and _is_far(price_e4, usual_e4, limits.price_times):
            found.append(Doubt(f"{where}的单价是 {line.unit_price} 元，目录里是 {price(usual_e4)} 元", place))
    if total_fen > limits.total_fen:
        found.append(Doubt(f"总费用 {yuan(total_fen)} 元"))
    if change_fen > limits.change_fen:
        found.append(Doubt(f"要找零 {yuan(change_fen)} 元"))
    return found


def _listed(session: Session, draft: Draft, on: datetime.date) -> dict[str, int]:
    """Return the catalogue's price of each item of a visit, by its code."""
    found = search.items_by_code(session.store.reader, {line.code for line in draft.lines}, on)
    return {one.code: one.unit_price_e4 for one in found}


def _is_far(given_e4: int, listed_e4: int, times: int) -> bool:
    """Return whether two prices differ by a factor (`times`) or more; a given price of zero does not."""
    return given_e4 >= listed_e4 * times or 0 < given_e4 * times <= listed_e4
