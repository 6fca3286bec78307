"""A county office's own tables go in as they are: the headings are found, what is not plainly ours is asked once."""

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from gongji.core.imports.headings import Confirmed
from gongji.core.imports.row_checks import ImportContext
from gongji.desk.imports.import_table import write_refused
from gongji.desk.imports.table_layout import LayoutAnswer, UnconfirmedError
from gongji.errors import GongjiError
from gongji.spreadsheets.write_table import SheetNumber, write_book
from gongji.store.book_file.db import Store
from tests.support.tables import everything, item, load, load_rows, new_store, number, wrong, xlsx_file

AREAS = ImportContext(areas={"曲靖市": "530300", "遵义市": "520300"})
PROPOSED = LayoutAnswer(as_proposed=True)
OFFICE: list[list[Any]] = [
    ["曲水县参保职工花名册（2026年11月）", None, None, None, None, None, None, None, None],
    ["填报单位：曲水县医疗保障局", None, None, None, None, None, None, "制表日期：", "2026-11-20"],
    ["序号", "姓名", "身份证号码", "人员类别", "险种类型", "参保地", "参保日期", "联系电话", "备注"],
    [1, "张秀英", number(2), "退休人员", "职工基本医疗保险", "曲靖市", "20200101", "13800000000", None],
    [2, "李卫国", number(3), "在职职工", "310", "530300", "2021年3月1日", None, "新增"],
    [3, "王小丫", number(4), "学生儿童", "城乡居民基本医疗保险", "曲靖", "2024.09.01", None, None],
    ["合计", "3人", None, None, None, None, None, None, None],
    ["制表人：赵六", None, None, "审核人：", None, None, None, None, None],
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path) as one:
        yield one


def office(tmp_path: Path, rows: list[list[Any]] = OFFICE, *merged: str) -> Path:
    path = tmp_path / "花名册.xlsx"
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for one in merged:
        sheet.merge_cells(one)
    book.save(path)
    return path


class TestLayout:
    def test_nothing_is_taken_unasked(self, store: Store, tmp_path: Path) -> None:
        before = everything(store)
        with pytest.raises(UnconfirmedError) as caught:
            load(store, "people", office(tmp_path), told=AREAS)
        assert everything(store) == before
        proposed = {one.text: one.column for one in caught.value.layout.headings}
        assert proposed == {
            "序号": None, "姓名": "姓名", "身份证号码": "身份证号", "人员类别": "人员状态", "险种类型": "险种",
            "参保地": "参保地", "参保日期": "状态起始", "联系电话": "电话", "备注": None,
        }  # fmt: skip
        assert caught.value.layout.number == 3
        assert "身份证号码" in caught.value.title

    def test_confirmed_once_it_is_remembered_for_that_office(self, store: Store, tmp_path: Path) -> None:
        path = office(tmp_path, OFFICE, "A1:I1", "A7:B7")
        report = load(store, "people", path, told=AREAS, asked=PROPOSED)
        assert report.kept, wrong(report)
        assert report.counts.new == 3
        assert report.skipped == (7, 8)
        kept = store.reader.execute(
            "SELECT person_id, area, status, starts FROM coverage ORDER BY person_id"
        ).fetchall()
        assert kept == [
            (number(2), "530300", "retired", "2020-01-01"),
            (number(3), "530300", "employed", "2021-03-01"),
            (number(4), "530300", "resident", "2024-09-01"),
        ]
        next_month = [["曲水县参保职工花名册（2026年12月）", *OFFICE[0][1:]], *OFFICE[1:]]
        assert load(store, "people", office(tmp_path, next_month), told=AREAS).counts.unchanged == 3
        other_office = [["黑石县参保人员名册", *OFFICE[0][1:]], *OFFICE[1:]]
        with pytest.raises(UnconfirmedError):
            load(store, "people", office(tmp_path, other_office), told=AREAS)

    def test_a_preview_remembers_nothing(self, store: Store, tmp_path: Path) -> None:
        from tests.support.previewing import preview_import  # noqa: PLC0415

        assert preview_import(store, "people", office(tmp_path), told=AREAS, asked=PROPOSED).counts.new == 3
        with pytest.raises(UnconfirmedError):
            load(store, "people", office(tmp_path), told=AREAS)

    def test_headings_in_two_rows(self, store: Store, tmp_path: Path) -> None:
        rows: list[list[Any]] = [
            ["药品目录", None, None, None, None, None, None],
            ["药品编码", "药品基本信息", None, None, "医保信息", None, "执行日期"],
            [None, "药品名称", "规格", "零售价（元）", "医保等级", "自付比例", None],
            ["XA1", "阿莫西林胶囊", "0.25g×24粒", "1,280.50元", "乙类10%", None, "20260101"],
        ]
        path = office(tmp_path, rows, "A1:G1", "B2:D2", "E2:F2", "A2:A3", "G2:G3")
        asked = LayoutAnswer(confirmed=Confirmed(fixed={"类别": "药品"}))
        assert load(store, "catalogue", path, asked=asked).kept
        sql = "SELECT code, specification, unit_price_e4, class, prepay_ratio_e12, starts FROM item"
        assert store.reader.execute(sql).fetchall() == [("XA1", "0.25g×24粒", 12_805_000, "B", 10**11, "2026-01-01")]

    def test_what_is_missing_is_filled_for_every_row_or_named(self, store: Store, tmp_path: Path) -> None:
        rows = [["编码", "名称", "甲乙丙", "单价"], ["A1", "甲药", "甲", "1"], ["A2", "乙药", "乙", "2"]]
        path = xlsx_file(tmp_path / "a.xlsx", rows)
        with pytest.raises(GongjiError, match="缺少必填的列 类别、起始"):
            load(store, "catalogue", path)
        with pytest.raises(GongjiError, match="统一填写的起始“明天”应为日期"):
            load(
                store,
                "catalogue",
                path,
                asked=LayoutAnswer(confirmed=Confirmed(fixed={"类别": "药品", "起始": "明天"})),
            )
        asked = LayoutAnswer(confirmed=Confirmed(fixed={"类别": "药品", "起始": "2026-01-01"}))
        assert load(store, "catalogue", path, asked=asked).counts.new == 2

    def test_a_column_can_be_named_or_left_out(self, store: Store, tmp_path: Path) -> None:
        rows: list[list[Any]] = [
            ["编码", "院内名", "类别", "甲乙丙", "单价", "起始", "仓位"],
            ["A1", "甲药", "药品", "甲", "1", "2026-01-01", "B2"],
        ]
        path = xlsx_file(tmp_path / "a.xlsx", rows)
        asked = LayoutAnswer(confirmed=Confirmed(columns={"院内名": "名称", "仓位": None}))
        assert load(store, "catalogue", path, asked=asked).kept
        assert store.reader.execute("SELECT name FROM item").fetchall() == [("甲药",)]
        with pytest.raises(GongjiError, match="列“名称”出现了 2 次"):
            load(
                store,
                "catalogue",
                path,
                asked=LayoutAnswer(confirmed=Confirmed(columns={"院内名": "名称", "仓位": "名称"})),
            )

    def test_refused_rows_need_no_asking(self, store: Store, tmp_path: Path) -> None:
        rows: list[list[Any]] = [*OFFICE[:4], [2, "李?", number(3), "在职", "310", "530300", "20210301", None, None]]
        report = load(store, "people", office(tmp_path, rows), told=AREAS, asked=PROPOSED)
        assert not report.kept
        write_refused(report, tmp_path / "refused.xlsx")
        again = load(store, "people", tmp_path / "refused.xlsx", told=AREAS)
        assert [(one.number, one.wrong[0].column) for one in again.refused] == [(2, "姓名")]

    def test_merged_data_is_refused_and_a_merged_title_is_not(self, store: Store, tmp_path: Path) -> None:
        with pytest.raises(GongjiError, match="合并单元格（G4:G5）"):
            load(store, "people", office(tmp_path, OFFICE, "G4:G5"), told=AREAS, asked=PROPOSED)


class TestValues:
    @pytest.mark.parametrize(
        ("cells", "field", "value"),
        [
            ({"甲乙丙": "丙类"}, "class", "C"),
            ({"甲乙丙": "甲类"}, "class", "A"),
            ({"甲乙丙": "自费"}, "class", "C"),
            ({"甲乙丙": "乙类10%"}, "prepay_ratio_e12", 10**11),
            ({"甲乙丙": "乙（自付15％）"}, "prepay_ratio_e12", 15 * 10**10),
            ({"甲乙丙": "甲", "先行自付比例": "0%"}, "prepay_ratio_e12", None),
            ({"甲乙丙": "丙", "先行自付比例": "100%"}, "prepay_ratio_e12", None),
            ({"单价": "1,280.00"}, "unit_price_e4", 12_800_000),
            ({"单价": "50元"}, "unit_price_e4", 500_000),
            ({"单价": "￥１２．５"}, "unit_price_e4", 125_000),
            ({"单价": ".5"}, "unit_price_e4", 5_000),
            ({"限价": "/"}, "price_ceiling_e4", None),
            ({"终止": "9999-12-31"}, "ends", None),
            ({"终止": "99991231"}, "ends", None),
            ({"终止": "长期"}, "ends", None),
            ({"终止": "2027年1月2日"}, "ends", "2027-01-02"),
            ({"类别": "医用耗材"}, "category", "consumable"),
            ({"名称": "⻩连上清⽚"}, "name", "黄连上清片"),
        ],
    )
    def test_understood(self, store: Store, tmp_path: Path, cells: dict[str, str], field: str, value: Any) -> None:
        report = load_rows(store, "catalogue", tmp_path, item(**cells))
        assert report.kept, wrong(report)
        assert store.reader.execute(f"SELECT {field} FROM item").fetchone() == (value,)  # noqa: S608

    @pytest.mark.parametrize(
        ("cells", "column", "says"),
        [
            ({"单价": "1,28.00"}, "单价", "逗号"),
            ({"单价": "12²"}, "单价", "²"),
            ({"单价": "①"}, "单价", "①"),
            ({"单价": "#N/A"}, "单价", "公式出错"),
            ({"名称": "TRUE"}, "名称", "文本"),
            ({"规格": "1月2日"}, "规格", "日期"),
            ({"规格": "2-Jan"}, "规格", "日期"),
            ({"甲乙丙": "丁"}, "甲乙丙", "甲、乙、丙"),
            ({"甲乙丙": "乙类10%", "先行自付比例": "20%"}, "先行自付比例", "核对"),
            ({"名称": "⺮片"}, "名称", "PDF"),
        ],
    )
    def test_refused_with_the_way_out(
        self, store: Store, tmp_path: Path, cells: dict[str, str], column: str, says: str
    ) -> None:
        ((_, where, why),) = wrong(load_rows(store, "catalogue", tmp_path, item(**cells)))
        assert where == column
        assert says in why

    def test_what_excel_made_of_a_code(self, store: Store, tmp_path: Path) -> None:
        headings = list(item(规格=""))
        path = tmp_path / "a.xlsx"
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.append(headings)
        for row in range(2, 6):
            for place, heading in enumerate(headings, 1):
                sheet.cell(row, place, item(f"A{row}", 规格="1-2")[heading])
        sheet["G2"] = datetime.date(2026, 1, 2)
        sheet["A3"], sheet["A3"].number_format = 11, "0000"
        sheet["E4"], sheet["E4"].data_type = "#DIV/0!", "e"
        sheet["E5"], sheet["E5"].number_format = 12, "0000.00"
        book.save(path)
        found = wrong(load(store, "catalogue", path))
        assert [(row, column) for row, column, _ in found] == [(2, "规格"), (3, "编码"), (4, "单价")]
        assert "日期" in found[0][2]
        assert "0011" in found[1][2]
        assert "公式出错" in found[2][2]

    @pytest.mark.parametrize("area", ["530300", "曲靖", "曲靖市", "云南省曲靖市", "５３０３００"])
    def test_areas_by_name(self, store: Store, tmp_path: Path, area: str) -> None:
        rows: list[list[Any]] = [*OFFICE[:3], [1, "张秀英", number(2), "退休", "", area, "20200101", None, None]]
        assert load(store, "people", office(tmp_path, rows), told=AREAS, asked=PROPOSED).kept
        assert store.reader.execute("SELECT area FROM coverage").fetchall() == [("530300",)]

    def test_an_unknown_area_is_refused_with_those_there_are(self, store: Store, tmp_path: Path) -> None:
        rows: list[list[Any]] = [*OFFICE[:3], [1, "张秀英", number(2), "退休", "", "昆明市", "20200101", None, None]]
        report = load(store, "people", office(tmp_path, rows), told=AREAS, asked=PROPOSED)
        assert "曲靖市 530300" in wrong(report)[0][2]


def test_a_wrong_check_digit_is_called_that(store: Store, tmp_path: Path) -> None:
    right = number(2)
    bad = right[:-1] + ("1" if right[-1] != "1" else "2")
    rows = [*OFFICE[:3], [1, "张秀英", bad, "退休", "", "530300", "20200101", None, None]]
    report = load(store, "people", office(tmp_path, rows), told=AREAS, asked=PROPOSED)
    assert "校验码" in wrong(report)[0][2]


def test_a_workbook_of_excel_97(store: Store) -> None:
    """office.xls: a merged title, an error, a shown nought, a code that became a date, a second sheet."""
    path = Path(__file__).with_name("office.xls")
    report = load(store, "catalogue", path, asked=PROPOSED, skip_refused=True)
    assert (report.form, report.unread_sheets, report.counts.new) == ("XLS", ("说明",), 2)
    assert [(row, column) for row, column, _ in wrong(report)] == [(5, "编码"), (6, "规格"), (7, "单价")]
    says = " ".join(why for _, _, why in wrong(report))
    assert all(one in says for one in ("0011", "日期", "#N/A"))
    sql = "SELECT code, specification, class, unit_price_e4, starts FROM item ORDER BY code"
    assert store.reader.execute(sql).fetchall() == [
        ("ZA1", "0.25g×24粒", "B", 125_000, "2026-01-01"),
        ("ZA2", "", "A", 80_000, "2026-01-01"),
    ]


def test_a_sheet_is_written_finished(tmp_path: Path) -> None:
    rows: list[list[str]] = [
        ["某院月报"],
        [],
        ["编码", "名称", "金额"],
        ["A1", "阿莫西林胶囊", SheetNumber("12345.60")],
    ]
    write_book(tmp_path / "a.xlsx", {"项目": rows})
    sheet = load_workbook(tmp_path / "a.xlsx")["项目"]
    assert sheet.freeze_panes == "A4"
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.print_area == "'项目'!$A$1:$C$4"
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 1)
    assert (sheet["C4"].value, sheet["C4"].number_format) == (12345.6, "#,##0.00")
    assert sheet.column_dimensions["B"].width >= 14  # six Chinese characters and a margin
    assert sheet["A3"].font.b
