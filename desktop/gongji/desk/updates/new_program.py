"""Another version as a separate process: it tests itself, and a copy of the book, before anybody works with it.

The copy is migrated and verified (`try_copy`). How a version is asked never changes (docs/updates.md), since any
may be followed by any later one. Going back to the previous version passes the same trial.
"""

import os
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from msgspec import DecodeError, Struct, ValidationError, json

from gongji.desk.clinic.open import open_to_read
from gongji.desk.clinic.verify.verify_book import BookFinding, verify_copy
from gongji.desk.session import Clock, Session
from gongji.desk.updates.program_layout import ProgramLayout
from gongji.errors import GongjiError
from gongji.pack_files.library import Library
from gongji.store.book_file.db import Store
from gongji.store.book_file.folder import Folder
from gongji.store.book_file.updating import alone_in, trial_folder


class TrialKey(Struct, frozen=True):
    """The input of the new version: the key of the copy, 64 hexadecimal digits."""

    key: str


class Tried(Struct, frozen=True):
    """The answer: everything that verifying the copy found."""

    ok: bool
    findings: tuple[BookFinding, ...]


def try_copy(copy: Path, asked: bytes, library: Library) -> Tried:
    """Migrate a copy and verify it. Raises `GongjiError` where it cannot be opened, `NewerBookError` among them."""
    try:
        key = bytes.fromhex(json.decode(asked, type=TrialKey).key)
    except ValueError as error:
        raise GongjiError("没有给出副本的钥匙", "这个命令由更新程序自己使用") from error
    with closing(Store(copy, key)) as store:
        if store.needs_migration:
            store.upgrade()
        return Tried(ok=True, findings=tuple(verify_copy(Folder(copy.parent), store, library)))


_PATIENCE_S = 3600
_NOT_FOR_CHILDREN = "GONGJI_PASSWORD"
_NO_CONSOLE: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""Without it Windows would show a console for a moment."""
_MOST_SHOWN = 3


class NewVersionError(GongjiError):
    """The new version does not work on this PC, or not with this book."""

    def __init__(self, what: str) -> None:
        super().__init__(f"新版本没有通过：{what}", "继续用原来的版本，数据没有改动；请把这句话告诉维护人员")


def self_test_of(program: Path) -> None:
    """Let a program test itself. Raises `NewVersionError`."""
    _run(program, ["--selftest"], b"", "自检")


def try_on(program: Path, copy: Path, session: Session) -> None:
    """Let a program migrate and verify a copy of the book. Raises `NewVersionError`.

    What this program finds wrong with the book as well does not stop it: it is known, and the update may mend it.
    """
    known = {one.place for one in verify_copy(session.folder, session.store, session.library)}
    tried = trial_of(program, copy, session.store.key)
    new = [f"{one.place}：{one.text}" for one in tried.findings if one.place not in known]
    if new:
        raise NewVersionError(f"核对数据副本发现 {'；'.join(new[:_MOST_SHOWN])}")


def trial_of(program: Path, copy: Path, key: bytes) -> Tried:
    """Return what a program finds in a copy of a book. Raises `NewVersionError` where it cannot work with it."""
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


class DataFolder(Struct, frozen=True, kw_only=True):
    """A data folder, and how it is opened."""

    path: Path
    operator: str | None
    password: str | None
    clock: Clock


def go_back(layout: ProgramLayout, data: DataFolder | None) -> str:
    """Make the previous version the one that starts; return it. `data` is None where there is no book yet.

    The book is not migrated for that: the older program tries a copy of it unchanged. Raises `GongjiError`
    where there is no way back, and then nothing has changed.
    """
    if layout.kind != "versions":
        raise GongjiError("程序文件夹里没有版本目录，退不回旧版本", "请重新安装旧版本的安装包")
    older = layout.others(layout.current)
    if not older:
        raise GongjiError("没有留下旧版本，退不回去", "请用旧版本的安装包重新安装")
    version = older[0]
    program = layout.program_of(version)
    with alone_in(layout.top):
        self_test_of(program)
        if data is not None:
            _try_as_it_is(data, program)
        layout.start(version)
    return version


def _try_as_it_is(data: DataFolder, program: Path) -> None:
    _, store = open_to_read(data.path, data.operator, data.password, data.clock, of_any_age=True)
    with closing(store), trial_folder(data.path) as place:
        copy = place / "book.db"
        store.backup(copy)
        trial_of(program, copy, store.key)
