"""The new version as a process of its own: it tries itself, and a copy of the book, before anybody works with it."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from msgspec import DecodeError, ValidationError, json

from gongji.desk.session import Session
from gongji.desk.updates.try_copy import TrialKey, Tried, found_in
from gongji.errors import GongjiError

_PATIENCE_S = 3600
_NOT_FOR_CHILDREN = "GONGJI_PASSWORD"
_NO_CONSOLE: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""Windows would show a console for a moment."""
_MOST_SHOWN = 3


class NewVersionError(GongjiError):
    """The new version does not work on this PC, or not with this book."""

    def __init__(self, what: str) -> None:
        """Say what."""
        super().__init__(f"新版本没有通过：{what}", "继续用原来的版本，数据没有改动；请把这句话告诉维护人员")


def self_test_of(program: Path) -> None:
    """Let a program try itself; raises `NewVersionError`."""
    _run(program, ["--selftest"], b"", "自检")


def try_on(program: Path, copy: Path, session: Session) -> None:
    """Let a program bring a copy of the book up to date and verify it; raises `NewVersionError`.

    What this program finds wrong with the book as well stops nothing: that is known, and the update may mend it.
    """
    known = {one.place for one in found_in(session.folder, session.store, session.library)}
    tried = trial_of(program, copy, session.store.key)
    new = [f"{one.place}：{one.text}" for one in tried.findings if one.place not in known]
    if new:
        raise NewVersionError(f"核对数据副本发现 {'；'.join(new[:_MOST_SHOWN])}")


def trial_of(program: Path, copy: Path, key: bytes) -> Tried:
    """Return what a program says of a copy of a book; raises `NewVersionError` where it cannot work with it."""
    asked = json.encode(TrialKey(key=key.hex())) + b"\n"
    said = _run(program, ["update", "try", str(copy)], asked, "数据副本")
    try:
        return json.decode(said.splitlines()[-1] if said else b"", type=Tried)
    except (DecodeError, ValidationError) as error:
        raise NewVersionError("数据副本：看不懂它的回答") from error


def _run(program: Path, arguments: Sequence[str], given: bytes, what: str) -> bytes:
    environment = {name: value for name, value in os.environ.items() if name != _NOT_FOR_CHILDREN}
    environment |= {"QT_QPA_PLATFORM": "offscreen", "PYINSTALLER_RESET_ENVIRONMENT": "1"}
    try:
        done = subprocess.run(  # noqa: S603  # a program whose every byte was signed
            [program, *arguments],
            input=given,
            capture_output=True,
            check=False,
            env=environment,
            timeout=_PATIENCE_S,
            creationflags=_NO_CONSOLE,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NewVersionError(f"{what}：{type(error).__name__}，启动不了或没有结束") from error
    if done.returncode != 0:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise NewVersionError(f"{what}：{lines[-1] if lines else f'结束状态 {done.returncode}'}")
    return done.stdout
