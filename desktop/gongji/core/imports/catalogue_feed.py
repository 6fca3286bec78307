"""The agency's own catalogue as downloaded: what a feed says of an item, row by row, read strictly. Pure.

A *feed* is one of the downloads 13xx: some describe items, others say how the insurance takes them (its class, the
share borne first, the most a unit may cost). Which of its columns holds what, and how a region writes a class, is data
(a region's profile).
"""

import datetime
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct

from gongji.core.imports import cells
from gongji.core.imports.rows import CellFault, RejectedRow
from gongji.core.money import E12_ONE, parse_e4, parse_ratio

Says = Literal["item", "class", "ceiling", "ratio"]
"""What a feed is about: the item itself, its class, what a unit may cost at most, the share borne before anything."""

_EMPTY = {"", "null", "NULL"}
_OF_ALL = ("code", "rid", "version", "starts", "ends", "valid")
_OF_KIND: dict[Says, tuple[str, ...]] = {
    "item": ("name", "specification", "form", "maker", "negotiated"),
    "class": ("class", "category", "fee_category"),
    "ceiling": ("ceiling", "level"),
    "ratio": ("ratio",),
}


class Feed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One download: its name and subject, and where each of our fields is in a row.

    Of a file `fields` are columns, counted from 1, of at least `columns`; of a query (`paged`) they are names.
    `only` keeps out rows about something else, by the possible values of a field; `area`'s field keeps out rows of
    other areas. `category` is that of every item of the feed.
    """

    title: str
    says: Says
    fields: dict[str, int | str]
    columns: int = 0
    paged: bool = False
    category: Literal["", "drug", "service", "consumable"] = ""
    only: dict[str, tuple[str, ...]] = {}


class Codes(Struct, frozen=True, kw_only=True):
    """How a region writes a class, a category, a category of fees and a level, each by its code."""

    chrgitm_lv: Mapping[str, str]
    list_type: Mapping[str, str]
    med_chrgitm_type: Mapping[str, str]
    lmtpric_type: Mapping[str, tuple[str, ...]]


class AgencyRow(Struct, frozen=True, kw_only=True, gc=False):
    """What the agency says of an item from a day on (ISO), under its own record number.

    `said` is under our names: texts, a price in 1/10000, a ratio in 1/10**12. One that is not `valid` was withdrawn.
    """

    infno: str
    rid: str
    code: str
    starts: str
    ends: str | None
    valid: bool
    version: str
    said: dict[str, Any]


def newer(one: str, other: str) -> bool:
    """Return whether a version is later than another: numbers by their value, anything else as it is written."""
    if one.isdigit() and other.isdigit():
        return int(one) > int(other)
    return one > other


def concerns(feed: Feed, given: Mapping[str, str], area: str) -> bool:
    """Return whether a row is for an area (six digits; trailing zeros cover all below) and of the kind wanted."""
    code = given.get("area", "")
    prefix = code.rstrip("0") if code not in _EMPTY else ""
    prefix += "0" * (len(prefix) % 2)
    return area.startswith(prefix) and all(given.get(name, "") in wanted for name, wanted in feed.only.items())


class AgencyReading:
    """Reads the rows of one download; reports everything that is wrong with a row at once."""

    def __init__(self, infno: str, feed: Feed, codes: Codes) -> None:
        """Take which feed it is, and how its region writes things."""
        self._infno = infno
        self._feed = feed
        self._codes = codes
        self._seen: dict[str, AgencyRow] = {}

    def read(self, number: int, given: Mapping[str, str]) -> AgencyRow | RejectedRow:
        """Return what a row says; `number` is its place in the download, `given` its texts under our names."""
        texts = {name: "" if text in _EMPTY else text.strip() for name, text in given.items()}
        values: dict[str, Any] = {}
        wrong = list(self._read_fields(texts, values))
        if not wrong:
            one = self._row(values)
            before = self._seen.setdefault(one.rid, one)
            if before == one:
                return one
            wrong.append(CellFault("rid", one.rid, "同一条记录在这次下载里写了两种内容"))
        return RejectedRow(number=number, cells=tuple(given.values()), wrong=tuple(wrong))

    def _read_fields(self, texts: Mapping[str, str], values: dict[str, Any]) -> Iterator[CellFault]:
        for name in (*_OF_ALL, *_OF_KIND[self._feed.says]):
            if name not in self._feed.fields:
                continue
            text = texts.get(name, "")
            if not text:
                if name in _REQUIRED:
                    yield CellFault(self._heading(name), "", "空着")
                values[name] = None
                continue
            try:
                values[name] = self._reader(name)(text)
            except (ValueError, KeyError) as error:
                message = "不认识的代码" if isinstance(error, KeyError) else str(error)
                yield CellFault(self._heading(name), text[:60], message)
        starts, ends = values.get("starts"), values.get("ends")
        if starts is not None and ends is not None and ends < starts:
            yield CellFault(self._heading("ends"), str(ends), "早于起始日期")

    def _heading(self, name: str) -> str:
        place = self._feed.fields[name]
        return place if isinstance(place, str) else f"第 {place} 列"

    def _reader(self, name: str) -> Callable[[str], Any]:
        codes: dict[str, Mapping[str, Any]] = {
            "class": self._codes.chrgitm_lv,
            "category": self._codes.list_type,
            "fee_category": self._codes.med_chrgitm_type,
            "level": self._codes.lmtpric_type,
        }
        return codes[name].__getitem__ if name in codes else _READERS.get(name, cells.text)

    def _row(self, values: dict[str, Any]) -> AgencyRow:
        said = {name: value for name, value in values.items() if name not in _OF_ALL and value is not None}
        if self._feed.category:
            said["category"] = self._feed.category
        ends: datetime.date | None = values.get("ends")
        return AgencyRow(
            infno=self._infno,
            rid=values["rid"],
            code=values["code"],
            starts=values["starts"].isoformat(),
            ends=None if ends is None or ends.year >= _FOR_EVER else ends.isoformat(),
            valid=values.get("valid", True) is not False,
            version=values["version"],
            said=said,
        )


_FOR_EVER = 2099
_REQUIRED = frozenset({"code", "rid", "version", "starts", "name", "class", "ceiling", "level", "ratio"})


def _day(text: str) -> datetime.date:
    return cells.day(text[:10] if len(text) > _DAY_SIGNS and text[_DAY_SIGNS] in " T" else text)


def _until(text: str) -> datetime.date:
    """Read a last day; one far ahead (9999-12-31) means none."""
    year = text[:4]
    return datetime.date(_FOR_EVER, 1, 1) if year.isdigit() and int(year) >= _FOR_EVER else _day(text)


def _flag(text: str) -> bool:
    if text not in {"0", "1", "2"}:
        raise ValueError("应为 0 或 1")
    return text == "1"


def _price(text: str) -> int:
    return int(parse_e4(_trimmed(text, 4)))


def _share(text: str) -> int:
    found = int(parse_ratio(_trimmed(text, 12)))
    assert found <= E12_ONE
    return found


def _trimmed(text: str, decimals: int) -> str:
    """Return a number without superfluous zeros after so many decimals; some platforms write six of them."""
    whole, dot, fraction = text.partition(".")
    kept = fraction[:decimals] + fraction[decimals:].rstrip("0")
    return whole + dot + kept if kept else whole


_DAY_SIGNS = 10
_READERS: dict[str, Callable[[str], Any]] = {
    "code": cells.code,
    "rid": cells.code,
    "starts": _day,
    "ends": _until,
    "valid": _flag,
    "negotiated": _flag,
    "ceiling": _price,
    "ratio": _share,
}
