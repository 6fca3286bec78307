"""How the practice payer behaves: what it accepts, which region's dialect it speaks, what its catalogue says."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from gongji.sandbox.manners import Manner, manner_named

Prepay = Annotated[str, Meta(pattern=r"^0\.\d{1,4}$")]


_INSTITUTION = {"type": "township_clinic", "level": "1"}
_BENEFITS = {"11": "general", "13": "emergency", "14": "chronic", "18": "negotiated", "9901": "hypertension"}


class Options(Struct, kw_only=True, forbid_unknown_fields=True):
    """How the practice payer behaves; `gongji sandbox` and the control page set it.

    `strict`: an unknown person is not insured, and no fact is taken from a message. `dedupe`: a msgid that was
    processed gets the same answer and is not processed again. `bar`: a message that was reversed before it arrived is
    not processed when it arrives. `infcode`: the answer's code as a JSON number or as text. `prepay`: items that the
    payer's own catalogue has in class B, by code, with the prepaid share (0 to 1). `vouchers`: identity numbers by
    scanned e-voucher code. `clr_types`: the clearing type of a med_type that does not clear as 11.
    `region`: name of a profile whose dialect is spoken. `institution`: type and level of a sender whose messages carry
    no extension; `benefits`: the benefit that a med_type stands for.
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
        """The region's dialect; None for the practice platform's own."""
        return manner_named(self.region) if self.region else None
