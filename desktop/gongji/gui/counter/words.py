"""Chinese words of the counter for the codes of book and contract, and for names that cannot be printed."""

from collections.abc import Iterable
from functools import cache

from PySide6.QtGui import QRawFont

from gongji.core.engine.policy import Policy
from gongji.core.engine.without_benefit import is_without_benefit
from gongji.core.identifiers import person_id
from gongji.core.labels import CATEGORY_WORDS, CLASS_WORDS, SHORT_AMOUNT_WORDS, TENDER_WORDS
from gongji.core.ledger.draft import Draft, DraftLine
from gongji.core.ledger.ledger import LedgerBalance
from gongji.core.money import grouped, line_fen, parse_e4, parse_fen, parse_ratio, percent, price
from gongji.core.packs.dimensions import CONTRACT
from gongji.core.papers.printable import printable, without_glyph
from gongji.core.typed import plain_number
from gongji.desk.visits.patients import Patient, YearLimit
from gongji.desk.visits.search import ItemFound, PersonFound
from gongji.gui.kit.style import font

STATUS = {"employed": "在职", "retired": "退休", "resident": "居民医保", "uninsured": "自费"}
EMPLOYMENT = {"unit": "", "flexible": "灵活就业"}
SUPPLEMENT = {name: SHORT_AMOUNT_WORDS[name] for name in ("civil_servant", "large_medical")}
CLASS = CLASS_WORDS
CATEGORY = CATEGORY_WORDS
MEANS = TENDER_WORDS
CAUSE = CONTRACT["cause"].words
USE = CONTRACT["use"].words


def item_class(one: ItemFound) -> str:
    """Return 甲, 乙 with its prepay ratio, or 丙."""
    ratio = "" if one.prepay_ratio_e12 is None else f" {percent(one.prepay_ratio_e12)}"
    return CLASS[one.class_] + ratio


def line_class(one: DraftLine) -> str:
    """Return a line's class as `item_class` says it."""
    return CLASS[one.class_] + ("" if one.prepay_ratio is None else f" {percent(parse_ratio(one.prepay_ratio))}")


def certificate(draft: Draft) -> str:
    """Return how the patient is identified: a card read, a certificate seen, an e-voucher; empty where by none."""
    one = draft.care.certificate
    if one is not None:
        return "社保卡已读" if one.checked == "read" and one.type == "03" else "证件已看"
    return "医保电子凭证" if draft.person.get("voucher") else ""


def specification(one: DraftLine) -> str:
    """Return a line's specification, with the number of its boxes that were scanned."""
    plain = one.specification or one.unit
    return f"码{len(one.trace_codes)} {plain}".rstrip() if one.trace_codes else plain


def line_amount_fen(one: DraftLine) -> int | None:
    """Return a line's amount, in fen; None while it is unknown."""
    try:
        return line_fen(parse_e4(one.unit_price), parse_e4(one.quantity))
    except ValueError:
        return None


def line_amount(one: DraftLine) -> str:
    """Return a line's amount as text; … while it is unknown."""
    fen = line_amount_fen(one)
    return "…" if fen is None else grouped(fen)


def benefit_short(policy: Policy | None, name: str) -> str:
    """Return a benefit's name in a column: 普通门诊, 慢性病."""
    if policy is None:
        return ""
    known = policy.pack.benefit.get(name) or policy.pack.undefined.get(name)
    return "" if known is None else known.name.removeprefix("门诊")


def benefits_of(policy: Policy) -> list[tuple[str, str, str]]:
    """Return every benefit that may be chosen, with its name and a remark; undefined ones included."""
    defined = [(name, one.name, "") for name, one in policy.pack.benefit.items()]
    return [*defined, *((name, one.name, "文件没有规定") for name, one in policy.pack.undefined.items())]


def person_born(one: PersonFound) -> str:
    """Return sex and date of birth."""
    return " ".join(part for part in (one.sex or "", one.birth_date or "") if part)


def as_of(stamp: str | None, since: int) -> str:
    """Return how old a figure is, and that it includes this counter's settlements since."""
    if stamp is None:
        return f"未获知，按本机 {since} 笔计" if since else "未获知"
    return f"截至 {stamp[5:10]}" + (f"，另加本机 {since} 笔" if since else "")


def who(one: Patient) -> str:
    """Return sex and age."""
    return " ".join(part for part in (one.sex, "" if one.age is None else f"{one.age} 岁") if part)


def insurance(one: Patient) -> str:
    """Return how and where somebody is insured."""
    if is_without_benefit(one.status):
        return "全额收取，不上传"
    parts = [EMPLOYMENT.get(one.employment, ""), f"{one.area_name}职工医保"]
    return " · ".join([*(part for part in parts if part), *(SUPPLEMENT[name] for name in one.supplements)])


def limit_figures(one: YearLimit) -> str:
    """Return used and whole of a limit."""
    return f"{grouped(one.limit.used_fen)} / {grouped(one.limit.limit_fen)}"


def balance_note(one: LedgerBalance) -> str:
    """Return how old a balance is."""
    return as_of(one.as_of, one.settlements_since)


def number_of(text: str) -> str:
    """Return a person's typed number in its normal form; unchanged where it has none."""
    try:
        return person_id(text)
    except ValueError:
        return text


def fen_of(text: str) -> int | None:
    """Return a typed amount in fen; None where it is none, or empty."""
    try:
        return int(parse_fen(plain_number(text)))
    except ValueError:
        return None


def priced(one: ItemFound) -> str:
    """Return an item's price."""
    return price(one.unit_price_e4)


@cache
def _font() -> QRawFont:
    """Return the font that papers are printed in: the window's own, which is loaded already."""
    return QRawFont.fromFont(font())


def cannot_be_printed(texts: Iterable[str]) -> str:
    """Return which characters of names cannot be printed, and what to do; empty where all can be."""
    names = [printable(one) for one in texts]
    missing = without_glyph(names, _font().supportsCharacter) if names else ()
    if not missing:
        return ""
    shown = "、".join(f"{one}（U+{ord(one):04X}）" for one in missing)
    return f"这些字单据上打不出来：{shown}。请改用规范字再结算；照样结算的，账会记下，单子要改好名字后补打。"
