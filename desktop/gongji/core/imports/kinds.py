"""The kinds of tables that can be imported: their columns, how each is read and shown."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from gongji.core.imports import cells
from gongji.core.imports import values as values_
from gongji.core.imports.cells import Reader
from gongji.core.imports.closed_lists import (
    CATEGORY,
    EMPLOYMENT,
    FEE,
    INSURANCE,
    RELATION,
    SEX,
    STATUS,
    SUPPLEMENTS,
    YES_NO,
    words_of,
)
from gongji.core.imports.row_checks import (
    ImportContext,
    Values,
    Wrong,
    check_area,
    check_days,
    check_figure,
    check_item,
    check_link,
    check_person,
)
from gongji.core.imports.rows import (
    BALANCE_WORD,
    DiagnosisRow,
    DiseaseRow,
    DoctorRow,
    FigureRow,
    ItemRow,
    LinkRow,
    MappingRow,
    PersonRow,
    RestrictionRow,
    Row,
)
from gongji.core.labels import CLASS_WORDS, FEE_CATEGORIES
from gongji.core.ledger.ledger import BALANCE
from gongji.core.money import percent, price, yuan


class ImportColumn(Struct, frozen=True):
    """A column: its heading, the field it fills, how it is read and shown, and what an empty cell means."""

    heading: str
    field: str
    read: Reader
    show: Callable[[Any], str] = str
    required: bool = False
    default: Any = None


class TableKind(Struct, frozen=True, kw_only=True):
    """A kind of table.

    `check` yields what is wrong between the cells of a row, as field and sentence, and fills in what follows from
    others; a cell that could not be read is None there. `same` returns pairs of a key and what all
    rows with that key must agree on. By default a row is about a code from its first day on.
    """

    name: str
    title: str
    columns: tuple[ImportColumn, ...]
    record: Callable[..., Row]
    check: Callable[[Values, ImportContext], Wrong] = check_days
    same: Callable[[Any], tuple[tuple[Any, ...], ...]] = lambda row: (((row.code, row.starts), row),)


def _joined(values: tuple[str, ...]) -> str:
    return "；".join(values) or cells.NONE


def _figure_name(given: str) -> str:
    return BALANCE if given == BALANCE_WORD else cells.accumulator(given)


PEOPLE = TableKind(
    name="people",
    title="人员",
    columns=(
        ImportColumn("身份证号", "id", cells.identity_number, required=True),
        ImportColumn("姓名", "name", cells.name, required=True),
        ImportColumn("性别", "sex", *SEX),
        ImportColumn("出生日期", "birth_date", cells.day),
        ImportColumn("电话", "phone", values_.phone),
        ImportColumn("参保地", "area", cells.text, required=True),
        ImportColumn("人员状态", "status", *STATUS, required=True),
        ImportColumn("险种", "insurance", *INSURANCE, default="employees"),
        ImportColumn("就业类型", "employment", *EMPLOYMENT, default="unit"),
        ImportColumn("补助", "supplements", *SUPPLEMENTS, default=()),
        ImportColumn("待遇享受", "entitled", *YES_NO, default=True),
        ImportColumn("选定机构", "selected_institution", cells.institution),
        ImportColumn("状态起始", "starts", cells.day, required=True),
        ImportColumn("慢特病登记", "diseases", cells.parts, _joined),
        ImportColumn("登记起始", "registered", cells.day),
        ImportColumn("虚构", "fictitious", *YES_NO, default=False),
    ),
    record=PersonRow,
    check=check_person,
    same=lambda row: (((row.id,), row.name), ((row.id, row.starts), row)),
)

LINKS = TableKind(
    name="links",
    title="共济账户",
    columns=(
        ImportColumn("身份证号", "person_id", cells.identity_number, required=True),
        ImportColumn("账户号", "account_id", cells.account_number, required=True),
        ImportColumn("关系", "relation", *RELATION, required=True),
        ImportColumn("已授权", "authorised", *YES_NO, default=False),
        ImportColumn("账户参保地", "area", cells.text),
    ),
    record=LinkRow,
    check=check_link,
    same=lambda row: (((row.person_id, row.account_id), row),),
)

CATALOGUE = TableKind(
    name="catalogue",
    title="三目录",
    columns=(
        ImportColumn("编码", "code", cells.code, required=True),
        ImportColumn("名称", "name", cells.text, required=True),
        ImportColumn("类别", "category", *CATEGORY, required=True),
        ImportColumn("甲乙丙", "class_", values_.item_class, CLASS_WORDS.__getitem__, required=True),
        ImportColumn("单价", "unit_price", values_.price, price, required=True),
        ImportColumn("先行自付比例", "prepay_ratio", values_.ratio, percent),
        ImportColumn("限价", "price_ceiling", values_.price, price),
        ImportColumn("谈判药", "negotiated", *YES_NO, default=False),
        ImportColumn("单位", "unit", cells.text, default=""),
        ImportColumn("规格", "specification", cells.text, default=""),
        ImportColumn("剂型", "form", cells.text, default=""),
        ImportColumn("生产企业", "maker", cells.text, default=""),
        ImportColumn("票据类别", "fee_category", *FEE, default=""),
        ImportColumn("条码", "barcode", cells.barcode, default=""),
        ImportColumn("起始", "starts", cells.day, required=True),
        ImportColumn("终止", "ends", values_.last_day),
        ImportColumn("虚构", "invented", *YES_NO, default=False),
    ),
    record=ItemRow,
    check=check_item,
)

ACCUMULATORS = TableKind(
    name="accumulators",
    title="年度累计与账户余额",
    columns=(
        ImportColumn("身份证号", "owner", cells.account_number, required=True),
        ImportColumn("参保地", "area", cells.text),
        ImportColumn("待遇年度起始", "year_from", cells.day),
        ImportColumn(
            "项目", "name", _figure_name, lambda name: BALANCE_WORD if name == BALANCE else name, required=True
        ),
        ImportColumn("金额", "amount", values_.amount, yuan, required=True),
        ImportColumn("截至", "as_of", cells.moment, required=True),
    ),
    record=FigureRow,
    check=check_figure,
    same=lambda row: (((row.owner, row.area, row.year_from, row.name, row.as_of), row),),
)

DISEASES = TableKind(
    name="diseases",
    title="门诊慢特病病种",
    columns=(
        ImportColumn("统筹区", "area", cells.text, required=True),
        ImportColumn("类别", "of", *words_of({"慢性病": "chronic", "特殊病": "special"}), required=True),
        ImportColumn("病种名称", "name", cells.text, required=True),
        ImportColumn("其他名称", "names", cells.parts, _joined, default=()),
        ImportColumn("国家病种编码", "code", cells.code, default=""),
    ),
    record=DiseaseRow,
    check=check_area,
    same=lambda row: (((row.area, row.of, row.name), row),),
)

_STARTS = ImportColumn("起始", "starts", cells.day, required=True)
_ENDS = ImportColumn("终止", "ends", values_.last_day)

DIAGNOSES = TableKind(
    name="diagnoses",
    title="诊断（ICD-10）",
    columns=(
        ImportColumn("诊断编码", "code", cells.code, required=True),
        ImportColumn("诊断名称", "name", cells.text, required=True),
        _STARTS,
        _ENDS,
    ),
    record=DiagnosisRow,
)

DOCTORS = TableKind(
    name="doctors",
    title="本院医师",
    columns=(
        ImportColumn("医师编码", "code", cells.code, required=True),
        ImportColumn("姓名", "name", cells.name, required=True),
        ImportColumn("科室编码", "department_code", cells.code, required=True),
        ImportColumn("科室", "department", cells.text, required=True),
        _STARTS,
        _ENDS,
    ),
    record=DoctorRow,
)

MAPPINGS = TableKind(
    name="mappings",
    title="目录对照（本院编码与国家编码）",
    columns=(
        ImportColumn("本院编码", "code", cells.code, required=True),
        ImportColumn("国家编码", "national_code", cells.code, required=True),
        _STARTS,
        _ENDS,
    ),
    record=MappingRow,
)

RESTRICTIONS = TableKind(
    name="restrictions",
    title="限定支付范围",
    columns=(
        ImportColumn("编码", "code", cells.code, required=True),
        ImportColumn("限定支付范围", "text", cells.text, default=""),
        _STARTS,
    ),
    record=RestrictionRow,
)

KINDS = {
    kind.name: kind
    for kind in (PEOPLE, LINKS, CATALOGUE, ACCUMULATORS, DISEASES, DIAGNOSES, DOCTORS, MAPPINGS, RESTRICTIONS)
}


def shown(kind: TableKind, row: Row) -> dict[str, str]:
    """Return a row as understood, by heading, in the table's words."""
    found = {}
    for column in kind.columns:
        value = getattr(row, column.field)
        found[column.heading] = "" if value is None or value == "" else column.show(value)
    return found


CHOICES: dict[str, dict[str, tuple[str, ...]]] = {
    "people": {
        "性别": ("男", "女"), "人员状态": ("在职", "退休", "居民医保", "自费"), "险种": ("职工医保", "居民医保"),
        "就业类型": ("单位", "灵活就业"), "待遇享受": ("是", "否"), "虚构": ("否", "是"),
    },
    "catalogue": {
        "类别": ("药品", "诊疗", "耗材"), "甲乙丙": ("甲", "乙", "丙"), "谈判药": ("否", "是"),
        "票据类别": FEE_CATEGORIES, "虚构": ("否", "是"),
    },
}  # fmt: skip
"""The options that a form offers, by kind and heading."""
