"""What must hold between the cells of a row, by kind of table."""

import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from gongji.core.identity import birth_date, is_identity_number, sex
from gongji.core.imports import cells
from gongji.core.imports import values as values_
from gongji.core.ledger.ledger import BALANCE
from gongji.core.money import E12_ONE, percent

Values = dict[str, Any]
Wrong = Iterator[tuple[str, str]]


class ImportContext(Struct, frozen=True, kw_only=True):
    """What is known around a table: when it is read (a stamp), whether a pack has a name of a kind, areas by name.

    `listed` returns a disease of an area under the name of its list; None where it is on none.
    """

    at: str | None = None
    knows: Callable[[str, str], bool] | None = None
    areas: Mapping[str, str] = {}
    listed: Callable[[str, str], str | None] | None = None


def check_area(values: Values, told: ImportContext) -> Wrong:
    """Put the code of an area in the place of its name."""
    if values["area"] is not None:
        try:
            values["area"] = values_.area_of(values["area"], told.areas)
        except ValueError as error:
            values["area"] = None
            yield "area", str(error)


def check_person(values: Values, told: ImportContext) -> Wrong:
    """Yield what is wrong between the cells of a person; sex and birth date are filled in from the number."""
    yield from check_area(values, told)
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


def check_link(values: Values, told: ImportContext) -> Wrong:
    """Yield what is wrong between the cells of a family account: it is somebody else's."""
    yield from check_area(values, told)
    if values["person_id"] is not None and values["person_id"] == values["account_id"]:
        yield "account_id", "是本人自己的账户；共济登记的是别人的账户，请改为持有人的账户号"


def _check_ratio(values: Values) -> Wrong:
    """Take the share borne first from beside the class; 甲 with none and 丙 with all say no more than the class."""
    class_, ratio = values["class_"], values["prepay_ratio"]
    if class_ is None:
        return
    beside = getattr(class_, "ratio", None)
    values["class_"] = sys.intern(str(class_))  # one of three letters, in every row of a catalogue
    if beside is not None and ratio is not None and beside != ratio:
        yield "prepay_ratio", f"与甲乙丙一列里写的 {percent(beside)} 不同，请核对两者"
        return
    said = ratio if beside is None else beside
    if class_ in {"A", "C"}:
        if said is not None and said != (0 if class_ == "A" else E12_ONE):
            yield "prepay_ratio", "只有乙类项目有先行自付比例，请删去比例或改为乙类"
        said = None
    values["prepay_ratio"] = said


def check_days(values: Values, _told: ImportContext) -> Wrong:
    """Yield where the last day, if rows of the kind have one, lies before the first."""
    starts, ends = values["starts"], values.get("ends")
    if starts is not None and ends is not None and ends < starts:
        yield "ends", "早于起始日期，请核对"


def check_item(values: Values, told: ImportContext) -> Wrong:
    """Yield what is wrong between class, share borne first and days of an item."""
    yield from _check_ratio(values)
    yield from check_days(values, told)


def check_figure(values: Values, told: ImportContext) -> Wrong:
    """Yield what is wrong between the cells of an accumulator or a balance."""
    yield from check_area(values, told)
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
