"""Changes between two packs that no figure and no provision shows, so that their section can at least be named."""

from typing import Any

from msgspec import Struct

from gongji.core.packs.accounts import AccountRules, Capitation, Claim, Credit, CreditRow
from gongji.core.packs.benefits import Benefit, Cap, Ceiling, Deductible, FirstPay, Layer, SupplementLayer
from gongji.core.packs.language import Parameter
from gongji.core.packs.lines import Prepay
from gongji.core.packs.provisions import PROVISIONS

_TOLD: dict[type[Struct], set[str]] = {
    **{kind: {"rule", "when", "text", "benefits", "accounts", "reading"} for kind in PROVISIONS},
    Prepay: {"rule", "ratio", "when"},
    Benefit: {"name"},
    FirstPay: {"rule", "ratio"},
    Deductible: {"rule", "amount", "modify"},
    Ceiling: {"rule", "amount"},
    Layer: {"rule", "ratio", "modify"},
    SupplementLayer: {"rule", "ratio"},
    Cap: {"rule", "amount", "modify", "increment"},
    AccountRules: {"relations", "holder_area"},
    Credit: set(),
    CreditRow: {"when", "otherwise", "rule", "of_base", "yuan", "parameter", "key", "times", "none"},
    Capitation: {"rule", "clearing_rule", "share_of_cap", "band", "direct_rate"},
    Claim: {"rule", "text", "papers", "deadline", "final"},
    Parameter: {"name", "unit", "rule", "fixed", "fixed_rule"},
}
"""Records whose coming and going has its sentence, and the parts of them of which every change has one."""


def changed_untold(old: Any, new: Any) -> bool:
    """Tell whether something differs that neither figures nor provisions show."""
    if old == new:
        return False
    if isinstance(old, dict) and isinstance(new, dict):
        pairs = [(old[key], new[key]) for key in old.keys() & new.keys()]
        lone = [part for one, other in ((old, new), (new, old)) for key, part in one.items() if key not in other]
    elif isinstance(old, tuple) and isinstance(new, tuple):
        gone, come = [one for one in old if one not in new], [one for one in new if one not in old]
        pairs = list(zip(gone, come, strict=False))
        lone = [*gone[len(pairs) :], *come[len(pairs) :]]
        if not pairs and not lone:
            return True  # another order
    elif isinstance(old, Struct) and type(old) is type(new):
        told = _TOLD.get(type(old), set())
        pairs = [(getattr(old, name), getattr(new, name)) for name in old.__struct_fields__ if name not in told]
        lone = []
    else:
        pairs, lone = [], [one for one in (old, new) if one is not None]
    return any(type(one) not in _TOLD for one in lone) or any(changed_untold(*pair) for pair in pairs)
