"""How the practice platform behaves: what it knows, bears and spells in a region's way; set by whoever starts it."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from gongji.sandbox.manners import Manner, manner_named

Prepay = Annotated[str, Meta(pattern=r"^0\.\d{1,4}$")]


_INSTITUTION = {"type": "township_clinic", "level": "1"}
_BENEFITS = {"11": "general", "13": "emergency", "14": "chronic", "18": "negotiated", "9901": "hypertension"}


class Options(Struct, kw_only=True, forbid_unknown_fields=True):
    """How the payer behaves.

    `strict`: nobody unknown is insured, and nothing is taken over from a message. `dedupe`: a msgid that was done is
    answered as before and not done again. `bar`: a message reversed before it came is not done when it comes.
    `prepay`: items that are class B in its own catalogue, by code, with the share (0 to 1) that is prepaid of them.
    `vouchers`: whose scanned codes it knows, identity numbers by code.
    `clr_types`: how it clears a med_type that is not cleared as any other (11).
    `region`: speaks as that region was seen to. `institution`: of what type and level the payer has whoever sends no
    extension along, `benefits` which benefit a med_type is there.
    """

    strict: bool = False
    dedupe: bool = True
    bar: bool = True
    infcode: Literal["number", "text"] = "number"
    prepay: dict[str, Prepay] = {}
    vouchers: dict[str, str] = {}
    clr_types: dict[str, str] = {}
    region: str = ""
    institution: dict[str, str] = field(default_factory=lambda: dict(_INSTITUTION))
    benefits: dict[str, str] = field(default_factory=lambda: dict(_BENEFITS))

    @property
    def manner(self) -> Manner | None:
        """Return how it speaks; None as the practice platform always has."""
        return manner_named(self.region) if self.region else None
