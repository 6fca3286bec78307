"""Bytes for a receipt printer arrive whole, or a sentence says why not: missing, no paper, broken off half-way."""

import shutil
from pathlib import Path

import pytest

from gongji.printing.escpos import ASK_WHY_OFFLINE
from gongji.printing.transport import UndeliveredError, deliver
from tests.support.printer import NO_PAPER, OPEN, WELL, printer

PAGE = bytes(range(0x20, 0x100)) * 64


def test_every_byte_arrives_at_one_that_answers() -> None:
    with printer(lambda *_: WELL) as one:
        deliver(one.name, PAGE)
    assert one.printed == PAGE


def test_every_byte_arrives_at_one_that_never_answers() -> None:
    with printer(lambda *_: b"") as one:
        deliver(one.name, PAGE)
    assert one.printed == PAGE


def test_one_without_paper_is_told_and_prints_nothing() -> None:
    with printer(lambda *_: NO_PAPER) as one, pytest.raises(UndeliveredError, match="没有纸了"):
        deliver(one.name, PAGE)
    assert one.printed == b""


def test_paper_that_ends_half_way_is_told() -> None:
    with (
        printer(lambda _, printed: NO_PAPER if printed else WELL) as one,
        pytest.raises(UndeliveredError, match="没有纸"),
    ):
        deliver(one.name, PAGE)


def test_an_open_cover_is_told() -> None:
    with (
        printer(lambda question, _: OPEN if question == ASK_WHY_OFFLINE else WELL) as one,
        pytest.raises(UndeliveredError, match="上盖"),
    ):
        deliver(one.name, PAGE)


def test_one_that_breaks_off_half_way_is_told() -> None:
    with printer(lambda *_: WELL, 1000) as one, pytest.raises(UndeliveredError, match="打到一半断了"):
        deliver(one.name, PAGE * 2000)


@pytest.mark.parametrize("name", ["tcp://127.0.0.1:9", "tcp://", "tcp://a:b", "/dev/nowhere/lp0"])
def test_a_printer_that_is_not_there_is_told(name: str) -> None:
    with pytest.raises(UndeliveredError, match="没有接受打印"):
        deliver(name, PAGE)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_device_without_paper_is_told_as_such() -> None:
    with pytest.raises(UndeliveredError, match="缺纸"):
        deliver("/dev/full", PAGE)


def test_a_system_printer_that_is_not_there_is_told() -> None:
    with pytest.raises(UndeliveredError):
        deliver("没有这台打印机", PAGE)


def _spooler(folder: Path, monkeypatch: pytest.MonkeyPatch, ends: str) -> None:
    program = folder / "lp"
    program.write_text(f'#!/bin/sh\necho "$@" > "{folder}/said"\ncat > "{folder}/got"\n{ends}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/bin:/usr/bin")
    assert shutil.which("lp") == str(program)


def test_the_system_s_own_spooler_is_given_it_raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _spooler(tmp_path, monkeypatch, "exit 0")
    deliver("POS80", PAGE)
    assert (tmp_path / "got").read_bytes() == PAGE
    assert (tmp_path / "said").read_text().split() == ["-d", "POS80", "-o", "raw"]


def test_a_spooler_that_refuses_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _spooler(tmp_path, monkeypatch, 'echo "rejecting jobs" >&2; exit 1')
    with pytest.raises(UndeliveredError, match="没有收下"):
        deliver("POS80", PAGE)
