"""What holds of every settlement, whatever the visit."""

import copy
import json
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gongji.files import resource_folder
from gongji.pack_files.library import Library
from tests.core.engine.strategies import ACCUMULATORS, money, visits
from tests.support.visits import BAZHONG, INPATIENT, PINGLIANG, QUJING, YUNFU, ZUNYI, line, quoted, settled, visit

LIBRARY = Library(resource_folder() / "policies")
CAPPED = [(area, "general.fund") for area in (ZUNYI, PINGLIANG, BAZHONG, YUNFU)]
CAPPED += [(BAZHONG, name) for name in ACCUMULATORS[BAZHONG] if name.endswith(".fund")]
CAPPED += [(QUJING, "chronic.fund"), (QUJING, "inpatient.fund")]
DEDUCTIBLES = [(ZUNYI, "general.deductible"), (PINGLIANG, "general.deductible"), (BAZHONG, "general.deductible")]
DEDUCTIBLES += [(QUJING, "special.deductible"), (QUJING, "negotiated.D0.deductible")]


def fen(text: str) -> int:
    return int(text.replace(".", ""))


def totals(asked: dict[str, Any]) -> dict[str, int]:
    answer = quoted(LIBRARY, asked)
    assert answer["ok"], answer
    return {name: fen(text) for name, text in answer["totals"].items()}


@settings(max_examples=400)
@given(visits())
def test_every_fen_of_the_bill_ends_in_exactly_one_place(asked: dict[str, Any]) -> None:
    answer = quoted(LIBRARY, asked)
    assert answer["ok"], answer
    assert sum(fen(line["amounts"]["total"]) for line in answer["settlements"]) == fen(answer["totals"]["total"])
    for amounts in (*(one["amounts"] for one in answer["settlements"]), answer["totals"]):
        one = {name: fen(text) for name, text in amounts.items()}
        listed = one["self_paid"] + one["over_price"] + one["prepaid"] + one["excluded"] + one["eligible"]
        assert one["total"] == listed
        assert one["fund_total"] == one["fund"] + one["civil_servant"] + one["large_medical"]
        assert one["patient"] == one["total"] - one["fund_total"]
        assert one["patient"] == one["account_own"] + one["account_family"] + one["cash"]
        assert max(one["deductible"] + one["fund"], one["fund_total"]) <= one["eligible"]
        assert min(one.values()) >= 0


@settings(max_examples=400)
@given(visits())
def test_what_was_paid_is_what_the_accumulators_moved(asked: dict[str, Any]) -> None:
    answer = quoted(LIBRARY, asked)
    before = {name: fen(asked["accumulators"].get(name, "0.00")) for name in answer["accumulators"]}
    moved = {name: fen(text) - before[name] for name, text in answer["accumulators"].items()}
    assert sum(by for name, by in moved.items() if name.endswith(".fund")) == fen(answer["totals"]["fund_total"])
    assert min(moved.values(), default=0) >= 0
    if asked["area"] != QUJING or asked["benefit"] in {"special", "negotiated"}:  # the others' is taken each time
        yearly = sum(by for name, by in moved.items() if name.endswith(".deductible"))
        assert yearly == fen(answer["totals"]["deductible"])


@settings(max_examples=300)
@given(visits())
def test_every_amount_a_rule_decided_has_its_step(asked: dict[str, Any]) -> None:
    for settlement in quoted(LIBRARY, asked)["settlements"]:
        amounts, trace = settlement["amounts"], settlement["trace"]
        assert all(step["rule"] and step["article"] and step["text"] for step in trace)
        named = [step["amount"] for step in trace]
        for key in ("self_paid", "over_price", "eligible", "account_own"):
            assert fen(amounts[key]) == 0 or amounts[key] in named, key
        by_sum = {"prepaid": "乙类", "excluded": "不予支付", "deductible": "起付标准", "civil_servant": "公务员"}
        for key, word in by_sum.items():
            assert fen(amounts[key]) == 0 or any(word in step["text"] for step in trace), key
        if fen(amounts["fund"]):
            assert any("统筹基金" in step["text"] and "×" in step["text"] for step in trace)


@settings(max_examples=300)
@given(st.data())
def test_having_used_more_of_a_deductible_never_costs_the_patient_more(data: st.DataObject) -> None:
    area, name = data.draw(st.sampled_from(DEDUCTIBLES))
    benefit = "general" if area != QUJING else name.split(".")[0]
    asked = data.draw(visits(area, benefit))
    less, more = sorted([data.draw(money(62_000)), data.draw(money(62_000))], key=fen)
    asked["accumulators"][name] = less
    patient = totals(asked)["patient"]
    asked["accumulators"][name] = more
    assert totals(asked)["patient"] <= patient


@settings(max_examples=300)
@given(st.data())
def test_having_used_more_of_a_cap_never_costs_less(data: st.DataObject) -> None:
    area, name = data.draw(st.sampled_from(CAPPED))
    benefits = {"chronic.fund": "chronic", "inpatient.fund": "emergency"}
    benefit = benefits.get(name) or (
        name.split(".")[0] if name in {"hypertension.fund", "diabetes.fund"} else "general"
    )
    asked = data.draw(visits(area, benefit))
    less, more = sorted([data.draw(money(6_100_000)), data.draw(money(6_100_000))], key=fen)
    asked["accumulators"][name] = less
    patient = totals(asked)["patient"]
    asked["accumulators"][name] = more
    assert totals(asked)["patient"] >= patient


def test_the_one_cap_of_which_it_does_not_hold() -> None:
    """Beyond 6000 the rule of 曲靖 第九条 pays at the inpatient ratio, which is higher: reaching the cap costs less."""
    before = settled(LIBRARY, visit(QUJING, line("1000.00"), accumulators={"general.fund": "0.00"}))
    after = visit(QUJING, line("1000.00"), accumulators={"general.fund": "6000.00"}, parameters=INPATIENT)
    assert (before["patient"], settled(LIBRARY, after)["patient"]) == ("418.00", "127.00")


@settings(max_examples=300)
@given(visits(), st.integers(0, 50_000), st.integers(0, 50_000))
def test_splitting_an_account_does_not_change_the_total(asked: dict[str, Any], first: int, second: int) -> None:
    whole, parts = copy.deepcopy(asked), copy.deepcopy(asked)
    account = {"relation": "child", "authorised": True, "area": asked["area"]}
    sizes = {"W": first + second}, {"A": first, "B": second}
    for made, shares in zip((whole, parts), sizes, strict=True):
        made["accounts"]["family"] = [
            {**account, "id": name, "balance": f"{size // 100}.{size % 100:02d}"} for name, size in shares.items()
        ]
    assert totals(whole) == totals(parts)


@settings(max_examples=400)
@given(visits(), st.randoms())
def test_the_order_of_lines_does_not_change_what_a_benefit_pays(asked: dict[str, Any], rng: Any) -> None:
    """Neither over a year nor each time, nor drug by drug where drugs share a cap."""
    wanted = quoted(LIBRARY, asked)
    rng.shuffle(asked["lines"])
    found = quoted(LIBRARY, asked)
    assert found["ok"], found
    assert (found["totals"], found["accumulators"]) == (wanted["totals"], wanted["accumulators"])


# Benefits of one area that share no accumulator: what one of them pays is nothing to the other.
APART = [(BAZHONG, ["general", "hypertension", "diabetes"]), (QUJING, ["general", "chronic"])]
APART += [(QUJING, ["chronic", one]) for one in ("special", "emergency", "negotiated", "day_surgery")]


@settings(max_examples=400)
@given(st.data())
def test_the_order_of_lines_under_several_benefits_does_not_change_what_each_pays(data: st.DataObject) -> None:
    area, benefits = data.draw(st.sampled_from(APART))
    asked = data.draw(visits(area, benefits[0]))
    for one in asked["lines"]:
        one["benefit"] = data.draw(st.sampled_from(benefits))
    wanted = quoted(LIBRARY, asked)
    asked["lines"] = data.draw(st.permutations(asked["lines"]))
    found = quoted(LIBRARY, asked)
    assert (found["totals"], found["accumulators"]) == (wanted["totals"], wanted["accumulators"])
    by_order = {"account_own", "account_family", "cash"}  # whichever settlement comes first is first at the accounts
    first, second = (
        {
            one["benefit"]: {name: text for name, text in one["amounts"].items() if name not in by_order}
            for one in answer["settlements"]
        }
        for answer in (wanted, found)
    )
    assert first == second


@settings(max_examples=200)
@given(visits())
def test_quoting_never_changes_its_input_and_gives_the_same_again(asked: dict[str, Any]) -> None:
    before = json.dumps(asked)
    first = quoted(LIBRARY, asked)
    assert quoted(LIBRARY, asked) == first
    assert json.dumps(asked) == before


@settings(max_examples=200)
@given(st.sampled_from(["chronic", "special", "emergency", "negotiated"]).flatmap(lambda one: visits(QUJING, one)))
def test_two_benefits_in_one_visit_are_settled_one_after_the_other(asked: dict[str, Any]) -> None:
    """The second settlement of a visit is what the second of two visits would be, accumulators and balances carried."""
    assume(len(asked["lines"]) > 1)
    asked["accounts"]["family"] = []
    head, tail = asked["lines"][:1], asked["lines"][1:]
    both = {**asked, "lines": [*head, *({**line, "benefit": "general"} for line in tail)]}
    answer = quoted(LIBRARY, both)
    one = quoted(LIBRARY, {**asked, "lines": head})
    own = asked["accounts"]["own"]
    if own is not None:
        left = fen(own["balance"]) - fen(one["totals"]["account_own"])
        own = {"balance": f"{left // 100}.{left % 100:02d}"}
    carried = {**asked["accumulators"], **one["accumulators"]}
    two = quoted(
        LIBRARY,
        {**asked, "lines": tail, "benefit": "general", "accumulators": carried, "accounts": {"own": own, "family": []}},
    )
    assert answer["settlements"][0]["amounts"] == one["totals"]
    assert answer["settlements"][1]["amounts"] == two["totals"]
