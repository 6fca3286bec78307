"""A township's year, made up: the same visits in every run, as varied as real ones, some of them to be refused.

Patients come again and again, each with what is always true of them (status, diseases, accounts, chosen institution);
what a clinic hands in with every visit (its agency's figures) is the same for all of an area. Lines differ by category,
class, use, ceiling and benefit. Running totals grow over the year as the visits that settle move them, roughly: the
bench asks what a visit settles at, not what a year comes to.
"""

import datetime
import json
from collections.abc import Iterator
from random import Random
from typing import Any

from tests.bench import visits
from tests.bench.visits import AREAS, PARAMETERS, Json, yuan_text

_PATIENTS = 4_000
_FIRST_DAY = datetime.date(2025, 1, 1)
_DAYS = 365
_USES = ("checkup", "public_health", "wellness", "fitness", "antenatal", "tcm_prevention")
_CHRONIC = ("高血压", "糖尿病", "冠心病", "2型糖尿病", "慢性阻塞性肺疾病", "支气管哮喘")
_SPECIAL = ("恶性肿瘤", "尿毒症", "重性精神病", "系统性红斑狼疮")
_SUPPLEMENTS = (["civil_servant"], ["large_medical"], ["civil_servant", "large_medical"])
_RELATIONS = ("spouse", "parent", "child", "spouse_parent", "sibling")
_PLACES = (
    ({"type": "township_clinic", "level": "1"}, 60),
    ({"type": "village_station", "level": "unrated"}, 15),
    ({"type": "pharmacy", "level": "unrated"}, 10),
    ({"type": "hospital", "level": "2", "grade": "A"}, 8),
    ({"type": "hospital", "level": "3", "grade": "B"}, 5),
    ({"type": "internet_hospital", "level": "2"}, 2),
)


def visits_of_a_year(count: int) -> Iterator[Json]:
    """Yield visits in order of their days, over the five areas."""
    random = visits.generator("township")
    items = [item for kind in visits.catalogue(random).values() for item in kind]
    patients = [_patient(random, number) for number in range(_PATIENTS)]
    for number in range(count):
        on = _FIRST_DAY + datetime.timedelta(days=number * _DAYS // count)
        made = _visit(random, random.choice(patients), items, on, number)
        if random.random() < 0.02:
            _spoil(random, made)
        yield made


def json_lines(count: int) -> list[bytes]:
    """Return a year's visits as JSON texts, one a line."""
    return [json.dumps(made, ensure_ascii=False).encode() + b"\n" for made in visits_of_a_year(count)]


def _patient(random: Random, number: int) -> dict[str, Any]:
    """Return somebody who comes again: the person of a visit, their accounts and their totals in fen."""
    area = random.choice(AREAS)
    person: Json = {"id": f"{area}1950{number:08d}", "name": "虚构", "status": random.choice(("employed", "retired"))}
    if person["status"] == "employed" and random.random() < 0.3:
        person["employment"] = "flexible"
    if random.random() < 0.02:
        person["entitled"] = False
    if random.random() < 0.25:
        person["registrations"] = {"chronic": random.sample(_CHRONIC, random.choice((1, 1, 2, 3)))}
    if area == "511900" and random.random() < 0.3:
        person["supplements"] = random.choice(
            (["civil_servant"], ["large_medical"], ["civil_servant", "large_medical"])
        )
    if area == "445300":
        person["selected_institution"] = _institution_id(area, random.choice((0, 0, 0, 1)))
    accounts: Json = {}
    if random.random() < 0.8:
        accounts["own"] = {"balance": yuan_text(random.randrange(80_000))}
        if random.random() < 0.1:
            accounts["own"]["limit"] = "50.00"
    if random.random() < 0.2:
        relative = {"id": f"{area}1975{number:08d}", "relation": random.choice(_RELATIONS), "balance": "500.00"}
        accounts["family"] = [{**relative, "authorised": random.random() < 0.9, "area": area}]
    return {"area": area, "person": person, "accounts": accounts, "totals": {}}


def _institution_id(area: str, place: int) -> str:
    return f"H{area}{place:05d}"


def _visit(random: Random, patient: dict[str, Any], items: list[Json], on: datetime.date, number: int) -> Json:
    area, person = patient["area"], patient["person"]
    place = random.choices(range(len(_PLACES)), [weight for _, weight in _PLACES])[0]
    kind = _PLACES[place][0]
    pharmacy = kind["type"] == "pharmacy"
    made: Json = {
        "visit_no": f"MZ{on:%Y%m%d}-{number:06d}",
        "area": area,
        "settled_on": on.isoformat(),
        "institution": {"id": _institution_id(area, place), "name": "虚构卫生院", **kind},
        "person": person,
    }
    if (pharmacy and random.random() < 0.6) or kind["type"] == "internet_hospital":
        made["prescriber"] = {"id": _institution_id(area, 0), "level": "2", "grade": "B"}
    length = random.choices((1, 2, 3, 4, 5, 6, 7, 8, 12, 20), (20, 20, 16, 12, 10, 7, 5, 4, 4, 2))[0]
    made["lines"] = [_line(random, items, pharmacy=pharmacy) for _ in range(length)]
    _choose_benefit(random, made)
    if random.random() < 0.01:
        made["cause"] = random.choice(("work_injury", "third_party", "public_health", "overseas"))
    if random.random() < 0.03:
        made["referral"] = True
    if random.random() < 0.01:
        made["rescue"] = True
    totals = patient["totals"]
    if totals:
        made["accumulators"] = {name: yuan_text(fen) for name, fen in totals.items()}
    if patient["accounts"]:
        made["accounts"] = patient["accounts"]
    if area in PARAMETERS:
        made["parameters"] = PARAMETERS[area]
    spent = random.randrange(2_000)
    if area in {"520300", "620800", "511900"}:
        totals["general.deductible"] = min(15_000, totals.get("general.deductible", 0) + 3 * spent)
    totals["general.fund"] = min(80_000, totals.get("general.fund", 0) + spent)
    return made


def _line(random: Random, items: list[Json], *, pharmacy: bool) -> Json:
    item = random.choice(items)
    while pharmacy and item["category"] == "service":
        item = random.choice(items)
    line = dict(item)
    line["quantity"] = random.choices(("1", "2", "3", "7", "14", "0.5", "30"), (50, 20, 10, 8, 6, 3, 3))[0]
    if line["category"] == "drug" and random.random() < 0.03:
        line["negotiated"] = True
    if random.random() < 0.04:
        line["use"] = random.choice(_USES)
    if random.random() < 0.5:
        line["amount"] = _amount_text(line["unit_price"], line["quantity"])
    return line


def _amount_text(price: str, quantity: str) -> str:
    """Return price × quantity in yuan, half up to the fen."""
    price_fen, tenths = int(price.replace(".", "")), int(quantity) * 10 if "." not in quantity else 5
    return yuan_text((price_fen * tenths + 5) // 10)


def _choose_benefit(random: Random, made: Json) -> None:
    """Settle a visit, or its last line, under another benefit where the area has one for this patient."""
    chronic, line = made["person"].get("registrations", {}).get("chronic", ()), made["lines"][-1]
    pharmacy = made["institution"]["type"] == "pharmacy"
    if made["area"] == "530300":
        if chronic and random.random() < 0.6:
            line["benefit"] = "chronic"
        elif random.random() < 0.06:
            made["benefit"], made["disease"] = "special", random.choice(_SPECIAL)
        elif random.random() < 0.04 and not pharmacy:
            made["benefit"] = random.choice(("emergency", "day_surgery"))
        elif line.get("negotiated"):
            line["benefit"], line["drug"] = "negotiated", "司美格鲁肽"
    elif made["area"] == "511900" and not chronic and random.random() < 0.2:
        line["benefit"] = random.choice(("hypertension", "diabetes"))


def _spoil(random: Random, made: Json) -> None:
    """Make a mistake a clerk would make, which refuses the visit."""
    line = random.choice(made["lines"])
    mistake = random.choice(("amount", "benefit", "area", "ratio"))
    if mistake == "amount":
        line["amount"] = "999.99"
    elif mistake == "benefit":
        line["benefit"] = "chronic" if made["area"] != "530300" else "hypertension"
    elif mistake == "area":
        made["area"] = "110000"
    elif line["class"] != "B":
        line["prepay_ratio"] = "0.10"
