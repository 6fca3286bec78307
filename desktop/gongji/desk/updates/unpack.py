"""Unpacking a program beside the one in use: its folder gets its name only once all of it is on the disk."""

import os
import stat
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from gongji.core.progress import Progress, tell
from gongji.core.releases import ReleaseProgram
from gongji.desk.updates.program_layout import VERSIONS, ProgramLayout
from gongji.desk.updates.read_stick import hash_through
from gongji.errors import GongjiError
from gongji.files import flush, put_in_place, reason

_AT_ONCE = 1 << 20


def unpack(archive: Path, part: ReleaseProgram, layout: ProgramLayout, version: str, progress: Progress | None) -> None:
    """Unpack a program's zip as `versions/<version>`. Raises `GongjiError`, and then the folder does not exist.

    It unpacks a copy made first, of which every byte matches the signed list: a stick may change meanwhile.
    """
    versions = layout.top / VERSIONS
    copy, partial = versions / f".{version}.zip", versions / f".{version}"
    try:
        with copy.open("wb") as file:
            digest = hash_through(archive, file.write, part.size, None)
        if digest != part.sha256:
            raise GongjiError("更新盘在拷贝时变了，内容与清单不符", "请换一个更新盘；程序和数据都没有改动")
        with ZipFile(copy) as opened:
            _unpack_all(opened, partial, part, progress)
        if not (partial / layout.program_of(version).name).is_file():
            raise GongjiError("更新盘里的程序不完整：没有主程序", "请换一个更新盘；程序和数据都没有改动")
        for one in (*partial.rglob("*"), partial):
            if not one.is_symlink():
                flush(one)
        put_in_place(partial, layout.folder_of(version))
        copy.unlink()
    except BadZipFile as error:
        raise GongjiError("更新盘里的程序包打不开", "请换一个更新盘；程序和数据都没有改动") from error
    except OSError as error:
        raise GongjiError(f"写不到 {versions}（{reason(error)}）", "请检查磁盘空间和文件夹权限后再试") from error


def _unpack_all(opened: ZipFile, place: Path, part: ReleaseProgram, progress: Progress | None) -> None:
    entries = opened.infolist()
    _refuse_foreign_names(entries)
    done = sum(entry.file_size for entry in entries)
    if done > part.unpacked:
        raise GongjiError("更新盘里的程序比清单所说的大", "请换一个更新盘；程序和数据都没有改动")
    place.mkdir()
    for number, entry in enumerate(entries):
        _unpack_one(opened, entry, place / entry.filename)
        tell(progress, number + 1, len(entries))


def _refuse_foreign_names(entries: list[ZipInfo]) -> None:
    """Refuse a name or link that would leave the folder, and a repeated one: no signature excuses it."""
    seen = set()
    for entry in entries:
        path = PurePosixPath(entry.filename)
        leaves = path.is_absolute() or ".." in path.parts or "\\" in entry.filename or ":" in entry.filename
        if leaves or entry.filename.casefold() in seen:
            raise GongjiError(f"更新盘里的程序包有不该有的文件名 {path}", "请换一个更新盘；程序和数据都没有改动")
        seen.add(entry.filename.casefold())


def _unpack_one(opened: ZipFile, entry: ZipInfo, place: Path) -> None:
    mode = entry.external_attr >> 16
    if entry.is_dir():
        place.mkdir(parents=True, exist_ok=True)
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    if stat.S_ISLNK(mode):
        _link(PurePosixPath(opened.read(entry).decode()), PurePosixPath(entry.filename), place)
        return
    with opened.open(entry) as source, place.open("wb") as file:
        while piece := source.read(_AT_ONCE):
            file.write(piece)
    if os.name != "nt":
        place.chmod(0o755 if mode & 0o100 else 0o644)


def _link(target: PurePosixPath, name: PurePosixPath, place: Path) -> None:
    """Make a link within the folder; the frozen program on Linux has a few."""
    depth = len(name.parts) - 1
    for one in target.parts:
        depth += -1 if one == ".." else 1
        if depth < 0 or target.is_absolute():
            raise GongjiError(f"更新盘里的程序包有不该有的链接 {name}", "请换一个更新盘；程序和数据都没有改动")
    place.symlink_to(target)
