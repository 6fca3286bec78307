"""试算: one visit side by side for every level of institution, status and use of accounts."""

from collections.abc import Iterator

from msgspec import Struct, structs

from gongji.core.packs.dimensions import CONTRACT
from gongji.core.reckoning.amounts import Amounts
from gongji.core.reckoning.policy import Policy
from gongji.core.visits import Accounts, Visit
from gongji.desk.quoting import quote_visit
from gongji.policies import Library


class Tried(Struct, frozen=True, kw_only=True):
    """What a visit would come to for one level, status and use of accounts; the refusal where it would be none."""

    level: str
    level_name: str
    status: str
    status_name: str
    with_account: bool
    is_this: bool
    totals: Amounts | None
    refused: str = ""


def try_all(library: Library, visit: Visit, policy: Policy, *, uses_accounts: bool = True) -> list[Tried]:
    """Return what a visit would come to at each level, for each status, with and without the accounts.

    `uses_accounts` tells whether the patient wants them used this time; that row is the one that `is_this`.
    """
    return list(_tries(library, visit, policy, uses_accounts=uses_accounts))


def _tries(library: Library, visit: Visit, policy: Policy, *, uses_accounts: bool) -> Iterator[Tried]:
    offered = visit.accounts.own is not None or bool(visit.accounts.family)
    here = policy.levels.get(visit.institution.level)
    for level in policy.pack.level:
        if level.same_as is not None:
            continue
        for status, status_name in CONTRACT["status"].words.items():
            for with_account in (True, False) if offered else (uses_accounts,):
                other = _as(visit, level.id, status, with_account=with_account)
                quoted = quote_visit(other, library)
                yield Tried(
                    level=level.id,
                    level_name=level.name,
                    status=status,
                    status_name=status_name,
                    with_account=with_account,
                    is_this=with_account == uses_accounts and level.id == here and status == visit.person.status,
                    totals=None if quoted.quote is None else quoted.quote.totals,
                    refused=quoted.problems[0].message if quoted.problems else "",
                )


def _as(visit: Visit, level: str, status: str, *, with_account: bool) -> Visit:
    return structs.replace(
        visit,
        institution=structs.replace(visit.institution, level=level),
        person=structs.replace(visit.person, status=status),
        accounts=visit.accounts if with_account else Accounts(),
    )
