"""设置 → 关于 → 从 U 盘更新: what is on the stick, each step, and the program opened anew."""

from pathlib import Path

import pytest
from PySide6.QtCore import QProcess
from PySide6.QtWidgets import QApplication

from gongji.desk.updates.apply_release import STEPS
from gongji.desk.updates.program_layout import ProgramLayout, layout_of
from gongji.gui.settings.about_page import AboutPage
from gongji.gui.settings.screen import SettingsScreen
from gongji.gui.settings.update_sheet import UpdateSheet
from tests.desk.updates.conftest import new_program, old_program, release_keys, stick
from tests.support.clerk import Clerk, page_of
from tests.support.installed import start
from tests.support.releases import Keys, install
from tests.support.waiting import until
from tests.support.working import settle_samples

__all__ = ["new_program", "old_program", "release_keys", "stick"]
_PATIENCE_SECONDS = 900
"""Another program is started three times meanwhile."""


@pytest.fixture
def layout(tmp_path: Path, old_program: Path) -> ProgramLayout:
    return layout_of(install(tmp_path / "Gongji", "0.1.0", old_program) / "versions" / "0.1.0")


@pytest.fixture
def sheet(clerk: Clerk, about: SettingsScreen, layout: ProgramLayout, release_keys: Keys) -> UpdateSheet:
    keys = [bytes.fromhex(one) for one in release_keys.public]
    return UpdateSheet(about, clerk.station, layout, keys)


class TestUpdating:
    def test_a_checkout_says_that_it_takes_no_update(self, clerk: Clerk, about: SettingsScreen, stick: Path) -> None:
        page_of(about, AboutPage).update_program.click()
        opened = clerk.sheet
        assert isinstance(opened, UpdateSheet)
        assert not opened.go.isEnabled()
        opened.look_at(stick)
        clerk.settle_down()
        assert "没有内置更新公钥" in opened.wrong.text()

    def test_what_is_wrong_with_a_stick_is_said_and_nothing_may_be_pressed(
        self, clerk: Clerk, sheet: UpdateSheet, tmp_path: Path
    ) -> None:
        sheet.look_at(tmp_path / "no stick")
        clerk.settle_down()
        assert "没有更新" in sheet.wrong.text()
        assert not sheet.go.isEnabled()
        assert sheet.choose.isEnabled()

    def test_from_the_stick_to_the_new_program(
        self, clerk: Clerk, sheet: UpdateSheet, layout: ProgramLayout, stick: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        started: list[tuple[str, list[str]]] = []
        monkeypatch.setattr(QProcess, "startDetached", lambda program, given: started.append((program, given)))
        settled = settle_samples(clerk, 2)
        sheet.look_at(stick)
        clerk.settle_down()
        assert "0.3.0" in sheet.what.text()
        assert "平凉 2027 年新政策" in sheet.what.text()
        assert sheet.go.isEnabled()
        sheet.go.click()
        sheet.reject()  # it stays: the program is being updated
        assert sheet.isVisible()
        until(lambda: not sheet.is_busy, QApplication.processEvents, _PATIENCE_SECONDS)
        assert sheet.wrong.text() == ""
        assert [one.text() for one in sheet.steps] == [f"✓ {one}" for one in STEPS]
        assert layout.current == "0.3.0"
        path = clerk.counter.folder.path
        sheet.go.click()
        clerk.until(lambda: bool(started))
        assert started == [(str(layout.program_of("0.3.0")), ["window", "--data", str(path)])]
        assert not clerk.counter.is_open
        listed = start(layout.top, "close-shift", "--data", path)
        assert listed.status == 0, listed.err
        assert all(no in start(layout.top, "list", "--data", path).out for no in settled)
