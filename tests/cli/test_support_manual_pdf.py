"""`gongji manual FILE.pdf`: the manual on paper, as a process; and the window starts without any of it."""

import subprocess
import sys
from pathlib import Path

import pytest

_STARTED = """
import sys
import gongji.gui.app, gongji.gui.counter.screen
late = ("gongji.gui.manual", "gongji.desk.manual", "gongji.core.manual", "markdown_it")
print([name for name in sys.modules if name.startswith(late)])
"""


def gongji(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "gongji", *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120)


@pytest.mark.process
def test_the_manual_is_written(tmp_path: Path) -> None:
    file = tmp_path / "说明书.pdf"
    done = gongji("manual", str(file))
    assert done.returncode == 0, done.stderr
    assert str(file) in done.stdout
    assert file.read_bytes().startswith(b"%PDF")


@pytest.mark.process
def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = gongji("manual", str(tmp_path / "file" / "a.pdf"))
    assert done.returncode == 2
    assert "写不了文件" in done.stderr


@pytest.mark.process
def test_the_window_starts_without_the_manual() -> None:
    command = [sys.executable, "-c", _STARTED]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "[]"
