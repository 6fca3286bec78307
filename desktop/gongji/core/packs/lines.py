"""明细与整次结算: which lines a benefit covers, and when the fund pays nothing at all."""

from typing import Any, Literal

from gongji.core.money import E12
from gongji.core.packs.entries import CitedEntry, NoticeEntry, Reading
from gongji.core.strict_records import Text


class Prepay(CitedEntry, frozen=True, kw_only=True):
    """先行自付: the ratio for class B lines without their own; with `replaces` (a notice) for all of them."""

    ratio: E12
    when: Any = None
    replaces: Text | None = None


class LineRefuse(CitedEntry, frozen=True, kw_only=True):
    """Lines that cannot be settled at all; `field` is the field to correct."""

    field: Literal["category", "use", "class", "negotiated"]
    when: Any
    text: Text


class LineExclude(CitedEntry, frozen=True, kw_only=True):
    """不予支付范围: lines that these benefits (all, when none is named) do not cover."""

    when: Any
    text: Text
    benefits: tuple[Text, ...] = ()
    reading: Reading = None


class LineNotice(NoticeEntry, frozen=True, kw_only=True):
    """Lines that get a notice, whatever is paid for them."""

    reading: Reading = None


class LineRules(CitedEntry, frozen=True, kw_only=True):
    """明细: `rule` is what makes a line's expense eligible at all."""

    prepay: tuple[Prepay, ...] = ()
    refuse: tuple[LineRefuse, ...] = ()
    exclude: tuple[LineExclude, ...] = ()
    notice: tuple[LineNotice, ...] = ()


class PackGate(NoticeEntry, frozen=True, kw_only=True):
    """Circumstances in which the fund pays nothing for a whole settlement, and whether accounts still may.

    `advice` is what the patient can do all the same; it is part of the notice.
    """

    benefits: tuple[Text, ...] = ()
    accounts: bool = True
    advice: Text | None = None
    reading: Reading = None


class VisitNotice(NoticeEntry, frozen=True, kw_only=True):
    """Circumstances in which a settlement gets a notice, whatever is paid."""

    benefits: tuple[Text, ...] = ()
    reading: Reading = None
