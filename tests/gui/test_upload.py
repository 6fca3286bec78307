"""上传: one line a record in plain words, totals by state, words for none; offline is no error."""

from pathlib import Path

import pytest

from gongji.core.outbox.states import State
from gongji.desk.settings import Gateway, set_gateway
from gongji.gui import tokens
from gongji.gui.screens.upload import UploadScreen
from gongji.gui.uploads.carrying_sheet import CarryingSheet
from gongji.gui.uploads.differences_sheet import DifferencesSheet
from gongji.gui.words import STATES, state_colour, what_to_do
from gongji.policies import Library
from tests.gui.clerk import Clerk
from tests.gui.working import settle_samples
from tests.sandbox.serving import running


def upload(clerk: Clerk) -> UploadScreen:
    clerk.press("3", with_ctrl=True)
    found = clerk.window.screen_shown
    assert isinstance(found, UploadScreen)
    return found


def test_a_line_a_record_and_totals(clerk: Clerk) -> None:
    numbers = settle_samples(clerk)
    screen = upload(clerk)
    assert [one.no for one in screen.table.rows_model.rows] == numbers
    columns = {one.title: one for one in screen.table.rows_model.columns}
    row = screen.table.rows_model.rows[0]
    assert columns["现在"].text(row) == "等待上传"
    assert columns["怎么办"].text(row) == "不用管，联网后自动上传"
    assert columns["下次"].text(row) == "联网即试"


@pytest.mark.parametrize(("key", "group"), [("F3", "需处理"), ("F4", "已上传"), ("F5", "已撤销")])
def test_each_group_has_a_key_and_words_for_none(clerk: Clerk, key: str, group: str) -> None:
    settle_samples(clerk, 1)
    screen = upload(clerk)
    clerk.press(key)
    assert screen.group == group
    assert screen.table.rows_model.rows == ()
    assert screen.table._empty.text()  # noqa: SLF001  # what is shown
    clerk.press("F6")
    assert len(screen.table.rows_model.rows) == 1


def test_the_chosen_one_is_told_in_sentences(clerk: Clerk) -> None:
    settle_samples(clerk, 1)
    upload(clerk)
    clerk.press("F8")
    assert clerk.sheet is not None
    clerk.close_sheet()
    clerk.press("Enter")
    assert clerk.sheet is not None


def test_every_state_has_words_a_deed_and_waiting_is_grey() -> None:
    assert set(STATES) == {one.value for one in State}
    assert all(what_to_do(one.value) for one in State)
    assert state_colour("pending") == state_colour("unknown") == tokens.MUTED
    assert state_colour("difference") == tokens.ATTENTION


def test_what_waits_is_sent_while_the_window_stays_free(clerk: Clerk, library: Library, tmp_path: Path) -> None:
    settle_samples(clerk, 2)
    screen = upload(clerk)
    clerk.press("F9")
    assert clerk.sheet is not None  # no gateway yet: said in words
    clerk.close_sheet()
    with running(tmp_path, library) as platform:
        counter, address = clerk.counter, platform.url.replace("localhost", "127.0.0.1")
        clerk.station.jobs.write(lambda: set_gateway(counter, Gateway(address=address, region="practice")))
        clerk.settle_down()
        clerk.press("F9")
        assert screen.task.isVisible()
        clerk.until(lambda: not screen.sending.is_busy)
        clerk.settle_down()
    assert not screen.task.isVisible()
    assert screen.sending.sent > 2
    clerk.press("F4")
    assert len(screen.table.rows_model.rows) == 2, screen.say.text()


def test_a_platform_that_is_gone_is_told_and_nothing_is_lost(clerk: Clerk) -> None:
    settle_samples(clerk, 1)
    screen = upload(clerk)
    counter = clerk.counter
    nowhere = Gateway(address="http://127.0.0.1:9", region="practice")
    clerk.station.jobs.write(lambda: set_gateway(counter, nowhere))
    clerk.settle_down()
    clerk.press("F9")
    clerk.until(lambda: not screen.sending.is_busy)
    assert "稍后再试" in screen.say.text()
    assert len(screen.table.rows_model.rows) == 1


def test_the_stick_and_the_differences_have_words_for_none(clerk: Clerk) -> None:
    upload(clerk)
    clerk.press("F7")
    sheet = clerk.sheet
    assert isinstance(sheet, CarryingSheet)
    assert "还没有转送机" in sheet.who.text()
    clerk.close_sheet()
    clerk.press("F10")
    differences = clerk.sheet
    assert isinstance(differences, DifferencesSheet)
    assert not any(act.isEnabled() for act in differences.acts.values())
