"""个人账户: who may use which, what they may not pay, what is credited; and an institution's prepayments."""

import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta

from gongji.core.money import E12, Fen
from gongji.core.packs.benefits import Require
from gongji.core.packs.entries import CitedEntry, NoticeEntry, PackEntry, PackRow, Reading
from gongji.core.strict_records import Text

MonthDay = Annotated[str, Meta(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\Z")]
Relation = Literal["spouse", "parent", "child", "spouse_parent", "sibling", "grandparent", "grandchild"]
RELATIONS = {
    "spouse": "配偶",
    "parent": "父母",
    "child": "子女",
    "spouse_parent": "配偶的父母",
    "sibling": "兄弟姐妹",
    "grandparent": "祖父母或外祖父母",
    "grandchild": "孙子女或外孙子女",
}
"""A patient's possible relations to an account's holder, in words."""


class Relations(CitedEntry, frozen=True, kw_only=True):
    """Who may use a family account from a date on, by what the patient is to its holder.

    A group with a `parameter`, a date of the agency's notice, adds to the others from that date on.
    """

    allowed: Annotated[tuple[Relation, ...], Meta(min_length=1)]
    starts: datetime.date | None = None
    parameter: Text | None = None


class AccountBar(CitedEntry, frozen=True, kw_only=True):
    """Lines that accounts may not pay."""

    when: Any
    text: Text
    reading: Reading = None


class NoAccount(NoticeEntry, frozen=True, kw_only=True):
    """People who have no account of their own."""


class HolderArea(CitedEntry, frozen=True, kw_only=True):
    """Where the holder of a family account must be insured: the beginning of the area code."""

    prefix: Annotated[str, Meta(pattern=r"^[0-9]{2,6}\Z")]


class Authorising(CitedEntry, frozen=True, kw_only=True):
    """Where the holder of an account authorises a relative to use it."""

    text: Text


class AccountRules(CitedEntry, frozen=True, kw_only=True):
    """个人账户与家庭共济: order, relations, and what accounts may not pay; `none` where the scheme has no accounts."""

    none: bool = False
    relations: tuple[Relations, ...] = ()
    refused_notice: Text = "family_account_refused"
    holder_area: HolderArea | None = None
    authorising: Authorising | None = None
    bar: tuple[AccountBar, ...] = ()
    no_account: tuple[NoAccount, ...] = ()
    before_deductible: Text | None = None
    current_first: bool = False


class CreditRow(PackRow, frozen=True, kw_only=True):
    """A month's credit: a share of the contribution base, a fixed sum, a parameter times a ratio, none, or not said."""

    of_base: E12 | None = None
    yuan: Fen | None = None
    parameter: Text | None = None
    key: Text | None = None
    times: E12 | None = None
    none: bool = False
    undefined: Text | None = None


class CreditRules(PackEntry, frozen=True, kw_only=True):
    """个人账户计入: what is credited to an account in a month."""

    row: Annotated[tuple[CreditRow, ...], Meta(min_length=1)]
    require: tuple[Require, ...] = ()


class Band(PackEntry, frozen=True, kw_only=True):
    """The share of the surplus an institution keeps while the use rate is `below`; the last band has no end."""

    kept: E12
    below: E12 | None = None


class DirectRate(PackEntry, frozen=True, kw_only=True):
    """直接结算率: below `at_least`, each point short (or part of one) takes `points_off` off the kept share."""

    at_least: E12
    points_off: E12


class Capitation(CitedEntry, frozen=True, kw_only=True):
    """定额包干: prepayment per person a year as a share of a benefit's cap, and the clearing at the year's end."""

    clearing_rule: Text
    benefit: Text
    share_of_cap: E12
    band: Annotated[tuple[Band, ...], Meta(min_length=1)]
    direct_rate: DirectRate
    reading: Reading = None


class SelectionRules(CitedEntry, frozen=True, kw_only=True):
    """选定机构: for how long a choice holds (`text`), and for which reasons it may be changed."""

    text: Text
    reasons: Annotated[tuple[Text, ...], Meta(min_length=1)]


class Claim(CitedEntry, frozen=True, kw_only=True):
    """手工报销: how a patient who paid in full claims later; `deadline` is a month and day of the next year.

    `in_principle` says that the deadline is only 原则上. `local` is what holds in the area's own institutions where
    that is something else, and `local_closed` that nothing is reimbursed there afterwards.
    """

    text: Text
    papers: tuple[Text, ...] = ()
    deadline: MonthDay | None = None
    in_principle: bool = False
    final: bool = False
    local: Text | None = None
    local_closed: bool = False
