"""明细与整次结算: which lines a benefit covers, and when the fund pays nothing at all."""

from typing import Any, Literal

from gongji.core.money import E12
from gongji.core.packs.entries import PackEntry, Reading
from gongji.core.strict_records import Text


class Prepay(PackEntry, frozen=True, kw_only=True):
    """先行自付: the ratio for class B lines without their own; with `replaces` (a notice) for all of them."""

    rule: Text
    ratio: E12
    when: Any = None
    replaces: Text | None = None


class LineRefuse(PackEntry, frozen=True, kw_only=True):
    """Lines that cannot be settled at all; `field` is the field to correct."""

    rule: Text
    field: Literal["category", "use", "class", "negotiated"]
    when: Any
    text: Text


class LineExclude(PackEntry, frozen=True, kw_only=True):
    """不予支付范围: lines that these benefits (all, when none is named) do not cover."""

    rule: Text
    when: Any
    text: Text
    benefits: tuple[Text, ...] = ()
    reading: Reading = None


class LineNotice(PackEntry, frozen=True, kw_only=True):
    """Lines that get a notice, whatever is paid for them."""

    notice: Text
    rule: Text
    when: Any
    text: Text
    reading: Reading = None


class LineRules(PackEntry, frozen=True, kw_only=True):
    """明细: `rule` is what makes a line's expense eligible at all."""

    rule: Text
    prepay: tuple[Prepay, ...] = ()
    refuse: tuple[LineRefuse, ...] = ()
    exclude: tuple[LineExclude, ...] = ()
    notice: tuple[LineNotice, ...] = ()


class PackGate(PackEntry, frozen=True, kw_only=True):
    """Circumstances in which the fund pays nothing for a whole settlement, and whether accounts still may.

    `advice` is what the patient can do all the same; it is part of the notice.
    """

    notice: Text
    rule: Text
    when: Any
    text: Text
    benefits: tuple[Text, ...] = ()
    accounts: bool = True
    advice: Text | None = None
    reading: Reading = None


class VisitNotice(PackEntry, frozen=True, kw_only=True):
    """Circumstances in which a settlement gets a notice, whatever is paid."""

    notice: Text
    rule: Text
    when: Any
    text: Text
    benefits: tuple[Text, ...] = ()
    reading: Reading = None
