"""The kinds of tables that can be imported: their columns, and what must hold between the cells of a row."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from gongji.core.identity import birth_date, is_identity_number, sex
from gongji.core.imports import cells
from gongji.core.imports import values as values_
from gongji.core.imports.cells import Reader
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
from gongji.core.labels import CATEGORY_WORDS, CLASS_WORDS
from gongji.core.ledger.ledger import BALANCE
from gongji.core.money import E12_ONE, percent, price, yuan

FEE_CATEGORIES = (
    "诊察费", "检查费", "化验费", "治疗费", "手术费", "卫生材料费", "西药费", "中药饮片", "中成药费", "一般诊疗费",
    "挂号费", "其他门（急）诊收费",
)  # fmt: skip

Values = dict[str, Any]
Wrong = Iterator[tuple[str, str]]


class ImportColumn(Struct, frozen=True):
    """A column: its heading, the field it fills, how it is read and shown, and what an empty cell means."""

    heading: str
    field: str
    read: Reader
    show: Callable[[Any], str] = str
    required: bool = False
    default: Any = None


class ImportContext(Struct, frozen=True, kw_only=True):
    """What is known around a table: when it is read (a stamp), whether a pack has a name of a kind, areas by name.

    `listed` returns a disease of an area under the name of its list; None where it is on none.
    """

    at: str | None = None
    knows: Callable[[str, str], bool] | None = None
    areas: Mapping[str, str] = {}
    listed: Callable[[str, str], str | None] | None = None


class TableKind(Struct, frozen=True, kw_only=True):
    """A kind of table.

    `check` yields what is wrong between the cells of a row, as field and sentence, and fills in what follows from
    others; a cell that could not be read is None there. `same` is what no two rows of a table may say differently.
    """

    name: str
    title: str
    columns: tuple[ImportColumn, ...]
    record: Callable[..., Row]
    check: Callable[[Values, ImportContext], Wrong]
    same: Callable[[Any], tuple[tuple[Any, ...], ...]]


def _words(words: dict[str, Any], also: dict[str, Any] | None = None) -> tuple[Reader, Callable[[Any], str]]:
    """Return how a closed list is read, by its words or by others that mean the same, and shown by its words."""
    backwards = {value: word for word, value in words.items()}
    return values_.words(words, also or {}), lambda value: backwards[value]


def _several(words: dict[str, str]) -> tuple[Reader, Callable[[Any], str]]:
    backwards = {value: word for word, value in words.items()}
    return cells.some_of(words), lambda values: "；".join(backwards[value] for value in values)


def _joined(values: tuple[str, ...]) -> str:
    return "；".join(values) or cells.NONE


_YES_NO = _words(
    {"是": True, "否": False}, {"有": True, "无": False, "√": True, "Y": True, "N": False, "1": True, "0": False}
)
_SEX = _words({"男": "男", "女": "女"}, {"男性": "男", "女性": "女", "1": "男", "2": "女"})  # GB/T 2261.1
_STATUS = _words(
    {"在职": "employed", "退休": "retired", "居民医保": "resident", "自费": "uninsured"},
    dict.fromkeys(("在职职工", "在职人员", "职工在职", "11"), "employed")
    | dict.fromkeys(("退休职工", "退休人员", "职工退休", "12"), "retired")
    | dict.fromkeys(
        ("居民", "城乡居民", "普通居民", "成年居民", "未成年居民", "学生儿童", "中小学生儿童", "大学生", "老年居民"),
        "resident",
    ),
)
_INSURANCE = _words(
    {"职工医保": "employees", "居民医保": "residents"},
    dict.fromkeys(("职工", "职工基本医疗保险", "城镇职工基本医疗保险", "城镇职工医保", "城镇职工", "310"), "employees")
    | dict.fromkeys(
        (
            "居民",
            "城乡居民",
            "城乡居民基本医疗保险",
            "城乡居民医保",
            "居民基本医疗保险",
            "城镇居民基本医疗保险",
            "新农合",
            "390",
        ),
        "residents",
    ),
)
_EMPLOYMENT = _words(
    {"单位": "unit", "灵活就业": "flexible"},
    dict.fromkeys(("单位职工", "企业", "企业职工", "机关事业", "机关事业单位", "用人单位", "单位参保"), "unit")
    | dict.fromkeys(("灵活就业人员", "灵活", "个体", "个人", "个人参保"), "flexible"),
)
_SUPPLEMENTS = _several({"公务员": "civil_servant", "大额": "large_medical"})
_RELATION = _words({
    "父母": "parent", "配偶": "spouse", "子女": "child", "配偶的父母": "spouse_parent", "兄弟姐妹": "sibling",
    "祖父母或外祖父母": "grandparent", "孙子女或外孙子女": "grandchild",
}, {
    "父亲": "parent", "母亲": "parent", "丈夫": "spouse", "妻子": "spouse", "夫妻": "spouse", "儿子": "child",
    "女儿": "child",
    "祖父母": "grandparent", "外祖父母": "grandparent", "孙子女": "grandchild", "外孙子女": "grandchild",
})  # fmt: skip
_CATEGORY = _words(
    {word: name for name, word in CATEGORY_WORDS.items()},
    dict.fromkeys(("西药", "中成药", "中药饮片", "西药中成药", "药"), "drug")
    | dict.fromkeys(("诊疗项目", "医疗服务项目", "服务项目", "医疗服务", "诊疗服务", "服务"), "service")
    | dict.fromkeys(("医用耗材", "材料", "卫生材料", "医用材料"), "consumable"),
)
_FEE = _words({name: name for name in FEE_CATEGORIES})


def _check_area(values: Values, told: ImportContext, field: str = "area") -> Wrong:
    """Put the code of an area in the place of its name."""
    if values[field] is not None:
        try:
            values[field] = values_.area_of(values[field], told.areas)
        except ValueError as error:
            values[field] = None
            yield field, str(error)


def _check_person(values: Values, told: ImportContext) -> Wrong:
    yield from _check_area(values, told)
    if values["insurance"] == "residents":
        values["status"] = "resident"
    listed, area = told.listed, values["area"]
    if values["diseases"] and listed is not None and area is not None:
        values["diseases"] = tuple(dict.fromkeys(listed(area, one) or one for one in values["diseases"]))
    number = values["id"]
    if number is not None:
        for field, heading, found in (("sex", "性别", sex(number)), ("birth_date", "出生日期", birth_date(number))):
            if values[field] is None:
                values[field] = found
            elif values[field] != found:
                yield field, f"与身份证号不符，身份证号里的{heading}是 {found}，请核对两者"
    if values["diseases"] is not None and values["registered"] is None:
        yield "registered", "写了慢特病登记就要写登记起始，请填写日期"
    if values["registered"] is not None and values["diseases"] is None:
        yield "diseases", f"写了登记起始而没有病种，请填写；确无登记的写“{cells.NONE}”"


def _check_link(values: Values, told: ImportContext) -> Wrong:
    yield from _check_area(values, told)
    if values["person_id"] is not None and values["person_id"] == values["account_id"]:
        yield "account_id", "是本人自己的账户；共济登记的是别人的账户，请改为持有人的账户号"


def _check_ratio(values: Values) -> Wrong:
    """Take the share borne first from beside the class; 甲 with none and 丙 with all say no more than the class."""
    class_, ratio = values["class_"], values["prepay_ratio"]
    if class_ is None:
        return
    beside = getattr(class_, "ratio", None)
    values["class_"] = str(class_)
    if beside is not None and ratio is not None and beside != ratio:
        yield "prepay_ratio", f"与甲乙丙一列里写的 {percent(beside)} 不同，请核对两者"
        return
    said = ratio if beside is None else beside
    if class_ in {"A", "C"}:
        if said is not None and said != (0 if class_ == "A" else E12_ONE):
            yield "prepay_ratio", "只有乙类项目有先行自付比例，请删去比例或改为乙类"
        said = None
    values["prepay_ratio"] = said


def _check_days(values: Values, _told: ImportContext) -> Wrong:
    if values["starts"] is not None and values["ends"] is not None and values["ends"] < values["starts"]:
        yield "ends", "早于起始日期，请核对"


def _check_item(values: Values, told: ImportContext) -> Wrong:
    yield from _check_ratio(values)
    yield from _check_days(values, told)


def _check_restriction(_values: Values, _told: ImportContext) -> Wrong:
    yield from ()


def _check_figure(values: Values, told: ImportContext) -> Wrong:
    yield from _check_area(values, told)
    name = values["name"]
    if name is not None and name != BALANCE:
        if values["owner"] is not None and not is_identity_number(values["owner"]):
            yield "owner", "年度累计按身份证号登记，请填写 18 位身份证号"
        for field in ("area", "year_from"):
            if values[field] is None:
                yield field, "年度累计要写参保地和待遇年度起始，请填写"
        if told.knows is not None and not told.knows("accumulator", name):
            yield "name", "现有的政策包里没有这项年度累计，请核对名称"
    if told.at is not None and values["as_of"] is not None and values["as_of"] > told.at:
        yield "as_of", f"晚于现在（{told.at}），请核对"


def _class_word(one: str) -> str:
    return CLASS_WORDS[one]


def _figure_name(given: str) -> str:
    return BALANCE if given == BALANCE_WORD else cells.accumulator(given)


PEOPLE = TableKind(
    name="people",
    title="人员",
    columns=(
        ImportColumn("身份证号", "id", cells.identity_number, required=True),
        ImportColumn("姓名", "name", cells.name, required=True),
        ImportColumn("性别", "sex", *_SEX),
        ImportColumn("出生日期", "birth_date", cells.day),
        ImportColumn("电话", "phone", values_.phone),
        ImportColumn("参保地", "area", cells.text, required=True),
        ImportColumn("人员状态", "status", *_STATUS, required=True),
        ImportColumn("险种", "insurance", *_INSURANCE, default="employees"),
        ImportColumn("就业类型", "employment", *_EMPLOYMENT, default="unit"),
        ImportColumn("补助", "supplements", *_SUPPLEMENTS, default=()),
        ImportColumn("待遇享受", "entitled", *_YES_NO, default=True),
        ImportColumn("选定机构", "selected_institution", cells.institution),
        ImportColumn("状态起始", "starts", cells.day, required=True),
        ImportColumn("慢特病登记", "diseases", cells.parts, _joined),
        ImportColumn("登记起始", "registered", cells.day),
        ImportColumn("虚构", "fictitious", *_YES_NO, default=False),
    ),
    record=PersonRow,
    check=_check_person,
    same=lambda row: (((row.id,), row.name), ((row.id, row.starts), row)),
)

LINKS = TableKind(
    name="links",
    title="共济账户",
    columns=(
        ImportColumn("身份证号", "person_id", cells.identity_number, required=True),
        ImportColumn("账户号", "account_id", cells.account_number, required=True),
        ImportColumn("关系", "relation", *_RELATION, required=True),
        ImportColumn("已授权", "authorised", *_YES_NO, default=False),
        ImportColumn("账户参保地", "area", cells.text),
    ),
    record=LinkRow,
    check=_check_link,
    same=lambda row: (((row.person_id, row.account_id), row),),
)

CATALOGUE = TableKind(
    name="catalogue",
    title="三目录",
    columns=(
        ImportColumn("编码", "code", cells.code, required=True),
        ImportColumn("名称", "name", cells.text, required=True),
        ImportColumn("类别", "category", *_CATEGORY, required=True),
        ImportColumn("甲乙丙", "class_", values_.item_class, _class_word, required=True),
        ImportColumn("单价", "unit_price", values_.price, price, required=True),
        ImportColumn("先行自付比例", "prepay_ratio", values_.ratio, percent),
        ImportColumn("限价", "price_ceiling", values_.price, price),
        ImportColumn("谈判药", "negotiated", *_YES_NO, default=False),
        ImportColumn("单位", "unit", cells.text, default=""),
        ImportColumn("规格", "specification", cells.text, default=""),
        ImportColumn("剂型", "form", cells.text, default=""),
        ImportColumn("生产企业", "maker", cells.text, default=""),
        ImportColumn("票据类别", "fee_category", *_FEE, default=""),
        ImportColumn("条码", "barcode", cells.barcode, default=""),
        ImportColumn("起始", "starts", cells.day, required=True),
        ImportColumn("终止", "ends", values_.last_day),
        ImportColumn("虚构", "invented", *_YES_NO, default=False),
    ),
    record=ItemRow,
    check=_check_item,
    same=lambda row: (((row.code, row.starts), row),),
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
    check=_check_figure,
    same=lambda row: (((row.owner, row.area, row.year_from, row.name, row.as_of), row),),
)

DISEASES = TableKind(
    name="diseases",
    title="门诊慢特病病种",
    columns=(
        ImportColumn("统筹区", "area", cells.text, required=True),
        ImportColumn("类别", "of", *_words({"慢性病": "chronic", "特殊病": "special"}), required=True),
        ImportColumn("病种名称", "name", cells.text, required=True),
        ImportColumn("其他名称", "names", cells.parts, _joined, default=()),
        ImportColumn("国家病种编码", "code", cells.code, default=""),
    ),
    record=DiseaseRow,
    check=_check_area,
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
    check=_check_days,
    same=lambda row: (((row.code, row.starts), row),),
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
    check=_check_days,
    same=lambda row: (((row.code, row.starts), row),),
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
    check=_check_days,
    same=lambda row: (((row.code, row.starts), row),),
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
    check=_check_restriction,
    same=lambda row: (((row.code, row.starts), row),),
)

KINDS = {
    kind.name: kind
    for kind in (PEOPLE, LINKS, CATALOGUE, ACCUMULATORS, DISEASES, DIAGNOSES, DOCTORS, MAPPINGS, RESTRICTIONS)
}


def shown(kind: TableKind, row: Row) -> dict[str, str]:
    """Return a row as it was understood, by heading, in the words of the table."""
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
"""What a form offers to choose from, by kind and heading."""
