"""The accounts offered for a visit: whose may be used, how much is left in them, and paying from them (G13)."""

import datetime
from collections.abc import Iterator

from msgspec import Struct

from gongji.core.engine.parameters import Parameters
from gongji.core.engine.plan import joined
from gongji.core.engine.policy import Policy
from gongji.core.engine.trace import Notice, Step
from gongji.core.money import yuan
from gongji.core.packs.accounts import RELATIONS, NoAccount, Relations
from gongji.core.visits import FamilyAccount, Visit


class FamilyPayment(Struct, frozen=True, gc=False):
    """What one family account paid, in fen."""

    id: str
    amount_fen: int


NO_ACCOUNTS = "no_accounts"
"""The code of the notice that accounts were offered under a scheme without any."""

_NOT_AUTHORISED = "没有授权"

_TAIL = 4
"""How many characters of an account's number are shown."""


class Purse:
    """What may still be taken from each account in this visit; a limit holds over the whole of it."""

    __slots__ = (
        "_current_left_fen",
        "_family_left",
        "_no_account",
        "_own_left_fen",
        "_policy",
        "_refused",
        "offered",
    )

    def __init__(self, visit: Visit, policy: Policy, no_account: NoAccount | None, parameters: Parameters) -> None:
        """Open the accounts that may be used; a person with `no_account` has none of their own."""
        own = visit.accounts.own
        self._policy = policy
        without = policy.pack.accounts.none
        self._no_account = no_account if own is not None else None
        self._own_left_fen = 0 if own is None or no_account or without else _usable_fen(own.balance, own.limit)
        self._current_left_fen = self._own_left_fen
        if policy.pack.accounts.current_first and own is not None and own.current is not None:
            self._current_left_fen = min(self._own_left_fen, own.current)
        self._family_left: list[tuple[int, FamilyAccount, int]] = []
        self._refused: list[tuple[int, str, str]] = []
        self.offered = own is not None or bool(visit.accounts.family)
        if without:
            return
        for place, account in enumerate(visit.accounts.family, 1):
            refusal = _refusal(account, visit.settled_on, policy, parameters)
            if refusal is None:
                self._family_left.append((place, account, _usable_fen(account.balance, account.limit)))
            else:
                self._refused.append((place, *refusal))

    @property
    def left_fen(self) -> tuple[int, int]:
        """What may still be taken from the own account and, together, from the family accounts, in fen."""
        return self._own_left_fen, sum(left_fen for _, _, left_fen in self._family_left)

    def notices(self) -> Iterator[Notice]:
        """Yield notices about accounts that were offered and are not used."""
        if self._no_account is not None:
            yield self._policy.notice(self._no_account.notice, self._no_account.rule, self._no_account.text)
        if self.offered and self._policy.pack.accounts.none:
            rule = self._policy.pack.accounts.rule
            yield self._policy.notice(
                NO_ACCOUNTS, rule, f"{self._policy.pack.area_name}的这一险种没有个人账户，账户不能使用"
            )
        if self._refused:
            rules = joined([rule for _, rule, _ in self._refused])
            text = "；".join(f"第 {place} 个共济账户{why}，不能使用" for place, _, why in self._refused)
            where = self._policy.pack.accounts.authorising
            if where is not None and any(why == _NOT_AUTHORISED for _, _, why in self._refused):
                rules, text = joined([*rules.split("、"), where.rule]), f"{text}；{where.text}"
            yield self._policy.notice(self._policy.pack.accounts.refused_notice, rules, text)

    def pay_own(self, due_fen: int, rule: str, due: str, steps: list[Step], *, current: bool = False) -> int:
        """Pay from the own account towards an amount due, and add the step that says so; return what it paid in fen.

        `due` says how the amount came about. `current` uses only what was credited this year, where the area keeps that
        apart.
        """
        left_fen = self._current_left_fen if current else self._own_left_fen
        if not left_fen:
            return 0
        paid_fen = min(due_fen, left_fen)
        self._own_left_fen -= paid_fen
        if current:
            self._current_left_fen -= paid_fen
        which = "当年账户" if current and self._policy.pack.accounts.current_first else "个人账户"
        text = f"本人{which}可用 {yuan(left_fen)}，应付 {due}，支付 {yuan(paid_fen)}"
        steps.append(self._policy.step(rule, text, paid_fen, "account_own"))
        return paid_fen

    def pay(self, due_fen: int, due: str, steps: list[Step]) -> tuple[int, tuple[FamilyPayment, ...]]:
        """Pay an amount due from the own account and then the family accounts in their order, as far as they go.

        Adds the steps that say so; returns what the own account paid in fen, and what each family account did.
        """
        if not due_fen:
            return 0, ()
        rule = self._policy.pack.accounts.rule
        own_fen = self.pay_own(due_fen, rule, due, steps)
        if not self._family_left:
            return own_fen, ()
        due_fen, is_first = due_fen - own_fen, not own_fen
        family: list[FamilyPayment] = []
        for index, (place, account, left_fen) in enumerate(self._family_left):
            paid_fen = min(due_fen, left_fen)
            if paid_fen:
                owed_fen, due_fen = due_fen, due_fen - paid_fen
                self._family_left[index] = (place, account, left_fen - paid_fen)
                family.append(FamilyPayment(account.id, paid_fen))
                who = f"患者是持有人的{RELATIONS.get(account.relation, account.relation)}，尾号 {account.id[-_TAIL:]}"
                owed = f"应付 {due}" if is_first else f"还应付 {yuan(owed_fen)}"
                is_first = False
                paid = f"可用 {yuan(left_fen)}，{owed}，支付 {yuan(paid_fen)}"
                text = f"第 {place} 个共济账户（{who}）{paid}"
                steps.append(self._policy.step(rule, text, paid_fen, "account_family"))
        return own_fen, tuple(family)


def _refusal(
    account: FamilyAccount, on: datetime.date, policy: Policy, parameters: Parameters
) -> tuple[str, str] | None:
    """Return the rule under which a family account may not be used, and why; None where it may."""
    rules = policy.pack.accounts
    if not account.authorised:
        return rules.rule, _NOT_AUTHORISED
    groups = relations_on(policy, on, parameters)
    if not any(account.relation in group.allowed for group in groups):
        return groups[0].rule if groups else rules.rule, "的持有人与患者的关系不在允许范围内"
    where = rules.holder_area
    if where is not None and account.area and not account.area.startswith(where.prefix):
        return where.rule, "持有人的参保地不在允许范围内"
    return None


def relations_on(policy: Policy, on: datetime.date, parameters: Parameters) -> list[Relations]:
    """Return which groups of relations may use family accounts on a date: the newest, and what notices add to it."""
    groups = policy.pack.accounts.relations
    plain = [one for one in groups if one.parameter is None and (one.starts is None or one.starts <= on)]
    more = [one for one in groups if one.parameter is not None and parameters.has_come(one.parameter, on)]
    return [*plain[-1:], *more] if plain else []


def _usable_fen(balance_fen: int, limit_fen: int | None) -> int:
    return balance_fen if limit_fen is None else min(balance_fen, limit_fen)
