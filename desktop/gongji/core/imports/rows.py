"""What one row of each kind of table says, read and checked, ready to be kept in the book; and one that cannot be."""

import datetime

from msgspec import Struct

from gongji.core.money import E4, E12, Fen
from gongji.core.packs.language import DiseaseList
from gongji.core.visits import Category, Class, Employment, Status, Supplement

BALANCE_WORD = "账户余额"


class PersonRow(Struct, frozen=True, kw_only=True, gc=False):
    """人员: a person and how they are insured from a day on; `diseases` is None where nothing was said of them."""

    id: str
    name: str
    sex: str
    birth_date: datetime.date
    phone: str | None
    area: str
    status: Status
    employment: Employment
    supplements: tuple[Supplement, ...]
    entitled: bool
    selected_institution: str | None
    starts: datetime.date
    diseases: tuple[str, ...] | None
    registered: datetime.date | None
    fictitious: bool
    insurance: str = "employees"

    def __repr__(self) -> str:
        """Show only the end of the identity number."""
        return f"PersonRow(…{self.id[-4:]})"


class LinkRow(Struct, frozen=True, kw_only=True, gc=False):
    """共济: whose account may pay for a person; `relation` is what the person is to its holder."""

    person_id: str
    account_id: str
    relation: str
    authorised: bool
    area: str | None

    def __repr__(self) -> str:
        """Show only the end of the identity number."""
        return f"LinkRow(…{self.person_id[-4:]})"


class DiseaseRow(Struct, frozen=True, kw_only=True, gc=False):
    """病种: a disease of an area's list under all its names; `of` is the list it stands on."""

    area: str
    of: DiseaseList
    name: str
    names: tuple[str, ...]
    code: str


class DiagnosisRow(Struct, frozen=True, kw_only=True, gc=False):
    """诊断: a diagnosis by its ICD-10 code, from a day on."""

    code: str
    name: str
    starts: datetime.date
    ends: datetime.date | None


class DoctorRow(Struct, frozen=True, kw_only=True, gc=False):
    """医师: a doctor of the clinic by the national code, in a department, from a day on."""

    code: str
    name: str
    department_code: str
    department: str
    starts: datetime.date
    ends: datetime.date | None


class MappingRow(Struct, frozen=True, kw_only=True, gc=False):
    """目录对照: which national code stands for one of the clinic's own, from a day on."""

    code: str
    national_code: str
    starts: datetime.date
    ends: datetime.date | None


class RestrictionRow(Struct, frozen=True, kw_only=True, gc=False):
    """限定支付范围: what a drug of limited use is paid for, from a day on; an empty `text` ends the limit."""

    code: str
    text: str
    starts: datetime.date


class ItemRow(Struct, frozen=True, kw_only=True, gc=False):
    """三目录: an item from a day on; prices in 1/10000 yuan, the ratio in 1/10**12."""

    code: str
    name: str
    category: Category
    class_: Class
    unit_price: E4
    prepay_ratio: E12 | None
    price_ceiling: E4 | None
    negotiated: bool
    unit: str
    specification: str
    form: str
    maker: str
    fee_category: str
    barcode: str
    starts: datetime.date
    ends: datetime.date | None
    invented: bool


class FigureRow(Struct, frozen=True, kw_only=True, gc=False):
    """年度累计、账户余额: what the payer says a figure stood at, in fen, at a moment (a stamp)."""

    owner: str
    area: str | None
    year_from: datetime.date | None
    name: str
    amount: Fen
    as_of: str

    def __repr__(self) -> str:
        """Show only the end of the owner's number."""
        return f"FigureRow(…{self.owner[-4:]})"


Row = PersonRow | LinkRow | ItemRow | FigureRow | DiseaseRow | DiagnosisRow | DoctorRow | MappingRow | RestrictionRow


class CellFault(Struct, frozen=True):
    """What is wrong with a cell, and what to do."""

    column: str
    value: str
    message: str


class RejectedRow(Struct, frozen=True, kw_only=True):
    """A row that cannot be stored: its number in the file, its cells unchanged, and all that is wrong."""

    number: int
    cells: tuple[str, ...]
    wrong: tuple[CellFault, ...]
