"""设置 → 关于 → 支持包: read before it is saved."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from gongji.gui.background.jobs import Jobs
from gongji.gui.settings.about_page import AboutPage
from gongji.gui.settings.screen import SettingsScreen
from gongji.gui.settings.support_sheet import SupportSheet
from tests.support.clerk import Clerk, page_of
from tests.support.working import settle_samples


def test_it_is_read_before_it_is_saved_and_saved_as_it_was_read(
    clerk: Clerk, about: SettingsScreen, tmp_path: Path
) -> None:
    settle_samples(clerk, 1)
    page_of(about, AboutPage).help_me.click()
    opened = clerk.sheet
    assert isinstance(opened, SupportSheet)
    clerk.settle_down()
    shown = opened.text.toPlainText()
    assert "核对无误" in shown
    opened.save_to(tmp_path / "bundle.txt")
    clerk.settle_down()
    assert (tmp_path / "bundle.txt").read_text(encoding="utf-8") == shown
    opened.save_to(tmp_path)  # a folder is in the way
    clerk.settle_down()
    assert "写不了" in opened.said.text()


def test_a_fault_of_ours_while_collecting_ends_in_a_sentence(qtbot: QtBot, clerk: Clerk) -> None:
    def collect() -> str:
        raise ValueError("a fault of ours")

    jobs = Jobs(lambda _: None)
    with qtbot.captureExceptions() as raised:
        sheet = SupportSheet(clerk.window, jobs, "2026-11-22 10:00:00", collect)
        qtbot.waitUntil(lambda: jobs.is_idle and bool(raised))
    assert "程序出了错" in sheet.said.text()
    assert sheet.text.toPlainText() == ""
    assert [kind for kind, *_ in raised] == [ValueError]
    jobs.close()
