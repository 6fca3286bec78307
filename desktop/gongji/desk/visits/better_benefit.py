"""更好的待遇: a benefit a patient is registered for that would pay more for a line than its current one."""

import re
from collections.abc import Iterator
from functools import cache

from msgspec import Struct, structs, toml

from gongji.core.engine.policy import Policy
from gongji.core.engine.quote import Quote, quote
from gongji.core.ledger.draft import Draft, draft_to_json, with_choice
from gongji.core.ledger.fill_visit import fill_from_book
from gongji.core.visits import FeeLine, Visit, read_visit
from gongji.desk.visits.patients import Patient
from gongji.files import read_whole, resource_folder
from gongji.pack_files.library import Library

_NATIONAL = re.compile(r"X([A-Z]\d\d)", re.ASCII)
"""The national code of a western drug begins with X and the group of its ATC code."""


class BenefitHints(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What suggestions go by, as `resources/better_benefit.toml` has it.

    `negotiated` is the benefit of negotiated drugs, `disease_of` the disease of a benefit that is for one, `given_for`
    the groups of drugs (ATC) by the registered disease they are mostly given for.
    """

    negotiated: str
    disease_of: dict[str, str]
    given_for: dict[str, tuple[str, ...]]


@cache
def _hints() -> BenefitHints:
    return toml.decode(read_whole(resource_folder() / "better_benefit.toml"), type=BenefitHints)


class Proposal(Struct, frozen=True, kw_only=True):
    """A line that another benefit would pay more for: by how much, in fen, and why the patient may have it.

    `likely` says whether the drug is of a kind that is given for what the patient is registered for.
    """

    place: int
    name: str
    benefit: str
    benefit_name: str
    better_fen: int
    why: str
    likely: bool


def propose(library: Library, draft: Draft, patient: Patient, now: Quote) -> list[Proposal]:
    """Return, for each line that would cost the patient less under another benefit, the best one; most saved first.

    Whether a drug is for the registered disease only the prescriber knows, so this suggests and never decides.
    """
    visit = read_visit(with_choice(fill_from_book(draft_to_json(draft), patient.known), draft.accounts))
    if not isinstance(visit, Visit) or patient.policy is None or visit.full_payment:
        return []
    found = [_best(library, visit, patient.policy, place, now) for place in range(len(visit.lines))]
    return sorted((one for one in found if one is not None), key=lambda one: (not one.likely, -one.better_fen))


def _best(library: Library, visit: Visit, policy: Policy, place: int, now: Quote) -> Proposal | None:
    best: Proposal | None = None
    line = visit.lines[place]
    for name, why in _rights(visit, line, policy):
        other = structs.replace(line, benefit=name)
        lines = (*visit.lines[:place], other, *visit.lines[place + 1 :])
        then = quote(structs.replace(visit, lines=lines), policy, library.knows)
        if not isinstance(then, Quote):
            continue
        better_fen = then.totals.fund_total_fen - now.totals.fund_total_fen
        if better_fen > 0 and (best is None or better_fen > best.better_fen):
            best = Proposal(
                place=place,
                name=line.name or line.code,
                benefit=name,
                benefit_name=policy.pack.benefit[name].name,
                better_fen=better_fen,
                why=why,
                likely=_is_likely(line, visit.person.registrations.chronic),
            )
    return best


def _rights(visit: Visit, line: FeeLine, policy: Policy) -> Iterator[tuple[str, str]]:
    """Yield the other benefits a line may have, by registration or by the item, each with the reason."""
    mine = line.benefit or visit.benefit or policy.pack.default_benefit
    if line.category != "drug":
        return
    facts = policy.facts(visit)
    diseases: tuple[str, ...] = facts["registered"]
    hints = _hints()
    for name, benefit in policy.pack.benefit.items():
        plan = policy.plan(name, facts)
        if name == mine or plan.needs or plan.refused is not None:
            continue
        if name == hints.negotiated and line.negotiated:
            yield name, "这是国家谈判药品"
        elif hints.disease_of.get(name) in diseases:
            yield name, f"患者登记了{hints.disease_of[name]}"
        elif diseases and any(need.field == "registered" for need in benefit.require):
            yield name, f"患者登记了{'、'.join(diseases)}"


def _is_likely(line: FeeLine, diseases: tuple[str, ...]) -> bool:
    """Return whether a drug may well be for one of these diseases; True where nothing is known."""
    group = _NATIONAL.match(line.code)
    given_for = _hints().given_for
    known = [given_for[one] for one in diseases if one in given_for]
    if line.negotiated or not known or len(known) < len(diseases):
        return True
    return group is not None and any(group[1] in groups for groups in known)
