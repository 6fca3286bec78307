"""A stranger's first hour: an empty PC, an office's own tables, ten visits, money back, the day's close and its paper.

Run as `python -m tests.hands.first_hour [FOLDER]`, where FOLDER is for a picture after every step. The tables are as an
office writes them: a title, headings in two rows merged over columns, 序号, other names, a sum and a signature below.
"""

import csv
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from openpyxl import Workbook

from tests.hands import clerks_hour
from tests.hands.clerks_hour import Clerk, plain
from tests.hands.display import Display
from tests.hands.first_start import Newcomer, begin_own
from tests.hands.seat import Seat, Shown

_TRAINING = Path(__file__).parents[2] / "resources" / "training" / "530300"
_PATIENCE_SECONDS = 120.0
Group = tuple[str, tuple[tuple[str, str], ...]]

_PEOPLE: tuple[Group, ...] = (
    ("基本信息", (("姓名", "姓名"), ("身份证号码", "身份证号"), ("联系电话", "电话"))),
    (
        "参保信息",
        (
            ("参保统筹区", "参保地"), ("人员类别", "人员状态"), ("补充保险", "补助"), ("参保日期", "状态起始"),
            ("门诊慢特病", "慢特病登记"), ("认定日期", "登记起始"),
        ),
    ),
)  # fmt: skip
_CATALOGUE: tuple[Group, ...] = (
    (
        "项目",
        (
            ("国家医保编码", "编码"), ("药品名称", "名称"), ("类别", "类别"), ("规格", "规格"),
            ("生产厂家", "生产企业"), ("单位", "单位"), ("条形码", "条码"), ("发票类别", "票据类别"),
        ),
    ),
    ("医保", (("医保等级", "甲乙丙"), ("自付比例", "先行自付比例"), ("最高限价", "限价"), ("启用日期", "起始"))),
    ("价格", (("零售价（元）", "单价"),)),
)  # fmt: skip
_TOTALS: tuple[Group, ...] = (
    ("", (("身份证号码", "身份证号"), ("参保统筹区", "参保地"), ("待遇年度起始", "待遇年度起始"))),
    ("", (("项目", "项目"), ("累计金额（元）", "金额"), ("截至时间", "截至"))),
)


def office_table(name: str, title: str, groups: Sequence[Group], place: Path) -> Path:
    """Write a training table as an office would have it."""
    with (_TRAINING / f"{name}.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    if name == "catalogue":
        rows = [one for one in rows if not one["终止"]]
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    columns = [(group, theirs, ours) for group, inside in groups for theirs, ours in inside]
    sheet.append([title])
    sheet.append(["填报单位：曲水乡卫生院", "", "填报日期：2026年11月20日"])
    sheet.append(["序号", *(group or theirs for group, theirs, _ in columns), "备注"])
    sheet.append(["", *(theirs if group else "" for group, theirs, _ in columns), ""])
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(columns) + 2)
    first = 2
    for group, inside in groups:
        if group:
            sheet.merge_cells(start_row=3, end_row=3, start_column=first, end_column=first + len(inside) - 1)
        else:
            for at in range(first, first + len(inside)):
                sheet.merge_cells(start_row=3, end_row=4, start_column=at, end_column=at)
        first += len(inside)
    for at in (1, first):
        sheet.merge_cells(start_row=3, end_row=4, start_column=at, end_column=at)
    for number, row in enumerate(rows, 1):
        sheet.append([number, *(_as_written(ours, row[ours]) for _, _, ours in columns), ""])
    sheet.append(["合计", f"{len(rows)} 行"])
    sheet.append(["填表人：王芳", "", "审核人：李红"])
    path = place / f"{name}.xlsx"  # a name that keys can type
    book.save(path)
    return path


def _as_written(ours: str, value: str) -> str:
    """Return a cell as an office types it."""
    if ours == "参保地":
        return "曲靖市" if value == "530300" else value
    if ours == "人员状态":
        return {"在职": "在职职工", "退休": "退休人员"}.get(value, value)
    if ours == "甲乙丙":
        return f"{value}类"
    if ours in {"状态起始", "起始", "登记起始"} and value:
        return value.replace("-", ".")
    return f"{float(value):,.2f}" if ours in {"单价", "金额"} and value else value


class Stranger:
    """Hands, a clock for every step, and a picture after it."""

    def __init__(self, seat: Seat, pictures: Path | None) -> None:
        self.seat, self.pictures = seat, pictures
        self.clerk = Clerk(seat)
        self._count = 0

    def step(self, name: str, do: Callable[[], object]) -> None:
        """Do one thing, and say how many keys and seconds it took."""
        self.clerk.keys, begun = 0, time.monotonic()
        do()
        seconds = time.monotonic() - begun
        print(f"{self._count:2}  {name:　<14} {self.clerk.keys:3} keys  {seconds:5.1f} s", flush=True)
        self.picture(name)

    def picture(self, name: str) -> None:
        self._count += 1
        if self.pictures is not None:
            self.pictures.mkdir(parents=True, exist_ok=True)
            self.seat.display.picture(self.pictures / f"{self._count:02}-{name}.png")

    def until(self, holds: Callable[[Shown], object]) -> Shown:
        return self.seat.until(holds, _PATIENCE_SECONDS)

    def import_table(self, kind: str, path: Path) -> None:
        """资料 → 导入: choose the kind with the mouse and the file by name; confirm the columns, keep it."""
        seat, clerk = self.seat, self.clerk
        clerk.press("Ctrl+7", "F2")
        self.until(lambda now: now["title"] == "资料")
        seat.click(kind)
        clerk.press("F9")
        self.until(
            lambda now: now["sheets"] and now["sheets"][-1]["kind"] == "QFileDialog" and now["sheets"][-1]["active"]
        )
        seat.type(str(path))
        self.picture(f"{kind}-选文件")
        clerk.press("Enter")
        self.until(
            lambda now: now["sheets"] and now["sheets"][-1]["kind"] == "ColumnsSheet" and now["sheets"][-1]["active"]
        )
        self.picture(f"{kind}-列")
        clerk.press("Enter")
        self.until(lambda now: now["idle"] and any("新增" in one for one in _words(seat)))
        self.picture(f"{kind}-预览")
        clerk.press("Enter")
        self.until(lambda now: now["idle"] and any("已导入" in one for one in _words(seat)))


def _is_on_top(now: Shown, kind: str) -> bool:
    return bool(now["sheets"]) and now["sheets"][-1]["kind"] == kind and now["sheets"][-1]["active"]


def _words(seat: Seat) -> list[str]:
    found: list[str] = seat.ask("words")
    return found


VISITS: tuple[tuple[str, clerks_hour.Visit], ...] = (
    ("诊疗费一项", plain("ltj", ("ybzl", "1"))),
    ("诊疗费和药", plain("zjz", ("ybzl", "1"), ("amxl", "2"))),
    ("收现金找零", plain("ltj", ("ybzl", "1"), given="50")),
    ("微信", clerks_hour.by_wechat),
    ("微信加现金", clerks_hour.in_two_ways),
    ("扫身份证和条码", clerks_hour.scanned),
    ("挂单取单", clerks_hour.held_and_taken_up),
    ("全额垫付", clerks_hour.paid_in_full),
    ("退休", plain("zyx", ("ybzl", "1"), ("nfsx", "1"))),
    ("改数量", clerks_hour.quantity_changed),
)


def close_day(one: Stranger) -> None:
    """日结: count the drawer, close, and look at the paper."""
    clerk = one.clerk
    clerk.press("Ctrl+4")
    one.until(lambda now: now["title"] == "日结")
    clerk.press("1", "Enter", "Enter", "2")
    one.picture("日结-清点")
    clerk.press("F9")
    one.until(lambda now: now["sheets"] and now["sheets"][-1]["active"])
    one.picture("日结-问")
    clerk.press("Enter")
    one.until(lambda now: now["sheets"] and now["sheets"][-1]["kind"] == "PreviewSheet" and now["sheets"][-1]["active"])
    time.sleep(1)


def main() -> int:
    pictures = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        files = place / "U盘"
        files.mkdir()
        people = office_table("people", "曲水乡职工医保参保人员名册", _PEOPLE, place)
        catalogue = office_table("catalogue", "曲水乡卫生院药品诊疗目录", _CATALOGUE, place)
        totals = office_table("accumulators", "职工医保门诊累计情况表", _TOTALS, place)
        display = Display(place)
        seat = Seat(display, place / "data", place, begins=lambda now: now["sheets"])
        try:
            one = Stranger(seat, pictures)
            newcomer = Newcomer(seat, None if pictures is None else pictures / "guide")
            one.step("向导", lambda: begin_own(newcomer, tables=()))
            one.until(lambda now: now["ready"])
            one.picture("空的收费台")
            one.step("导入人员", lambda: one.import_table("人员", people))
            one.step("导入目录", lambda: one.import_table("三目录", catalogue))
            one.step("导入累计", lambda: one.import_table("年度累计与账户余额", totals))
            seat.press("Ctrl+1")
            one.step("回到收费台", lambda: one.until(lambda now: now["title"] == "收费"))
            for name, visit in VISITS:
                one.step(name, partial(visit, one.clerk))
            one.step("整笔退费", lambda: clerks_hour.given_back(one.clerk))
            one.step("退一部分", lambda: clerks_hour.given_back_in_part(one.clerk))
            one.step("日结", lambda: close_day(one))
            one.step("打印", lambda: one.clerk.press("Enter"))
            time.sleep(1)
            one.picture("打印之后")
        finally:
            seat.close()
            display.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
