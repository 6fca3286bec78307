"""试算: an amount at any level and status, without a patient: what a manager asks of a policy."""

import datetime
from typing import Any

from msgspec import Struct, structs

from gongji.core.money import yuan
from gongji.core.problems import Problem
from gongji.core.reckoning.policy import Policy
from gongji.core.visits import Visit, read_visit
from gongji.desk.counter import Counter
from gongji.desk.trying import Tried, try_all
from gongji.store import settings


class Supposed(Struct, frozen=True, kw_only=True):
    """What is supposed: a benefit, an amount (fen) wholly within the policy, what was paid before, an own account."""

    benefit: str
    amount_fen: int
    used_fen: int = 0
    account_fen: int = 0
    disease: str = ""
    grade: str | None = None


def suppose(counter: Counter, policy: Policy, one: Supposed, on: datetime.date) -> list[Tried] | list[Problem]:
    """Return what it would come to at each level, for each status, with and without the account; or what is wrong."""
    visit = read_visit(_visit(counter, policy, one, on))
    if not isinstance(visit, Visit):
        return visit
    return [structs.replace(each, is_this=False) for each in try_all(counter.library, visit, policy)]


def _visit(counter: Counter, policy: Policy, one: Supposed, on: datetime.date) -> dict[str, Any]:
    pack = policy.pack
    given: dict[str, Any] = {
        "visit_no": "试算",
        "area": pack.area,
        "settled_on": on.isoformat(),
        "benefit": one.benefit,
        "institution": {"id": "试算", "type": "hospital", "level": pack.level[0].id, "grade": one.grade},
        "person": {"id": "试算", "status": "employed", "selected_institution": "试算"},
        "lines": [
            {
                "code": "0",
                "name": "政策范围内费用",
                "category": "drug",
                "class": "A",
                "unit_price": yuan(one.amount_fen),
                "quantity": "1",
                "benefit": one.benefit,
            }
        ],
        "parameters": settings.parameters(counter.store.reader, pack.area),
        "accumulators": {name: yuan(one.used_fen) for name in _used(policy, one)},
    }
    if one.disease:
        given["disease"] = one.disease
        given["person"]["registrations"] = {"chronic": [one.disease]}
    if one.account_fen:
        given["accounts"] = {"own": {"balance": yuan(one.account_fen)}}
    return given


def _used(policy: Policy, one: Supposed) -> list[str]:
    """Return which running totals stand for what the fund has paid of this benefit."""
    if not one.used_fen:
        return []
    benefit = policy.pack.benefit[one.benefit]
    names = [cap.accumulator for layer in benefit.pay for cap in layer.cap if cap.accumulator is not None]
    return [name for name in dict.fromkeys(names) if policy.pack.accumulator[name].counts == "fund" and "{" not in name]
