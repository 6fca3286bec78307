"""What imports keep, what they refuse and why, and that it is all or nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from gongji.core.imports import kinds
from gongji.core.imports.kinds import KINDS, shown
from gongji.core.imports.read_rows import AcceptedRow, Headings, Reading, read_headings
from gongji.core.imports.row_checks import ImportContext
from gongji.core.packs.accounts import Relation
from gongji.desk.imports.import_table import write_refused
from gongji.errors import GongjiError
from gongji.gui.data.import_preview import summary
from gongji.store.book_file.db import Store
from gongji.store.people import people
from gongji.store.settlements import ledger
from tests.support.previewing import preview_import
from tests.support.tables import (
    AT,
    csv_file,
    everything,
    figure,
    grid,
    item,
    link,
    load,
    load_rows,
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


class TestPeople:
    def test_a_person_is_kept_with_insurance_and_registrations(self, store: Store, tmp_path: Path) -> None:
        row = person(
            补助="大额；公务员",
            就业类型="灵活就业",
            选定机构="H44530200001",
            慢特病登记="高血压；糖尿病",
            登记起始="2025-03-01",
        )
        report = load_rows(store, "people", tmp_path, row)
        assert (report.kept, report.counts.new, report.refused) == (True, 1, ())
        known = people.find(store.reader, number(2), "2026-11-22")
        assert known is not None
        assert known.coverage is not None
        assert (known.name, known.birth_date, known.diseases) == ("张秀英", "1950-01-01", ("高血压", "糖尿病"))
        assert (known.coverage.area, known.coverage.status, known.coverage.employment) == (
            "530300",
            "retired",
            "flexible",
        )
        assert known.coverage.supplements == ("civil_servant", "large_medical")
        assert (known.coverage.entitled, known.coverage.selected_institution) == (True, "H44530200001")
        assert store.reader.execute("SELECT sex FROM person").fetchone() == ("女",)

    def test_the_same_file_again_changes_nothing(self, store: Store, tmp_path: Path) -> None:
        rows = [person(2, 慢特病登记="高血压", 登记起始="2025-01-01"), person(4, 姓名="王强")]
        load_rows(store, "people", tmp_path, *rows)
        before = everything(store)
        report = load_rows(store, "people", tmp_path, *rows)
        assert (report.counts.new, report.counts.changed, report.counts.unchanged) == (0, 0, 2)
        assert {**everything(store), "audit": before["audit"]} == before

    def test_what_was_true_on_a_date_stays(self, store: Store, tmp_path: Path) -> None:
        load_rows(store, "people", tmp_path, person(人员状态="在职"))
        report = load_rows(store, "people", tmp_path, person(状态起始="2026-06-01"))
        assert report.counts.changed == 1
        earlier, later = (people.coverage(store.reader, number(2), on) for on in ("2026-05-31", "2026-06-01"))
        assert earlier is not None
        assert later is not None
        assert (earlier.status, later.status) == ("employed", "retired")

    def test_a_new_name_is_found_and_the_old_one_is_not(self, store: Store, tmp_path: Path) -> None:
        load_rows(store, "people", tmp_path, person(电话="13900000000"))
        load_rows(store, "people", tmp_path, person(姓名="张秀云"))
        words = {word for (word,) in store.reader.execute("SELECT word FROM person_word")}
        assert words >= {"张秀云", "zxy"}
        assert "张秀英" not in words
        assert store.reader.execute("SELECT name, phone FROM person").fetchall() == [("张秀云", "13900000000")]

    def test_no_registration_is_said_with_a_word(self, store: Store, tmp_path: Path) -> None:
        load_rows(store, "people", tmp_path, person(慢特病登记="高血压", 登记起始="2025-01-01"))
        load_rows(store, "people", tmp_path, person(慢特病登记="", 登记起始=""))
        assert people.find(store.reader, number(2), "2026-01-01").diseases == ("高血压",)  # type: ignore[union-attr]
        load_rows(store, "people", tmp_path, person(慢特病登记="无", 登记起始="2026-01-01"))
        assert people.find(store.reader, number(2), "2026-01-01").diseases == ()  # type: ignore[union-attr]

    @pytest.mark.parametrize(
        ("cells", "column", "says"),
        [
            ({"身份证号": number(2)[:-1] + ("0" if number(2)[-1] != "0" else "1")}, "身份证号", "校验码"),
            ({"身份证号": "530302500101002"}, "身份证号", "15 位"),
            ({"身份证号": "5.30302195001010E+17"}, "身份证号", "文本"),
            ({"身份证号": ""}, "身份证号", "空着"),
            ({"姓名": "张?英"}, "姓名", "生僻字"),
            ({"姓名": "张\n秀英"}, "姓名", "换行"),
            ({"姓名": "=A1"}, "姓名", "公式"),
            ({"性别": "男"}, "性别", "是 女"),
            ({"出生日期": "1950-01-02"}, "出生日期", "1950-01-01"),
            ({"参保地": "曲靖"}, "参保地", "六位"),
            ({"人员状态": "退职"}, "人员状态", "在职、退休"),
            ({"补助": "公务员;特困"}, "补助", "公务员、大额"),
            ({"待遇享受": "TRUE"}, "待遇享受", "设为“文本”"),
            ({"待遇享受": "暂停"}, "待遇享受", "是、否"),
            ({"状态起始": "2024-02-30"}, "状态起始", "没有这一天"),
            ({"状态起始": "24/1/1"}, "状态起始", "2026-11-20"),
            ({"慢特病登记": "高血压"}, "登记起始", "登记起始"),
            ({"登记起始": "2025-01-01"}, "慢特病登记", "无"),
            ({"慢特病登记": "无；高血压", "登记起始": "2025-01-01"}, "慢特病登记", "删去其一"),
        ],
    )
    def test_refused(self, store: Store, tmp_path: Path, cells: dict[str, str], column: str, says: str) -> None:
        report = load_rows(store, "people", tmp_path, person(2, **cells))
        assert not report.kept
        assert [(number, where) for number, where, _ in wrong(report)] == [(2, column)]
        assert says in wrong(report)[0][2]

    def test_everything_wrong_with_a_row_at_once(self, store: Store, tmp_path: Path) -> None:
        row = person(身份证号="", 姓名="", 参保地="1", 人员状态="", 状态起始="x", 登记起始="2025-01-01")
        report = load_rows(store, "people", tmp_path, person(4), row)
        assert {(number, column) for number, column, _ in wrong(report)} == {
            (3, one) for one in ("身份证号", "姓名", "参保地", "人员状态", "状态起始", "慢特病登记")
        }

    def test_two_rows_that_contradict_each_other(self, store: Store, tmp_path: Path) -> None:
        report = load_rows(
            store,
            "people",
            tmp_path,
            person(),
            person(),
            person(姓名="李四", 状态起始="2025-01-01"),
            person(人员状态="在职"),
        )
        assert [(number, column) for number, column, _ in wrong(report)] == [(4, "身份证号"), (5, "身份证号")]
        assert "第 2 行" in wrong(report)[0][2]


class TestLinks:
    def test_kept_and_the_newest_counts(self, store: Store, tmp_path: Path) -> None:
        load_rows(store, "people", tmp_path, person())
        assert load_rows(store, "links", tmp_path, link()).counts.new == 1
        assert load_rows(store, "links", tmp_path, link()).counts.unchanged == 1
        assert load_rows(store, "links", tmp_path, link(已授权="否", 账户参保地="530300")).counts.changed == 1
        (found,) = people.links(store.reader, number(2))
        assert (found.relation, found.authorised, found.area) == ("parent", False, "530300")

    @pytest.mark.parametrize(
        ("cells", "column", "says"),
        [
            ({"身份证号": number(6)}, "身份证号", "先导入人员"),
            ({"账户号": number(2)}, "账户号", "持有人"),
            ({"账户号": "530302195001010011"}, "账户号", "校验码"),
            ({"关系": "侄子"}, "关系", "子女"),
        ],
    )
    def test_refused(self, store: Store, tmp_path: Path, cells: dict[str, str], column: str, says: str) -> None:
        load_rows(store, "people", tmp_path, person())
        report = load_rows(store, "links", tmp_path, link(**cells))
        assert [where for _, where, _ in wrong(report)] == [column]
        assert says in wrong(report)[0][2]

    def test_every_relation_of_the_packs_has_a_word(self) -> None:
        (column,) = (one for one in kinds.LINKS.columns if one.field == "relation")
        assert {column.show(relation) for relation in get_args(Relation)}


class TestCatalogue:
    def test_every_column(self, store: Store, tmp_path: Path) -> None:
        insured = {"甲乙丙": "乙", "先行自付比例": "10%", "限价": "11.5", "谈判药": "是", "票据类别": "西药费"}
        looks = {"单位": "盒", "规格": "0.25g×24", "剂型": "胶囊", "生产企业": "虚构药厂", "条码": "6901234567892"}
        row = item(**insured, **looks, 终止="2026-12-31", 虚构="是")
        assert load_rows(store, "catalogue", tmp_path, row).kept
        kept = store.reader.execute("SELECT * FROM item").fetchone()[1:]
        assert kept[:5] == ("XN001", "2026-01-01", "2026-12-31", "阿莫西林胶囊", "drug")
        assert kept[5:10] == ("B", 120_000, 10**11, 115_000, 1)
        assert kept[10:] == ("盒", "0.25g×24", "胶囊", "虚构药厂", "西药费", "6901234567892", 1)

    def test_the_same_is_skipped_and_other_content_replaces(self, store: Store, tmp_path: Path) -> None:
        load_rows(store, "catalogue", tmp_path, item(), item("XN002"))
        report = load_rows(
            store, "catalogue", tmp_path, item(), item("XN002", 名称="阿莫西林颗粒", 单价="9"), item("XN003")
        )
        assert (report.counts.new, report.counts.changed, report.counts.unchanged) == (1, 1, 1)
        rows = store.reader.execute("SELECT code, name, unit_price_e4 FROM item ORDER BY code").fetchall()
        assert rows[1] == ("XN002", "阿莫西林颗粒", 90_000)

    def test_a_later_start_is_another_row(self, store: Store, tmp_path: Path) -> None:
        load_rows(store, "catalogue", tmp_path, item(), item(起始="2026-07-01", 单价="13"))
        assert store.reader.execute("SELECT starts FROM item ORDER BY starts").fetchall() == [
            ("2026-01-01",),
            ("2026-07-01",),
        ]

    @pytest.mark.parametrize(
        ("cells", "column", "says"),
        [
            ({"单价": "-1"}, "单价", "不小于 0"),
            ({"单价": "1.23456"}, "单价", "四位"),
            ({"甲乙丙": "A"}, "甲乙丙", "甲、乙、丙"),
            ({"先行自付比例": "0.1"}, "先行自付比例", "乙类"),
            ({"甲乙丙": "乙", "先行自付比例": "10"}, "先行自付比例", "10%"),
            ({"票据类别": "药费"}, "票据类别", "西药费"),
            ({"终止": "2025-12-31"}, "终止", "早于"),
            ({"条码": "6.90123E+12"}, "条码", "文本"),
            ({"编码": "XN 01"}, "编码", "空格"),
            ({"规格": "x" * 201}, "规格", "太长"),
        ],
    )
    def test_refused(self, store: Store, tmp_path: Path, cells: dict[str, str], column: str, says: str) -> None:
        report = load_rows(store, "catalogue", tmp_path, item(**cells))
        assert [where for _, where, _ in wrong(report)] == [column]
        assert says in wrong(report)[0][2]


class TestFigures:
    def test_the_payers_word(self, store: Store, tmp_path: Path) -> None:
        rows = [figure(), figure(身份证号="ACC-1", 项目="账户余额", 金额="312.40", 参保地="", 待遇年度起始="")]
        assert load_rows(store, "accumulators", tmp_path, *rows).counts.new == 2
        assert load_rows(store, "accumulators", tmp_path, *rows).counts.unchanged == 2
        assert load_rows(store, "accumulators", tmp_path, figure(金额="6000")).counts.changed == 1
        found = store.reader.execute("SELECT owner, scope, name, amount_fen, as_of, last_serial, source FROM snapshot")
        told = ("2026-11-20 18:03:00", None, "导入：accumulators.csv")
        assert found.fetchall() == [
            (number(2), "530300/2026-01-01", "general.fund", 590_000, *told),
            ("ACC-1", "", "balance", 31_240, *told),
            (number(2), "530300/2026-01-01", "general.fund", 600_000, *told),
        ]
        assert ledger.standings(store.reader, number(2), "530300/2026-01-01")["general.fund"].amount_fen == 600_000

    @pytest.mark.parametrize(
        ("cells", "columns", "says"),
        [
            ({"截至": "2026-11-20"}, ["截至"], "重复或漏计"),
            ({"截至": "2026-11-20 18:03"}, ["截至"], "到秒"),
            ({"截至": "2026-11-20 25:03:00"}, ["截至"], "没有这个时间"),
            ({"截至": "2026-11-22 10:00:01"}, ["截至"], "晚于现在"),
            ({"身份证号": "ACC-1"}, ["身份证号"], "18 位"),
            ({"参保地": "", "待遇年度起始": ""}, ["参保地", "待遇年度起始"], "参保地"),
            ({"项目": "门诊统筹"}, ["项目"], "general.fund"),
            ({"项目": "no.such"}, ["项目"], "政策包"),
            ({"金额": "1,00.00"}, ["金额"], "逗号"),
        ],
    )
    def test_refused(self, store: Store, tmp_path: Path, cells: dict[str, str], columns: list[str], says: str) -> None:
        report = load_rows(
            store,
            "accumulators",
            tmp_path,
            figure(**cells),
            told=ImportContext(knows=lambda _kind, name: name == "general.fund"),
        )
        assert [where for _, where, _ in wrong(report)] == columns
        assert says in wrong(report)[0][2]


class TestHeadings:
    def test_everything_wrong_is_named_at_once_with_hints(self, store: Store, tmp_path: Path) -> None:
        with pytest.raises(
            GongjiError, match=r"必填的列 人员状态、状态起始.*“身份证号码”（是不是“身份证号”？）"
        ) as caught:
            load_rows(store, "people", tmp_path, {"身份证号": "1", "身份证号码": "1", "姓名": "a", "参保地": "1"})
        assert "第 1 行" in caught.value.advice

    def test_twice(self, store: Store, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text("编码,名称,类别,甲乙丙,单价,起始,名称\n", encoding="utf-8")
        with pytest.raises(GongjiError, match="“名称”出现了 2 次"):
            load(store, "catalogue", path)

    def test_any_order_marks_and_blank_lines(self, store: Store, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text(
            "\n起始*, 单价 ,甲乙丙（必填）,类别(必填),名称,编码\n\n2026/1/5,1,甲,药品,名,C1\n", encoding="utf-8"
        )
        assert load(store, "catalogue", path).kept
        assert store.reader.execute("SELECT code, starts FROM item").fetchall() == [("C1", "2026-01-05")]

    def test_a_cell_under_no_heading(self, store: Store, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text("编码,名称,类别,甲乙丙,单价,起始,\nC1,名,药品,甲,1,2026-01-05,x,y\n", encoding="utf-8")
        assert wrong(load(store, "catalogue", path)) == [
            (2, f"第 {place} 列", "这一格上方没有列名，请补上列名或删去这一格") for place in (7, 8)
        ]

    def test_an_unknown_kind(self, store: Store, tmp_path: Path) -> None:
        with pytest.raises(GongjiError, match="catalogue（三目录）"):
            load(store, "drugs", tmp_path / "a.csv")


class TestAllOrNothing:
    ROWS = (item("A"), item("B", 单价="x"), item("C"))

    def test_nothing_with_a_refused_row(self, store: Store, tmp_path: Path) -> None:
        before = everything(store)
        report = load_rows(store, "catalogue", tmp_path, *self.ROWS)
        assert (report.kept, report.counts.new, report.counts.refused) == (False, 0, 1)
        assert everything(store) == before

    def test_the_rest_when_told_so_and_the_refused_put_right(self, store: Store, tmp_path: Path) -> None:
        report = load_rows(store, "catalogue", tmp_path, *self.ROWS, skip_refused=True)
        assert (report.kept, report.counts.new, report.counts.refused) == (True, 2, 1)
        for name in ("refused.csv", "refused.xlsx"):
            write_refused(report, tmp_path / name)
            again = load(store, "catalogue", tmp_path / name)
            assert [(one.number, one.wrong[0].column) for one in again.refused] == [(2, "单价")]
        text = (tmp_path / "refused.csv").read_text(encoding="utf-8-sig")
        assert text.splitlines()[0] == "编码,名称,类别,甲乙丙,单价,起始,原行号,原因"
        assert text.splitlines()[1].startswith("B,阿莫西林胶囊,药品,甲,x,2026-01-01,3,单价：应为")
        (tmp_path / "refused.csv").write_text(text.replace(",x,", ",3,"), encoding="utf-8")
        assert load(store, "catalogue", tmp_path / "refused.csv").counts.new == 1

    def test_stopped_anywhere_leaves_nothing(self, store: Store, tmp_path: Path) -> None:
        path = csv_file(tmp_path / "many.csv", [item(f"C{index}") for index in range(3500)])
        told: list[tuple[int, int]] = []

        def watch(done: int, total: int) -> None:
            told.append((done, total))

        preview_import(store, "catalogue", path, progress=watch)
        told.clear()
        before = everything(store)
        stops = 0
        while True:
            left = stops

            def stop(_done: int, _total: int) -> bool:
                nonlocal left
                left -= 1
                return left >= 0

            report = load(store, "catalogue", path, progress=stop)
            if report.kept:
                break
            assert report.stopped
            assert everything(store) == before
            stops += 1
        assert stops >= 8
        load(store, "catalogue", path, progress=watch)
        assert told[-1] == (7000, 7000)
        assert [done for done, _ in told] == sorted(done for done, _ in told)
        assert all(done <= total for done, total in told)

    def test_a_failure_in_the_middle_leaves_nothing(
        self, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = everything(store)

        def fail(*_: Any) -> None:
            raise RuntimeError

        monkeypatch.setattr("gongji.store.audit.append", fail)
        with pytest.raises(RuntimeError):
            load_rows(store, "people", tmp_path, person())
        assert everything(store) == before

    def test_an_entry_in_the_audit(self, store: Store, tmp_path: Path) -> None:
        load_rows(store, "catalogue", tmp_path, item())
        ((at, operator, act, subject, detail),) = store.reader.execute(
            "SELECT at, operator, act, subject, detail FROM audit"
        )
        assert (at, operator, act, subject) == (AT, "李红", "import", "三目录：catalogue.csv")
        assert detail.startswith("新增 1，改变 0，无变化 0，拒绝 0，sha256 ")


class TestPreview:
    def test_it_says_what_would_be_and_keeps_nothing(self, store: Store, tmp_path: Path) -> None:
        load_rows(store, "catalogue", tmp_path, item("A"), item("B"))
        before = everything(store)
        rows = [
            item("A"),
            item("B", 单价="9"),
            item("C", 甲乙丙="乙", 先行自付比例="0.1"),
            item("C", 类别="?"),
            item("A"),
        ]
        looked = preview_import(store, "catalogue", csv_file(tmp_path / "b.csv", rows, "gbk"), at=AT)
        counts = looked.counts
        assert (counts.rows, counts.new, counts.changed, counts.unchanged, counts.refused) == (5, 1, 1, 2, 1)
        assert looked.form == "CSV（GBK）"
        assert looked.first[2]["先行自付比例"] == "10%"
        assert looked.first[2]["单价"] == "12.00"
        assert everything(store) == before

    def test_stopped(self, store: Store, tmp_path: Path) -> None:
        path = csv_file(tmp_path / "b.csv", [item()])
        assert preview_import(store, "catalogue", path, progress=lambda _done, _total: False).stopped


class TestTheSameInEveryForm:
    """What a file says does not depend on how it is written."""

    ROWS = (item("X1", 名称="𬱖维生素B12·注射液", 规格="10mg×7"), item("X2", 名称="㛃"))

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
    def test_csv(self, store: Store, tmp_path: Path, encoding: str) -> None:
        assert load(store, "catalogue", csv_file(tmp_path / "a.csv", self.ROWS, encoding)).kept
        assert store.reader.execute("SELECT name FROM item").fetchall() == [("𬱖维生素B12·注射液",), ("㛃",)]

    @pytest.mark.parametrize("above", ["", "曲水乡卫生院目录\n", "曲水乡卫生院，2026 年\n\n", "sep={}\n"])
    @pytest.mark.parametrize("separator", [",", "\t", ";", "|", "，"])
    def test_whatever_stands_between_cells(self, store: Store, tmp_path: Path, separator: str, above: str) -> None:
        items = [item("X2", 条码="6901"), item("X3", 条码="6901；6902；6903")]
        rows = [list(items[0]), *([*one.values()] for one in items)]
        text = above.format(separator) + "".join(separator.join(row) + "\n" for row in rows)
        path = tmp_path / "a.txt"
        path.write_text(text, "gb18030")
        assert load(store, "catalogue", path).kept
        assert store.reader.execute("SELECT code FROM item ORDER BY code").fetchall() == [("X2",), ("X3",)]

    def test_xlsx(self, store: Store, tmp_path: Path) -> None:
        headings = list(self.ROWS[1])
        rows = [headings, *([row[heading] for heading in headings] for row in self.ROWS)]
        assert load(store, "catalogue", xlsx_file(tmp_path / "named.csv", rows)).kept
        assert store.reader.execute("SELECT name FROM item").fetchall() == [("𬱖维生素B12·注射液",), ("㛃",)]

    @pytest.mark.parametrize("name", ["李芳", "李&芳"])
    def test_rows_that_nobody_sees_are_told_before_they_are_kept(self, store: Store, tmp_path: Path, name: str) -> None:
        rows = [person(2), person(4, 姓名=name), person(6)]
        path = xlsx_file(tmp_path / "筛选.xlsx", grid(rows))
        book = load_workbook(path)
        for number_ in (3, 4, 9):
            book["Sheet"].row_dimensions[number_].hidden = True
        book.save(path)
        preview = preview_import(store, "people", path)
        assert (preview.counts.rows, preview.hidden) == (3, 2)
        assert "其中 2 行在表格里是隐藏的" in summary(preview)
        book["Sheet"].row_dimensions[3].hidden = book["Sheet"].row_dimensions[4].hidden = False
        book.save(path)
        assert preview_import(store, "people", path).hidden == 0


_CELL = st.text(max_size=12) | st.sampled_from(
    ["是", "否", "甲", "1.5", "2026-01-01", "10%", number(2), "530300", "无"]
)


@given(kind=st.sampled_from(sorted(KINDS)), data=st.data())
def test_any_cells_are_read_or_refused(kind: str, data: st.DataObject) -> None:
    headings = read_headings(KINDS[kind], [column.heading for column in KINDS[kind].columns])
    assert isinstance(headings, Headings)
    reading = Reading(KINDS[kind], headings, ImportContext(at=AT))
    cells = data.draw(st.lists(_CELL.map(str.strip), max_size=len(headings.given) + 1))
    found = reading.read(2, cells)
    if isinstance(found, AcceptedRow):
        again = reading.read(3, [shown(KINDS[kind], found.row)[heading] for heading in headings.given])
        assert isinstance(again, AcceptedRow)
        assert (again.row, again.repeated) == (found.row, True)
    else:
        assert all(one.message and one.column for one in found.wrong)
