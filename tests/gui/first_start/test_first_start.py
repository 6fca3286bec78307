"""The first start on a PC: practise, or the clinic's own data in four steps; and a second start while one is open."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QWidget

from gongji.core.scanned_code import read_scanned
from gongji.files import resource_folder, training_folder
from gongji.gui.app import Program
from gongji.gui.counter.screen import CounterScreen
from gongji.gui.counter.sheets.person_sheet import PersonSheet
from gongji.gui.first_start.first_start import FirstStart
from gongji.gui.opening import parse
from gongji.gui.shell.login import Login
from gongji.gui.shell.window import MainWindow
from gongji.main import main
from tests.support.clerk import Clerk, at
from tests.support.waiting import until

ONE = """institution = "H53030200001"
name = "曲水乡卫生院"
type = "township_clinic"
level = "1"
pooled = false
operator = "李红"
printer = ""
"""
NOW = at("2026-11-22 10:00:00")
SECOND = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel
from gongji.core.scanned_code import read_scanned
from gongji.gui.app import Program
from gongji.gui.opening import make_application, parse
from gongji.main import now

app = make_application()
program = Program(app, parse(["--data", sys.argv[1]]), now)
program.begin()
assert program.window is None
(sheet,) = [one for one in app.topLevelWidgets() if one.isVisible()]
print(" ".join(one.text() for one in sheet.findChildren(QLabel)))
QTimer.singleShot(0, sheet.accept)
sys.exit(app.exec())
"""


@pytest.fixture
def start(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Program]]:
    """Starts the program as on a PC of its own; the same PC again."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    begun: list[Program] = []

    def go(*arguments: str) -> Program:
        program = Program(qapp, parse(arguments), NOW)
        begun.append(program)
        program.begin()
        return program

    yield go
    for one in begun:
        put_away(qapp, one)


def put_away(qapp: QApplication, program: Program) -> None:
    """Close everything a program has open."""
    if program.window is not None:
        program.window.close()
        program.window.deleteLater()
    for widget in qapp.topLevelWidgets():
        if isinstance(widget, FirstStart | Login):
            widget.blockSignals(True)  # Qt's own: leaving is not meant to end the tests
            widget.reject()
    program.end()
    program.window = None
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def wait_for(holds: Callable[[], bool]) -> None:
    until(holds, QApplication.processEvents)


def shown(kind: type[QWidget]) -> list[QWidget]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible()]


def fill_in_own(guide: FirstStart) -> None:
    """Go through the guide as a clinic does, up to its last step."""
    guide.own.setChecked(True)
    guide.go_on()
    guide.clinic.name.setText("曲水乡卫生院")
    guide.clinic.code.setText("H53030200001")
    guide.clinic.area.setCurrentIndex(guide.clinic.area.findData("530300"))
    guide.clinic.level.setCurrentIndex(1)
    guide.clinic.type.setCurrentIndex(guide.clinic.type.findData("township_clinic"))
    guide.go_on()
    guide.operator.setText("李红")
    guide.password.setText("口令口令 1")
    guide.again.setText("口令口令 1")
    guide.go_on()


def own_data(program: Program) -> MainWindow:
    """Go through the guide as a clinic does."""
    fill_in_own(program.guide)
    program.guide.go_on()
    wait_for(lambda: program.window is not None)
    assert program.window is not None
    return program.window


class TestNoDataYet:
    def test_one_enter_and_the_counter_is_open_for_practice(self, start: Callable[..., Program]) -> None:
        program = start()
        assert shown(MainWindow) == []
        assert program.guide.where.text().startswith("第 1 步")
        fields = (program.guide.clinic.name, program.guide.clinic.code, program.guide.clinic.counter)
        assert [one.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled) for one in fields] == [True, False, False]
        program.guide.next.click()
        wait_for(lambda: program.window is not None)
        assert program.window is not None
        screen = program.window.screen_shown
        assert isinstance(screen, CounterScreen)
        assert screen.station.counter.clinic.training
        assert "培训模式" in "".join(note.text for note in screen.panel.notes.shown)
        assert len(screen.panel.notes.shown[0].acts) == 2  # a patient or two to try
        assert not shown(FirstStart)

    def test_own_data_in_four_steps_and_no_password_twice(self, start: Callable[..., Program], tmp_path: Path) -> None:
        window = own_data(start())
        counter = window.station.counter
        assert (counter.operator, counter.clinic.training) == ("李红", False)
        assert counter.folder.path == tmp_path / "gongji"
        screen = window.screen_shown
        assert isinstance(screen, CounterScreen)
        screen.arriving.scanned(read_scanned("530399194410303996"))
        assert shown(PersonSheet)  # nothing was imported, and somebody can be taken all the same
        for sheet in shown(PersonSheet):
            sheet.close()

    def test_the_next_start_asks_who_works_here(self, start: Callable[..., Program], qapp: QApplication) -> None:
        first = start()
        own_data(first)
        put_away(qapp, first)
        assert start().window is None
        assert shown(Login)

    def test_practised_before_and_still_asked(self, start: Callable[..., Program], qapp: QApplication) -> None:
        first = start("--practice")
        assert first.window is not None
        put_away(qapp, first)
        assert (training_folder() / "folder.json").exists()
        program = start()
        assert program.window is None
        assert program.guide.isVisible()

    def test_a_folder_named_that_is_not_there_yet(self, start: Callable[..., Program], tmp_path: Path) -> None:
        program = start("--data", str(tmp_path / "elsewhere"))
        assert program.guide.isVisible()
        assert not (tmp_path / "elsewhere").exists()


class TestASettingsFile:
    @pytest.fixture
    def stick(self, tmp_path: Path) -> Path:
        place = tmp_path / "stick"
        place.mkdir()
        for name in ("people.csv", "catalogue.csv"):
            shutil.copy(resource_folder() / "training" / "530300" / name, place)
        return place

    def written(self, stick: Path, text: str) -> Path:
        (stick / "gongji-answers.toml").write_text(text, encoding="utf-8")
        return stick / "gongji-answers.toml"

    def test_answers_everything_but_the_password(self, start: Callable[..., Program], stick: Path) -> None:
        program = start()
        guide = program.guide
        assert not guide.by_file.isVisible()
        guide.look_for_answers(self.written(stick, f'{ONE}people = "people.csv"\ncatalogue = "catalogue.csv"\n'))
        assert guide.by_file.isChecked()
        assert "曲水乡卫生院 H53030200001" in guide.offer.about.text()
        guide.next.click()
        assert guide.pages.currentWidget().isAncestorOf(guide.password)
        assert guide.operator.text() == "李红"
        guide.next.click()
        assert "请填写口令" in guide.wrong.text()
        guide.password.setText("口令口令 1")
        guide.again.setText("口令口令 1")
        guide.next.click()
        wait_for(lambda: guide.next.text() == "开始收费")
        assert "✓ 人员：已导入 300 行" in guide.details.text()
        assert "✓ 三目录" in guide.details.text()
        assert not shown(MainWindow)
        guide.next.click()
        wait_for(lambda: program.window is not None)
        assert program.window is not None
        counter = program.window.station.counter
        assert (counter.operator, counter.clinic.area) == ("李红", "530300")
        assert counter.clinic.institution["pooled"] is False  # which the steps do not ask

    def test_for_several_counters_asks_which_this_is(self, start: Callable[..., Program], stick: Path) -> None:
        guide = start().guide
        two = '[[counters]]\ncounter = "01"\n[[counters]]\ncounter = "02"\n'
        guide.look_for_answers(self.written(stick, ONE + two))
        assert guide.offer.which.isVisible()
        guide.offer.which.setCurrentIndex(1)
        guide.next.click()
        assert guide.clinic.counter.text() == "02"

    def test_that_is_wrong_is_told_in_full_and_not_offered(self, start: Callable[..., Program], stick: Path) -> None:
        guide = start().guide
        guide.look_for_answers(self.written(stick, f'{ONE}password = "口令口令 1"\npeople = "nobody.csv"\n'))
        assert "口令不能写在设置文件里" in guide.offer.about.text()
        assert not guide.by_file.isVisible()
        assert guide.training.isChecked()

    def test_tables_and_a_test_page_without_any_file(
        self, start: Callable[..., Program], stick: Path, tmp_path: Path
    ) -> None:
        program = start()
        guide = program.guide
        fill_in_own(guide)
        guide.last.fill_in("没有接上的打印机", {"people": stick / "people.csv", "catalogue": tmp_path / "none.csv"})
        assert guide.last.test_page.isChecked()
        guide.next.click()
        wait_for(lambda: guide.next.text() == "开始收费")
        told = guide.details.text()
        assert "✓ 人员：已导入 300 行" in told
        assert "✗ 三目录：" in told
        assert "✗ 试打页：打印机“没有接上的打印机”没有接受打印" in told
        guide.next.click()
        wait_for(lambda: program.window is not None)


class TestPractice:
    def test_opens_training_directly(self, start: Callable[..., Program]) -> None:
        program = start("--practice")
        assert program.window is not None
        assert program.window.station.counter.clinic.training
        assert isinstance(program.window.screen_shown, CounterScreen)

    def test_without_a_display_the_main_job_is_done_on_the_command_line(
        self, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
        assert main(["--practice"]) == 0
        said = capfd.readouterr().out
        assert said.startswith("没有显示器")
        assert "四舍五入" in said


class TestASecondStart:
    def test_is_told_calmly_and_ends(self, clerk: Clerk) -> None:
        """Another process, as a second double click makes it."""
        path = clerk.counter.folder.path
        done = subprocess.run(
            [sys.executable, "-c", SECOND, str(path)],
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        assert "结算台已经打开着" in done.stdout
        assert "请回到已打开的窗口" in done.stdout
        clerk.choose_patient("ltj")
        clerk.add_item("amxl")
        clerk.settle()
        assert clerk.screen.state.draft.is_empty
