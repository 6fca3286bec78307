"""The lock on a folder: one holder at a time, gone with its process, and the same one as ever for older programs."""

import subprocess
import sys
from pathlib import Path

import pytest

from gongji.store.book_file.file_lock import FileLock, LockHeldError

HOLD = """
import sys
from pathlib import Path
from gongji.store.book_file.file_lock import FileLock
FileLock(Path(sys.argv[1]), 0).acquire()
print("held", flush=True)
sys.stdin.read()
"""


def test_one_at_a_time_and_again_when_it_is_let_go(tmp_path: Path) -> None:
    one, other = FileLock(tmp_path / "lock", 0), FileLock(tmp_path / "lock", 0)
    one.acquire()
    one.acquire()
    with pytest.raises(LockHeldError):
        other.acquire()
    one.release()
    one.release()
    other.acquire()
    other.release()


def test_a_killed_program_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(LockHeldError):
            FileLock(path, 0.1).acquire()
        holder.kill()
        holder.wait()
        FileLock(path, 10).acquire()


@pytest.mark.skipif(sys.platform == "win32", reason="flock is not there")
def test_it_is_the_systems_lock_on_the_whole_file_which_every_version_takes(tmp_path: Path) -> None:
    import fcntl  # noqa: PLC0415  # not on Windows

    path = tmp_path / "lock"
    with path.open("w") as older:
        fcntl.flock(older, fcntl.LOCK_EX)
        with pytest.raises(LockHeldError):
            FileLock(path, 0).acquire()
    FileLock(path, 0).acquire()


def test_where_there_can_be_no_file_the_systems_words_are_told(tmp_path: Path) -> None:
    (tmp_path / "lock").mkdir()
    with pytest.raises(IsADirectoryError if sys.platform != "win32" else PermissionError):
        FileLock(tmp_path / "lock", 0).acquire()


def test_a_folder_that_is_missing_is_made(tmp_path: Path) -> None:
    FileLock(tmp_path / "new" / "lock", 0).acquire()
    assert (tmp_path / "new" / "lock").exists()
