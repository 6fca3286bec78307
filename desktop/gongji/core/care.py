"""What papers and the payer ask of a visit besides its figures; nothing here bears on what anybody pays."""

import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from gongji.core.strict_records import Text


class Prescription(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """处方: its number, the day it was written, who wrote it, and for how many days where it is a 长期处方."""

    number: Text
    issued_on: datetime.date
    doctor: str = ""
    long_term_days: Annotated[int, Meta(ge=1, le=366)] | None = None


class ReferralSlip(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """转诊单: its number, and the first and last day of its validity."""

    number: Text
    valid_from: datetime.date
    valid_until: datetime.date


class Certificate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """就诊凭证: by what the patient is known: 02 identity card, 01 医保电子凭证 (as scanned), 03 card (`card_sn`).

    `checked` says whether a reader read it or the clerk has seen it.
    """

    type: Literal["01", "02", "03"]
    number: Text
    card_sn: str = ""
    checked: Literal["read", "seen"] = "seen"

    def __repr__(self) -> str:
        """Show no number."""
        return f"Certificate({self.type})"


class Doctor(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """医师: who saw the patient, by the national code, and in which department."""

    code: Text
    name: Text
    department_code: str = ""
    department: str = ""


class CodedDiagnosis(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """诊断: by its ICD-10 code; `doctor` is who made it, where another than the visit's."""

    code: Text
    name: Text
    doctor: Doctor | None = None


class Care(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What the payer asks of a visit besides its figures; nothing here bears on what anybody pays.

    `disease_code` is the national code of the 门诊慢特病 disease.
    """

    certificate: Certificate | None = None
    doctor: Doctor | None = None
    diagnoses: tuple[CodedDiagnosis, ...] = ()
    disease_code: str = ""


class Directions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """用法: single dose, frequency and way, as prescribed, and for how many days."""

    dose: str = ""
    frequency: str = ""
    way: str = ""
    days: Annotated[int, Meta(ge=1, le=99)] | None = None
