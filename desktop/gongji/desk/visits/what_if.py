"""试算: one visit side by side for every level of institution, status and use of accounts.

Also an amount at any level and status, without a patient: what a manager asks of a policy.
"""

import datetime
from itertools import product
from typing import Any

from msgspec import Struct, structs

from gongji.core.engine.amounts import Amounts
from gongji.core.engine.policy import Policy
from gongji.core.money import yuan
from gongji.core.packs.dimensions import CONTRACT
from gongji.core.problems import Problem
from gongji.core.visits import Accounts, Visit, read_visit
from gongji.desk.session import Session
from gongji.desk.visits.quote import quote_visit
from gongji.pack_files.library import Library
from gongji.store import settings


class WhatIfResult(Struct, frozen=True, kw_only=True):
    """The outcome of a visit for one level, status and use of accounts; the refusal where there is none."""

    level: str
    level_name: str
    status: str
    status_name: str
    with_account: bool
    is_this: bool
    totals: Amounts | None
    refused: str = ""


def try_all(library: Library, visit: Visit, policy: Policy, *, uses_accounts: bool = True) -> list[WhatIfResult]:
    """Return the outcome of a visit at each level, for each status, with and without the accounts.

    `uses_accounts` says whether the patient wants them used this time; that row is the one that `is_this`.
    """
    offered = visit.accounts.own is not None or bool(visit.accounts.family)
    here = policy.levels.get(visit.institution.level)
    levels, words = [one for one in policy.pack.level if one.same_as is None], CONTRACT["status"].words
    found = []
    for level, status, with_account in product(levels, words, (True, False) if offered else (uses_accounts,)):
        quoted = quote_visit(_as(visit, level.id, status, with_account=with_account), library)
        one = WhatIfResult(
            level=level.id,
            level_name=level.name,
            status=status,
            status_name=words[status],
            with_account=with_account,
            is_this=with_account == uses_accounts and level.id == here and status == visit.person.status,
            totals=None if quoted.quote is None else quoted.quote.totals,
            refused=quoted.problems[0].message if quoted.problems else "",
        )
        found.append(one)
    return found


def _as(visit: Visit, level: str, status: str, *, with_account: bool) -> Visit:
    return structs.replace(
        visit,
        institution=structs.replace(visit.institution, level=level),
        person=structs.replace(visit.person, status=status),
        accounts=visit.accounts if with_account else Accounts(),
    )


class WhatIf(Struct, frozen=True, kw_only=True):
    """The assumed visit: a benefit, an amount (fen) wholly within the policy, what was paid before, an own account."""

    benefit: str
    amount_fen: int
    used_fen: int = 0
    account_fen: int = 0
    disease: str = ""
    grade: str | None = None


def suppose(session: Session, policy: Policy, one: WhatIf, on: datetime.date) -> list[WhatIfResult] | list[Problem]:
    """Return the outcome at each level, for each status, with and without the account; or what is wrong."""
    visit = read_visit(_visit(session, policy, one, on))
    if not isinstance(visit, Visit):
        return visit
    return [structs.replace(each, is_this=False) for each in try_all(session.library, visit, policy)]


def _visit(session: Session, policy: Policy, one: WhatIf, on: datetime.date) -> dict[str, Any]:
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
        "parameters": settings.parameters(session.store.reader, pack.area),
        "accumulators": {name: yuan(one.used_fen) for name in _used(policy, one)},
    }
    if one.disease:
        given["disease"] = one.disease
        given["person"]["registrations"] = {"chronic": [one.disease]}
    if one.account_fen:
        given["accounts"] = {"own": {"balance": yuan(one.account_fen)}}
    return given


def _used(policy: Policy, one: WhatIf) -> list[str]:
    """Return which running totals hold what the fund has paid of this benefit."""
    if not one.used_fen:
        return []
    benefit = policy.pack.benefit[one.benefit]
    names = [cap.accumulator for layer in benefit.pay for cap in layer.cap if cap.accumulator is not None]
    return [name for name in dict.fromkeys(names) if policy.pack.accumulator[name].counts == "fund" and "{" not in name]
