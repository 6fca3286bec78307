"""设置 and the guide: what is kept, what is refused in a sentence, and a folder made in four steps."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gongji.desk.opening import open_counter
from gongji.desk.printers import printer_named
from gongji.desk.settings import gateway, paper_ways
from gongji.gui.guide import Guide
from gongji.gui.preview import PreviewSheet
from gongji.gui.screens.settings import SettingsScreen
from tests.gui.clerk import Clerk


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
        screen.clinic.name.setText("曲水镇卫生院")
        screen.clinic.save()
        clerk.settle_down()
        assert clerk.counter.clinic.institution["name"] == "曲水镇卫生院"
        assert "已保存" in screen.clinic.said.text()

    def test_offsets_in_mm_and_a_test_page(self, clerk: Clerk, screen: SettingsScreen) -> None:
        clerk.press("F4")
        page = screen.printing
        page.right.setText("1.5")
        page.down.setText("-2")
        page.checker.setText("赵敏")
        page.save()
        clerk.settle_down()
        kept = printer_named(clerk.counter, "")
        assert (kept.right, kept.down) == (15, -20)
        assert paper_ways(clerk.counter).checker == "赵敏"
        assert page.down.text() == "-2.0"
        page.preview()
        clerk.settle_down()
        assert isinstance(clerk.sheet, PreviewSheet)

    @pytest.mark.parametrize(("said", "words"), [("x", "数字"), ("1.55", "一位小数"), ("99", "不对")])
    def test_an_offset_that_is_none(self, clerk: Clerk, screen: SettingsScreen, said: str, words: str) -> None:
        clerk.press("F4")
        screen.printing.right.setText(said)
        screen.printing.save()
        clerk.settle_down()
        assert words in screen.printing.said.text()
        assert printer_named(clerk.counter, "").right == 0

    def test_a_roll_for_a_receipt_printer(self, clerk: Clerk, screen: SettingsScreen) -> None:
        clerk.press("F4")
        page = screen.printing
        page.raster.setChecked(True)
        page.save()
        assert "卷纸" in page.said.text()
        page.device_paper.setCurrentIndex(page.device_paper.findData("80"))
        page.save()
        clerk.settle_down()
        assert printer_named(clerk.counter, "").dots == 576

    def test_the_gateway(self, clerk: Clerk, screen: SettingsScreen) -> None:
        clerk.press("F5")
        clerk.type("http://10.0.0.1")
        screen.gateway.save()
        clerk.settle_down()
        assert "https" in screen.gateway.said.text()
        screen.gateway.address.setText("http://127.0.0.1:8701")
        screen.gateway.save()
        clerk.settle_down()
        assert gateway(clerk.counter).address == "http://127.0.0.1:8701"

    def test_a_copy_onto_a_stick(self, clerk: Clerk, screen: SettingsScreen, tmp_path: Path) -> None:
        clerk.press("F6")
        stick = tmp_path / "stick"
        stick.mkdir()
        screen.copies.copy_to(stick)
        clerk.settle_down()
        assert list(stick.rglob("book.db"))
        assert len(screen.copies.table.rows_model.rows) == 1
        screen.copies.copy_to(stick / "gone" / "\0")
        clerk.settle_down()

    def test_training_says_so(self, clerk: Clerk, screen: SettingsScreen) -> None:
        clerk.press("F3")
        assert "培训数据不设口令" in screen.operators.table._empty.text()  # noqa: SLF001  # what is shown
        clerk.press("F7")
        assert "培训模式" in screen.training.said.text()


class TestTheGuide:
    @pytest.fixture
    def begun(self) -> list[Path]:
        return []

    @pytest.fixture
    def guide(self, clerk: Clerk, begun: list[Path], tmp_path: Path) -> Iterator[Guide]:
        places = (tmp_path / "own", tmp_path / "training")
        yield Guide(clerk.window, clerk.counter.library, lambda: clerk.station.moment, begun.append, places)
        clerk.close_sheet()

    def test_four_steps_by_keys(self, clerk: Clerk, guide: Guide, begun: list[Path], tmp_path: Path) -> None:
        guide.own.setChecked(True)
        guide.go_on()
        guide.go_on()
        assert guide.wrong.text() == "请填写机构名称"
        guide.name.setText("曲水乡卫生院")
        guide.code.setText("H53030200001")
        guide.area.setCurrentIndex(guide.area.findData("530300"))
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
        self, clerk: Clerk, guide: Guide, begun: list[Path], tmp_path: Path
    ) -> None:
        guide.own.setChecked(True)
        guide.go_on()
        guide.name.setText("甲")
        guide.code.setText("H1")
        guide.counter.setText("太长的代码")
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

    def test_training_is_one_step(self, clerk: Clerk, guide: Guide, begun: list[Path], tmp_path: Path) -> None:
        assert guide.next.text() == "开始练习"
        guide.go_on()
        clerk.until(lambda: bool(begun))
        assert begun == [tmp_path / "training"]
