"""上传: one line a record in plain words, totals by state, words for none; offline is no error."""

import socket
from pathlib import Path

import pytest

from gongji.core.labels import PLAIN_RECORD_WORDS
from gongji.core.outbox.states import State
from gongji.desk.upload.gateway.gateway_settings import set_gateway
from gongji.desk.upload.gateway.kept_gateway import GatewaySettings
from gongji.gui.background.upload_status import UploadStatus
from gongji.gui.kit import tokens
from gongji.gui.kit.format import state_colour, what_to_do
from gongji.gui.upload.differences_sheet import DifferencesSheet
from gongji.gui.upload.screen import UploadScreen
from gongji.gui.upload.stick_sheet import CarryingSheet
from gongji.pack_files.library import Library
from tests.support.clerk import Clerk
from tests.support.serving import running
from tests.support.working import settle_samples


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
    assert set(PLAIN_RECORD_WORDS) == {one.value for one in State}
    assert all(what_to_do(one.value) for one in State)
    assert state_colour("pending") == state_colour("unknown") == tokens.MUTED
    assert state_colour("difference") == tokens.ATTENTION


def test_without_a_gateway_it_says_where_to_fill_it_in(clerk: Clerk) -> None:
    settle_samples(clerk, 2)
    screen = upload(clerk)
    assert "还没有填医保网关" in screen.strip.said.text()
    assert not screen.upload.isEnabled()
    clerk.press("F9")
    assert clerk.sheet is not None


def test_upload_now_waits_no_longer(clerk: Clerk, library: Library, tmp_path: Path) -> None:
    """The gateway comes back: nobody waits for the next try. The clock stands, so nothing is tried by itself."""
    settle_samples(clerk, 2)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    counter, gateway = clerk.counter, GatewaySettings(address=f"http://127.0.0.1:{port}", region="practice")
    clerk.station.jobs.write(lambda: set_gateway(counter, gateway))
    clerk.until(lambda: clerk.station.sending.standing is UploadStatus.OFFLINE)
    screen = upload(clerk)
    assert len(screen.table.rows_model.rows) == 2
    with running(tmp_path, library, port=port):
        clerk.press("F9")
        clerk.until(lambda: screen.totals.cards["已上传"].records.text() == "2")
        clerk.until(lambda: clerk.station.sending.standing is UploadStatus.IDLE)
    clerk.press("F4")
    assert [one.state for one in screen.table.rows_model.rows] == ["accepted", "accepted"]


def test_the_chosen_one_stays_chosen(clerk: Clerk) -> None:
    settle_samples(clerk, 3)
    screen = upload(clerk)
    clerk.press("Down")
    second = screen.table.current.no
    settle_samples(clerk, 1, first=3)
    assert len(screen.table.rows_model.rows) == 4
    assert screen.table.current.no == second


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
