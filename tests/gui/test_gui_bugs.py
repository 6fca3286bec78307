"""A fault of ours: one report with what was being done and nothing personal, and nothing that was entered is lost."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPlainTextEdit

from gongji.desk.upload.sending_loop import SendingLoop
from gongji.gui.background.upload_status import UploadStatus
from gongji.gui.kit.dialogs import Dialog
from gongji.gui.statistics.screen import StatisticsScreen
from tests.gui.background.test_upload_service import all_accepted, connect, going, there
from tests.gui.conftest import USUAL_DAY
from tests.support.clerk import Clerk
from tests.support.inside import is_kept
from tests.support.serving import Running
from tests.support.working import settle_samples

_ = there
_PATIENT, _NUMBER = "龙天军", "530399194410303996"


def reports(clerk: Clerk) -> list[str]:
    """What the report windows say that are open."""
    return [
        one.toPlainText() for sheet in clerk.sheets for one in sheet.findChildren(QPlainTextEdit) if one.isReadOnly()
    ]


def kept(clerk: Clerk) -> list[str]:
    return [one.read_text("utf-8") for one in Path(clerk.counter.folder.path, "reports").glob("*.txt")]


def test_a_fault_while_sending_is_told_once_and_the_visit_is_still_there(
    sit_down: Callable[..., Clerk], there: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise ValueError(f"{_PATIENT} {_NUMBER}")

    clerk = sit_down(clock=going(USUAL_DAY))
    settle_samples(clerk, 2)
    clerk.choose_patient("ltj")
    clerk.add_item("amxl", "2")
    clerk.settle_down()
    monkeypatch.setattr(SendingLoop, "turn", broken)
    connect(clerk, there.url)
    clerk.until(lambda: clerk.station.sending.standing is UploadStatus.OFFLINE)
    clerk.settle_down()
    (report,) = reports(clerk)
    (file,) = kept(clerk)
    assert report == file
    assert "正在做：收费：F3 项目" in report
    assert "ValueError" in report
    assert "upload_connection.py" in report
    assert _PATIENT not in report
    assert _NUMBER not in report
    clerk.close_sheet()
    clerk.station.sending.now()
    clerk.until(lambda: clerk.station.sending.standing is UploadStatus.OFFLINE)
    clerk.settle_down()
    assert reports(clerk) == []  # the same fault is told once
    assert clerk.names == ["阿莫西林胶囊"]
    clerk.until(lambda: is_kept(clerk.screen))
    clerk.vanish()
    monkeypatch.undo()
    again = sit_down(clock=going("2026-11-22 11:00:00"))
    assert again.names == ["阿莫西林胶囊"]
    assert again.screen.patient.findChildren(QLabel)
    assert again.screen.state.patient is not None
    assert again.screen.state.patient.name == _PATIENT
    again.until(lambda: all_accepted(again))


def test_a_fault_of_a_screen_is_told_with_what_was_pressed(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_screen: StatisticsScreen, _by: int) -> None:
        raise KeyError(_NUMBER)

    monkeypatch.setattr(StatisticsScreen, "step", broken)
    clerk.press("5", with_ctrl=True)
    clerk.settle_down()
    try:
        clerk.window.press("F6")
    except KeyError as error:
        clerk.station.fail(error)
    (report,) = reports(clerk)
    assert "正在做：统计：F6 上一期" in report
    assert "KeyError" in report
    assert _NUMBER not in report
    assert all(isinstance(one, Dialog) for one in clerk.sheets)
