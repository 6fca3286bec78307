"""What is settled goes out by itself: the real window, the practice platform on a real port, nothing pressed."""

import datetime
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit

from gongji.core.dates import CHINA
from gongji.core.outbox.states import State
from gongji.desk.upload.gateway.gateway_settings import set_gateway
from gongji.desk.upload.gateway.kept_gateway import GatewaySettings, gateway
from gongji.desk.upload.queue import queued
from gongji.gui.background.upload_status import UploadRate, UploadStatus
from gongji.gui.upload.screen import UploadScreen
from gongji.pack_files.library import Library
from gongji.sandbox.control import live
from gongji.store.upload import legs
from tests.gui.conftest import USUAL_DAY
from tests.support.clerk import Clerk
from tests.support.serving import Running, running
from tests.support.working import settle_samples


def going(text: str, times: int = 1) -> Callable[[], datetime.datetime]:
    """A clock that goes on from a moment, so many times as fast as the real one."""
    first = datetime.datetime.fromisoformat(text).replace(tzinfo=CHINA)
    begun = time.monotonic()
    return lambda: first + datetime.timedelta(seconds=(time.monotonic() - begun) * times)


@pytest.fixture
def there(tmp_path: Path, library: Library) -> Iterator[Running]:
    with running(tmp_path, library, clock=going(USUAL_DAY)) as one:
        yield one


def connect(clerk: Clerk, url: str) -> None:
    counter, address = clerk.counter, url.replace("localhost", "127.0.0.1")
    clerk.station.jobs.write(
        lambda: set_gateway(counter, GatewaySettings(address=address, region="practice")),
    )
    clerk.until(lambda: clerk.station.sending.standing is not UploadStatus.OFF)


def states(clerk: Clerk) -> list[str]:
    return [one.state for one in queued(clerk.counter, None)]


def all_accepted(clerk: Clerk) -> bool:
    found = states(clerk)
    return bool(found) and set(found) == {"accepted"}


def legs_of(clerk: Clerk) -> list[object]:
    """One for each visit as the platform counts them."""
    return list(legs.in_state(clerk.counter.store.reader, *State))


def wait(clerk: Clerk, seconds: float) -> None:
    """Let so much time go by: nothing is to happen in it."""
    until = time.monotonic() + seconds
    clerk.until(lambda: time.monotonic() > until)


def at_the_platform(there: Running, clerk: Clerk) -> list[dict[str, Any]]:
    mine = clerk.counter.clinic.institution["id"]
    return [one for one in live(there.payer.platform.connection) if one["institution"] == mine]


def test_a_settled_visit_arrives_without_a_key(sit_down: Callable[..., Clerk], there: Running) -> None:
    clerk = sit_down(clock=going(USUAL_DAY))
    connect(clerk, there.url)
    clerk.choose_patient("ltj")
    clerk.add_item("amxl", "2")
    clerk.settle()
    clerk.until(lambda: all_accepted(clerk))
    (one,) = queued(clerk.counter, None)
    (theirs,) = at_the_platform(there, clerk)
    assert theirs["amounts"]["total"] == f"{one.amount_fen // 100}.{one.amount_fen % 100:02d}"
    clerk.until(lambda: clerk.station.sending.standing is UploadStatus.IDLE)
    assert any("联网" in one.text() for one in clerk.window.findChildren(QLabel))


def test_offline_is_grey_and_the_queue_drains_by_itself(
    sit_down: Callable[..., Clerk], tmp_path: Path, library: Library
) -> None:
    clerk = sit_down(clock=going(USUAL_DAY))
    settle_samples(clerk)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        nobody_there = f"http://127.0.0.1:{listener.getsockname()[1]}"
    connect(clerk, nobody_there)
    clerk.until(lambda: clerk.station.sending.standing is UploadStatus.OFFLINE)
    chip = clerk.window.header.line
    assert chip.text().startswith("脱机")
    assert chip.property("part") == "chip"
    assert "网关不在" in chip.toolTip()
    assert states(clerk) == ["pending"] * 4
    assert clerk.sheet is None
    clerk.press("3", with_ctrl=True)
    screen = clerk.window.screen_shown
    assert isinstance(screen, UploadScreen)
    assert "脱机" in screen.strip.said.text()
    assert "后自动再试" in screen.strip.said.text()
    port = int(nobody_there.rpartition(":")[2])
    with running(tmp_path, library, port=port) as there:
        clerk.until(lambda: all_accepted(clerk))
        assert len(at_the_platform(there, clerk)) == len(legs_of(clerk))
        clerk.until(lambda: clerk.station.sending.standing is UploadStatus.IDLE)
    assert chip.text().startswith("联网")
    assert screen.totals.cards["待上传"].records.text() == "0"


def test_it_stops_and_goes_on(sit_down: Callable[..., Clerk], there: Running) -> None:
    clerk = sit_down(clock=going(USUAL_DAY))
    connect(clerk, there.url)
    clerk.until(lambda: clerk.station.sending.standing is UploadStatus.IDLE)
    clerk.press("3", with_ctrl=True)
    screen = clerk.window.screen_shown
    assert isinstance(screen, UploadScreen)
    clerk.press("F12")
    assert clerk.station.sending.is_paused
    assert "暂停" in screen.strip.said.text()
    assert "已暂停" in clerk.window.header.line.text()
    settle_samples(clerk)
    wait(clerk, 1.5)
    assert states(clerk) == ["pending"] * 4
    assert at_the_platform(there, clerk) == []
    clerk.press("F12")
    clerk.until(lambda: all_accepted(clerk))


def test_a_pause_ends_with_the_program_and_says_so_beforehand(sit_down: Callable[..., Clerk], there: Running) -> None:
    clerk = sit_down(clock=going(USUAL_DAY))
    connect(clerk, there.url)
    clerk.until(lambda: clerk.station.sending.standing is UploadStatus.IDLE)
    clerk.press("3", with_ctrl=True)
    screen = clerk.window.screen_shown
    assert isinstance(screen, UploadScreen)
    clerk.press("F12")
    settle_samples(clerk, 1)
    assert "下次打开程序会自动继续" in screen.strip.said.text()
    clerk.leave()
    again = sit_down(clock=going("2026-11-22 11:00:00"))
    again.until(lambda: all_accepted(again))
    assert not again.station.sending.is_paused


def test_stopped_in_the_middle_and_sent_to_the_end(sit_down: Callable[..., Clerk], there: Running) -> None:
    clerk = sit_down(clock=going(USUAL_DAY))
    settle_samples(clerk, 10)
    there.control("faults", {"kind": "delay", "infno": "2204", "times": 40, "seconds": 0.15})
    connect(clerk, there.url)
    clerk.until(lambda: clerk.station.sending.standing is UploadStatus.SENDING)
    clerk.press("3", with_ctrl=True)
    screen = clerk.window.screen_shown
    assert isinstance(screen, UploadScreen)
    clerk.until(lambda: clerk.station.sending.sent > 5)
    assert screen.strip.bar.isVisible()
    screen.strip.turn.click()
    clerk.until(lambda: clerk.station.jobs.is_idle)
    sent = clerk.station.sending.sent
    assert "accepted" not in states(clerk) or "pending" in states(clerk)
    wait(clerk, 0.6)
    assert clerk.station.sending.sent == sent
    screen.strip.turn.click()
    clerk.until(lambda: all_accepted(clerk))
    assert len(at_the_platform(there, clerk)) == len(legs_of(clerk))


def test_the_bar_tells_count_rate_and_time_left() -> None:
    pace = UploadRate(200)
    assert pace.in_words(60) == ""
    pace.note(170)
    assert (pace.done, pace.whole) == (30, 200)
    assert pace.in_words(6) == "每分钟约 300 笔 · 还要不到 1 分钟"
    assert pace.in_words(60) == "每分钟约 30 笔 · 还要约 6 分钟"
    pace.note(210)  # settled meanwhile
    assert (pace.done, pace.whole) == (0, 210)


def test_closing_while_something_is_on_its_way_loses_and_doubles_nothing(
    sit_down: Callable[..., Clerk], there: Running
) -> None:
    clerk = sit_down(clock=going(USUAL_DAY))
    numbers = settle_samples(clerk, 8)
    there.control("faults", {"kind": "delay", "infno": "2207", "times": 3, "seconds": 0.4})
    connect(clerk, there.url)
    clerk.until(lambda: bool(at_the_platform(there, clerk)))
    clerk.leave()
    again = sit_down(clock=going("2026-11-22 11:00:00"))
    assert "unknown" not in states(again)  # what came back in time was kept
    again.until(lambda: all_accepted(again))
    arrived = at_the_platform(there, again)
    assert len(arrived) == len({(one["visit_no"], one["setl_id"]) for one in arrived}) == len(legs_of(again))
    assert {one.no for one in queued(again.counter, None)} == set(numbers)


def test_a_gateway_that_never_answers_does_not_hold_up_the_closing(
    sit_down: Callable[..., Clerk], there: Running
) -> None:
    clerk = sit_down(clock=going(USUAL_DAY))
    settle_samples(clerk, 1)
    there.control("faults", {"kind": "late", "infno": "2207", "times": 1, "seconds": 6})
    connect(clerk, there.url)
    clerk.until(lambda: not there.faults.summary()["wanted"] and states(clerk) == ["sending"])
    clerk.leave()
    assert at_the_platform(there, clerk) == []  # it has not come to the message yet: nobody waited for it
    again = sit_down(clock=going("2026-11-22 11:00:00", 20))
    assert states(again) in (["sending"], ["unknown"])
    again.until(lambda: all_accepted(again))
    assert len(at_the_platform(there, again)) == 1


def test_training_finds_the_practice_platform_of_this_pc(sit_down: Callable[..., Clerk]) -> None:
    """`gongji sandbox` is started as a trainee does, and ended; `--dump` then tells what arrived."""
    clerk = sit_down(clock=going(USUAL_DAY))
    numbers = settle_samples(clerk)
    program = [sys.executable, "-m", "gongji", "sandbox"]
    with subprocess.Popen([*program, "--port", "0"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        try:
            clerk.window.tick()
            assert gateway(clerk.counter).address == address
            clerk.until(lambda: all_accepted(clerk))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(10)
    clerk.window.tick()
    assert clerk.station.sending.standing is UploadStatus.OFF
    dumped = subprocess.run([*program, "--dump"], stdout=subprocess.PIPE, check=True)
    arrived = [json.loads(line) for line in dumped.stdout.splitlines()]
    wholes = {one.no: one.amount_fen for one in queued(clerk.counter, None)}
    assert sum(round(float(one["amounts"]["total"]) * 100) for one in arrived) == sum(wholes.values())
    assert set(wholes) == set(numbers)


def test_what_is_being_typed_is_not_disturbed(sit_down: Callable[..., Clerk], there: Running) -> None:
    """A quantity is half typed in the table while records of other patients arrive at the platform."""
    clerk = sit_down(clock=going(USUAL_DAY))
    settle_samples(clerk, 4)
    clerk.choose_patient("ltj")
    clerk.add_item("amxl", "2")
    clerk.settle_down()
    clerk.press("Up", "7")
    editor = clerk.target
    assert isinstance(editor, QLineEdit)
    assert editor.text() == "7"
    connect(clerk, there.url)
    clerk.until(lambda: all_accepted(clerk))
    clerk.until(lambda: clerk.station.sending.standing is UploadStatus.IDLE)
    assert clerk.target is editor
    clerk.press("5", "Enter")
    assert clerk.screen.state.draft.lines[0].quantity == "75"
