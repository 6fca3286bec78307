"""By stick, the whole way round by keys: window, file, `gongji relay`, file, window; and a package that got lost."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QPushButton

from gongji.desk.upload.queue import queued
from gongji.gui.upload.screen import UploadScreen
from gongji.gui.upload.stick_sheet import CarryingSheet
from tests.gui.background.test_upload_service import legs_of, states
from tests.gui.conftest import USUAL_DAY
from tests.support.clerk import Clerk
from tests.support.outside import PRACTICE_CLOCK, gongji, sandbox, summed
from tests.support.working import settle_samples

ON_THE_DAY = {PRACTICE_CLOCK: USUAL_DAY}


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[str]:
    """The practice platform as a program of its own, on the window's day; its address."""
    with sandbox(tmp_path / "sandbox.db", environment=ON_THE_DAY) as (address, _):
        yield address


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """The card of the connected PC."""
    gongji("relay", "--state", tmp_path / "relay", "--card", tmp_path / "card.json", "--name", "县里的转送机")
    return tmp_path / "card.json"


def sticks(clerk: Clerk) -> CarryingSheet:
    clerk.press("3", with_ctrl=True)
    assert isinstance(clerk.window.screen_shown, UploadScreen)
    clerk.press("F7")
    found = clerk.sheet
    assert isinstance(found, CarryingSheet)
    return found


def press(clerk: Clerk, one: QPushButton) -> None:
    """Walk to a button and press it."""
    for _ in range(12):
        if one.hasFocus():
            break
        clerk.press("Tab")
    assert one.hasFocus()
    clerk.press("Space")


def name_a_file(clerk: Clerk, path: Path) -> None:
    """Type a file's name into the dialog that asks for one."""
    dialog = next(one for one in clerk.window.findChildren(QFileDialog) if one.isVisible())
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    assert field is not None
    field.setText(str(path))
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Return)
    clerk.until(lambda: not shiboken6.isValid(dialog) or not dialog.isVisible())
    clerk.settle_down()


def trust(clerk: Clerk, sheet: CarryingSheet, card: Path) -> None:
    press(clerk, sheet.card)
    name_a_file(clerk, card)
    question = next(one for one in clerk.sheets if one is not sheet)
    assert any("指纹" in one.text() for one in question.findChildren(QLabel))
    question.findChildren(QPushButton)[-1].click()
    clerk.settle_down()
    assert "县里的转送机" in sheet.who.text()


def test_the_whole_way_round(clerk: Clerk, platform: str, card: Path, tmp_path: Path) -> None:
    settle_samples(clerk)
    sheet = sticks(clerk)
    assert not sheet.export.isEnabled()
    trust(clerk, sheet, card)
    press(clerk, sheet.export)
    package = tmp_path / "stick" / "1122.gjp"
    package.parent.mkdir()
    name_a_file(clerk, package)
    assert f"已写到 {package}" in sheet.said.text()
    assert [one.serial for one in sheet.table.rows_model.rows] == [1]
    assert states(clerk) == ["pending"] * 4  # a file is no acceptance
    press(clerk, sheet.export)
    name_a_file(clerk, package.with_name("again.gjp"))
    assert "没有要带走的记录" in sheet.said.text()
    (sent,) = gongji(
        "relay", "--state", tmp_path / "relay", package, "--gateway", platform, "--json",
        environment=ON_THE_DAY,
    )  # fmt: skip
    press(clerk, sheet.answers)
    name_a_file(clerk, Path(sent["file"]))
    assert "回执已导入" in sheet.said.text()
    assert states(clerk) == ["accepted"] * 4
    assert not list(sheet.table.rows_model.rows)
    press(clerk, sheet.answers)
    name_a_file(clerk, Path(sent["file"]))
    assert "已经导入过" in sheet.said.text()
    there = summed(tmp_path / "sandbox.db")
    assert sorted(one["total"] for one in there.values()) == sorted(
        f"{one.amount_fen // 100}.{one.amount_fen % 100:02d}" for one in queued(clerk.counter, None)
    )
    assert len(gongji("sandbox", "--dump", "--data", tmp_path / "sandbox.db")) == len(legs_of(clerk))
    clerk.close_sheet()
    screen = clerk.window.screen_shown
    assert isinstance(screen, UploadScreen)
    assert screen.totals.cards["已上传"].records.text() == "4"


def test_a_package_that_is_stopped_leaves_nothing(clerk: Clerk, card: Path, tmp_path: Path) -> None:
    settle_samples(clerk)
    sheet = sticks(clerk)
    trust(clerk, sheet, card)
    gate = Event()
    clerk.station.jobs.write(gate.wait)
    sheet.export_to(tmp_path / "x.gjp")
    clerk.until(sheet.task.isVisible)
    assert not sheet.export.isEnabled()
    sheet.task.stop.click()
    gate.set()
    clerk.settle_down()
    assert sheet.said.text().startswith("已停止。")
    assert not sheet.task.isVisible()
    assert not (tmp_path / "x.gjp").exists()
    assert not list(clerk.counter.folder.path.glob("packages/*"))
    assert not sheet.table.rows_model.rows
    sheet.export_to(tmp_path / "x.gjp")
    clerk.settle_down()
    assert [(one.serial, one.legs) for one in sheet.table.rows_model.rows] == [(1, len(legs_of(clerk)))]


def test_a_file_that_is_no_answer_is_a_sentence(clerk: Clerk, card: Path, tmp_path: Path) -> None:
    settle_samples(clerk, 1)
    sheet = sticks(clerk)
    trust(clerk, sheet, card)
    nonsense = tmp_path / "x.gjp"
    nonsense.write_bytes(b"not a package")
    press(clerk, sheet.answers)
    name_a_file(clerk, nonsense)
    assert sheet.said.text().endswith("。")
    assert states(clerk) == ["pending"]


def test_a_lost_package_is_taken_back_and_asked_after(clerk: Clerk, card: Path, tmp_path: Path) -> None:
    settle_samples(clerk, 2)
    sheet = sticks(clerk)
    trust(clerk, sheet, card)
    press(clerk, sheet.export)
    name_a_file(clerk, tmp_path / "lost.gjp")
    press(clerk, sheet.lost)
    question = next(one for one in clerk.sheets if one is not sheet)
    question.findChildren(QPushButton)[-1].click()
    clerk.settle_down()
    assert "已收回" in sheet.said.text()
    assert not list(sheet.table.rows_model.rows)
    assert set(states(clerk)) == {"unknown"}
