"""A cell of a table, read as its column's kind. Each reader takes a text that is not empty.

A reader raises ValueError with a Chinese sentence that says what to do.
"""

import datetime
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Self

from gongji.core import identifiers
from gongji.core.identifiers import radical_in, without_radicals
from gongji.core.identity import is_identity_number, looks_like_identity_number
from gongji.core.money import E12, parse_percent, parse_ratio

Reader = Callable[[str], Any]


class OddCell(str):
    """A cell that is more than its text: a date, an error, TRUE or FALSE, a formula, or shown as something else.

    `kind` is "date", "error", "boolean", "formula" or "shown"; `seen` is what a person sees in it.
    """

    __slots__ = ("kind", "seen")

    def __new__(cls, text: str, kind: str, seen: str) -> Self:
        """Return a text that remembers what its cell was."""
        one = super().__new__(cls, text)
        one.kind, one.seen = kind, seen
        return one

    kind: str
    seen: str


LONGEST = 200
_ROUNDED = re.compile(r"\d(?:\.\d+)?E\+\d{2,}\Z", re.ASCII | re.IGNORECASE)
_DAY = r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))"
_DATE = re.compile(_DAY + r"(?:[ T]0?0:00(?::00)?)?\Z", re.ASCII)
_MOMENT = re.compile(_DAY + r"[ T](\d{1,2}):(\d{2})(?::(\d{2}))?\Z", re.ASCII)
_AREA = re.compile(r"\d{6}\Z", re.ASCII)
_BARCODE = re.compile(r"[0-9A-Za-z-]{4,40}\Z", re.ASCII)
_BETWEEN_CODES = re.compile(r"\s*[；;、，,]\s*|\s+")
SEVERAL = "；"
"""The separator between several codes of one item, as stored."""
_ACCUMULATOR = re.compile(r"[a-z_]+(?:\.[^\s.]+)+\Z")
_OLD_NUMBER = re.compile(r"\d{15}\Z", re.ASCII)
_EARLIEST, _LATEST = 1900, 2200

ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
NOTHING = frozenset({"-", "--", "—", "——", "/", "\\", "－"})
"""What offices write in cells without a value."""
_SHORT_DATE = re.compile(
    r"\d{1,2}月\d{1,2}日\Z|\d{1,2}-(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\Z|"
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-\d{1,2}\Z",
    re.ASCII,
)
ROUNDED = "Excel 把长数字改成了科学计数，末几位已经丢失；请把这一列设为“文本”格式，再从原系统重新填入"
FORMULA = "这里是公式；请复制这一列，用“选择性粘贴 → 数值”粘回后再导入"


@lru_cache(1 << 14)  # a maker or a unit comes thousands of times, and is then stored once
def text(given: str) -> str:
    """Read any text of one line.

    Raises ValueError, with a Chinese sentence for the clerk, for what no office writes into a cell.
    """
    if len(given) > LONGEST:
        raise ValueError(f"太长，最多 {LONGEST} 个字")
    if not given.isprintable():
        raise ValueError("含有换行、制表符或看不见的字符，请删去")
    if given.isascii():
        return given
    given = without_radicals(given)
    odd = radical_in(given)
    if odd is not None:
        raise ValueError(f"“{odd}”是从 PDF 里来的部首，不是字，请改为对应的汉字")
    if "\ufffd" in given:
        raise ValueError("有字在转换编码时丢失了，请从原系统重新导出，或改用 .xlsx")
    return given


def name(given: str) -> str:
    """Read a person's name, in which a question mark is a rare character that some program could not write.

    Raises ValueError, as `text`.
    """
    if "?" in given or "？" in given:
        raise ValueError("姓名里有问号，多半是生僻字在导出时丢失了；请改正，或改用 .xlsx 重新导出")
    return text(given)


def code(given: str) -> str:
    """Read a code or a number that must be kept digit by digit, in its normal form.

    Raises ValueError where it has none.
    """
    return identifiers.item_code(_unrounded(given))


def _unrounded(given: str) -> str:
    if _ROUNDED.match(given):
        raise ValueError(ROUNDED)
    if len(given.split()) > 1:
        raise ValueError("中间有空格，请删去")
    return text(given)


def identity_number(given: str) -> str:
    """Read an identity number of eighteen characters whose check character is right.

    Raises ValueError with what is wrong with it.
    """
    number = person_number(given)
    if _OLD_NUMBER.match(number):
        raise ValueError("这是 15 位旧号，请填写 18 位身份证号")
    if is_identity_number(number):
        return number
    if looks_like_identity_number(number):
        raise ValueError("身份证号的校验码（最后一位）不对，有一位抄错了，请与证件核对")
    raise ValueError("不是正确的 18 位身份证号（位数或出生日期不对），请核对")


def person_number(given: str) -> str:
    """Read the number of a person or an account in its normal form. Raises ValueError where it has none."""
    if _ROUNDED.match(given):
        raise ValueError(ROUNDED)
    return identifiers.person_id(given)


def account_number(given: str) -> str:
    """Read an account's number; one that looks like an identity number has to be one."""
    number = person_number(given)
    looks = re.fullmatch(r"[1-9]\d{16}[\dX]", number, re.ASCII)
    return identity_number(number) if looks else number


def institution(given: str) -> str:
    """Read the code of an institution in its normal form. Raises ValueError where it has none."""
    return identifiers.institution_id(_unrounded(given))


def area(given: str) -> str:
    """Read the code of an insured area. Raises ValueError for anything but six digits."""
    if not _AREA.match(given):
        raise ValueError("应为六位数字的统筹区代码")
    return given


def barcode(given: str) -> str:
    """Read a barcode, or several of one item: each packing's own, and the first 7 digits of its traceability codes.

    Raises ValueError where one is none.
    """
    if _BARCODE.match(given):
        return given
    codes = [code(one.strip()) for one in _BETWEEN_CODES.split(given)]
    if not all(_BARCODE.match(one) for one in codes):
        raise ValueError("不是条码，应为数字或字母，例如 6901234567892；有几个的用；隔开")
    return SEVERAL.join(codes)


def accumulator(given: str) -> str:
    """Read an accumulator's name in the contract's form. Raises ValueError for any other."""
    if not _ACCUMULATOR.match(text(given)):
        raise ValueError("不认识的项目，请写年度累计的名称（例如 general.fund）或“账户余额”")
    return given


@lru_cache(1 << 14)
def day(given: str) -> datetime.date:
    """Read a date in any usual spelling. Raises ValueError where it is none."""
    found = _DATE.match(given)
    if found is None:
        raise ValueError("应为日期，例如 2026-11-20")
    return _day(found)


def _day(found: re.Match[str]) -> datetime.date:
    year, month, day_, joined_month, joined_day = found.groups()[:5]
    try:
        one = datetime.date(int(year), int(month or joined_month), int(day_ or joined_day))
    except ValueError:
        raise ValueError("没有这一天，请核对日期") from None
    if not _EARLIEST <= one.year < _LATEST:
        raise ValueError(f"年份不对，应在 {_EARLIEST} 年以后，请核对日期")
    return one


@lru_cache(1 << 14)
def moment(given: str) -> str:
    """Read a date and time to the second, as a stamp (core.dates). Raises ValueError for a date without a time."""
    found = _MOMENT.match(given)
    if found is None:
        why = "只写日期说不清当天的就诊算没算在内，会重复或漏计" if _DATE.match(given) else "应为日期和时间"
        raise ValueError(f"{why}；请写到秒，例如 2026-11-20 18:03:00")
    one, (hour, minute, second) = _day(found), found.groups()[5:]
    if second is None:
        raise ValueError("请写到秒，例如 2026-11-20 18:03:00；表格里只显示到分的，把格式改为“yyyy-mm-dd hh:mm:ss”")
    try:
        return f"{one} {datetime.time(int(hour), int(minute), int(second))}"
    except ValueError:
        raise ValueError("没有这个时间，请核对") from None


def ratio(given: str) -> E12:
    """Read a ratio between 0 and 1, written as one or as a percentage. Raises ValueError for anything else."""
    try:
        return parse_percent(given.replace("％", "%")) if given[-1] in "%％" else parse_ratio(given)
    except ValueError:
        raise ValueError("应为 0 到 1 之间的比例，例如 10% 或 0.1") from None


def peculiar(given: str, *, holds_text: bool) -> str | None:
    """Return what is wrong with a cell before it is read; None where nothing is.

    `holds_text` says that its column holds names and codes, which a spreadsheet program must not have turned into
    anything else.
    """
    first = given[0]
    if first == "=":
        return FORMULA
    if (first == "#" and given in ERRORS) or (isinstance(given, OddCell) and given.kind == "error"):
        return f"{given} 是公式出错的结果，不是内容；请在原表里改正公式，或直接填写"
    if first in "TF" and given in {"TRUE", "FALSE"}:
        return "表格程序把内容变成了 TRUE 或 FALSE，原来写的已看不出；请把这一列设为“文本”后重新填写"
    if not holds_text:
        return None
    if (isinstance(given, OddCell) and given.kind == "date") or _SHORT_DATE.match(given):
        return f"表格程序把内容变成了日期（{given}），原来写的已看不出；请把这一列设为“文本”后重新填写"
    if isinstance(given, OddCell) and given.kind == "shown":
        return f"格子里显示 {given.seen}，实际存的却是 {given}；请把这一列设为“文本”，按显示的重新填写"
    return None


def some_of(words: Mapping[str, Any]) -> Reader:
    """Return the reader of a column that holds some of these words, separated by ；, in the order they stand here."""
    choice = "、".join(words)

    @lru_cache(1 << 10)
    def read(given: str) -> tuple[Any, ...]:
        found = parts(given)
        if not set(found) <= words.keys():
            raise ValueError(f"应为 {choice} 中的一个或几个，用；隔开")
        return tuple(value for word, value in words.items() if word in found)

    return read


NONE = "无"


@lru_cache(1 << 12)
def parts(given: str) -> tuple[str, ...]:
    """Read several texts separated by ；, each once; 无 is none at all.

    Raises ValueError for 无 beside others, and as `text`.
    """
    found = tuple(dict.fromkeys(part for part in map(str.strip, re.split(r"[；;]", text(given))) if part))
    if NONE in found and len(found) > 1:
        raise ValueError("“无”不能与别的一起写，请删去其一")
    return () if found == (NONE,) else found


TEXTS: frozenset[Reader] = frozenset({
    text, name, code, identity_number, account_number, institution, barcode, area, accumulator, parts,
})  # fmt: skip
"""The readers of columns that hold names and codes."""
