"""设置 and the guide: what is kept, what is refused in a sentence, and a folder made in four steps."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QProcess, Qt, QUrl
from PySide6.QtWidgets import QLabel, QLineEdit

from gongji.desk.clinic.open import open_counter
from gongji.desk.clinic.printing_settings import paper_ways
from gongji.desk.papers.printers import printer_named
from gongji.desk.upload.gateway.kept_gateway import gateway, kept_gateway
from gongji.desk.upload.queue import queued
from gongji.desk.visits.card_reader import driver_of
from gongji.errors import GongjiError
from gongji.gui.first_start.first_start import FirstStart
from gongji.gui.printing.preview import PreviewSheet
from gongji.gui.settings.about_page import AboutPage
from gongji.gui.settings.backup_page import CopiesPage
from gongji.gui.settings.clinic_page import ClinicPage
from gongji.gui.settings.gateway_page import GatewayPage, TrainingPage
from gongji.gui.settings.operators_page import OperatorsPage
from gongji.gui.settings.printing_page import PrintingPage
from gongji.gui.settings.screen import SettingsScreen
from gongji.gui.settings.settings_page import SecretSheet
from gongji.pack_files.library import Library
from tests.gui.conftest import USUAL_DAY
from tests.support.clerk import Clerk, at, page_of
from tests.support.clinic import OPERATOR, PASSWORD
from tests.support.working import settle_samples


def kept_settings(clerk: Clerk) -> list[tuple[str, str]]:
    return clerk.counter.store.reader.execute("SELECT name, value FROM setting ORDER BY name").fetchall()


@pytest.fixture
def screen(clerk: Clerk) -> SettingsScreen:
    clerk.press("8", with_ctrl=True)
    found = clerk.window.screen_shown
    assert isinstance(found, SettingsScreen)
    return found


class TestPages:
    def test_each_has_a_key(self, clerk: Clerk, screen: SettingsScreen) -> None:
        for place in range(6):
            clerk.press(f"F{place + 2}")
            assert screen.pages.bar.currentIndex() == place

    def test_the_clinic(self, clerk: Clerk, screen: SettingsScreen) -> None:
        page_of(screen, ClinicPage).name.setText("曲水镇卫生院")
        page_of(screen, ClinicPage).save()
        clerk.settle_down()
        assert clerk.counter.clinic.institution["name"] == "曲水镇卫生院"
        assert "已保存" in page_of(screen, ClinicPage).said.text()
        assert clerk.window.header.name.text() == "曲水镇卫生院"
        page_of(screen, ClinicPage).level.setCurrentIndex(page_of(screen, ClinicPage).level.findText("二级"))
        page_of(screen, ClinicPage).save()
        clerk.settle_down()
        assert "二级" in clerk.window.header.level.text()

    def test_offsets_in_mm_and_a_test_page(self, clerk: Clerk, screen: SettingsScreen) -> None:
        clerk.press("F4")
        page = page_of(screen, PrintingPage)
        page.right.setText("１．５")
        page.down.setText("−2")
        page.scale_x.setText("99.5")
        page.checker.setText("赵敏")
        page.save()
        clerk.settle_down()
        kept = printer_named(clerk.counter, "")
        assert (kept.right, kept.down, kept.scale_x) == (15, -20, 995)
        page.right.setText(".5")
        page.save()
        clerk.settle_down()
        assert printer_named(clerk.counter, "").right == 5
        assert paper_ways(clerk.counter).checker == "赵敏"
        assert page.down.text() == "-2.0"
        page.preview()
        clerk.settle_down()
        assert isinstance(clerk.sheet, PreviewSheet)

    def test_what_is_refused_of_the_papers_keeps_nothing_of_the_printer(
        self, clerk: Clerk, screen: SettingsScreen
    ) -> None:
        clerk.press("F4")
        page, before = page_of(screen, PrintingPage), kept_settings(clerk)
        page.right.setText("1.5")
        page.printer.setEditText("tcp://10.0.0.9:9100")
        page.checker.setText("赵\u200b敏")
        page.save()
        clerk.settle_down()
        assert "复核人不对" in page.said.text()
        assert kept_settings(clerk) == before

    def test_a_place_that_is_none_is_refused_by_the_name_of_its_field(
        self, clerk: Clerk, screen: SettingsScreen
    ) -> None:
        page_of(screen, ClinicPage).driver.setText("张" * 2_000)
        page_of(screen, ClinicPage).save()
        clerk.settle_down()
        assert page_of(screen, ClinicPage).said.text().startswith("读卡器驱动“张张")
        clerk.press("F4")
        page_of(screen, PrintingPage).form.setText("9" * 2_000)
        page_of(screen, PrintingPage).save()
        clerk.settle_down()
        assert page_of(screen, PrintingPage).said.text().startswith("预印表格“999")

    def test_what_is_refused_of_the_clinic_keeps_no_driver(
        self, clerk: Clerk, screen: SettingsScreen, tmp_path: Path
    ) -> None:
        page, before = page_of(screen, ClinicPage), kept_settings(clerk)
        (driver := tmp_path / "SSCardDriver.dll").touch()
        page.driver.setText(str(driver))
        page.name.setText("曲水镇\u202e卫生院")
        page.save()
        clerk.settle_down()
        assert "机构名称" in page.said.text()
        assert kept_settings(clerk) == before
        page.name.setText("曲水镇卫生院")
        page.save()
        clerk.settle_down()
        assert driver_of(clerk.counter) == str(driver)

    @pytest.mark.parametrize(("said", "words"), [("x", "数字"), ("1.55", "一位小数"), ("99", "应在 -30 到 30 之间")])
    def test_an_offset_that_is_none(self, clerk: Clerk, screen: SettingsScreen, said: str, words: str) -> None:
        clerk.press("F4")
        page_of(screen, PrintingPage).right.setText(said)
        page_of(screen, PrintingPage).save()
        clerk.settle_down()
        assert words in page_of(screen, PrintingPage).said.text()
        assert printer_named(clerk.counter, "").right == 0

    def test_a_roll_for_a_receipt_printer(self, clerk: Clerk, screen: SettingsScreen) -> None:
        clerk.press("F4")
        page = page_of(screen, PrintingPage)
        page.raster.setChecked(True)
        page.save()
        assert "卷纸" in page.said.text()
        page.device_paper.setCurrentIndex(page.device_paper.findData("80"))
        page.save()
        clerk.settle_down()
        assert printer_named(clerk.counter, "").dots == 576

    def test_the_gateway(self, clerk: Clerk, screen: SettingsScreen) -> None:
        clerk.press("F5")
        page = page_of(screen, GatewayPage)
        for address, wrong in (("http://gw.example", "https"), ("http://127.0.0.1.evil.example", "https")):
            page.address.setText(address)
            page.save()
            clerk.settle_down()
            assert wrong in page.said.text()
        assert page.warning.isHidden()
        page.address.setText("http://10.0.0.1")
        assert not page.warning.isHidden()
        assert page.password.echoMode() == QLineEdit.EchoMode.Password
        page.region.setCurrentIndex(page.region.findData("hunan"))
        assert "待核实" in page.findings.text()
        page.tell_findings()
        clerk.close_sheet()
        page.region.setCurrentIndex(page.region.findData("practice"))
        page.second.setText("王强")
        page.area.setText("350302")
        page.save()
        clerk.settle_down()
        assert "培训" in page.said.text()  # invented records go nowhere else
        page.address.setText("http://127.0.0.1:8701")
        assert page.warning.isHidden()
        page.save()
        clerk.settle_down()
        assert gateway(clerk.counter).care_area == "350302"
        assert gateway(clerk.counter).address == "http://127.0.0.1:8701"

    def test_the_clinics_own_file_of_a_region(self, clerk: Clerk, screen: SettingsScreen, tmp_path: Path) -> None:
        clerk.press("F5")
        page, file = page_of(screen, GatewayPage), tmp_path / "county.toml"
        file.write_text('title = "某县"\nbased_on = "plain"\nlanes = 99\n', encoding="utf-8")
        page.take_region_from(file)
        assert "lanes" in page.said.text()
        assert page.region.findText("某县", Qt.MatchFlag.MatchContains) < 0
        file.write_text('title = "某县"\nbased_on = "hebei"\n', encoding="utf-8")
        page.take_region_from(file)
        assert page.region.currentText() == "某县（本院的文件）"
        assert "待核实" in page.findings.text()
        page.address.setText("http://127.0.0.1:8701")
        page.save()
        clerk.settle_down()
        assert "已保存" in page.said.text()
        file.unlink()
        clerk.press("F4")
        clerk.press("F5")
        page.refresh()
        assert page.region.currentText() == "某县（本院的文件）"
        assert kept_gateway(clerk.counter).own_profile.startswith('title = "某县"')
        page.region.setCurrentIndex(page.region.findData("hunan"))
        page.save()
        clerk.settle_down()
        assert kept_gateway(clerk.counter).region == "hunan"

    def test_the_works_of_others_and_their_licences(self, screen: SettingsScreen) -> None:
        shown = page_of(screen, AboutPage).licences
        assert "PySide6_Essentials" in shown.toPlainText()
        assert "LGPL-3.0-only" in shown.toPlainText()
        page_of(screen, AboutPage).show_licence(QUrl("nothing-of-this-name"))
        assert "LGPL-3.0-only" in shown.toPlainText()

    def test_a_copy_onto_a_stick(self, clerk: Clerk, screen: SettingsScreen, tmp_path: Path) -> None:
        clerk.press("F6")
        stick = tmp_path / "stick"
        stick.mkdir()
        page_of(screen, CopiesPage).copy_to(stick)
        clerk.settle_down()
        assert list(stick.rglob("book.db"))
        assert len(page_of(screen, CopiesPage).table.rows_model.rows) == 1
        page_of(screen, CopiesPage).copy_to(stick / "gone" / "\0")
        clerk.settle_down()

    def test_checking_a_copy_is_shown_and_stopped(self, clerk: Clerk, screen: SettingsScreen) -> None:
        clerk.press("F6")
        page = page_of(screen, CopiesPage)
        page.here.click()
        clerk.settle_down()
        gate = Event()
        clerk.station.jobs.device(gate.wait)
        page.check.click()
        assert page.task.isVisible()
        page.task.stop.click()
        gate.set()
        clerk.settle_down()
        assert page.said.text().startswith("已停止。")
        assert not page.task.isVisible()
        assert not list(clerk.counter.folder.path.glob("restoring*"))

    def test_a_copy_is_checked(self, clerk: Clerk, screen: SettingsScreen) -> None:
        (no,) = settle_samples(clerk, 1)
        clerk.press("F6")
        page = page_of(screen, CopiesPage)
        assert not page.check.isEnabled()
        page.here.click()
        clerk.settle_down()
        page.check.click()
        clerk.settle_down()
        assert f"完好：{no}" in page.said.text()
        (copy,) = clerk.counter.folder.copies.glob("*.db")
        copy.write_bytes(copy.read_bytes()[:-4096])
        page.check.click()
        clerk.settle_down()
        assert "损坏" in page.said.text()
        page.restore.click()
        clerk.settle_down()
        assert clerk.sheet is None
        assert clerk.counter.is_open

    def test_back_to_a_copy_and_open_again(
        self, clerk: Clerk, screen: SettingsScreen, sit_down: Callable[..., Clerk], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        started: list[object] = []
        monkeypatch.setattr(QProcess, "startDetached", lambda *told: started.append(told))
        kept = settle_samples(clerk, 1)
        clerk.press("F6")
        page_of(screen, CopiesPage).here.click()
        clerk.settle_down()
        lost = settle_samples(clerk, 2, first=1)
        page_of(screen, CopiesPage).restore.click()
        clerk.settle_down()
        assert clerk.sheet is not None
        words = " ".join(one.text() for one in clerk.sheet.findChildren(QLabel))
        assert kept[0] in words
        assert "之后的 2 笔" in words
        assert "对账" in words
        clerk.press("Enter")
        clerk.until(lambda: bool(started))
        assert not clerk.counter.is_open
        assert not clerk.window.isVisible()
        again = sit_down()
        assert [one.no for one in queued(again.counter, None)] == kept
        assert settle_samples(again, 1, first=3)[0] > max(lost)
        again.press("3", with_ctrl=True)
        assert len(list(again.counter.folder.copies.glob("before-restore-*.db"))) == 1

    def test_training_says_so(self, clerk: Clerk, screen: SettingsScreen) -> None:
        clerk.press("F3")
        assert "培训数据不设口令" in page_of(screen, OperatorsPage).table._empty.text()  # noqa: SLF001  # what is shown
        clerk.press("F7")
        assert "培训模式" in page_of(screen, TrainingPage).said.text()


def press(page: OperatorsPage, word: str) -> None:
    next(one for one in page.buttons if one.text() == word).click()


class TestOperators:
    @pytest.fixture
    def page(self, own: Clerk) -> OperatorsPage:
        own.press("8", with_ctrl=True)
        own.press("F3")
        screen = own.window.screen_shown
        assert isinstance(screen, SettingsScreen)
        return page_of(screen, OperatorsPage)

    def fill(self, own: Clerk, *said: str) -> SecretSheet:
        sheet = own.sheet
        assert isinstance(sheet, SecretSheet)
        for field, words in zip(sheet.fields, said, strict=True):
            field.setText(words)
        sheet.fields[-1].setFocus()
        own.press("Enter")
        own.settle_down()
        return sheet

    def test_somebody_is_added_and_opens_the_book(
        self, own: Clerk, page: OperatorsPage, library: Library, tmp_path: Path
    ) -> None:
        assert list(page.table.rows_model.rows) == [OPERATOR]
        page.buttons[0].click()
        sheet = self.fill(own, PASSWORD, "王芳", "王芳的口令 1", "王芳的口令 2")
        assert "不一样" in sheet.wrong.text()
        self.fill(own, "不对的口令", "王芳", "王芳的口令 1", "王芳的口令 1")
        assert "口令不对" in sheet.wrong.text()
        assert list(page.table.rows_model.rows) == [OPERATOR]
        self.fill(own, PASSWORD, "王芳", "王芳的口令 1", "王芳的口令 1")
        assert own.sheet is None
        assert "已增加" in page.said.text()
        assert list(page.table.rows_model.rows) == [OPERATOR, "王芳"]
        own.leave()
        counter = open_counter(tmp_path / "own", library, at(USUAL_DAY), "王芳", "王芳的口令 1")
        assert counter.operator == "王芳"
        counter.close()

    def test_one_changes_ones_own_password(
        self, own: Clerk, page: OperatorsPage, library: Library, tmp_path: Path
    ) -> None:
        page.buttons[1].click()
        sheet = self.fill(own, PASSWORD, "短", "短")
        assert "太短" in sheet.wrong.text()
        self.fill(own, PASSWORD, "新的口令 2026", "新的口令 2026")
        assert "口令已改" in page.said.text()
        own.leave()
        with pytest.raises(GongjiError, match="口令不对"):
            open_counter(tmp_path / "own", library, at(USUAL_DAY), OPERATOR, PASSWORD)
        open_counter(tmp_path / "own", library, at(USUAL_DAY), OPERATOR, "新的口令 2026").close()

    def test_another_is_removed_oneself_never(self, own: Clerk, page: OperatorsPage) -> None:
        page.buttons[0].click()
        self.fill(own, PASSWORD, "王芳", "王芳的口令 1", "王芳的口令 1")
        page.table.selectRow(0)
        press(page, "删除选中的…")
        sheet = self.fill(own, PASSWORD)
        assert "不能删除自己" in sheet.wrong.text()
        own.close_sheet()
        page.table.selectRow(1)
        press(page, "删除选中的…")
        self.fill(own, PASSWORD)
        assert list(page.table.rows_model.rows) == [OPERATOR]

    def test_a_manager_sets_a_forgotten_password_anew(
        self, own: Clerk, page: OperatorsPage, library: Library, tmp_path: Path
    ) -> None:
        page.buttons[0].click()
        self.fill(own, PASSWORD, "王芳", "王芳的口令 1", "王芳的口令 1")
        page.table.selectRow(0)
        press(page, "重设选中的口令…")
        sheet = self.fill(own, PASSWORD, "王芳的口令 2", "王芳的口令 2")
        assert "不能重设自己的口令" in sheet.wrong.text()
        own.close_sheet()
        page.table.selectRow(1)
        press(page, "重设选中的口令…")
        sheet = self.fill(own, PASSWORD, "王芳的口令 2", "王芳的口令 3")
        assert "不一样" in sheet.wrong.text()
        self.fill(own, PASSWORD, "王芳的口令 2", "王芳的口令 2")
        assert "已重设王芳的口令" in page.said.text()
        own.leave()
        with pytest.raises(GongjiError, match="口令不对"):
            open_counter(tmp_path / "own", library, at(USUAL_DAY), "王芳", "王芳的口令 1")
        open_counter(tmp_path / "own", library, at(USUAL_DAY), "王芳", "王芳的口令 2").close()


class TestTheGuide:
    @pytest.fixture
    def begun(self) -> list[Path]:
        return []

    @pytest.fixture
    def guide(self, clerk: Clerk, begun: list[Path], tmp_path: Path) -> Iterator[FirstStart]:
        places = (tmp_path / "own", tmp_path / "training")
        yield FirstStart(clerk.window, clerk.counter.library, lambda: clerk.station.moment, begun.append, places)
        clerk.close_sheet()

    def test_four_steps_by_keys(self, clerk: Clerk, guide: FirstStart, begun: list[Path], tmp_path: Path) -> None:
        guide.own.setChecked(True)
        guide.go_on()
        guide.go_on()
        assert guide.wrong.text() == "请填写机构名称"
        guide.clinic.name.setText("曲水乡卫生院")
        guide.clinic.code.setText("H53030200001")
        guide.clinic.area.setCurrentIndex(guide.clinic.area.findData("530300"))
        guide.go_on()
        assert guide.wrong.text().startswith("请选择级别")  # no share depends on a choice that nobody made
        guide.clinic.level.setCurrentIndex(guide.clinic.level.findData("1"))
        guide.go_on()
        assert guide.wrong.text().startswith("请选择类型")
        guide.clinic.type.setCurrentIndex(guide.clinic.type.findData("village_station"))
        guide.go_on()
        assert guide.step == 2
        guide.operator.setText("李红")
        guide.password.setText("口令口令 1")
        guide.again.setText("口令")
        guide.go_on()
        assert "不一样" in guide.wrong.text()
        guide.again.setText("口令口令 1")
        guide.go_on()
        assert guide.step == 3
        guide.go_on()
        clerk.until(lambda: bool(begun))
        assert begun == [tmp_path / "own"]
        counter = open_counter(begun[0], clerk.counter.library, lambda: clerk.station.moment, "李红", "口令口令 1")
        assert counter.clinic.institution["name"] == "曲水乡卫生院"
        counter.close()

    def test_what_cannot_be_is_said_and_nothing_is_made(
        self, clerk: Clerk, guide: FirstStart, begun: list[Path], tmp_path: Path
    ) -> None:
        guide.own.setChecked(True)
        guide.go_on()
        guide.clinic.name.setText("甲")
        guide.clinic.code.setText("H1")
        guide.clinic.area.setCurrentIndex(guide.clinic.area.findData("530300"))
        guide.clinic.level.setCurrentIndex(1)
        guide.clinic.type.setCurrentIndex(guide.clinic.type.findData("township_clinic"))
        guide.clinic.counter.setText("太长的代码")
        guide.go_on()
        guide.operator.setText("李红")
        guide.password.setText("口令口令 1")
        guide.again.setText("口令口令 1")
        guide.go_on()
        guide.go_on()
        clerk.until(lambda: "收费台代码" in guide.wrong.text())
        assert begun == []
        assert not (tmp_path / "own" / "book.db").exists()
        guide.go_back()
        assert guide.step == 2

    def test_training_is_one_step(self, clerk: Clerk, guide: FirstStart, begun: list[Path], tmp_path: Path) -> None:
        assert guide.next.text() == "开始练习"
        guide.go_on()
        clerk.until(lambda: bool(begun))
        assert begun == [tmp_path / "training"]
