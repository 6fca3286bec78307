"""Adds a receipt up from nothing but the text of its PDF."""

import re
from typing import NamedTuple

_MONEY = r"-?\d+\.\d\d"
_ROW_ON_A_SHEET = re.compile(rf"^\d+ .*? (?:\d+\.\d+) -?[\d.]+(?: \S+)? ({_MONEY})$")
_ROW_ON_A_ROLL = re.compile(rf"^[\d.]+ × -?[\d.]+\S* ({_MONEY})$")
_HEADINGS = (
    "诊察费|检查费|化验费|治疗费|手术费|卫生材料费|西药费|中药饮片|中成药费|一般诊疗费|挂号费|其他门（急）诊收费"
)


class Read(NamedTuple):
    """What the text says, in fen."""

    lines: list[int]
    fees: list[int]
    total: int
    capitals: str
    figures: dict[str, int]
    carried: list[int]


def fen(text: str) -> int:
    """The fen a printed amount stands for."""
    return int(text.replace("¥", "").replace(".", ""))


def read(pages: list[str]) -> Read:
    """What the pages of a receipt say."""
    text = "\n".join(page.replace("\r", "") for page in pages)
    rows = text.splitlines()
    found = [match[1] for row in rows for match in [_ROW_ON_A_SHEET.match(row) or _ROW_ON_A_ROLL.match(row)] if match]
    fee_rows = [row for row in rows if re.match(rf"^(?:(?:{_HEADINGS}) {_MONEY} ?)+$", row)]
    labels = ("医保统筹基金支付", "其他支付", "个人账户支付", "个人现金支付", "个人自付", "个人自费")
    total = re.search(rf"（小写） (-?)¥({_MONEY})", text)
    words = re.search(r"（大写）\s*(\S+)", text)
    assert total is not None
    assert words is not None
    return Read(
        lines=[fen(one) for one in found],
        fees=[fen(one) for row in fee_rows for one in re.findall(_MONEY, row)],
        total=fen(total[1] + total[2]),
        capitals=words[1],
        figures={label: fen(_after(label, text)) for label in labels},
        carried=[fen(one) for one in re.findall(rf"(?:转次页|承前页) ({_MONEY})", text)],
    )


def _after(label: str, text: str) -> str:
    found = re.search(rf"(?:^|\s){label} ({_MONEY})", text)
    assert found is not None, label
    return found[1]
