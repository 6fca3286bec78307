"""The maker's side: a signed folder for sticks. The same folders and key give the same bytes."""

import hashlib
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path
from shutil import copyfile
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from msgspec import json, structs

from gongji.core.releases import (
    FORMAT,
    Release,
    ReleaseInstaller,
    ReleaseProgram,
    parts_of,
    read_release,
)
from gongji.desk.publisher_keys import read_key
from gongji.desk.updates.read_stick import LIST, SIGNATURE
from gongji.errors import GongjiError
from gongji.files import reason, write_whole

_KINDS = {".deb": "deb", ".exe": "setup"}
_EPOCH = (1980, 1, 1, 0, 0, 0)


def make_release(
    out: Path,
    about: Release,
    programs: Mapping[str, Path],
    installers: Sequence[tuple[str, Path]],
    key: Path,
) -> Release:
    """Make the folder `out` for sticks: a zip of each program's folder, the installers, the list and its signature.

    `about` gives version, oldest and notes; `key` is a secret key's file. Raises `GongjiError` that says what is
    wrong.
    """
    signer = read_key(key)
    try:
        parts_of(about.version), parts_of(about.oldest)
    except ValueError as error:
        raise GongjiError(f"版本号 {error} 不对", "写作 0.2.0") from error
    if out.exists():
        raise GongjiError(f"{out} 已经有了", "请换一个文件夹名")
    try:
        out.mkdir(parents=True)
        packed = tuple(_packed(out, about.version, system, folder) for system, folder in sorted(programs.items()))
        copied = tuple(_copied(out, system, file) for system, file in installers)
    except OSError as error:
        raise GongjiError(f"读写 {error.filename or out} 出错（{reason(error)}）", "请检查文件夹和权限") from error
    release = structs.replace(about, format=FORMAT, programs=packed, installers=copied)
    text = json.format(json.encode(release), indent=2) + b"\n"
    problems = read_release(text)
    if isinstance(problems, list):
        raise GongjiError(f"清单不对（{'；'.join(f'{one.field}：{one.message}' for one in problems)}）", "请改正后再做")
    write_whole(out / LIST, text)
    write_whole(out / SIGNATURE, signer.sign(text).hex().encode() + b"\n")
    return release


def _packed(out: Path, version: str, system: str, folder: Path) -> ReleaseProgram:
    """Pack a program's folder: files sorted by name, all with one time, links as links."""
    name = f"gongji-{version}-{system}.zip"
    if not any((folder / one).is_file() for one in ("gongji", "gongji.exe")):
        raise GongjiError(f"{folder} 里没有主程序 gongji 或 gongji.exe", "请给出 PyInstaller 做成的程序文件夹")
    unpacked = 0
    with ZipFile(out / name, "w", ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(folder.rglob("*"), key=lambda one: one.relative_to(folder).as_posix()):
            if path.is_dir() and not path.is_symlink():
                continue
            content = str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()
            entry = ZipInfo(path.relative_to(folder).as_posix(), _EPOCH)
            entry.create_system, entry.compress_type = 3, ZIP_DEFLATED
            runs = not path.is_symlink() and path.stat().st_mode & stat.S_IXUSR
            kind = stat.S_IFLNK if path.is_symlink() else stat.S_IFREG
            entry.external_attr = (kind | (0o755 if runs else 0o644)) << 16
            archive.writestr(entry, content)
            unpacked += len(content)
    size, sha256 = _measured(out / name)
    return ReleaseProgram(system=system, file=name, size=size, sha256=sha256, unpacked=unpacked)


def _copied(out: Path, system: str, file: Path) -> ReleaseInstaller:
    kind = _KINDS.get(file.suffix)
    if kind is None:
        raise GongjiError(f"{file.name} 不是安装包", f"可用 {'、'.join(_KINDS)}")
    copyfile(file, out / file.name)
    size, sha256 = _measured(out / file.name)
    return ReleaseInstaller(system=system, kind=kind, file=file.name, size=size, sha256=sha256)  # type: ignore[arg-type]  # of the two there are


def _measured(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return path.stat().st_size, digest
