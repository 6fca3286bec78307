"""Seeded random inputs over the five areas: plausible, near every threshold, rich in half fens, some of them wrong.

The same seed and number give the same inputs. About 15 % are semantically invalid (their shape is always right), some
in two ways at once, so that the order of refusals is exercised.
"""

import json
import random
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

QUJING, ZUNYI, PINGLIANG, BAZHONG, YUNFU = "530300", "520300", "620800", "511900", "445300"
AREAS = [QUJING, ZUNYI, PINGLIANG, BAZHONG, YUNFU]
DEFINED = {
    QUJING: ["general", "chronic", "special", "emergency", "negotiated", "day_surgery"],
    ZUNYI: ["general"],
    PINGLIANG: ["general"],
    BAZHONG: ["general", "hypertension", "diabetes"],
    YUNFU: ["general"],
}
ALL_BENEFITS = ["general", "chronic", "special", "emergency", "negotiated", "day_surgery", "hypertension", "diabetes"]
UNKNOWN_AREAS = ["110000", "530100", "445200", "999999"]
DATES = {
    QUJING: ["2022-10-01", "2022-12-31", "2023-05-04", "2024-02-29", "2026-06-30", "2031-01-01"],
    ZUNYI: ["2023-01-01", "2023-07-15", "2024-02-29", "2025-12-31", "2029-01-01"],
    PINGLIANG: ["2023-01-01", "2023-07-15", "2024-02-29", "2027-12-31"],
    BAZHONG: ["2023-01-01", "2023-07-15", "2024-02-29", "2027-12-31"],
    YUNFU: ["2022-09-01", "2022-12-31", "2023-01-01", "2023-10-08", "2024-02-29", "2025-12-31"],
}
BAD_DATES = {
    QUJING: ["2022-09-30", "2020-01-01"],
    ZUNYI: ["2022-12-31", "2022-10-01"],
    PINGLIANG: ["2022-12-31", "2028-01-01"],
    BAZHONG: ["2022-12-31", "2028-01-01"],
    YUNFU: ["2022-08-31", "2026-01-01"],
}
DISEASES = [
    "慢性肾功能衰竭",
    "重性精神病",
    "恶性肿瘤",
    "器官移植术后抗排异治疗",
    "血友病",
    "再生障碍性贫血",
    "系统性红斑狼疮",
    "慢性肾衰竭",
    "尿毒症",
    "慢性肾功能衰竭（透析）",
    "恶性肿瘤门诊治疗",
    "恶性肿瘤门诊放化疗",
    "器官移植抗排异治疗",
]
CHRONIC = [
    "高血压",
    "糖尿病",
    "精神病",
    "冠心病",
    "慢性阻塞性肺疾病",
    "支气管哮喘",
    "帕金森病",
    "高血压病",
    "2型糖尿病",
    "重性精神病",
]
UNLISTED = ["乱写", "高血压一", "糖尿", "肾衰", "肿瘤", "精神分裂"]
UNDER = {"hypertension": ("高血压", "高血压病"), "diabetes": ("糖尿病", "2型糖尿病")}
NOTICE_DATES = ["2022-10-01", "2023-07-15", "2023-07-16", "2024-02-29", "2025-01-01", "2031-01-01"]
PREPAY = ["0", "0.05", "0.10", "0.1", "0.15", "0.20", "0.125", "0.3", "0.333", "0.5", "1", "0.0001"]


def money(fen: Any) -> Any:
    return "%d.%02d" % divmod(fen, 100)


def chance(rng: Any, p: Any) -> Any:
    return rng.random() < p


def unit_price(rng: Any) -> Any:
    """A price of at most four decimals; often one that makes half fens further on."""
    kind = rng.randrange(10)
    if kind == 0:
        return str(rng.randint(1, 900))  # whole yuan
    if kind == 1:
        return money(rng.randint(1, 60000))
    if kind == 2:
        return money(rng.randint(0, 8000) * 10 + 10)  # x.x0: 55 %, 65 % and 75 % make half fens
    if kind == 3:
        return money(rng.randint(0, 8000) * 10 + 5)  # x.x5: 10 %, 70 %, 90 %
    if kind == 4:
        return "%d.%03d" % (rng.randint(0, 300), rng.randint(0, 99) * 10 + 5)  # x.xx5: the amount itself
    if kind == 5:
        return "%d.%04d" % (rng.randint(0, 40), rng.randint(0, 9999))
    if kind == 6:
        return money(rng.randint(0, 40000) * 2 + 1)  # odd fen: 50 %
    if kind == 7:
        return money(rng.choice([3000, 3001, 6000, 6001, 9000, 9001, 15000, 15001, 20000, 20001, 60000, 60001]))
    if kind == 8:
        return money(rng.randint(60000, 900000))  # dear
    return "%d.%d" % (rng.randint(1, 500), rng.randint(0, 9))


def quantity(rng: Any) -> Any:
    return rng.choice(
        ["1", 1, "1", "1", "2", 3, "7", "10", "24", "0.5", "1.5", "0.25", "2.75", "0.3333", "100", "1.0000"]
        + (["0"] if chance(rng, 0.2) else [])
    )


def half_up_fen(value: Any) -> Any:
    return (value.numerator * 200 + value.denominator) // (2 * value.denominator)


def fill_amount(rng: Any, line: Any) -> None:
    if chance(rng, 0.5):
        value = half_up_fen(Fraction(line["unit_price"]) * Fraction(str(line["quantity"])))
        line["amount"] = money(value)


def make_line(rng: Any, area: Any, pharmacy: Any, benefit: Any, n: Any) -> Any:
    if pharmacy:
        category = rng.choice(["drug"] * 6 + ["consumable"])
    else:
        category = rng.choice(["drug"] * 5 + ["service"] * 3 + ["consumable"] * 2)
    if benefit == "negotiated" and chance(rng, 0.8):
        category = "drug"
    klass = rng.choice("AAABBBBC")
    line = {
        "code": "%s%d" % (category[0].upper(), rng.randint(1, 3) if benefit == "negotiated" else n + 1),
        "name": "项目%d" % (n + 1),
        "category": category,
        "class": klass,
        "unit_price": unit_price(rng),
        "quantity": quantity(rng),
    }
    if klass == "B":
        if area == PINGLIANG:
            which = rng.randrange(3)
            if which == 1:
                line["prepay_ratio"] = rng.choice(PREPAY)
            elif which == 2:
                line["prepay_ratio"] = rng.choice(["0.10", "0.1", "0.15", "0.1500"])
        else:
            line["prepay_ratio"] = rng.choice(PREPAY)
    elif chance(rng, 0.1):
        line["prepay_ratio"] = None
    if chance(rng, 0.3):
        price = Decimal(line["unit_price"])
        ceiling = price * Decimal(rng.choice(["0", "0.5", "0.8", "0.96", "0.999", "1", "1.2"])) + Decimal(
            rng.choice(["0", "0.0001", "0.005"])
        )
        line["price_ceiling"] = format(ceiling.quantize(Decimal("0.0001")), "f")
    if category == "drug":
        likely = 0.85 if benefit == "negotiated" else 0.5 if pharmacy else 0.15
        if chance(rng, likely):
            line["negotiated"] = True
        elif chance(rng, 0.2):
            line["negotiated"] = False
        if chance(rng, 0.5 if benefit == "negotiated" else 0.05):
            line["drug"] = rng.choice(["司美格鲁肽", "司美格鲁肽 ", "阿达木单抗", None, line["code"]])
    if chance(rng, 0.2):
        line["use"] = rng.choice(
            [
                "treatment",
                "public_health",
                "fitness",
                "wellness",
                "checkup",
                "antenatal",
                "tcm_prevention",
                "tcm_prevention",
                "checkup",
            ]
        )
    fill_amount(rng, line)
    return line


def inpatient_ratios(rng: Any) -> Any:
    def pick() -> Any:
        return rng.choice(
            ["0.90", "0.85", "0.80", "0.95", "0.875", "0.905", "0.5", "0.8333", "1", "0"]
            if chance(rng, 0.5)
            else ["0.90", "0.85", "0.80", "0.95", "0.65", "0.75"]
        )

    return {"employed": {k: pick() for k in "123"}, "retired": {k: pick() for k in "123"}}


def near(rng: Any, top: Any) -> Any:
    """A running total in fen at, near, far below or a little past a limit in fen."""
    which = rng.randrange(9)
    if which == 0:
        return 0
    if which == 1:
        return top
    if which == 2:
        return max(0, top - 1)
    if which == 3:
        return top + rng.choice([1, 100, 12345])
    if which in (4, 5, 6):
        return max(0, top - rng.randint(0, 30000))
    if which == 7:
        return max(0, top - rng.randint(0, 500))
    return rng.randint(0, top)


def make_parameters(rng: Any, area: Any, missing: Any) -> Any:
    """Open parameters; with `missing`, some left out whole or in part."""
    out = {}

    def drop(p: Any) -> Any:
        return missing and chance(rng, p)

    if area == QUJING:
        if not drop(0.3):
            out["inpatient_ratio"] = inpatient_ratios(rng)
            if drop(0.4):
                del out["inpatient_ratio"][rng.choice(["employed", "retired"])]
            elif drop(0.4):
                del out["inpatient_ratio"][rng.choice(["employed", "retired"])][rng.choice("123")]
        if not drop(0.3):
            out["inpatient_deductible"] = {
                "1": rng.choice(["200", 200, "201.01", "0", "0.01"]),
                "2": rng.choice(["400", "399.99", "400.05"]),
            }
            if chance(rng, 0.5):
                out["inpatient_deductible"]["3"] = rng.choice(["600", "800", 600])
            if drop(0.5):
                del out["inpatient_deductible"][rng.choice("12")]
        if not drop(0.3):
            out["inpatient_cap"] = rng.choice(["50000", "60000", 80000, "60000.50"])
        if chance(rng, 0.1):
            out["average_pension"] = "3456.78"
    if (area == YUNFU or chance(rng, 0.03)) and not drop(0.3):
        out["average_wage"] = {
            str(y): rng.choice(["80123.25", "85321.55", "88000", "91234.75", 90000, "85321.25"])
            for y in range(2019, 2025)
        }
        if drop(0.7):
            for y in rng.sample(range(2019, 2025), 4):
                del out["average_wage"][str(y)]
    if chance(rng, 0.3):
        out["near_relatives"] = rng.choice([*NOTICE_DATES, None])
    if chance(rng, 0.5 if area == PINGLIANG else 0.05):
        out["internet_care"] = rng.choice(NOTICE_DATES)
    if missing and not out and chance(rng, 0.5):
        return None
    return out


def make_accounts(rng: Any, area: Any) -> Any:
    out: dict[str, Any] = {}

    def balance() -> Any:
        return rng.choice(
            ["0.00", "0.01", "20.00", "50", 100, "333.33", "1000.00", "5000", money(rng.randint(0, 40000))]
        )

    def limit() -> Any:
        return rng.choice([None, None, "0.00", "10.00", "0.01", 30, "200.00", "99999.99"])

    if chance(rng, 0.8):
        own = {"balance": balance()}
        if chance(rng, 0.5):
            own["limit"] = limit()
        out["own"] = own
    elif chance(rng, 0.3):
        out["own"] = None
    if chance(rng, 0.5):
        family = []
        for i in range(rng.choice([1, 1, 2, 3])):
            account = {
                "id": "F%d" % (i + 1),
                "relation": rng.choice(
                    ["spouse", "parent", "child"] * 2 + ["spouse_parent", "sibling", "grandparent", "grandchild"]
                ),
                "balance": balance(),
            }
            if chance(rng, 0.4):
                account["limit"] = limit()
            if chance(rng, 0.85):
                account["authorised"] = True
            elif chance(rng, 0.5):
                account["authorised"] = False
            if chance(rng, 0.6):
                account["area"] = rng.choice([area, area, area, "530100", "510100", "533100", "445300"])
            elif chance(rng, 0.1):
                account["area"] = None
            family.append(account)
        out["family"] = family
    return out


def make_accumulators(rng: Any, area: Any, status: Any, codes: Any) -> Any:
    out = {}

    def put(name: Any, value: Any) -> None:
        if chance(rng, 0.8):
            out[name] = money(value)

    retired = status == "retired"
    if area == QUJING:
        if chance(rng, 0.6):
            put("general.fund", near(rng, 600000))
        if chance(rng, 0.5):
            put("inpatient.fund", near(rng, rng.choice([5000000, 6000000])))
        if chance(rng, 0.6):
            put("chronic.fund", near(rng, rng.choice([200000, 300000, 400000, 500000])))
        if chance(rng, 0.5):
            put("special.deductible", near(rng, 60000))
        for code in codes:
            if chance(rng, 0.4):
                put(f"negotiated.{code}.deductible", near(rng, 60000))
    else:
        deductible = {ZUNYI: 15000, PINGLIANG: 20000, BAZHONG: 15000 if retired else 20000, YUNFU: 0}[area]
        cap = {ZUNYI: 200000, PINGLIANG: 250000, BAZHONG: 100000 if retired else 80000, YUNFU: 170643}[area]
        if deductible and chance(rng, 0.7):
            put("general.deductible", near(rng, deductible))
        if chance(rng, 0.6):
            put("general.fund", near(rng, cap))
        if area == BAZHONG:
            for name, top in (
                ("civil_servant.fund", 70000),
                ("large_medical.fund", 60000),
                ("hypertension.fund", 20000),
                ("diabetes.fund", 30000),
            ):
                if chance(rng, 0.5):
                    put(name, near(rng, top))
    return out


def maybe_flag(rng: Any, obj: Any, key: Any, usual: Any, p: Any) -> None:
    """Set key to the unusual value with probability p; else sometimes say the usual one outright."""
    if chance(rng, p):
        obj[key] = not usual
    elif chance(rng, 0.2):
        obj[key] = usual


def make_place(rng: Any, area: Any, kind: Any) -> Any:
    if kind in ("village_station", "community_station", "clinic"):
        level = rng.choice(["unrated", "unrated", "1"])
    elif kind in ("township_clinic", "community_centre"):
        level = rng.choice(["1", "1", "unrated", "2"])
    elif kind == "pharmacy":
        level = "unrated"
    else:
        level = rng.choice("1233")
    place = {"level": level}
    if level == "3" and (area == PINGLIANG or chance(rng, 0.7)):
        place["grade"] = rng.choice(["special", "A", "B", "C"])
    elif level == "2" and chance(rng, 0.4):
        place["grade"] = rng.choice(["A", "B", "C"])
    elif chance(rng, 0.2):
        place["grade"] = None
    return place


def valid_visit(rng: Any, number: Any) -> Any:
    area = rng.choice([*AREAS, QUJING, QUJING, BAZHONG])
    kind = rng.choice(
        ["hospital"] * 6
        + [
            "township_clinic",
            "community_centre",
            "community_station",
            "village_station",
            "clinic",
            "pharmacy",
            "pharmacy",
            "pharmacy",
            "internet_hospital",
            "internet_hospital",
        ]
    )
    pharmacy = kind == "pharmacy"
    status = rng.choice(["employed", "retired"])

    institution = {"id": rng.choice(["H1", "H2"]), "name": "机构", "type": kind}
    institution.update(make_place(rng, area, kind))
    maybe_flag(rng, institution, "designated", True, 0.07)
    maybe_flag(rng, institution, "pooled", True, 0.08)

    visit = {
        "visit_no": "G%07d" % number,
        "area": area,
        "settled_on": rng.choice(DATES[area]),
        "institution": institution,
    }

    likely = 0.75 if pharmacy else 0.6 if kind == "internet_hospital" else 0.1
    if chance(rng, likely):
        prescriber = {"id": rng.choice(["H1", "H2", "H3"])}
        prescriber.update(make_place(rng, area, rng.choice(["hospital", "hospital", "township_clinic", "clinic"])))
        visit["prescriber"] = prescriber
    elif chance(rng, 0.2):
        visit["prescriber"] = None

    person = {"id": "P1", "name": "张三", "status": status}
    if chance(rng, 0.4):
        person["employment"] = rng.choice(["unit", "flexible", "flexible"])
    if chance(rng, 0.5 if area == BAZHONG else 0.1):
        person["supplements"] = rng.choice(
            [
                [],
                ["civil_servant"],
                ["large_medical"],
                ["civil_servant", "large_medical"],
                ["large_medical", "civil_servant"],
            ]
        )
    if (area == YUNFU or chance(rng, 0.1)) and chance(rng, 0.95):
        if chance(rng, 0.75):
            person["selected_institution"] = (
                (visit.get("prescriber") or institution)["id"] if pharmacy else institution["id"]
            )
        else:
            person["selected_institution"] = rng.choice(["H1", "H2", "H3"])
    maybe_flag(rng, person, "entitled", True, 0.04)

    allowed = [b for b in DEFINED[area] if not (pharmacy and b in ("emergency", "day_surgery"))]
    main = rng.choice(allowed) if chance(rng, 0.7) else "general"
    if main != "general" or chance(rng, 0.3):
        visit["benefit"] = main

    wanted = rng.choice([1, 1, 2, 2, 3, 4, 6])
    mixed = len(allowed) > 1 and chance(rng, 0.45)
    lines = []
    for n in range(wanted):
        benefit = rng.choice(allowed) if mixed and n > 0 and chance(rng, 0.7) else main
        line = make_line(rng, area, pharmacy, benefit, n)
        if benefit != main or chance(rng, 0.05):
            line["benefit"] = benefit
        elif chance(rng, 0.05):
            line["benefit"] = None
        lines.append(line)
    visit["lines"] = lines
    used = {line.get("benefit") or main for line in lines}

    registered = []
    if "chronic" in used or chance(rng, 0.15):
        registered = [rng.choice(CHRONIC) for _ in range(rng.choice([1, 1, 2, 3, 4, 5]))]  # a disease may stand twice
    if area == BAZHONG:  # BZ7 is a refusal: keep it for the invalid ones
        registered = [
            d for d in registered if not any(d in names and benefit in used for benefit, names in UNDER.items())
        ]
    if registered or chance(rng, 0.1):
        person["registrations"] = {"chronic": registered}
    visit["person"] = person

    if "special" in used or chance(rng, 0.05):
        visit["disease"] = rng.choice(DISEASES)
    if chance(rng, 0.06):
        visit["cause"] = rng.choice(["work_injury", "third_party", "public_health", "overseas"])
    elif chance(rng, 0.1):
        visit["cause"] = "illness"
    maybe_flag(rng, visit, "referral", False, 0.1)
    maybe_flag(rng, visit, "rescue", False, 0.08)
    maybe_flag(rng, visit, "inpatient", False, 0.08)

    if chance(rng, 0.75):
        codes = sorted({line["code"] for line in lines})
        visit["accumulators"] = make_accumulators(rng, area, status, codes)
    if chance(rng, 0.7):
        visit["accounts"] = make_accounts(rng, area)
    parameters = make_parameters(rng, area, missing=chance(rng, 0.03))
    if parameters or chance(rng, 0.3):
        visit["parameters"] = parameters
    return visit


# ------------------------------------------------------------------------------ the semantically invalid ones


def spoil(rng: Any, visit: Any) -> None:
    """Make one semantic fault; where the fault drawn does not fit this visit, another is drawn."""
    for _ in range(40):
        fault = rng.choice(
            [
                "area",
                "date",
                "benefit",
                "line_benefit",
                "pharmacy_benefit",
                "amount",
                "prepay_ac",
                "prepay_b",
                "pharmacy_service",
                "negotiated",
                "disease",
                "registrations",
                "registered_bz",
                "grade",
                "unlisted_disease",
                "unlisted_registered",
                "drug",
                "notice_date",
                "parameters",
                "parameters",
            ]
        )
        area = visit["area"]
        if area not in AREAS:
            return
        line = rng.choice(visit["lines"])
        pharmacy = visit["institution"]["type"] == "pharmacy"
        used = [l.get("benefit") or visit.get("benefit") or "general" for l in visit["lines"]]
        if fault == "area" and chance(rng, 0.7):
            visit["area"] = rng.choice(UNKNOWN_AREAS)
        elif fault == "date" and chance(rng, 0.7):
            visit["settled_on"] = rng.choice(BAD_DATES[area])
        elif fault == "benefit" and any(not l.get("benefit") for l in visit["lines"]):
            visit["benefit"] = rng.choice([b for b in ALL_BENEFITS if b not in DEFINED[area]])
        elif fault == "line_benefit":
            line["benefit"] = rng.choice([b for b in ALL_BENEFITS if b not in DEFINED[area]])
        elif fault == "pharmacy_benefit" and pharmacy and area == QUJING:
            if chance(rng, 0.5) and any(not l.get("benefit") for l in visit["lines"]):
                visit["benefit"] = rng.choice(["emergency", "day_surgery"])
            else:
                line["benefit"] = rng.choice(["emergency", "day_surgery"])
        elif fault == "amount":
            right = half_up_fen(Fraction(line["unit_price"]) * Fraction(str(line["quantity"])))
            line["amount"] = money(right + (rng.choice([1, -1, 100]) if right else 1))
        elif fault == "prepay_ac" and line["class"] != "B":
            line["prepay_ratio"] = rng.choice(["0", "0.10", "1", 0])
        elif fault == "prepay_b" and line["class"] == "B" and area != PINGLIANG:
            if chance(rng, 0.5):
                line["prepay_ratio"] = None
            else:
                line.pop("prepay_ratio", None)
        elif fault == "pharmacy_service" and pharmacy:
            line["category"] = "service"
        elif fault == "negotiated" and line["category"] != "drug":
            line["negotiated"] = True
        elif fault == "disease" and "special" in used:
            visit.pop("disease", None)
        elif fault == "registrations" and "chronic" in used and area == QUJING:
            visit["person"]["registrations"] = rng.choice([{"chronic": []}, {}, None])
        elif fault == "registered_bz" and area == BAZHONG and ("hypertension" in used or "diabetes" in used):
            visit["person"]["registrations"] = {
                "chronic": rng.choice([["高血压"], ["2型糖尿病"], ["冠心病", "高血压病", "糖尿病"]])
            }
        elif fault == "unlisted_disease" and ("special" in used or chance(rng, 0.1)):
            visit["disease"] = rng.choice(UNLISTED)
        elif fault == "unlisted_registered" and (set(used) & {"chronic", *UNDER} or chance(rng, 0.1)):
            known = rng.choice([[], ["冠心病"], ["高血压", "糖尿病"]])
            visit["person"]["registrations"] = {"chronic": [*known, rng.choice(UNLISTED)]}
        elif fault == "drug" and line["category"] != "drug":
            line["drug"] = "司美格鲁肽"
        elif fault == "notice_date":
            name = rng.choice(["near_relatives", "internet_care"])
            visit["parameters"] = {
                **(visit.get("parameters") or {}),
                name: rng.choice(["2025", "2025-02-30", "", 2025]),
            }
        elif fault == "grade" and area == PINGLIANG:
            place = visit.get("prescriber") if pharmacy or visit["institution"]["type"] == "internet_hospital" else None
            place = place or visit["institution"]
            if place is visit["institution"] and pharmacy:
                continue
            place["level"] = "3"
            place.pop("grade", None)
        elif fault == "parameters" and (area in (YUNFU, QUJING)):
            if chance(rng, 0.5):
                visit.pop("parameters", None)
            else:
                visit["parameters"] = make_parameters(rng, area, missing=True) or {}
        else:
            continue
        return


def visits(seed: Any, n: Any) -> Any:
    rng = random.Random(f"visits-{seed}")
    for i in range(n):
        visit = valid_visit(rng, i)
        if chance(rng, 0.16):
            spoil(rng, visit)
            if chance(rng, 0.25):
                spoil(rng, visit)
        yield visit


# ------------------------------------------------------------------------------ credits

MONTHS = {
    QUJING: ["2022-10", "2023-05", "2030-01"],
    ZUNYI: ["2023-01", "2023-05", "2030-01"],
    PINGLIANG: ["2023-01", "2023-05", "2027-12"],
    BAZHONG: ["2023-01", "2023-05", "2027-12"],
    YUNFU: ["2022-09", "2023-05", "2025-12"],
}
BAD_MONTHS = {
    QUJING: ["2022-09"],
    ZUNYI: ["2022-12"],
    PINGLIANG: ["2022-12", "2028-01"],
    BAZHONG: ["2022-12", "2028-01"],
    YUNFU: ["2022-08", "2026-01"],
}


def account_credits(seed: Any, n: Any) -> Any:
    rng = random.Random(f"credits-{seed}")
    for _ in range(n):
        area = rng.choice(AREAS)
        person = {"status": rng.choice(["employed", "retired"])}
        if chance(rng, 0.5):
            person["employment"] = rng.choice(["unit", "flexible"])
        if person["status"] == "retired" and chance(rng, 0.9 if area == BAZHONG else 0.4):
            person["pension_class"] = rng.choice(["government", "enterprise"])
        if chance(rng, 0.3):
            person["paying_past_retirement_age"] = chance(rng, 0.6)
        request: dict[str, Any] = {"area": area, "month": rng.choice(MONTHS[area]), "person": person}
        if person["status"] == "employed" or person.get("paying_past_retirement_age") or chance(rng, 0.2):
            request["base"] = rng.choice(
                [
                    "5000.00",
                    6000,
                    money(rng.randint(200000, 3000000)),
                    money(rng.randint(2000, 30000) * 100 + rng.choice([25, 75])),
                    "0",
                    "0.25",
                    "0.24",
                ]
            )

        def pension() -> Any:
            return rng.choice(
                [
                    "3456.78",
                    "3801.25",
                    "3803.75",
                    "2345.67",
                    4000,
                    "5678.50",
                    "5678.90",
                    money(rng.randint(2000, 8000) * 100 + rng.choice([25, 50, 75])),
                ]
            )

        parameters = {}
        if area == QUJING:
            parameters["average_pension"] = pension()
        if area == ZUNYI:
            parameters["average_pension_2021"] = pension()
        if area == BAZHONG:
            parameters["average_pension_2022"] = {"government": pension(), "enterprise": pension()}
        if chance(rng, 0.05):
            if area == BAZHONG and chance(rng, 0.6):
                del parameters["average_pension_2022"][rng.choice(["government", "enterprise"])]
            else:
                parameters = rng.choice([{}, {"average_pension_2020": "1000"}])
        if parameters or chance(rng, 0.5):
            request["parameters"] = parameters
        if chance(rng, 0.12):
            fault = rng.randrange(4)
            if fault == 0:
                request["area"] = rng.choice(UNKNOWN_AREAS)
            elif fault == 1:
                request["month"] = rng.choice(BAD_MONTHS[area])
            elif fault == 2:
                request.pop("base", None)
            else:
                person.pop("pension_class", None)
        yield request


# ------------------------------------------------------------------------------ capitations


def capitations(seed: Any, n: Any) -> Any:
    rng = random.Random(f"capitations-{seed}")
    for _ in range(n):
        year = rng.choice([2022, 2023, 2024, 2025])
        wage_text = rng.choice(
            ["80123.00", "80123.25", "85321.55", "88000", 91234, "91234.75", money(rng.randint(6000000, 12000000))]
        )
        steady = rng.choice([1, 2, 7, 100, 1200, rng.randint(0, 30000)])
        headcount = [steady if chance(rng, 0.7) else max(0, steady + rng.randint(-50, 50)) for _ in range(12)]
        if chance(rng, 0.05):
            headcount[rng.randrange(12)] = 0

        cap = half_up_fen(Fraction(str(wage_text)) * Fraction(2, 100))
        budget = sum((cap * h * 30 * 2 + 1200) // 2400 for h in headcount)  # fen; h × cap × 30 % ÷ 12, half up

        # at, just under and just over a band's edge, and anywhere
        edge = rng.choice([0, 30, 70, 80, 100])
        total = rng.choice(
            [
                budget * edge // 100,
                -(-budget * edge // 100),
                budget * edge // 100 + 1,
                max(0, budget * edge // 100 - 1),
                budget * rng.randint(0, 1300000) // 1000000,
                budget * rng.randint(0, 1300000) // 1000000,
                budget * (edge * 10000 + rng.choice([-3, -49, -50, 49, 50])) // 1000000 if edge else 0,
            ]
        )
        manual = rng.choice([0, 0, min(total, 300000), rng.randint(0, total)])
        request = {
            "area": YUNFU,
            "year": year,
            "parameters": {"average_wage": {str(year - 2): wage_text}},
            "headcount": headcount,
            "used": money(total - manual),
            "manual_claims": money(manual),
            "direct_rate": rng.choice(
                [
                    "0.9",
                    "0.90",
                    "0.9000",
                    "0.8999",
                    "0.89",
                    "0.8901",
                    "0.8899",
                    "0.8850",
                    "0.8550",
                    "0.875",
                    "1",
                    "0.95",
                    1,
                    "0.60",
                    "0.6001",
                    "0.5999",
                    "0.20",
                    "0.2001",
                    "0.1999",
                    "0",
                    0,
                    f"{rng.random():.4f}",
                ]
            ),
        }
        if chance(rng, 0.3):
            request["parameters"]["average_wage"][str(year - 1)] = "99999.99"
        if chance(rng, 0.13):
            fault = rng.randrange(6)
            if fault == 0:
                request["area"] = rng.choice(UNKNOWN_AREAS)
            elif fault == 1:
                request["year"] = rng.choice([2021, 2026, 2030])
            elif fault == 2:
                request["parameters"] = rng.choice(
                    [{}, {"average_wage": {}}, {"average_wage": {str(year): "80000.00"}}]
                )
            elif fault == 3:
                request["headcount"] = [0] * 12
            elif fault == 4:
                request["area"] = rng.choice([QUJING, ZUNYI, PINGLIANG, BAZHONG])
                if chance(rng, 0.5):
                    request["year"] = 2021
            else:
                request["parameters"] = {"average_wage": {str(year - 2): "0"}}
        yield request


# ------------------------------------------------------------------------------ as text

NUMBER_KEYS = (
    "unit_price|quantity|amount|prepay_ratio|price_ceiling|balance|limit|inpatient_cap|base"  # of a visit
    "|used|manual_claims|direct_rate"  # of a year
)


def as_json(obj: Any, rng: Any = None) -> Any:
    """The input as one line of JSON; with an rng, some of its decimal strings as bare JSON numbers of the same text."""
    text = json.dumps(obj, ensure_ascii=False)
    if rng is None:
        return text
    return re.sub(
        rf'"({NUMBER_KEYS})": "([0-9.]+)"',
        lambda m: '"{}": {}'.format(*m.groups()) if chance(rng, 0.25) else m.group(0),
        text,
    )
