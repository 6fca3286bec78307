"""The practice clock: who goes by it when the program runs as a process, and that a real clinic's folder never does."""

import datetime
import json
import sqlite3
from pathlib import Path

import pytest

from gongji.core.dates import CHINA
from gongji.desk.clinic.clock import clock_for, practice_clock
from gongji.errors import GongjiError
from gongji.main import now
from tests.support.clinic import AREA, INSTITUTION, OPERATOR, PASSWORD
from tests.support.outside import PRACTICE_CLOCK, VISITS, gongji, sandbox

LONG_AGO = {PRACTICE_CLOCK: "2019-03-05T10:00:00"}
THAT_DAY = {PRACTICE_CLOCK: "2026-11-23T10:00:00"}
WEEKS_LATER = {PRACTICE_CLOCK: "2026-12-23T10:00:00"}


def real_folder(place: Path) -> Path:
    institution, data = place / "institution.json", place / "real"
    institution.write_text(json.dumps(INSTITUTION), encoding="utf-8")
    arguments = ("--area", AREA, "--institution", institution, "--operator", OPERATOR, "--data", data)
    gongji("init", *arguments, environment={**LONG_AGO, "GONGJI_PASSWORD": PASSWORD})
    return data


def training_folder(place: Path, environment: dict[str, str]) -> Path:
    data = place / "training"
    gongji("init", "--training", "--area", AREA, "--data", data, environment=environment)
    return data


def test_training_data_goes_by_the_practice_clock(tmp_path: Path) -> None:
    data = training_folder(tmp_path, THAT_DAY)
    (report,) = gongji("day-report", "--data", data, "--json", environment=THAT_DAY)
    assert "2026-11-23" in report["title"]


def test_before_the_training_data_was_made_there_is_none(tmp_path: Path) -> None:
    (refused,) = gongji("init", "--training", "--data", tmp_path / "data", "--json", status=2, environment=LONG_AGO)
    assert "电脑的日期" in refused["error"]["message"]


def test_a_real_folder_ignores_the_practice_clock(tmp_path: Path) -> None:
    data, known = real_folder(tmp_path), {**LONG_AGO, "GONGJI_PASSWORD": PASSWORD}
    days = [now().astimezone(CHINA).date().isoformat()]
    (report,) = gongji("day-report", "--data", data, "--operator", OPERATOR, "--json", environment=known)
    days.append(now().astimezone(CHINA).date().isoformat())
    assert any(day in report["title"] for day in days)


def test_the_folder_decides_which_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PRACTICE_CLOCK, LONG_AGO[PRACTICE_CLOCK])
    training, real = training_folder(tmp_path, THAT_DAY), real_folder(tmp_path)
    assert clock_for(real, now) is now
    assert clock_for(tmp_path / "none yet", now) is now
    assert clock_for(training, now)().date() == datetime.date(2019, 3, 5)


def test_it_runs_on(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = datetime.datetime(2030, 1, 1, tzinfo=CHINA)
    monkeypatch.setenv(PRACTICE_CLOCK, "2019-03-05 10:00:00+08:00")
    clock = practice_clock(lambda: moment)
    first = clock()
    moment += datetime.timedelta(hours=3)
    assert first == datetime.datetime(2019, 3, 5, 10, tzinfo=CHINA)
    assert clock() - first == datetime.timedelta(hours=3)


def test_what_is_no_time_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PRACTICE_CLOCK, "yesterday")
    with pytest.raises(GongjiError, match=PRACTICE_CLOCK):
        practice_clock(now)


def test_without_it_practice_has_the_real_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PRACTICE_CLOCK, raising=False)
    assert practice_clock(now) is now


def test_platform_and_relay_go_by_it_for_training_data(tmp_path: Path) -> None:
    data, package, platform = training_folder(tmp_path, THAT_DAY), tmp_path / "1.gjp", tmp_path / "sandbox.db"
    relay = ("relay", "--state", tmp_path / "relay")
    gongji(*relay, "--card", tmp_path / "card.json", "--name", "转送机")
    visit = VISITS.read_text(encoding="utf-8").splitlines()[0]
    gongji("settle", "--no-receipt", "--data", data, "-", given=visit, environment=THAT_DAY)
    gongji("export", package, "--to", tmp_path / "card.json", "--data", data, environment=THAT_DAY)
    with sandbox(platform, environment=THAT_DAY) as (address, _):
        send = (*relay, package, "--gateway", address, "--json")
        (refused,) = gongji(*send, status=2, environment=WEEKS_LATER)
        assert "过期" in refused["error"]["message"]
        gongji(*send, environment=THAT_DAY)
    with sqlite3.connect(platform) as kept:
        assert {at[:10] for (at,) in kept.execute("SELECT at FROM settlement")} == {"2026-11-23"}
