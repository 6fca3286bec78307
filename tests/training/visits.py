"""Sample visits written out whole, as the command-line contract has them."""

from collections.abc import Mapping
from typing import Any

from gongji.core.money import line_fen, parse_e4, yuan
from tests.training.areas import Area
from tests.training.limits import Ground
from tests.training.people import Someone
from tests.training.scenes import SCENES, Crowd, Item, Scene
from tests.training.tables import CATEGORY, CLASS, Row


def sample_visits(area: Area, ground: Ground, crowd: Crowd, items: Mapping[str, Row]) -> list[dict[str, Any]]:
    """Return an area's sample visits, each of somebody else; `items` is what can be charged, by name."""
    visits: list[dict[str, Any]] = []
    for number, scene in enumerate(SCENES[area.code], start=1):
        came = {one["person"]["id"] for one in visits}
        others = crowd._replace(people=[one for one in crowd.people if one.id not in came])
        visit_no = f"培训-{ground.policy.pack.area_name}-{number:02d}"
        visits.append(visit(visit_no, scene, area, ground, others, items))
    return visits


def visit(
    number: str, scene: Scene, area: Area, ground: Ground, crowd: Crowd, items: Mapping[str, Row]
) -> dict[str, Any]:
    """Return one visit; only its own area's open parameters are known at the clinic."""
    one = scene.who(crowd)
    known = {name: yuan(fen) for name, fen in crowd.years.get(one.id, {}).items()}
    return {
        "visit_no": number,
        "area": one.area,
        "settled_on": ground.on.isoformat(),
        "benefit": "general",
        **scene.more,
        "institution": institution(area),
        "person": _person(one),
        "lines": [_line(item, items) for item in scene.items],
        "accumulators": known,
        "accounts": _accounts(one, crowd),
        "parameters": area.parameters if one.area == area.code else {},
    }


def institution(area: Area) -> dict[str, Any]:
    """Return the clinic as the contract has it."""
    clinic = area.institution
    return {
        "id": clinic.id,
        "name": clinic.name,
        "type": clinic.type,
        "level": clinic.level,
        "grade": clinic.grade,
        "designated": clinic.designated,
        "pooled": clinic.pooled,
    }


def _person(one: Someone) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "status": one.status,
        "employment": one.employment,
        "birth_date": one.born.isoformat(),
        "supplements": list(one.supplements),
        "selected_institution": one.selected,
        "entitled": one.entitled,
        "registrations": {"chronic": list(one.diseases)},
    }


def _line(item: Item, items: Mapping[str, Row]) -> dict[str, Any]:
    name, quantity, *more = item
    row = items[name]
    optional = {"prepay_ratio": row["先行自付比例"], "price_ceiling": row["限价"]}
    extra: dict[str, Any] = more[0] if more else {}
    return {
        "code": row["编码"],
        "name": name,
        "category": CATEGORY[row["类别"]],
        "class": CLASS[row["甲乙丙"]],
        "unit_price": row["单价"],
        "quantity": quantity,
        "amount": yuan(line_fen(parse_e4(row["单价"]), parse_e4(quantity))),
        **{field: text for field, text in optional.items() if text},
        "negotiated": row["谈判药"] == "是",
        **extra,
    }


def _accounts(one: Someone, crowd: Crowd) -> dict[str, Any]:
    """Return the accounts whose balance is known."""
    family = [
        {
            "id": link.account,
            "relation": link.relation,
            "balance": yuan(crowd.balances[link.account]),
            "authorised": link.authorised,
            "area": link.area or None,
        }
        for link in crowd.links
        if link.person == one.id and link.account in crowd.balances
    ]
    own = {"own": {"balance": yuan(crowd.balances[one.id])}} if one.id in crowd.balances else {}
    return {**own, "family": family}
