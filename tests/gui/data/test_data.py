"""资料 by keys: a preview before anything is kept, refused rows saved, a stop that keeps nothing, lists."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit, QPushButton

from gongji.desk.imports.import_table import known_counts
from gongji.files import resource_folder
from gongji.gui.data.by_hand_sheet import ByHandSheet
from gongji.gui.data.columns_sheet import ColumnsSheet
from gongji.gui.data.import_page import ImportPage
from gongji.gui.data.items_page import ItemsPage
from gongji.gui.data.people_page import PeoplePage
from gongji.gui.data.screen import DataScreen
from gongji.gui.shell.screen_stack import Framed
from gongji.spreadsheets.open_table import open_table
from gongji.spreadsheets.write_table import write_table
from gongji.store import audit
from tests.support.clerk import Clerk, choose_kind, page_of
from tests.support.tables import number

GOOD = "身份证号,姓名,参保地,人员状态,状态起始\n530399199001010014,张三,530300,在职,2020-01-01\n"
BAD = f"{GOOD}530399199001010015,李四,530300,在职,昨天\n"


@pytest.fixture
def screen(clerk: Clerk) -> DataScreen:
    clerk.press("7", with_ctrl=True)
    found = clerk.window.screen_shown
    assert isinstance(found, DataScreen)
    return found


def look(clerk: Clerk, screen: DataScreen, path: Path) -> None:
    page_of(screen, ImportPage).look_at(path)
    clerk.settle_down()


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


class TestImporting:
    def test_nothing_is_kept_before_it_is_shown(self, clerk: Clerk, screen: DataScreen, tmp_path: Path) -> None:
        before = known_counts(clerk.counter).people
        number = "530399199001010" + "01"
        good = written(tmp_path / "p.csv", GOOD.replace("530399199001010014", with_check(number)))
        look(clerk, screen, good)
        assert "新增 1" in page_of(screen, ImportPage).says.text()
        assert known_counts(clerk.counter).people == before
        assert page_of(screen, ImportPage).keep.hasFocus()
        clerk.press("Space")
        clerk.settle_down()
        assert "已导入" in page_of(screen, ImportPage).says.text()
        assert known_counts(clerk.counter).people == before + 1

    def test_the_page_is_whole_while_a_file_is_read_and_after(
        self, clerk: Clerk, screen: DataScreen, tmp_path: Path
    ) -> None:
        clerk.window.resize(1366, 768 - 28)  # below the title bar of the window
        (frame,) = (one for one in clerk.window.findChildren(Framed) if one.shown is screen)
        heights: list[int] = []
        frame.verticalScrollBar().rangeChanged.connect(lambda _, most: heights.append(most))
        look(clerk, screen, written(tmp_path / "bad.csv", BAD))
        assert page_of(screen, ImportPage).preview is not None
        assert [one for one in heights if one] == []

    def test_every_cell_of_the_first_rows_is_whole_however_narrow_the_window(
        self, clerk: Clerk, screen: DataScreen
    ) -> None:
        clerk.window.resize(853, 440)  # 1280 × 720 at 150 %
        look(clerk, screen, resource_folder() / "training" / "530300" / "people.csv")
        table = page_of(screen, ImportPage).shown.first
        model = table.rows_model
        assert len(model.rows) > 1
        assert "姓名" in [one.title for one in model.columns]
        for place in range(len(model.columns)):
            texts = [model.columns[place].title, *(model.columns[place].text(row) for row in model.rows)]
            needed = max(table.fontMetrics().horizontalAdvance(text) for text in texts)
            assert table.columnWidth(place) >= min(needed, 200)

    def test_refused_rows_are_shown_masked_and_saved(self, clerk: Clerk, screen: DataScreen, tmp_path: Path) -> None:
        look(clerk, screen, written(tmp_path / "bad.csv", BAD))
        rows = page_of(screen, ImportPage).shown.refused.rows_model.rows
        assert [one.number for one in rows] == [2, 3]
        shown = " ".join(
            column.text(one) for one in rows for column in page_of(screen, ImportPage).shown.refused.rows_model.columns
        )
        assert "530399199001010014" not in shown
        assert not page_of(screen, ImportPage).keep.isEnabled()
        page_of(screen, ImportPage).save_refused_to(tmp_path / "refused.csv")
        clerk.settle_down()
        assert "昨天" in (tmp_path / "refused.csv").read_text(encoding="utf-8-sig")

    def test_a_file_that_is_no_such_table_is_a_sentence(self, clerk: Clerk, screen: DataScreen, tmp_path: Path) -> None:
        look(clerk, screen, written(tmp_path / "x.csv", "甲,乙\n1,2\n"))
        assert clerk.sheet is not None
        clerk.close_sheet()
        assert not page_of(screen, ImportPage).task.isVisible()

    def test_a_table_of_another_kind_is_called_that_and_read_as_that(self, clerk: Clerk, screen: DataScreen) -> None:
        page = page_of(screen, ImportPage)
        choose_kind(page, "catalogue")
        people = resource_folder() / "training" / "530300" / "people.csv"
        look(clerk, screen, people)
        assert clerk.sheet is not None
        assert clerk.sheet.windowTitle() == "这张表像是人员，不是三目录"
        clerk.press("Enter")
        clerk.settle_down()
        assert page.kind == "people"
        assert page.preview is not None
        assert (page.preview.kind, page.preview.counts.refused) == ("people", 0)
        assert page.keep.isEnabled()

    def test_a_clerk_may_say_that_the_kind_is_right(self, clerk: Clerk, screen: DataScreen) -> None:
        choose_kind(page_of(screen, ImportPage), "doctors")
        look(clerk, screen, resource_folder() / "training" / "530300" / "people.csv")
        assert clerk.sheet is not None
        (insist,) = [one for one in clerk.sheet.findChildren(QPushButton) if one.text().startswith("仍按")]
        insist.click()
        clerk.settle_down()
        assert isinstance(clerk.sheet, ColumnsSheet)

    def test_settling_does_not_wait_for_a_file_to_be_read(
        self, clerk: Clerk, screen: DataScreen, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The file is opened on another thread than the one that writes, once, and what was shown is what is kept."""
        threads: list[str] = []

        def watched(path: Path, stopped: Callable[[], bool]) -> object:
            threads.append(threading.current_thread().name.partition("_")[0])
            return open_table(path, stopped)

        monkeypatch.setattr("gongji.desk.imports.read_table.open_table", watched)
        look(clerk, screen, resource_folder() / "training" / "530300" / "people.csv")
        page_of(screen, ImportPage).load()
        clerk.settle_down()
        assert "已导入" in page_of(screen, ImportPage).says.text()
        assert threads == ["device"]

    @pytest.mark.parametrize("rows", ["good", "some bad"])
    def test_what_could_not_be_written_is_said_and_can_be_tried_again(
        self, clerk: Clerk, screen: DataScreen, tmp_path: Path, rows: str
    ) -> None:
        page, jobs, writer = page_of(screen, ImportPage), clerk.station.jobs, clerk.counter.store.writer
        good = GOOD.replace("530399199001010014", number(1))
        look(clerk, screen, written(tmp_path / "p.csv", good if rows == "good" else f"{good}{BAD.splitlines()[2]}\n"))
        act = page.keep if rows == "good" else page.skip
        assert act.isVisible()
        jobs.write(lambda: writer.execute("PRAGMA query_only = 1"))  # the book takes nothing
        act.click()
        clerk.settle_down()
        assert clerk.sheet is not None
        clerk.close_sheet()
        jobs.write(lambda: writer.execute("PRAGMA query_only = 0"))
        clerk.settle_down()
        act.click()
        clerk.settle_down()
        assert "已导入" in page.says.text()
        assert "新增 1" in page.says.text()
        assert clerk.window.focusWidget() is page.choose

    def test_a_stop_keeps_nothing(self, clerk: Clerk, screen: DataScreen) -> None:
        choose_kind(page_of(screen, ImportPage), "catalogue")
        page_of(screen, ImportPage).look_at(resource_folder() / "training" / "530300" / "catalogue.csv")
        assert page_of(screen, ImportPage).task.isVisible()
        page_of(screen, ImportPage).task.stop.click()
        clerk.settle_down()
        assert not page_of(screen, ImportPage).task.isVisible()
        assert "已停止" in page_of(screen, ImportPage).says.text()

    def test_an_offices_columns_are_asked_once(self, clerk: Clerk, screen: DataScreen, tmp_path: Path) -> None:
        path = tmp_path / "office.xlsx"
        headings = ["药品编码", "药品名称", "医保等级", "零售价（元）", "货位"]
        write_table(path, [["某县药品目录"], headings, ["ZZ1", "试药一", "乙类10%", "1,280元", "3"]])
        choose_kind(page_of(screen, ImportPage), "catalogue")
        look(clerk, screen, path)
        sheet = clerk.sheet
        assert isinstance(sheet, ColumnsSheet)
        assert {name: one.currentData() for name, one in sheet.choices.items()} == {
            "药品编码": "编码", "药品名称": "名称", "医保等级": "甲乙丙", "零售价（元）": "单价", "货位": "",
        }  # fmt: skip
        assert set(sheet.fixed) == {"类别", "起始"}
        clerk.press("Enter")
        assert "必填" in sheet.wrong.text()
        sheet.fixed["类别"].setText("药品")
        sheet.fixed["起始"].setText("20260101")
        clerk.press("Enter")
        clerk.settle_down()
        assert "新增 1" in page_of(screen, ImportPage).says.text()
        page_of(screen, ImportPage).load()
        clerk.settle_down()
        assert "已导入" in page_of(screen, ImportPage).says.text()
        look(clerk, screen, path)
        again = clerk.sheet
        assert isinstance(again, ColumnsSheet)  # what the file lacks is said anew
        assert set(again.fixed) == {"类别", "起始"}
        clerk.press("Esc")

    def test_a_template_and_the_history(self, clerk: Clerk, screen: DataScreen) -> None:
        assert "身份证号*" in page_of(screen, ImportPage).needs.text()
        history = next(one for one in page_of(screen, ImportPage).findChildren(QPushButton) if one.text() == "导入记录")
        history.click()
        assert clerk.sheet is not None


class TestByHand:
    def test_a_price_is_changed_from_today_on(self, clerk: Clerk, screen: DataScreen) -> None:
        clerk.press("F4")
        clerk.type("XJ01CA0001E001010199902")
        one = page_of(screen, ItemsPage).table.current
        clerk.press("F8")
        sheet = clerk.sheet
        assert isinstance(sheet, ByHandSheet)
        assert not sheet.fields["编码"].isEnabled()
        price = sheet.fields["单价"]
        assert isinstance(price, QLineEdit)
        price.setText("１，２８０元")
        clerk.press("Enter")
        clerk.settle_down()
        assert clerk.sheet is None
        assert page_of(screen, ItemsPage).table.current.code == one.code
        assert page_of(screen, ItemsPage).table.current.unit_price_e4 == 12_800_000

    def test_somebody_new_and_what_is_wrong(self, clerk: Clerk, screen: DataScreen) -> None:
        clerk.press("F3")
        clerk.press("F7")
        sheet = clerk.sheet
        assert isinstance(sheet, ByHandSheet)
        for heading, told in {"身份证号": "530399199001010015", "姓名": "新来的", "人员状态": "在职"}.items():
            field = sheet.fields[heading]
            if isinstance(field, QLineEdit):
                field.setText(told)
            else:
                field.setCurrentIndex(field.findData(told))
        clerk.press("Enter")
        clerk.settle_down()
        assert "身份证号：" in sheet.wrong.text()
        field = sheet.fields["身份证号"]
        assert isinstance(field, QLineEdit)
        field.setText(number(2))
        clerk.press("Enter")
        clerk.settle_down()
        clerk.type("xld")
        assert page_of(screen, PeoplePage).table.current.name == "新来的"
        clerk.press("F8")
        clerk.settle_down()
        (seen,) = audit.of_acts(clerk.counter.store.reader, ["reveal"])  # the sheet shows the whole number
        assert "*" in seen.subject
        again = clerk.sheet
        assert isinstance(again, ByHandSheet)
        shown = again.fields["身份证号"]
        assert isinstance(shown, QLineEdit)
        assert shown.text() == f"5303**********{number(2)[-4:]}"


class TestLists:
    def test_people_by_initials_with_what_is_known(self, clerk: Clerk, screen: DataScreen) -> None:
        clerk.press("F3")
        assert "打几个字" in page_of(screen, PeoplePage).table._empty.text()  # noqa: SLF001  # what is shown
        clerk.type("ltj")
        assert page_of(screen, PeoplePage).table.current.name == "龙天军"
        told = page_of(screen, PeoplePage).details.toPlainText()
        assert "高血压" in told
        assert "普通门诊" in told
        clerk.type("zzzz")
        assert "没有找到" in page_of(screen, PeoplePage).table._empty.text()  # noqa: SLF001  # what is shown

    def test_items_by_initials(self, clerk: Clerk, screen: DataScreen) -> None:
        clerk.press("F4")
        clerk.type("amxl")
        assert page_of(screen, ItemsPage).table.current.name == "阿莫西林胶囊"


def with_check(first_17: str) -> str:
    from gongji.core.identity import check_character  # noqa: PLC0415  # only here

    return first_17 + check_character(first_17)
