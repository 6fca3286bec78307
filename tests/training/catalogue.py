"""Catalogues, from the source tables in items/: real generic names, invented codes, makers and bar codes."""

import datetime
from collections.abc import Iterable, Iterator
from pathlib import Path

from gongji.core.money import percent
from gongji.core.packs.conditions import holds
from gongji.core.packs.language import Pack
from tests.training.areas import Area
from tests.training.tables import CATEGORY, Row, rows_of

ITEMS = Path(__file__).with_name("items")
STARTS = "2022-01-01"
OFFICIAL = (
    "诊察费", "检查费", "化验费", "治疗费", "手术费", "卫生材料费",
    "西药费", "中药饮片", "中成药费", "一般诊疗费", "挂号费", "其他门（急）诊收费",
)  # fmt: skip
FORM_LETTERS = (
    ("片", "A"),
    ("胶囊", "E"),
    ("颗粒", "K"),
    ("注射", "B"),
    ("粉针", "B"),
    ("丸", "W"),
    ("散", "S"),
    ("膏", "G"),
)
NUMBERS = "一二三四五六七八九"

# kind of source table: 类别, 票据类别, the beginning of makers' names
KINDS = {
    "western": ("药品", "西药费", "示例制药"),
    "patent": ("药品", "中成药费", "示例中药"),
    "herbs": ("药品", "中药饮片", "示例饮片"),
    "services": ("诊疗", "", ""),
    "consumables": ("耗材", "卫生材料费", "示例器械"),
}


def source() -> list[Row]:
    """Return all items as the source tables have them, with codes, makers and bar codes made up."""
    return [
        _item(kind, serial, row) for kind in KINDS for serial, row in enumerate(rows_of(ITEMS / f"{kind}.csv"), start=1)
    ]


def _item(kind: str, serial: int, row: Row) -> Row:
    category, receipt, makers = KINDS[kind]
    herb = kind == "herbs"
    maker = (serial - 1) % len(NUMBERS)
    return {
        "编码": _code(kind, serial, row),
        "名称": row["名称"],
        "类别": category,
        "甲乙丙": row["类"],
        "单价": row["单价"],
        "先行自付比例": row["自付"],
        "限价": row.get("限价", ""),
        "谈判药": row.get("谈判") or "否",
        "单位": "克" if herb else row["单位"],
        "规格": row["炮制"] if herb else row.get("规格", ""),
        "剂型": "饮片" if herb else row.get("剂型", ""),
        "生产企业": f"{makers}{NUMBERS[maker]}厂" if makers else "",
        "票据类别": receipt or row["票据类别"],
        "条码": "" if herb or not makers else _barcode(list(KINDS).index(kind), serial),
        "起始": STARTS,
        "终止": "",
        "虚构": "是",
    }


def _code(kind: str, serial: int, row: Row) -> str:
    """Return a code of the national shape whose maker, class or chapter (99) does not exist."""
    if kind in {"western", "patent"}:
        letter = next((letter for part, letter in FORM_LETTERS if part in row["剂型"]), "F")
        begins = "X" if kind == "western" else "Z"
        return f"{begins}{row['分类']}A{serial:04d}{letter}0010101999{serial % 9 + 1:02d}"
    if kind == "herbs":
        return f"T99{serial:07d}"
    if kind == "services":
        return f"0099{OFFICIAL.index(row['票据类别']) + 1:02d}{serial:05d}0000"
    return f"C99{serial:05d}000000000000"


def _barcode(kind: int, serial: int) -> str:
    """Return a thirteen-digit bar code of the range that is for use inside a shop, with its check digit."""
    first = f"299{kind}{serial:08d}"
    total = sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(first))
    return f"{first}{-total % 10}"


def catalogue(area: Area, pack: Pack) -> list[Row]:
    """Return an area's catalogue: its prepay ratios, with the changes of prices and the items withdrawn."""
    changes = {(row["名称"], row["规格"]): row for row in rows_of(ITEMS / "changes.csv")}
    rows: list[Row] = []
    for index, item in enumerate(source()):
        row = {**item, "先行自付比例": _prepay(area, pack, index, item)}
        rows += _over_time(row, changes.pop((row["名称"], row["规格"]), None))
    if changes:
        raise LookupError(f"changes.csv: {list(changes)}")
    return rows


def _prepay(area: Area, pack: Pack, index: int, item: Row) -> str:
    """Return the ratio of a class B item: the pack's where it has one, left out or out of date now and then."""
    ratio = item["先行自付比例"]
    if item["甲乙丙"] != "乙":
        return ""
    facts = {"category": CATEGORY[item["类别"]], "class": "B", "use": "treatment", "negotiated": item["谈判药"] == "是"}
    of_pack = next((one for one in pack.lines.prepay if holds(one.when, facts)), None)
    if of_pack is None:
        return area.prepay.get(ratio, ratio)
    if index % 20 == 0:
        return ratio
    return "" if index % 20 == 1 else f"0.{int(percent(of_pack.ratio).removesuffix('%')):02d}"


def _over_time(row: Row, change: Row | None) -> Iterator[Row]:
    if change is None:
        yield row
        return
    day = datetime.date.fromisoformat(change["换价日"])
    last = (day - datetime.timedelta(days=1)).isoformat()
    yield {**row, "单价": change["原价"] or row["单价"], "终止": last}
    if change["原价"]:
        yield {**row, "起始": day.isoformat()}


def in_force(rows: Iterable[Row], on: datetime.date) -> dict[str, Row]:
    """Return the items that can be charged on a day, by code."""
    day = on.isoformat()
    return {row["编码"]: row for row in rows if row["起始"] <= day and (not row["终止"] or day <= row["终止"])}


def negotiated_codes(rows: Iterable[Row]) -> list[str]:
    """Return the codes of the negotiated drugs."""
    return [row["编码"] for row in rows if row["谈判药"] == "是"]
