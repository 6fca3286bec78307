"""核定: the payer's result for a visit, by the packs in force and its own accumulators."""

import datetime
from collections.abc import Iterator, Mapping
from sqlite3 import Connection
from typing import Any

from msgspec import Struct

from gongji.core.engine.amounts import Amounts
from gongji.core.engine.bill import assess
from gongji.core.engine.quote import Quote, quote
from gongji.core.money import Fen, yuan
from gongji.core.problems import Problem
from gongji.core.visits import Visit, read_visit
from gongji.pack_files.library import Library
from gongji.sandbox import people
from gongji.sandbox.messages import RefusedError, amount

_LONGEST_TOLD = 190


class Award(Struct, frozen=True, kw_only=True):
    """A visit's result: amounts, the figures before it and what it moves them by.

    Both lists hold owner, scope, name, fen; `balance_fen` is what is left in the person's own account.
    """

    visit_no: str
    benefit: str
    policy: str
    amounts: Amounts
    stood: list[list[Any]]
    moved: list[list[Any]]
    balance_fen: int


def adjudged(
    connection: Connection, library: Library, visit_given: Mapping[str, Any], *, adopt: bool, follow: bool
) -> Award:
    """Return the result of a visit (in the contract's form). Raises `RefusedError` that says why it cannot be settled.

    `adopt` takes over figures that the payer has not been given yet; otherwise they count as zero. `follow` lets
    accounts known only from messages have the visit's balance, which must not be done for the second part of one visit.
    """
    area, day = str(visit_given.get("area")), _day(visit_given.get("settled_on"))
    policy = library.in_force(area, day)
    if isinstance(policy, Problem):
        raise RefusedError(policy.message[:_LONGEST_TOLD])
    year_from = policy.year_from(day)
    person_id, scope = str(visit_given["person"].get("id")), f"{area}/{year_from}"
    mine = people.figures(connection, person_id, scope)
    if adopt:
        for name, said in (visit_given.get("accumulators") or {}).items():
            mine.setdefault(name, _fen(said))
    balances: dict[str, int] = {}
    accounts = _accounts(connection, visit_given, balances, adopt=adopt, follow=follow)
    accumulators = {name: yuan(max(0, fen)) for name, fen in mine.items()}
    visit = read_visit({**visit_given, "accumulators": accumulators, "accounts": accounts})
    if isinstance(visit, list):
        raise RefusedError(f"{visit[0].field}：{visit[0].message}"[:_LONGEST_TOLD])
    result = quote(visit, policy, library.knows)
    if not isinstance(result, Quote):
        raise RefusedError(f"{result[0].field}：{result[0].message}"[:_LONGEST_TOLD])
    stood = [[person_id, scope, name, fen] for name, fen in mine.items()]
    stood += [[account, "", people.BALANCE, fen] for account, fen in balances.items()]
    return Award(
        visit_no=visit.visit_no,
        benefit=result.settlements[0].benefit,
        policy=policy.id,
        amounts=result.totals,
        stood=stood,
        moved=list(_moves(visit, result, scope)),
        balance_fen=max(0, balances.get(person_id, 0) - result.totals.account_own_fen),
    )


def by_own_catalogue(visit_given: Mapping[str, Any], prepay: Mapping[str, str]) -> dict[str, Any]:
    """Return a visit (in the contract's form) with its items as the payer's own catalogue has them."""
    return {
        **visit_given,
        "lines": [
            {**line, "class": "B", "prepay_ratio": prepay[line["code"]]} if line.get("code") in prepay else line
            for line in visit_given.get("lines") or ()
        ],
    }


def _day(text: Any) -> datetime.date:
    try:
        return datetime.date.fromisoformat(str(text)[:10])
    except ValueError:
        raise RefusedError(f"{str(text)[:20]} 不是日期") from None


def _fen(said: Any) -> int:
    try:
        return int(amount(Fen, said))
    except ValueError as error:
        raise RefusedError(str(error)) from error


def _accounts(
    connection: Connection, visit_given: Mapping[str, Any], balances: dict[str, int], *, adopt: bool, follow: bool
) -> dict[str, Any]:
    """Return the accounts offered, with the balances the payer goes by; fills `balances` (fen) with these."""
    offered = visit_given.get("accounts") or {}
    found: dict[str, Any] = {"family": []}
    for one in offered.get("family") or ():
        account = str(one.get("id"))
        balances[account] = _balance(connection, account, one, adopt=adopt, follow=follow)
        found["family"].append({**one, "balance": yuan(max(0, balances[account]))})
    if offered.get("own") is not None:
        account = str(visit_given["person"].get("id"))
        balances[account] = _balance(connection, account, offered["own"], adopt=adopt, follow=follow)
        found["own"] = {**offered["own"], "balance": yuan(max(0, balances[account]))}
    return found


def _balance(connection: Connection, account: str, said: Mapping[str, Any], *, adopt: bool, follow: bool) -> int:
    mine, holder = people.balance(connection, account), people.find(connection, account)
    is_own = holder is not None and holder.own
    if adopt and not is_own and (follow or mine is None):
        return _fen(said.get("balance", "0"))
    return mine or 0


def _moves(visit: Visit, result: Quote, scope: str) -> Iterator[list[Any]]:
    for name, after_fen in result.accumulators.items():
        moved_fen = after_fen - visit.accumulators.get(name, 0)
        if moved_fen:
            yield [visit.person.id, scope, name, moved_fen]
    paid = {visit.person.id: result.totals.account_own_fen}
    for settlement in result.settlements:
        for one in settlement.family_payments:
            paid[one.id] = paid.get(one.id, 0) + one.amount_fen
    for account, fen in paid.items():
        if fen:
            yield [account, "", people.BALANCE, -fen]


def splits(library: Library, visit_given: Mapping[str, Any]) -> list[tuple[int, int, int, int]] | None:
    """Return how each line of a visit falls apart, in fen: self-paid, over its price, prepaid, in scope.

    None where it is not known yet; settling reports why.
    """
    visit = read_visit({**visit_given, "accumulators": {}, "accounts": {}})
    if isinstance(visit, list):
        return None
    policy = library.in_force(visit.area, visit.settled_on)
    if isinstance(policy, Problem) or not isinstance(quote(visit, policy, library.knows), Quote):
        return None
    plan = policy.plan(visit.benefit or policy.pack.default_benefit, policy.facts(visit))
    bills = [assess([line], plan, policy, visit, []) for line in visit.lines]
    return [
        (one.self_paid_fen + one.excluded_fen, one.over_price_fen, one.prepaid_fen, one.eligible_fen) for one in bills
    ]
