"""其他信息: a receipt's entries besides its figures, in the national order and with an area's additions; as data.

`OtherInfo` is written in `resources/receipts/other.toml`; `docs/receipts.md` lists its possible names.
"""

from msgspec import Struct

from gongji.core.engine.amounts import Amounts
from gongji.core.labels import AMOUNT_WORDS
from gongji.core.money import yuan
from gongji.core.papers.receipt_split import Burden, Split


class Item(Struct, frozen=True, kw_only=True):
    """One entry: its label and text; `amount_fen` where it is one of the six figures of the splits."""

    label: str
    text: str
    amount_fen: int | None = None


class AreaCustom(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an area adds after the national list, and how it counts two amounts; an empty list adds nothing."""

    more: tuple[str, ...] = ()
    label: dict[str, str] = {}
    over_price: Burden = "self_pay"
    excluded: Burden = "own_expense"


class OtherInfo(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The national list in order, every name's label, and each area's custom ("default" for the others)."""

    national: tuple[str, ...]
    label: dict[str, str]
    area: dict[str, AreaCustom]

    def of(self, area: str) -> AreaCustom:
        """Return an area's custom."""
        return self.area.get(area) or self.area["default"]

    def unknown(self) -> list[str]:
        """Return the names used that nothing here can fill in or that have no label."""
        used = {*self.national, *(name for one in self.area.values() for name in one.more)}
        return sorted(name for name in used if name not in self.label or name not in KNOWN)


_TEXTS = (
    "visit_no", "institution_type", "sex", "settled_on", "insurance_type", "insurance_no", "settlement_no", "policy",
    "account_left",
)  # fmt: skip
_SPLITS = ("fund", "other", "account", "cash", "self_pay", "own_expense")
_AMOUNTS = tuple(AMOUNT_WORDS)
_BY_RATIO = "by_ratio"
KNOWN = frozenset({*_TEXTS, *_SPLITS, *(f"of_{name}" for name in _AMOUNTS), _BY_RATIO})
"""The names of all entries: texts, the six figures of the two splits, `of_` with any of the amounts, and 按比例自付."""


def other_items(info: OtherInfo, area: str, texts: dict[str, str], split: Split, amounts: Amounts) -> tuple[Item, ...]:
    """Return the entries in order.

    Of the national list all figures are included, zero or not, and known texts; of the area's additions what is
    known and not zero.
    """
    custom = info.of(area)
    labels = {**info.label, **custom.label}
    items = []
    for name in (*info.national, *custom.more):
        if name in _SPLITS:
            fen = getattr(split, f"{name}_fen")
            items.append(Item(label=labels[name], text=yuan(fen), amount_fen=fen))
        elif text := texts.get(name) or _amount(name, amounts):
            items.append(Item(label=labels[name], text=text))
    return tuple(items)


def _amount(name: str, amounts: Amounts) -> str:
    """Return an amount's text, empty for zero and for what is no amount."""
    if name == _BY_RATIO:
        fen = amounts.eligible_fen - amounts.deductible_fen - amounts.fund_fen
    else:
        fen = getattr(amounts, f"{name.removeprefix('of_')}_fen", 0)
    return yuan(fen) if fen else ""
