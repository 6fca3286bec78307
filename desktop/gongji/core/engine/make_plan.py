"""Making plans: what a benefit pays by for one set of facts, from the rows of its pack that hold for them."""

from collections.abc import Mapping
from typing import Any

from gongji.core.engine.benefit_rules import BenefitRules
from gongji.core.engine.chosen_rows import ChosenRows
from gongji.core.engine.plan import (
    Amount,
    Plan,
    PlannedCap,
    PlannedLayer,
    PlannedSupplement,
    Ratio,
    Terms,
    Treatment,
    both_readings,
    joined,
)
from gongji.core.money import percent, product_text, share_fen, yuan
from gongji.core.packs.accounts import CreditRow
from gongji.core.packs.benefits import Benefit
from gongji.core.packs.conditions import Facts, holds
from gongji.core.packs.dimensions import CONTRACT, Dimension
from gongji.core.packs.language import Pack


def make_plan(
    pack: Pack,
    name: str,
    facts: Facts,
    supplements: tuple[PlannedSupplement, ...],
    terms: dict[tuple[Any, ...], Terms],
    treatments: dict[tuple[Any, ...], Treatment],
    rules: BenefitRules,
) -> Plan:
    """Return a benefit of this pack for these facts, with what it pays and says of lines as far as that is known."""
    benefit = pack.benefit[name]
    gates = rules.gates.all(facts)
    refused = rules.refuses.first(facts)
    needs = () if gates else tuple([need for need in rules.requires.all(facts) if facts[need.field] in {None, ()}])
    return Plan(
        name=name,
        benefit=benefit,
        facts=dict(facts),
        gates=gates,
        accounts_open=all(gate.accounts for gate in gates),
        notices=rules.notices.all(facts),
        no_account=rules.no_accounts.first(facts),
        refused=refused,
        needs=needs,
        supplements=() if gates or refused or needs else supplements,
        terms=terms,
        treatments=treatments,
    )


def make_terms(pack: Pack, benefit: Benefit, facts: Facts, known: Mapping[str, Dimension]) -> Terms:
    """Return a benefit's figures for these facts, those of the lines that it splits by among them."""
    rows = ChosenRows(pack, facts, known)
    return Terms(
        first_pay=tuple(rows.ratio(share.rule, share.ratio) for share in benefit.first_pay),
        deductible=rows.deductible(benefit.deductible),
        layers=tuple(
            _layer(
                layer.name,
                rows.ratio(layer.rule, layer.ratio, layer.modify),
                rows.caps(layer.cap, f"pay.{index}"),
                layer.reading,
                "fund",
            )
            for index, layer in enumerate(benefit.pay)
        ),
    )


def _layer(name: str, ratio: Ratio, caps: tuple[PlannedCap, ...], reading: str | None, amount: str) -> PlannedLayer:
    """Return a layer with the rules and readings that decide what it pays."""
    rules = joined([*ratio.rule.split("、"), *(rule for cap in caps for rule in cap.amount.rule.split("、"))])
    all_readings = both_readings(reading, ratio.reading)
    for cap in caps:
        all_readings = both_readings(all_readings, both_readings(cap.reading, cap.amount.reading))
    return PlannedLayer(name, ratio, caps, all_readings, amount, rules)


def make_supplements(
    benefit: Benefit, facts: Facts, pack: Pack, known: Mapping[str, Dimension]
) -> tuple[PlannedSupplement, ...]:
    """Return the supplements that these facts entitle to under a benefit."""
    rows = ChosenRows(pack, facts, known)
    words = CONTRACT["supplements"].words
    return tuple(
        PlannedSupplement(
            supplement.fund,
            supplement.on,
            _layer(
                supplement.name or words[supplement.fund],
                rows.ratio(supplement.rule, supplement.ratio),
                rows.caps(supplement.cap, supplement.fund),
                supplement.reading,
                supplement.fund,
            ),
        )
        for supplement in benefit.supplement
        if holds(supplement.when, rows.facts)
    )


def credit_amount(pack: Pack, row: CreditRow, facts: Facts, base_fen: int) -> Amount:
    """Return a month's credit by a row of the pack, for a contribution base in fen."""
    rule = str(row.rule)
    if row.parameter is not None:
        return Amount(rule, 0, "", ChosenRows(pack, facts, {}).lookup(row.parameter, None, row.key), row.times)
    if row.of_base is not None:
        how = f"缴费基数 {yuan(base_fen)} × {percent(row.of_base)} = {product_text(base_fen, row.of_base)}"
        return Amount(rule, share_fen(base_fen, row.of_base), how)
    return Amount(rule, int(row.yuan or 0))


def cap_amount(pack: Pack, benefit: str) -> Amount:
    """Return a benefit's first cap, which is the same for everybody."""
    cap = pack.benefit[benefit].pay[0].cap[0]
    amount = ChosenRows(pack, {}, {}).amount(cap.rule, cap.amount)
    assert amount is not None  # the pack's checks guarantee one
    return amount


def make_treatment(rules: BenefitRules, facts: Facts, *, has_ratio: bool, has_drug: bool) -> Treatment:
    """Return what is said about lines with these facts (the visit's and the line's) under a benefit.

    `has_ratio` and `has_drug` say whether such a line has a prepay ratio of its own and names a drug.
    """
    class_b = facts["class"] == "B"
    prepay = rules.prepays.first(facts) if class_b else None
    refused = rules.line_refuses.first(facts)
    wants_ratio = class_b if prepay is None else None
    settles = (
        refused is None
        and (facts["category"] == "drug" or not (facts["negotiated"] or has_drug))
        and wants_ratio in {None, has_ratio}
    )
    excluded, barred = rules.excludes.first(facts), rules.bars.first(facts)
    notices = rules.line_notices.all(facts)
    plain = settles and excluded is None and barred is None and not notices
    return Treatment(
        settles=settles,
        wants_ratio=wants_ratio,
        prepay=prepay,
        excluded=excluded,
        barred=barred,
        refused=refused,
        notices=notices,
        plain=plain,
        whole=plain and facts["class"] == "A" and not facts["above_ceiling"],
    )
