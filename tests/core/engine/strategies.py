"""Hypothesis strategies for visits of every area that settle."""

from typing import Any

from hypothesis import strategies as st

from tests.support.visits import AREAS, BAZHONG, INPATIENT, PINGLIANG, QUJING, YUNFU, visit

BENEFITS = {
    QUJING: ["general", "chronic", "special", "emergency", "negotiated", "day_surgery"],
    BAZHONG: ["general", "hypertension", "diabetes"],
}
ACCUMULATORS = {
    QUJING: ["general.fund", "chronic.fund", "inpatient.fund", "special.deductible", "negotiated.D0.deductible"],
    BAZHONG: [
        "general.deductible",
        "general.fund",
        "hypertension.fund",
        "diabetes.fund",
        "civil_servant.fund",
        "large_medical.fund",
    ],
}


def money(most_fen: int) -> st.SearchStrategy[str]:
    """Amounts as text, from nothing to so many fen."""
    return st.integers(0, most_fen).map(lambda fen: f"{fen // 100}.{fen % 100:02d}")


@st.composite
def lines(draw: st.DrawFn, area: str) -> list[dict[str, Any]]:
    """Lines of every class and use, some over a price ceiling."""
    made = []
    for index in range(draw(st.integers(1, 5))):
        class_ = draw(st.sampled_from("AABBC"))
        category = draw(st.sampled_from(["drug", "drug", "service", "consumable"]))
        one: dict[str, Any] = {
            "code": f"D{index}",
            "category": category,
            "class": class_,
            "unit_price": draw(money(300_000)),
            "quantity": draw(st.sampled_from(["1", "2", "0.5", "0.3333", "10"])),
            "use": draw(st.sampled_from(["treatment"] * 6 + ["checkup", "fitness", "tcm_prevention", "antenatal"])),
        }
        if class_ == "B" and area != PINGLIANG:
            one["prepay_ratio"] = draw(st.sampled_from(["0", "0.05", "0.10", "0.333", "1"]))
        if draw(st.booleans()):
            one["price_ceiling"] = draw(money(200_000))
        if category == "drug" and draw(st.booleans()):
            one["negotiated"] = True
        made.append(one)
    return made


@st.composite
def visits(draw: st.DrawFn, area: str | None = None, benefit: str | None = None) -> dict[str, Any]:
    """Visits that settle, in the area and under the benefit named, or any."""
    area = area or draw(st.sampled_from(AREAS))
    names = ACCUMULATORS.get(area, ["general.fund"] if area == YUNFU else ["general.deductible", "general.fund"])
    own = draw(st.none() | st.fixed_dictionaries({"balance": money(50_000)}))
    family = [
        {"id": f"F{index}", "relation": "child", "authorised": True, "area": area, "balance": draw(money(30_000))}
        for index in range(draw(st.integers(0, 2)))
    ]
    return visit(
        area,
        *draw(lines(area)),
        benefit=benefit or draw(st.sampled_from(BENEFITS.get(area, ["general"]))),
        disease=draw(st.sampled_from(["重性精神病", "恶性肿瘤", "再生障碍性贫血"])),
        institution={"level": draw(st.sampled_from(["unrated", "1", "2", "3"])), "grade": "A"},
        person={
            "status": draw(st.sampled_from(["employed", "retired"])),
            "registrations": {
                "chronic": draw(st.lists(st.sampled_from(["冠心病", "精神病", "支气管哮喘"]), min_size=1))
            },
            "supplements": draw(st.lists(st.sampled_from(["civil_servant", "large_medical"]), unique=True)),
        },
        accumulators={name: draw(money(610_000)) for name in draw(st.lists(st.sampled_from(names), unique=True))},
        accounts={"own": own, "family": family},
        parameters={**INPATIENT, "average_wage": {"2021": draw(money(20_000_000))}},
    )
