"""Made-up visits, the same ones in every run: bills from one catalogue, patients of five areas."""

from random import Random
from typing import Any

AREAS = ("530300", "520300", "620800", "511900", "445300")
SETTLED_ON = "2025-06-16"
"""A day on which every area has a policy in force."""

_SEED = 20250616
_NAMES = (
    "阿莫西林胶囊",
    "布洛芬缓释胶囊",
    "蒙脱石散",
    "苯磺酸氨氯地平片",
    "血常规",
    "一般诊疗费",
    "彩超检查",
    "奥美拉唑肠溶胶囊",
)
_CATALOGUE_SIZE = 3000
_INPATIENT = {
    "inpatient_ratio": {
        "employed": {"1": "0.90", "2": "0.85", "3": "0.80"},
        "retired": {"1": "0.95", "2": "0.90", "3": "0.85"},
    },
    "inpatient_deductible": {"1": "200", "2": "400"},
    "inpatient_cap": "60000",
}
PARAMETERS: dict[str, dict[str, Any]] = {"530300": _INPATIENT, "445300": {"average_wage": {"2023": "91234.56"}}}
_INSTITUTIONS = (
    {"type": "township_clinic", "level": "1"},
    {"type": "village_station", "level": "unrated"},
    {"type": "hospital", "level": "2", "grade": "A"},
    {"type": "hospital", "level": "3", "grade": "A"},
)

Json = dict[str, Any]


def generator(purpose: str) -> Random:
    """Return the random numbers for one purpose, the same in every run."""
    return Random(f"{_SEED} {purpose}")  # visits are made up, nothing is kept secret


def yuan_text(fen: int) -> str:
    """Return an amount as it is written in a visit."""
    return f"{fen // 100}.{fen % 100:02d}"


def catalogue(random: Random) -> dict[str, list[Json]]:
    """Return lines without quantities, by class; about one in six has a price ceiling, half of those a lower one."""
    items: dict[str, list[Json]] = {"A": [], "B": [], "C": []}
    for index in range(_CATALOGUE_SIZE):
        kind, price_fen = random.choices("ABC", (60, 30, 10))[0], random.randint(50, 9000)
        category = random.choices(("drug", "service", "consumable"), (70, 25, 5))[0]
        item = {"code": f"X{index:06d}", "name": random.choice(_NAMES), "category": category, "class": kind}
        item["unit_price"] = yuan_text(price_fen)
        if kind == "B":
            item["prepay_ratio"] = random.choice(("0.05", "0.10", "0.15", "0.20"))
        if kind != "C" and random.random() < 1 / 6:
            item["price_ceiling"] = yuan_text(price_fen * random.choice((90, 110)) // 100)
        items[kind].append(item)
    return items


def visit(random: Random, items: dict[str, list[Json]], area: str, classes: str, number: int) -> Json:
    """Return a general visit with a line of each of these classes, paid from the own account as far as it goes."""
    institution = {"id": f"H{area}{random.randrange(200):05d}", "name": "虚构卫生院", **random.choice(_INSTITUTIONS)}
    status = random.choice(("employed", "retired"))
    person: Json = {"id": f"{area}1950{number:08d}", "name": "虚构", "status": status}
    if area == "445300":
        person["selected_institution"] = institution["id"]
    if area == "511900" and random.random() < 0.3:
        person["supplements"] = ["civil_servant"]
    made: Json = {
        "visit_no": f"MZ{number:08d}",
        "area": area,
        "settled_on": SETTLED_ON,
        "institution": institution,
        "person": person,
        "lines": [_line(random, items[kind]) for kind in classes],
        "accumulators": {"general.fund": yuan_text(random.randrange(60_000))},
        "accounts": {"own": {"balance": yuan_text(random.randrange(50_000))}},
        "parameters": PARAMETERS.get(area, {}),
    }
    if area in {"520300", "620800", "511900"}:
        made["accumulators"]["general.deductible"] = yuan_text(random.randrange(15_000))
    return made


def _line(random: Random, items: list[Json]) -> Json:
    item, quantity = random.choice(items), random.randint(1, 6)
    amount_fen = int(item["unit_price"].replace(".", "")) * quantity
    return {**item, "quantity": str(quantity), "amount": yuan_text(amount_fen)}


def long_visits(count: int) -> list[Json]:
    """Return visits of 20 lines, 12 of class A, 6 of class B and 2 of class C, over the areas in turn."""
    random = generator("long")
    items = catalogue(random)
    made = []
    for number in range(count):
        classes = "".join(random.sample("A" * 12 + "B" * 6 + "C" * 2, 20))
        made.append(visit(random, items, AREAS[number % len(AREAS)], classes, number))
    return made
