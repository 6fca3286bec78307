"""Updating: every step leaves the old program working and the book unchanged, and the last one is a single rename.

The steps are those of docs/updates.md. What a failed or killed one leaves behind is deleted by the next
update; nothing of it is used before `current` names it.
"""

from collections.abc import Callable
from pathlib import Path
from shutil import disk_usage, rmtree

from gongji.core.problems import Problem, invalid
from gongji.core.progress import Progress
from gongji.core.releases import ReleaseProgram
from gongji.desk.roles import only
from gongji.desk.session import Session
from gongji.desk.updates.new_program import self_test_of, try_on
from gongji.desk.updates.program_layout import VERSIONS, ProgramLayout, this_system
from gongji.desk.updates.read_stick import ReleaseOffer, UpdateRefusedError, check_offer, fitting_part
from gongji.desk.updates.unpack import unpack
from gongji.errors import GongjiError
from gongji.files import reason
from gongji.store.book_file.updating import alone_in, trial_folder

TellStep = Callable[[str], object]
"""Called when a step begins."""
STEPS = ("检查更新盘", "备份数据", "放入新版本", "新版本自检", "在数据副本上试新版本", "换成新版本")
_CHECK, _COPY, _UNPACK, _SELF_TEST, _TRY, _SWITCH = STEPS


@only("update")
def update(
    session: Session, offer: ReleaseOffer, layout: ProgramLayout, step: TellStep, progress: Progress | None = None
) -> str:
    """Update the program after trying the new one on a copy of the book; return the version that starts from now on.

    Any thread may call it: the book is only read. Raises `GongjiError`, and then the old program starts as before.
    """
    session.log.info("update from %s to %s begins", layout.version, offer.release.version)
    try:
        _update(offer, layout, session, step, progress)
    except GongjiError as error:
        session.log.warning("update to %s failed", offer.release.version, exc_info=error)
        raise
    session.log.info("updated from %s to %s", layout.version, offer.release.version)
    return offer.release.version


def update_without_book(
    offer: ReleaseOffer, layout: ProgramLayout, step: TellStep, progress: Progress | None = None
) -> str:
    """Update a program that has no data folder yet; as `update` does.

    Raises `UpdateRefusedError` and `GongjiError` as `update`.
    """
    _update(offer, layout, None, step, progress)
    return offer.release.version


def _update(
    offer: ReleaseOffer, layout: ProgramLayout, session: Session | None, step: TellStep, progress: Progress | None
) -> None:
    version = offer.release.version
    step(_CHECK)
    part = _refuse_or_part(offer, layout, session, progress)
    with alone_in(layout.top):
        _clear(layout)
        if session is not None:
            step(_COPY)
            digits = "".join(one for one in session.stamp() if one.isdigit())
            session.store.backup(session.folder.copies / f"before-update-{version}-{digits}.db")
        step(_UNPACK)
        try:
            unpack(offer.folder / part.file, part, layout, version, progress)
            step(_SELF_TEST)
            self_test_of(layout.program_of(version))
            if session is not None:
                step(_TRY)
                _try_on_copy(session, layout.program_of(version))
            step(_SWITCH)
            layout.start(version)
        except BaseException:
            if layout.current != version:
                rmtree(layout.folder_of(version), ignore_errors=True)
            raise


def _refuse_or_part(
    offer: ReleaseOffer, layout: ProgramLayout, session: Session | None, progress: Progress | None
) -> ReleaseProgram:
    """Return what is to be unpacked. Raises `GongjiError` with every reason against it."""
    if layout.kind != "versions":
        raise cannot_update_itself(offer, layout)
    if layout.current != layout.version:
        raise GongjiError(
            f"程序已经更新到 {layout.current}，现在开着的还是 {layout.version}", "请关闭后重新打开，再用更新盘"
        )
    problems = check_offer(offer, layout, progress=progress)
    part = offer.release.program_for(this_system())
    if part is not None:
        problems += _no_room(layout, part, session)
    if problems or part is None:
        raise UpdateRefusedError(problems)
    return part


def _no_room(layout: ProgramLayout, part: ReleaseProgram, session: Session | None) -> list[Problem]:
    """Return where the disk has too little room: for the program, and for two copies of the book."""
    needed = [("程序", layout.top, part.size + part.unpacked)]
    if session is not None:
        needed.append(("备份", session.folder.path, 2 * session.folder.book.stat().st_size))
    found = []
    for what, place, count in needed:
        free = disk_usage(place).free
        if free < count:
            sentence = f"磁盘空间不够：{place} 要 {_megabytes(count)}，只剩 {_megabytes(free)}，请先清理"
            found.append(invalid(what, sentence))
    return found


def _megabytes(count: int) -> str:
    return f"{-(-count // (1 << 20)):,} MB"


def cannot_update_itself(offer: ReleaseOffer, layout: ProgramLayout) -> GongjiError:
    """Return why a program outside a versioned folder does not update itself, and how it is updated."""
    part = fitting_part(offer, layout)
    if layout.kind == "package":
        there = offer.folder / part.file if part is not None else Path("更新盘上的 .deb")
        return GongjiError(
            "程序是用系统安装包（.deb）装的，只有管理员能更新",
            f"请管理员在终端运行：sudo apt install {there}；数据不在程序里，升级后打开时自动跟上",
        )
    if layout.kind == "checkout":
        return GongjiError("程序是从源码运行的，不用更新盘更新", "请更新源码")
    return GongjiError("程序文件夹里没有版本目录，不能从 U 盘更新", "请用更新盘上的安装程序重新安装，数据不受影响")


def _clear(layout: ProgramLayout) -> None:
    """Delete what a stopped update has left, and versions older than the one in use."""
    try:
        left = [one for one in (layout.top / VERSIONS).iterdir() if one.name.startswith(".")]
        left += [layout.folder_of(version) for version in layout.others(layout.current, layout.version)]
        for one in left:
            if one.is_dir():
                rmtree(one)
            else:
                one.unlink()
    except OSError as error:
        raise GongjiError(f"清理不了 {layout.top}（{reason(error)}）", "请关闭其他窗口后再试") from error


def _try_on_copy(session: Session, program: Path) -> None:
    """Let the new program migrate and verify a copy of the book."""
    with trial_folder(session.folder.path) as place:
        copy = place / "book.db"
        session.store.backup(copy)
        try_on(program, copy, session)
