"""A second implementation of the five areas' rules, deliberately naive, to hold the engine to.

Written by hand from the rules alone: every figure of a municipal document stands below beside the id of its rule, every
computation is in `Fraction`, in yuan, and one function rounds (half up, to the fen). It shares nothing with the engine
and its packs. Inputs are objects as from json.loads(text, parse_float=str), right in shape.
"""

import datetime
import math
from fractions import Fraction
from typing import Any

ZERO = Fraction(0)

QUJING = "530300"
ZUNYI = "520300"
PINGLIANG = "620800"
BAZHONG = "511900"
YUNFU = "445300"

# area: (first day in force, last day in force or None)                      G6
IN_FORCE = {
    QUJING: ("2022-10-01", None),
    ZUNYI: ("2023-01-01", None),
    PINGLIANG: ("2023-01-01", "2027-12-31"),
    BAZHONG: ("2023-01-01", "2027-12-31"),
    YUNFU: ("2022-09-01", "2025-12-31"),
}

# The benefits each area's document defines (ZY3, PL5, PL8, BZ7, YF5: the others are not defined there)
BENEFITS = {
    QUJING: ["general", "chronic", "special", "emergency", "negotiated", "day_surgery"],
    ZUNYI: ["general"],
    PINGLIANG: ["general"],
    BAZHONG: ["general", "hypertension", "diabetes"],
    YUNFU: ["general"],
}

# The diseases that are known, with their other names (G22), as a special disease and as a registered chronic one
SPECIAL_DISEASES = {
    "慢性肾功能衰竭": ["慢性肾衰竭", "尿毒症", "慢性肾功能衰竭（透析）"],
    "重性精神病": [],
    "恶性肿瘤": ["恶性肿瘤门诊治疗", "恶性肿瘤门诊放化疗"],
    "器官移植术后抗排异治疗": ["器官移植抗排异治疗"],
    "血友病": [],
    "再生障碍性贫血": [],
    "系统性红斑狼疮": [],
}
CHRONIC_DISEASES = {
    "高血压": ["高血压病"],
    "糖尿病": ["2型糖尿病"],
    "精神病": ["重性精神病"],
    "冠心病": [],
    "慢性阻塞性肺疾病": [],
    "支气管哮喘": [],
    "帕金森病": [],
}


def disease_known(name: Any, *lists: Any) -> Any:
    """The name under which a disease is listed, looked for in these lists in turn; None where it is on none (G22)."""
    for diseases in lists:
        for known, others in diseases.items():
            if name == known or name in others:
                return known
    return None


def registered_diseases(visit: Any) -> Any:
    """The registered chronic diseases by their listed names, each once (G22); an unlisted one stands as written."""
    found = []
    for name in given(given(visit["person"], "registrations", {}), "chronic", []):
        known = disease_known(name, CHRONIC_DISEASES, SPECIAL_DISEASES) or name
        if known not in found:
            found.append(known)
    return found


AMOUNT_KEYS = [
    "total",
    "self_paid",
    "over_price",
    "prepaid",
    "excluded",
    "eligible",
    "deductible",
    "fund",
    "civil_servant",
    "large_medical",
    "fund_total",
    "patient",
    "account_own",
    "account_family",
    "cash",
]


class Refusal(Exception):
    def __init__(self, code: Any, field: Any, message: Any) -> None:
        super().__init__(code, field, message)
        self.code = code
        self.field = field
        self.message = message

    def as_error(self) -> Any:
        return {"code": self.code, "field": self.field, "message": self.message}


# ---------------------------------------------------------------------------------------------- small helpers


def number(value: Any) -> Any:
    """A decimal string, an int, or nothing (zero) as a Fraction."""
    if value is None:
        return ZERO
    assert not isinstance(value, (float, bool)), value
    return Fraction(str(value))


def round_to(value: Any, decimals: Any) -> Any:
    """Round half up (values here are never negative)."""
    scale = 10**decimals
    return Fraction(math.floor(value * scale + Fraction(1, 2)), scale)


def fen(value: Any) -> Any:
    return round_to(value, 2)  # G3


def show(value: Any, decimals: Any = 2) -> Any:
    scaled = value * 10**decimals
    assert scaled.denominator == 1, value
    whole = int(scaled)
    assert whole >= 0, value
    text = str(whole).rjust(decimals + 1, "0")
    return text[:-decimals] + "." + text[-decimals:]


def given(obj: Any, key: Any, default: Any = None) -> Any:
    """obj[key]; the default where it is absent or null."""
    if obj is None:
        return default
    value = obj.get(key)
    return default if value is None else value


def parameter(parameters: Any, *path: Any) -> Any:
    """An open parameter (G16), or a refusal naming it."""
    here = parameters
    for key in path:
        here = here.get(key) if isinstance(here, dict) else None
    if here is None:
        name = "parameters." + ".".join(path)
        raise Refusal("missing_parameter", name, "缺少参数 " + name + "，请按医保经办机构通知补录后再结算。")
    return number(here)


def check_area(area: Any) -> None:
    if area not in IN_FORCE:
        raise Refusal("unknown_area", "area", f"没有参保地 {area} 的政策，请核对参保地代码。")


def check_date(area: Any, day: Any, field: Any) -> None:
    first, last = IN_FORCE[area]
    if day < first or (last is not None and day > last):  # G6 (ISO dates compare as text)
        raise Refusal(
            "no_policy_in_force",
            field,
            "参保地 {} 在 {} 没有施行中的政策（现有 {} 至 {}），请核对日期。".format(area, day, first, last or "今"),
        )


# ---------------------------------------------------------------------------------------------- quote: refusals


def benefit_of(visit: Any, line: Any) -> Any:
    return given(line, "benefit") or given(visit, "benefit", "general")


def check_benefits(visit: Any) -> None:
    """G20 "benefit": the benefit of each line, in order of the lines."""
    area = visit["area"]
    for n, line in enumerate(visit["lines"]):
        benefit = benefit_of(visit, line)
        field = "lines.%d.benefit" % n if given(line, "benefit") else "benefit"
        if benefit not in BENEFITS[area]:
            raise Refusal("benefit_not_defined", field, f"本地文件没有规定待遇 {benefit}，请按当地另行规定办理。")
        if area == BAZHONG:  # BZ7
            registered = registered_diseases(visit)
            if (benefit == "hypertension" and "高血压" in registered) or (
                benefit == "diabetes" and "糖尿病" in registered
            ):
                raise Refusal("benefit_not_defined", field, "已认定门诊慢特病，请按慢特病办理，不用两病待遇。")
        if visit["institution"]["type"] == "pharmacy" and benefit in ("emergency", "day_surgery"):  # G15
            raise Refusal("invalid_input", field, "药店不能结算急诊抢救或日间手术，请核对待遇。")


def check_lines(visit: Any) -> None:
    """G20 "lines in order"; within a line in the order of G20's list of fields."""
    area = visit["area"]
    for n, line in enumerate(visit["lines"]):
        where = "lines.%d." % n
        computed = fen(number(line["unit_price"]) * number(line["quantity"]))
        if given(line, "amount") is not None and number(line["amount"]) != computed:  # G2
            raise Refusal("invalid_input", where + "amount", "金额应等于单价乘数量，请核对。")
        if line["class"] in ("A", "C") and given(line, "prepay_ratio") is not None:  # G3
            raise Refusal("invalid_input", where + "prepay_ratio", "甲类、丙类项目没有先行自付比例，请删去。")
        if line["class"] == "B" and given(line, "prepay_ratio") is None and area != PINGLIANG:  # G2, PL3
            raise Refusal("invalid_input", where + "prepay_ratio", "乙类项目缺少先行自付比例，请补录。")
        if visit["institution"]["type"] == "pharmacy" and line["category"] == "service":  # G15
            raise Refusal("invalid_input", where + "category", "药店不能结算诊疗项目，请核对。")
        if given(line, "negotiated", False) and line["category"] != "drug":  # G19
            raise Refusal("invalid_input", where + "negotiated", "只有药品可以标为谈判药，请核对。")
        if given(line, "drug") is not None and line["category"] != "drug":  # contract: only on a drug
            raise Refusal("invalid_input", where + "drug", "只有药品才有药品名，请核对。")


def check_needs(visit: Any, benefit: Any) -> None:
    """G20 "what the benefit needs"; not called for a settlement whose fund part is zero anyway (G10)."""
    area = visit["area"]
    if area == QUJING and benefit == "chronic":  # QJ4
        if not given(given(visit["person"], "registrations", {}), "chronic", []):
            raise Refusal("invalid_input", "person.registrations.chronic", "没有登记的慢性病种，请先登记。")
        check_registered(visit)
    if area == BAZHONG and benefit in ("hypertension", "diabetes"):  # BZ7 reads what is registered
        check_registered(visit)
    if area == QUJING and benefit == "special":  # QJ7
        if not given(visit, "disease"):
            raise Refusal("invalid_input", "disease", "特殊病结算须填病种，请补录。")
        if disease_known(visit["disease"], SPECIAL_DISEASES, CHRONIC_DISEASES) is None:  # G22
            raise Refusal("invalid_input", "disease", "名录里没有这个病种，请改正。")
    if area == PINGLIANG:  # PL2
        place, name = place_for_level(visit)
        if place["level"] == "3" and given(place, "grade") is None:
            raise Refusal("invalid_input", name + ".grade", "三级机构须填等次，请补录。")


def check_registered(visit: Any) -> None:
    """G22: a registered disease that is on no list, where a rule reads it."""
    for name in given(given(visit["person"], "registrations", {}), "chronic", []):
        if disease_known(name, CHRONIC_DISEASES, SPECIAL_DISEASES) is None:
            raise Refusal("invalid_input", "person.registrations.chronic", "名录里没有这个病种，请改正。")


def date_parameter(visit: Any, name: Any) -> Any:
    """A date of an agency's notice, None without one; the contract has it as an ISO date."""
    value = given(given(visit, "parameters", {}), name)
    if value is None:
        return None
    try:
        datetime.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise Refusal("invalid_input", "parameters." + name, "应为日期，请核对。") from None
    return value


# ---------------------------------------------------------------------------------------------- quote: common parts


def place_for_level(visit: Any) -> Any:
    """The institution whose level (and grade) counts: G15, QJ15, QJ16."""
    kind = visit["institution"]["type"]
    if kind in ("pharmacy", "internet_hospital") and given(visit, "prescriber") is not None:
        return visit["prescriber"], "prescriber"
    return visit["institution"], "institution"


def level_of(visit: Any) -> Any:
    level = place_for_level(visit)[0]["level"]
    return "1" if level == "unrated" else level  # G8


def reasons_for_nothing(visit: Any, benefit: Any) -> Any:
    """Every reason for which the fund pays nothing for this whole settlement (G10)."""
    area = visit["area"]
    institution = visit["institution"]
    person = visit["person"]
    pharmacy = institution["type"] == "pharmacy"
    prescriber = given(visit, "prescriber")
    codes = []
    designated = given(institution, "designated", True)
    if not designated:
        codes.append("not_designated")  # G10
    if given(visit, "cause", "illness") != "illness":
        codes.append("cause_not_covered")  # G14, BZ6
    if designated and pharmacy and prescriber is None and area != BAZHONG:
        codes.append("no_prescription")  # G15
    if designated and not given(institution, "pooled", True) and benefit == "general":
        codes.append("not_pooled_institution")  # G17
    if not given(person, "entitled", True):
        codes.append("not_entitled")  # G18
    if area == PINGLIANG and institution["type"] == "internet_hospital":  # PL10
        opened = date_parameter(visit, "internet_care")
        if opened is None or visit["settled_on"] < opened:
            codes.append("internet_care_not_open")
    if area == BAZHONG and benefit in ("hypertension", "diabetes") and pharmacy:
        codes.append("medical_institution_only")  # BZ5
    if area == YUNFU:
        if not (pharmacy and prescriber is None):  # YF3: then there is only no_prescription
            visited = prescriber["id"] if pharmacy else institution["id"]
            selected = given(person, "selected_institution")
            if visited != selected and not given(visit, "referral", False) and not given(visit, "rescue", False):
                codes.append("not_selected_institution")  # YF3
        if given(visit, "inpatient", False):
            codes.append("inpatient_stay")  # YF4
    return codes


def is_excluded(visit: Any, benefit: Any, line: Any) -> Any:
    """Whether what would have been eligible of this line is excluded."""
    area = visit["area"]
    use = given(line, "use", "treatment")
    negotiated = given(line, "negotiated", False)
    if use in ("public_health", "fitness", "wellness", "checkup", "tcm_prevention"):  # G12
        return True
    if visit["institution"]["type"] == "pharmacy":  # G15
        if line["category"] != "drug":
            return True
        if area in (ZUNYI, YUNFU) and not negotiated:
            return True
    if area == PINGLIANG and (negotiated or use == "antenatal"):  # PL4
        return True
    if area == QUJING and benefit == "negotiated" and not negotiated:  # QJ10
        return True
    if area == BAZHONG and benefit in ("hypertension", "diabetes") and line["category"] != "drug":  # BZ5
        return True
    return False


def is_barred_from_accounts(visit: Any, line: Any) -> Any:
    use = given(line, "use", "treatment")
    if use in ("public_health", "fitness", "wellness", "checkup"):  # G12
        return True
    if use == "tcm_prevention":  # G12, YF7: 云浮 lets accounts pay it at medical institutions
        return visit["area"] != YUNFU or visit["institution"]["type"] == "pharmacy"
    return False


def is_above_listed_price(visit: Any, line: Any) -> Any:
    """BZ11: at a pharmacy in 巴中, a drug above its ceiling."""
    pharmacy = visit["institution"]["type"] == "pharmacy"
    if visit["area"] != BAZHONG or not pharmacy or line["category"] != "drug":
        return False
    ceiling = given(line, "price_ceiling")
    return ceiling is not None and number(line["unit_price"]) > number(ceiling)


def classify(visit: Any, benefit: Any, line: Any) -> Any:
    """One line's amount, self_paid, over_price, prepaid, excluded, eligible, and whether its ratio was replaced."""
    area = visit["area"]
    amount = fen(number(line["unit_price"]) * number(line["quantity"]))  # G2
    out = {
        "amount": amount,
        "self_paid": ZERO,
        "over_price": ZERO,
        "prepaid": ZERO,
        "excluded": ZERO,
        "eligible": ZERO,
        "replaced": False,
    }
    if line["class"] == "C":  # G2, G3: wholly self-paid, whatever its ceiling
        out["self_paid"] = amount
        return out
    if given(line, "price_ceiling") is not None:  # G3
        over = max(ZERO, number(line["unit_price"]) - number(line["price_ceiling"]))
        out["over_price"] = fen(over * number(line["quantity"]))
    if line["class"] == "B":
        ratio = given(line, "prepay_ratio")
        ratio = None if ratio is None else number(ratio)
        if area == PINGLIANG:  # PL3
            document = Fraction(10, 100) if line["category"] == "drug" else Fraction(15, 100)
            if ratio is not None and ratio != document:
                out["replaced"] = True
            ratio = document
        out["prepaid"] = fen((amount - out["over_price"]) * ratio)  # G3
    rest = amount - out["over_price"] - out["prepaid"]
    if is_excluded(visit, benefit, line):
        out["excluded"] = rest
    else:
        out["eligible"] = rest
    return out


def annual_deductible(totals: Any, name: Any, deductible: Any, eligible: Any) -> Any:
    """G4: what of the eligible expense goes to a yearly deductible; the accumulator moves."""
    left = max(ZERO, deductible - totals.read(name))
    taken = min(eligible, left)
    totals.add(name, taken)
    return taken


def under_cap(totals: Any, name: Any, cap: Any, share: Any) -> Any:
    """G5: what the fund pays of a (rounded) share under a cap; the accumulator moves."""
    paid = max(ZERO, min(share, cap - totals.read(name)))
    totals.add(name, paid)
    return paid


class Totals:
    """The person's accumulators during one visit, and which of them were touched."""

    def __init__(self, start: Any) -> None:
        self.values = {name: number(value) for name, value in (start or {}).items()}
        self.touched: list[str] = []

    def read(self, name: Any) -> Any:
        if name not in self.touched:
            self.touched.append(name)
        return self.values.get(name, ZERO)

    def add(self, name: Any, amount: Any) -> None:
        self.values[name] = self.read(name) + amount


# ---------------------------------------------------------------------------------------------- 曲靖 530300


def qujing(visit: Any, benefit: Any, eligible: Any, classified: Any, totals: Any) -> Any:
    """Returns deductible, fund."""
    retired = visit["person"]["status"] == "retired"
    status = "retired" if retired else "employed"
    level = level_of(visit)
    parameters = given(visit, "parameters", {})

    if benefit == "general":
        standard = {"1": Fraction(30), "2": Fraction(60), "3": Fraction(90)}[level]  # QJ1
        ratio = {"1": Fraction(60, 100), "2": Fraction(55, 100), "3": Fraction(50, 100)}[level]  # QJ2
        if retired:
            ratio += Fraction(5, 100)  # QJ2
        deductible = min(eligible, standard)
        base = eligible - deductible
        room = max(ZERO, Fraction(6000) - totals.read("general.fund"))  # QJ3
        share = fen(base * ratio)
        if share <= room:
            totals.add("general.fund", share)
            return deductible, share
        totals.add("general.fund", room)
        consumed = fen(room / ratio)
        rest = base - consumed
        inpatient_ratio = parameter(parameters, "inpatient_ratio", status, level)
        inpatient_cap = parameter(parameters, "inpatient_cap")
        beyond = under_cap(totals, "inpatient.fund", inpatient_cap, fen(rest * inpatient_ratio))
        return deductible, room + beyond

    if benefit == "chronic":  # QJ4
        diseases = registered_diseases(visit)
        cap = Fraction(3000) if "精神病" in diseases else Fraction(2000)
        cap += Fraction(1000) * (len(diseases) - 1)
        cap = min(cap, Fraction(5000))
        return ZERO, under_cap(totals, "chronic.fund", cap, fen(eligible * Fraction(80, 100)))

    if benefit == "special":
        disease = disease_known(visit["disease"], SPECIAL_DISEASES, CHRONIC_DISEASES)
        if disease in ("慢性肾功能衰竭", "重性精神病"):  # QJ5
            deductible = ZERO
            ratio = Fraction(90, 100)
        elif disease in ("恶性肿瘤", "器官移植术后抗排异治疗", "血友病"):  # QJ6
            deductible = ZERO
            ratio = parameter(parameters, "inpatient_ratio", status, level)
        else:  # QJ7
            deductible = annual_deductible(totals, "special.deductible", Fraction(600), eligible)
            ratio = parameter(parameters, "inpatient_ratio", status, level)
        cap = parameter(parameters, "inpatient_cap")  # QJ8
        return deductible, under_cap(totals, "inpatient.fund", cap, fen((eligible - deductible) * ratio))

    if benefit == "emergency":  # QJ9
        standard = qujing_inpatient_deductible(parameters, level)
        ratio = parameter(parameters, "inpatient_ratio", status, level)
        cap = parameter(parameters, "inpatient_cap")
        deductible = min(eligible, standard)
        return deductible, under_cap(totals, "inpatient.fund", cap, fen((eligible - deductible) * ratio))

    if benefit == "day_surgery":  # QJ11
        standard = fen(qujing_inpatient_deductible(parameters, level) / 2)
        ratio = parameter(parameters, "inpatient_ratio", status, level)
        cap = parameter(parameters, "inpatient_cap")
        deductible = min(eligible, standard)
        return deductible, under_cap(totals, "inpatient.fund", cap, fen((eligible - deductible) * ratio))

    assert benefit == "negotiated"  # QJ10
    ratio = parameter(parameters, "inpatient_ratio", status, level)
    cap = parameter(parameters, "inpatient_cap")
    drugs: dict[str, Any] = {}  # drug, or code where none is given: eligible expense, in order of first lines
    for line, parts in classified:
        if not is_excluded(visit, benefit, line):
            drug = (given(line, "drug") or line["code"]).strip()  # a name with a space after it is the same name
            drugs[drug] = drugs.get(drug, ZERO) + parts["eligible"]
    deductible = ZERO
    fund = ZERO
    for code, expense in drugs.items():
        taken = annual_deductible(totals, "negotiated." + code + ".deductible", Fraction(600), expense)
        deductible += taken
        fund += under_cap(totals, "inpatient.fund", cap, fen((expense - taken) * ratio))
    return deductible, fund


def qujing_inpatient_deductible(parameters: Any, level: Any) -> Any:
    if level == "3":
        return Fraction(600)  # 第十三条, whatever is supplied
    return parameter(parameters, "inpatient_deductible", level)


# ---------------------------------------------------------------------------------------------- 遵义 520300


def zunyi(visit: Any, eligible: Any, totals: Any) -> Any:
    """Returns deductible, fund."""
    level = level_of(visit)
    deductible = annual_deductible(totals, "general.deductible", Fraction(150), eligible)  # ZY1
    ratio = {"1": Fraction(70, 100), "2": Fraction(60, 100), "3": Fraction(50, 100)}[level]  # ZY2
    if visit["person"]["status"] == "retired":
        ratio += Fraction(5, 100)  # ZY2
    return deductible, under_cap(totals, "general.fund", Fraction(2000), fen((eligible - deductible) * ratio))  # ZY1


# ---------------------------------------------------------------------------------------------- 平凉 620800


def pingliang(visit: Any, eligible: Any, totals: Any) -> Any:
    """Returns deductible, fund."""
    level = level_of(visit)
    grade = given(place_for_level(visit)[0], "grade")
    deductible = annual_deductible(totals, "general.deductible", Fraction(200), eligible)  # PL1
    if level == "1":  # PL2
        ratio = Fraction(65, 100)
    elif level == "2" or grade in ("B", "C"):
        ratio = Fraction(60, 100)
    else:
        assert level == "3"
        assert grade in ("A", "special")
        ratio = Fraction(55, 100)
    if visit["person"]["status"] == "retired":
        ratio += Fraction(5, 100)  # PL2: 70, 65, 60
    return deductible, under_cap(totals, "general.fund", Fraction(2500), fen((eligible - deductible) * ratio))  # PL1


# ---------------------------------------------------------------------------------------------- 巴中 511900


def bazhong(visit: Any, benefit: Any, eligible: Any, totals: Any) -> Any:
    """Returns deductible, fund, civil_servant, large_medical."""
    retired = visit["person"]["status"] == "retired"
    if benefit == "hypertension":  # BZ5
        return (
            ZERO,
            under_cap(totals, "hypertension.fund", Fraction(200), fen(eligible * Fraction(50, 100))),
            ZERO,
            ZERO,
        )
    if benefit == "diabetes":  # BZ5
        return ZERO, under_cap(totals, "diabetes.fund", Fraction(300), fen(eligible * Fraction(50, 100))), ZERO, ZERO

    standard = Fraction(150) if retired else Fraction(200)  # BZ1
    deductible = annual_deductible(totals, "general.deductible", standard, eligible)
    if visit["institution"]["type"] == "pharmacy" or level_of(visit) == "3":  # BZ2
        ratio = Fraction(50, 100)
    else:
        ratio = Fraction(60, 100)
    if retired:
        ratio += Fraction(10, 100)  # BZ2
    cap = Fraction(1000) if retired else Fraction(800)  # BZ3
    fund = under_cap(totals, "general.fund", cap, fen((eligible - deductible) * ratio))

    left = eligible - fund  # BZ4
    civil_servant = ZERO
    large_medical = ZERO
    supplements = given(visit["person"], "supplements", [])
    if "civil_servant" in supplements:
        civil_servant = under_cap(totals, "civil_servant.fund", Fraction(700), fen(left * Fraction(60, 100)))
        left -= civil_servant
    if "large_medical" in supplements:
        large_medical = under_cap(totals, "large_medical.fund", Fraction(600), fen(left * Fraction(70, 100)))
    return deductible, fund, civil_servant, large_medical


# ---------------------------------------------------------------------------------------------- 云浮 445300


def yunfu_cap(parameters: Any, year: Any) -> Any:
    wage = parameter(parameters, "average_wage", str(year - 2))
    return fen(wage * Fraction(2, 100))  # YF2


def yunfu(visit: Any, eligible: Any, totals: Any) -> Any:
    """Returns fund."""
    level = level_of(visit)
    ratio = {"1": Fraction(60, 100), "2": Fraction(55, 100), "3": Fraction(50, 100)}[level]  # YF1
    if visit["person"]["status"] == "retired":
        ratio += Fraction(10, 100)  # YF1
    cap = yunfu_cap(given(visit, "parameters", {}), int(visit["settled_on"][:4]))
    return under_cap(totals, "general.fund", cap, fen(eligible * ratio))


# ---------------------------------------------------------------------------------------------- quote


def usable(account: Any) -> Any:
    """What may be taken from an account over the whole visit (G13)."""
    left = number(given(account, "balance"))
    if given(account, "limit") is not None:
        left = min(left, number(account["limit"]))
    return left


def family_account_allowed(visit: Any, account: Any) -> Any:
    area = visit["area"]
    if not given(account, "authorised", False):  # G13
        return False
    relations = ["spouse", "parent", "child"]  # G13
    if area == BAZHONG:
        relations.append("spouse_parent")  # BZ8
    near = date_parameter(visit, "near_relatives")
    if near is not None and visit["settled_on"] >= near:  # G21
        relations += ["sibling", "grandparent", "grandchild"]
    if given(account, "relation") not in relations:
        return False
    if area == QUJING and given(account, "area") is not None and not account["area"].startswith("53"):  # QJ13
        return False
    return True


def settle_visit(visit: Any) -> Any:
    area = visit["area"]
    check_area(area)
    check_date(area, visit["settled_on"], "settled_on")
    date_parameter(visit, "near_relatives")
    if area == PINGLIANG:
        date_parameter(visit, "internet_care")
    check_benefits(visit)
    check_lines(visit)

    benefits = []  # G11: in order of first lines
    for line in visit["lines"]:
        if benefit_of(visit, line) not in benefits:
            benefits.append(benefit_of(visit, line))

    nothing = {benefit: reasons_for_nothing(visit, benefit) for benefit in benefits}
    for benefit in benefits:
        if not nothing[benefit]:
            check_needs(visit, benefit)

    totals = Totals(given(visit, "accumulators", {}))
    accounts = given(visit, "accounts", {})
    own = given(accounts, "own")
    own_left = ZERO if own is None else usable(own)  # PL6: a flexible worker's balance from before is used as any other
    family = given(accounts, "family", [])
    family_left = [usable(a) if family_account_allowed(visit, a) else ZERO for a in family]

    settlements = []
    for benefit in benefits:
        lines = [line for line in visit["lines"] if benefit_of(visit, line) == benefit]
        classified = [(line, classify(visit, benefit, line)) for line in lines]
        notices = list(nothing[benefit])
        if "not_designated" in notices and (benefit == "emergency" or given(visit, "rescue", False)):
            notices.append("claim_at_agency")  # G10

        a = dict.fromkeys(AMOUNT_KEYS, ZERO)
        barred = ZERO
        for line, parts in classified:
            a["total"] += parts["amount"]
            for key in ("self_paid", "over_price", "prepaid", "excluded", "eligible"):
                a[key] += parts[key]
            if is_barred_from_accounts(visit, line):
                barred += parts["amount"]  # such a line is never the fund's, so all of it is the patient's
            if parts["replaced"] and "prepay_ratio_replaced" not in notices:
                notices.append("prepay_ratio_replaced")  # PL3
            if is_above_listed_price(visit, line) and "above_listed_price" not in notices:
                notices.append("above_listed_price")  # BZ11

        if not nothing[benefit]:
            if area == QUJING:
                a["deductible"], a["fund"] = qujing(visit, benefit, a["eligible"], classified, totals)
            elif area == ZUNYI:
                a["deductible"], a["fund"] = zunyi(visit, a["eligible"], totals)
            elif area == PINGLIANG:
                a["deductible"], a["fund"] = pingliang(visit, a["eligible"], totals)
            elif area == BAZHONG:
                a["deductible"], a["fund"], a["civil_servant"], a["large_medical"] = bazhong(
                    visit, benefit, a["eligible"], totals
                )
            elif area == YUNFU:
                a["fund"] = yunfu(visit, a["eligible"], totals)

        a["fund_total"] = a["fund"] + a["civil_servant"] + a["large_medical"]
        a["patient"] = a["total"] - a["fund_total"]

        # G13: own account, then the family accounts in the order given, then cash
        payable = a["patient"] - barred
        if "not_designated" in nothing[benefit]:  # G10
            payable = ZERO
        if given(visit, "cause", "illness") == "public_health":  # G14
            payable = ZERO
        a["account_own"] = min(payable, own_left)
        own_left -= a["account_own"]
        payable -= a["account_own"]
        family_payments = []
        for i, account in enumerate(family):
            paid = min(payable, family_left[i])
            family_left[i] -= paid
            payable -= paid
            a["account_family"] += paid
            if paid > 0:
                family_payments.append({"id": account["id"], "amount": show(paid)})
        a["cash"] = a["patient"] - a["account_own"] - a["account_family"]

        if any(not family_account_allowed(visit, account) for account in family):
            notices.append("family_account_refused")  # G13

        settlements.append((benefit, a, family_payments, notices))

    total = {key: sum((a[key] for _, a, _, _ in settlements), ZERO) for key in AMOUNT_KEYS}
    return {
        "visit_no": given(visit, "visit_no"),
        "ok": True,
        "policy": area + "@" + IN_FORCE[area][0],
        "policy_revision": 2,
        "settlements": [
            {
                "benefit": benefit,
                "amounts": {key: show(a[key]) for key in AMOUNT_KEYS},
                "family_payments": family_payments,
                "trace": []
                if a["fund"] == 0
                else [{"rule": "reference", "article": "", "text": "", "amount": show(a["fund"])}],
                "notices": [{"code": code} for code in notices],
            }
            for benefit, a, family_payments, notices in settlements
        ],
        "totals": {key: show(total[key]) for key in AMOUNT_KEYS},
        "accumulators": {name: show(totals.values.get(name, ZERO)) for name in totals.touched},
    }


def quote(visit: Any) -> Any:
    try:
        return settle_visit(visit)
    except Refusal as refusal:
        return {"visit_no": given(visit, "visit_no"), "ok": False, "error": refusal.as_error()}


# ---------------------------------------------------------------------------------------------- credit


def two_percent_of_base(request: Any) -> Any:
    if given(request, "base") is None:
        raise Refusal("invalid_input", "base", "缺少缴费基数，请补录。")
    return fen(number(request["base"]) * Fraction(2, 100))


def credit_amount(request: Any) -> Any:
    area = request["area"]
    person = request["person"]
    parameters = given(request, "parameters", {})
    retired = person["status"] == "retired"
    flexible = given(person, "employment", "unit") == "flexible"
    past_age_paying = given(person, "paying_past_retirement_age", False)
    check_area(area)
    check_date(area, request["month"] + "-01", "month")

    if area == QUJING:  # QJ12
        if retired:
            return fen(parameter(parameters, "average_pension") * Fraction(2, 100))
        return two_percent_of_base(request)

    if area == ZUNYI:  # ZY5
        if retired:
            return fen(parameter(parameters, "average_pension_2021") * Fraction(3, 100))
        if flexible:
            raise Refusal(
                "benefit_not_defined", "person.employment", "文件没有规定灵活就业人员的个人账户，请咨询经办机构。"
            )
        return two_percent_of_base(request)

    if area == PINGLIANG:
        if retired:
            return Fraction(90)  # PL7
        if flexible:
            return ZERO  # PL6
        return two_percent_of_base(request)  # PL7

    if area == BAZHONG:  # BZ9
        if past_age_paying or not retired:
            return two_percent_of_base(request)
        pension_class = given(person, "pension_class")
        if pension_class is None and flexible:
            pension_class = "enterprise"  # "enterprise 企业 and flexible"
        if pension_class is None:
            raise Refusal("invalid_input", "person.pension_class", "请填写退休人员类别（机关事业或企业）。")
        return fen(parameter(parameters, "average_pension_2022", pension_class) * Fraction(28, 1000))

    assert area == YUNFU  # YF6
    if past_age_paying:
        return ZERO
    if retired:
        return Fraction("105.55")
    return two_percent_of_base(request)


def credit(request: Any) -> Any:
    try:
        return {"ok": True, "credit": show(credit_amount(request)), "trace": []}
    except Refusal as refusal:
        return {"ok": False, "error": refusal.as_error()}


# ---------------------------------------------------------------------------------------------- capitation


def capitation_year(request: Any) -> Any:
    area = request["area"]
    year = int(request["year"])
    check_area(area)
    first, last = IN_FORCE[area]
    if "%04d-12-31" % year < first or (last is not None and "%04d-01-01" % year > last):  # on any day of the year
        raise Refusal("no_policy_in_force", "year", "该年度没有施行中的政策，请核对年度。")
    if area != YUNFU:
        raise Refusal("benefit_not_defined", "area", "该参保地文件没有规定定额包干。")

    cap = yunfu_cap(given(request, "parameters", {}), year)
    prepayments = [
        fen(number(heads) * cap * Fraction(30, 100) / 12) if "%04d-%02d" % (year, month) >= "2022-09" else ZERO
        for month, heads in enumerate(request["headcount"], 1)
    ]  # YF8: nothing for months before the document began
    budget = sum(prepayments, ZERO)  # YF9
    if budget == 0:
        raise Refusal("invalid_input", "headcount", "包干总额为零，请核对定点人数。")
    used = number(given(request, "used")) + number(given(request, "manual_claims"))  # YF9
    rate = used / budget
    if rate < Fraction(30, 100):  # YF9, on the exact rate
        share = ZERO
    elif rate < Fraction(70, 100):
        share = Fraction(30, 100)
    elif rate < Fraction(80, 100):
        share = Fraction(70, 100)
    elif rate <= 1:
        share = Fraction(1)
    else:
        share = ZERO
    direct = number(request["direct_rate"])
    if direct < Fraction(90, 100):  # YF9: a part of a point counts as one
        points = math.ceil((Fraction(90, 100) - direct) * 100)
        share = max(ZERO, share - Fraction(points, 100))
    surplus = max(ZERO, budget - used)
    overage = max(ZERO, used - budget)
    kept = fen(surplus * share)
    returned = surplus - kept
    return {
        "ok": True,
        "prepayments": [show(p) for p in prepayments],
        "budget": show(budget),
        "use_rate": show(round_to(rate, 4), 4),
        "surplus": show(surplus),
        "kept_share": show(share),
        "kept": show(kept),
        "returned": show(returned),
        "overage": show(overage),
        "trace": [],
    }


def capitation(request: Any) -> Any:
    try:
        return capitation_year(request)
    except Refusal as refusal:
        return {"ok": False, "error": refusal.as_error()}
