"""Back again: the version before, where it is still there and opens the book as it is now."""

from pathlib import Path

from msgspec import Struct

from gongji.desk.clinic.open import open_to_read
from gongji.desk.session import Clock
from gongji.desk.updates.new_program import self_test_of, trial_of
from gongji.desk.updates.program_layout import ProgramLayout
from gongji.errors import GongjiError
from gongji.store.updating import alone_in, trial_folder


class DataFolder(Struct, frozen=True, kw_only=True):
    """A data folder, and as whom it is opened."""

    path: Path
    operator: str | None
    password: str | None
    clock: Clock


def go_back(layout: ProgramLayout, data: DataFolder | None) -> str:
    """Let the version before the one in use be started; return it. `data` is None where there is no book yet.

    The book is not even brought up to date by looking: the older program tries a copy of it as it is. `GongjiError`
    says why there is no way back, and then nothing has changed.
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
    try:
        with trial_folder(data.path) as place:
            copy = place / "book.db"
            store.backup(copy)
            trial_of(program, copy, store.key)
    finally:
        store.close()
