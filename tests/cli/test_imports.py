"""Files that are no table, or nearly: each is one sentence, and the book stays as it was."""

import csv
import datetime
import io
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.worksheet.worksheet import Worksheet

from gongji.cli.imports import load as load_command
from gongji.cli.main import command_parser
from gongji.core.imports.kinds import KINDS
from gongji.desk.imports.read_table import read_import
from gongji.desk.imports.table_layout import LayoutAnswer, OtherKindError, UnconfirmedError
from gongji.errors import GongjiError
from gongji.spreadsheets.open_table import open_table
from gongji.spreadsheets.write_table import write_table
from gongji.store.book_file.db import Store
from tests.support.tables import (
    AT,
    csv_file,
    everything,
    figure,
    grid,
    item,
    load,
    new_store,
    number,
    person,
    wrong,
    xlsx_file,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path) as one:
        yield one


def _zip(**members: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/"), text)
    return content.getvalue()


def _xlsx(change: Callable[[Workbook], None] = lambda _book: None) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in grid([item("A"), item("B")]):
        book.active.append(row)
    change(book)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _merge(book: Workbook) -> None:
    assert book.active is not None
    book.active.merge_cells("C2:C3")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "是空的"),
        (b"  \r\n\r\n", "是空的"),
        (b"\xef\xbb\xbf\n,,\n", "没有内容"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "已损坏"),
        (_xlsx(lambda book: book.create_sheet("封面", 0)), "没有内容"),
        (b"%PDF-1.7\n\0\0", "PDF 文件，不是表格文件"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "图片，不是表格文件"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "图片，不是表格文件"),
        (b"BM6\0\0\0\0\0\0\0", "图片，不是表格文件"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "图片，不是表格文件"),
        (b"Rar!\x1a\x07\0", "压缩包，不是表格文件"),
        (rb"{\rtf1\ansi}", "文档，不是表格文件"),
        ('format = 2\narea = "530300"\narea_name = "曲靖市"\n'.encode(), "政策包，不是表格文件"),
        ('\ufeff# 样板\ntitle = "广东样"\nbased_on = "x-tif"\ndeadline_s = 180\n'.encode(), "配置文件，不是表格文件"),
        (b"\xff\xfea\0b\0c", "不是表格文件"),
        (b"<html><table><tr><td>1</td></tr></table>", "其实是网页"),
        ("编码,名称\n".encode() + b"\xff\xff\xff", "不是表格文件"),
        (b"PK\x03\x04" + bytes(200), "已损坏"),
        (_xlsx()[:-200], "已损坏"),
        (_zip(a=b"1"), "压缩包，不是 .xlsx"),
        (_zip(**{"人员/people.xlsx": _xlsx()}), "压缩包，不是 .xlsx"),
        (_zip(**{"word/document.xml": b""}), "文档，不是 .xlsx"),
        (_zip(**{"content.xml": b"", "mimetype": b""}), "另一种格式的工作簿，不是 .xlsx"),
        (_zip(xl__workbook=b""), "不是 .xlsx"),
        (_zip(**{"xl__workbook.xml": b"<workbook/>"}), "已损坏"),
        (_xlsx(_merge), "合并单元格（C2:C3）"),
        ('编码,名称,类别,甲乙丙,单价,起始\nA,"名'.encode(), "引号"),
        ('编码,名称,类别,甲乙丙,单价,起始\nA,"名"x,药品,甲,1,2026-01-01'.encode(), "第 2 行之后"),
        ("编码,名称\n".encode() + b"x" * 200_000, "第 2 行之后|列名不对"),
    ],
)
def test_one_sentence(store: Store, tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "导入.dat"
    path.write_bytes(content)
    before = everything(store)
    with pytest.raises(GongjiError, match=says) as caught:
        load(store, "catalogue", path)
    assert caught.value.advice
    assert everything(store) == before


def test_a_table_of_another_kind_is_called_by_its_kind(store: Store, tmp_path: Path) -> None:
    for kind, rows, asked in (("people", [person(2)], "catalogue"), ("catalogue", [item()], "people")):
        path = csv_file(tmp_path / f"{kind}.csv", rows)
        ours, theirs = re.escape(KINDS[kind].title), re.escape(KINDS[asked].title)
        with pytest.raises(OtherKindError, match=f"像是{ours}的表，不是{theirs}") as caught:
            load(store, asked, path)
        assert f"gongji load {kind}" in caught.value.advice


def test_the_kind_is_right_if_somebody_says_what_the_columns_are(store: Store, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "people.csv", [person(2)])
    with pytest.raises(OtherKindError):
        read_import(store, "doctors", path)
    with pytest.raises(UnconfirmedError, match="列名不对"):
        read_import(store, "doctors", path, asked=LayoutAnswer(kind_is_right=True))


def test_an_empty_first_sheet_is_called_that(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "目录.xlsx"
    path.write_bytes(_xlsx(lambda book: book.create_sheet("封面", 0)))
    with pytest.raises(GongjiError) as caught:
        load(store, "catalogue", path)
    assert "第一张工作表，它是空的" in caught.value.advice
    assert "“Sheet”" in caught.value.advice


def test_no_file_and_a_folder(store: Store, tmp_path: Path) -> None:
    with pytest.raises(GongjiError, match="文件不存在"):
        load(store, "catalogue", tmp_path / "none.csv")
    with pytest.raises(GongjiError, match="读不到文件"):
        load(store, "catalogue", tmp_path)


@pytest.mark.parametrize("kind", ["random", "text", "zeros"])
def test_fifty_megabytes_of_garbage(store: Store, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "garbage.csv"
    size = 50 << 20
    path.write_bytes({"random": os.urandom(size), "text": b"garbage " * (size // 8), "zeros": bytes(size)}[kind])
    with pytest.raises(GongjiError):
        load(store, "catalogue", path)


def test_a_small_file_that_unpacks_without_end(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "x")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as member:
            for _ in range(1100):
                member.write(bytes(1 << 20))
    with pytest.raises(GongjiError, match="展开后太大"):
        load(store, "catalogue", path)


@given(cut=st.integers(0, 5000), flip=st.integers(0, 5000), byte=st.integers(0, 255))
def test_a_damaged_workbook_is_read_or_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, cut: int, flip: int, byte: int
) -> None:
    content = bytearray(_xlsx())
    content[flip % len(content)] = byte
    path = tmp_path_factory.getbasetemp() / "damaged.xlsx"
    path.write_bytes(content[: max(1, len(content) - cut if cut < 1000 else len(content))])
    try:
        with open_table(path) as table:
            list(table.rows)
    except GongjiError as error:
        assert error.advice  # noqa: PT017


class TestWhatExcelMakesOfCells:
    def test_numbers_dates_and_ratios(self, store: Store, tmp_path: Path) -> None:
        row = ["A", "名", "药品", "乙", 12.3, 0.1 + 0.2, datetime.datetime(2026, 1, 1), 0.15, 6901234567892]  # noqa: DTZ001
        headings = ["编码", "名称", "类别", "甲乙丙", "单价", "限价", "起始", "先行自付比例", "条码"]
        assert load(store, "catalogue", xlsx_file(tmp_path / "a.xlsx", [headings, row])).kept
        sql = "SELECT unit_price_e4, price_ceiling_e4, starts, prepay_ratio_e12, barcode FROM item"
        assert store.reader.execute(sql).fetchone() == (123_000, 3_000, "2026-01-01", 15 * 10**10, "6901234567892")

    @pytest.mark.parametrize("value", [530302195001010022, 5.30302195001010e17])
    def test_an_identity_number_as_a_number_has_lost_digits(self, store: Store, tmp_path: Path, value: float) -> None:
        cells = grid([person()])
        path = xlsx_file(tmp_path / "a.xlsx", [cells[0], [value, *cells[1][1:]]])
        assert "“文本”格式" in wrong(load(store, "people", path))[0][2]

    def test_a_moment_keeps_its_seconds(self, store: Store, tmp_path: Path) -> None:
        cells = grid([figure()])
        moment = datetime.datetime(2026, 11, 20, 18, 3, 7)  # noqa: DTZ001
        assert load(store, "accumulators", xlsx_file(tmp_path / "a.xlsx", [cells[0], [*cells[1][:-1], moment]])).kept
        assert store.reader.execute("SELECT as_of FROM snapshot").fetchone() == ("2026-11-20 18:03:07",)
        day = datetime.date(2026, 11, 20)
        path = xlsx_file(tmp_path / "b.xlsx", [cells[0], [*cells[1][:-1], day]])
        assert "重复或漏计" in wrong(load(store, "accumulators", path))[0][2]

    def test_a_formula_is_not_what_it_shows(self, store: Store, tmp_path: Path) -> None:
        cells = grid([item()])
        path = xlsx_file(tmp_path / "a.xlsx", [cells[0], [*cells[1][:4], "=1+2", cells[1][5]]])
        assert "选择性粘贴" in wrong(load(store, "catalogue", path))[0][2]

    def test_row_numbers_are_those_of_the_sheet(self, store: Store, tmp_path: Path) -> None:
        cells = grid([item("A"), item("B", 单价="x")])
        path = xlsx_file(tmp_path / "a.xlsx", [[], cells[0], [], [], cells[1], [None], cells[2]])
        assert [number for number, _, _ in wrong(load(store, "catalogue", path))] == [7]
        path = tmp_path / "a.csv"
        path.write_text(
            "\n".join(",".join(row) for row in ([], cells[0], [], [], cells[1], [], cells[2])), encoding="utf-8"
        )
        assert [number for number, _, _ in wrong(load(store, "catalogue", path))] == [7]

    def test_other_sheets_are_named(self, store: Store, tmp_path: Path) -> None:
        path = tmp_path / "a.xlsx"
        path.write_bytes(_xlsx(lambda book: setattr(book.create_sheet(), "title", "说明")))
        assert load(store, "catalogue", path).unread_sheets == ("说明",)

    def test_a_sheet_that_is_a_chart_is_none(self, store: Store, tmp_path: Path) -> None:
        def draw(book: Workbook) -> None:
            assert isinstance(book.active, Worksheet)
            chart = BarChart()
            chart.add_data(Reference(book.active, min_col=5, min_row=1, max_row=3))
            book.create_chartsheet("图", 0).add_chart(chart)

        path = tmp_path / "a.xlsx"
        path.write_bytes(_xlsx(draw))
        assert load(store, "catalogue", path).kept

    def test_numbers_kept_as_texts_in_csv(self, store: Store, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text(
            f'身份证号,姓名,参保地,人员状态,状态起始\n="{number(2)}",\'张三,530300,退休,20240101\n', encoding="utf-8"
        )
        assert load(store, "people", path).kept

    def test_separated_by_tabs(self, store: Store, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_text("\n".join("\t".join(row) for row in grid([item()])), encoding="gbk")
        assert load(store, "catalogue", path).kept


@given(cells=st.lists(st.lists(st.text(max_size=8), min_size=2, max_size=3), min_size=1, max_size=4))
def test_a_written_table_is_read_as_it_was(tmp_path_factory: pytest.TempPathFactory, cells: list[list[str]]) -> None:
    path = tmp_path_factory.getbasetemp() / "written.csv"
    tidy = [["".join(filter(str.isprintable, one)).strip().lstrip("'") for one in row] for row in cells]
    if any("<" in one or "\t" in one or one.startswith('="') for row in tidy for one in row) or not any(map(any, tidy)):
        return
    write_table(path, [["头", "尾"], *tidy])
    with open_table(path) as table:
        found = [row for _, row in table.rows]
    assert found == [["头", "尾"], *(row for row in tidy if any(row))]


def test_rows_that_nobody_sees_in_the_sheet_are_told_by_the_command_too(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def hide(book: Workbook) -> None:
        assert book.active is not None
        book.active.row_dimensions[2].hidden = True

    path = tmp_path / "目录.xlsx"
    path.write_bytes(_xlsx(hide))
    for preview in (True, False):
        wanted = command_parser().parse_args(["load", "catalogue", str(path), *(["--preview"] if preview else [])])
        load_command(store, wanted, at=AT, operator="导入员")
        assert "其中 1 行在表格里是隐藏的（或被筛选掉了），也会导入。" in capsys.readouterr().out


def test_a_refused_cell_is_never_a_formula(tmp_path: Path) -> None:
    for name in ("a.csv", "a.xlsx"):
        write_table(tmp_path / name, [["a"], ["=cmd()"], ["@x"], ["-1"]])
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row[0] for row in csv.reader(file)] == ["a", "'=cmd()", "'@x", "'-1"]
    with open_table(tmp_path / "a.xlsx") as table:
        assert [row for _, row in table.rows] == [["a"], ["=cmd()"], ["@x"], ["-1"]]


class TestCommand:
    def test_preview_then_import_then_refused(
        self, store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "p.csv"
        write_table(path, grid([person(), person(4, 姓名="李?"), person(6, 身份证号="530302195001010011")]))
        refused = tmp_path / "refused.xlsx"
        for more in (["--preview"], [], ["--skip-refused", "--refused", str(refused)]):
            wanted = command_parser().parse_args(["load", "people", str(path), *more])
            assert load_command(store, wanted, at=AT, operator="李红") == 2
        out, err = capsys.readouterr()
        assert "没有写入任何内容" in out
        assert "已导入，新增 1" in out
        assert "生僻字" in err
        assert "5303**********0011" in err
        assert "530302195001010011" not in out + err
        assert refused.exists()
