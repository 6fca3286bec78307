"""Tables as spreadsheets read and write them: UTF-8 with a mark, lines ending in CR LF."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

MARK = "\ufeff"

PEOPLE = (
    "身份证号", "姓名", "性别", "出生日期", "电话", "参保地", "人员状态", "就业类型", "补助", "待遇享受", "选定机构",
    "状态起始", "慢特病登记", "登记起始", "虚构",
)  # fmt: skip
LINKS = ("身份证号", "账户号", "关系", "已授权", "账户参保地")
CATALOGUE = (
    "编码", "名称", "类别", "甲乙丙", "单价", "先行自付比例", "限价", "谈判药", "单位", "规格", "剂型", "生产企业",
    "票据类别", "条码", "起始", "终止", "虚构",
)  # fmt: skip
FIGURES = ("身份证号", "参保地", "待遇年度起始", "项目", "金额", "截至")

STATUS = {"employed": "在职", "retired": "退休"}
EMPLOYMENT = {"unit": "单位", "flexible": "灵活就业"}
SUPPLEMENT = {"civil_servant": "公务员", "large_medical": "大额"}
RELATION = {"parent": "父母", "spouse": "配偶", "child": "子女", "spouse_parent": "配偶的父母"}
CATEGORY = {"药品": "drug", "诊疗": "service", "耗材": "consumable"}
CLASS = {"甲": "A", "乙": "B", "丙": "C"}
BALANCE = "账户余额"
Row = dict[str, str]


def yes(flag: bool) -> str:
    """Return a flag as the tables have it."""
    return "是" if flag else "否"


def table(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """Return a table as a file's content."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)
    return (MARK + text.getvalue()).encode()


def rows_of(path: Path) -> list[Row]:
    """Return the rows of a table."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
