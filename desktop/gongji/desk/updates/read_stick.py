"""What is on a stick, and whether it would be accepted: the signature first, then the list, then every byte."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from gongji.core.problems import Problem, invalid
from gongji.core.progress import Progress, tell
from gongji.core.releases import Release, ReleaseInstaller, ReleaseProgram, parts_of, read_release
from gongji.desk.updates.program_layout import ProgramLayout, this_system
from gongji.errors import GongjiError
from gongji.files import is_file, reason
from gongji.store.signing import signed_by

LIST, SIGNATURE, FOLDER = "update.json", "update.json.sig", "gongji-update"
_AT_ONCE = 1 << 20
_LONGEST_LIST = 1 << 20


class ReleaseOffer(Struct, frozen=True, kw_only=True):
    """A release whose list was signed by one of the pinned keys, and its folder."""

    release: Release
    folder: Path


class UpdateRefusedError(GongjiError):
    """A release was refused, with every reason."""

    def __init__(self, problems: list[Problem]) -> None:
        words = "；".join(f"{one.field}：{one.message}" if one.field else one.message for one in problems)
        super().__init__(f"这个更新不能用（{words}）", "程序和数据都没有改动")


def read_offer(stick: Path, keys: list[bytes]) -> ReleaseOffer:
    """Return the release on a stick once its signature is verified. Raises `GongjiError` where there is none."""
    if not keys:
        raise GongjiError(
            "这个程序没有内置更新公钥，不接受 U 盘更新", "它不是正式发布的版本：请重新安装正式发布的安装包"
        )
    folder = _folder_on(stick)
    text = _read_little(folder / LIST)
    try:
        signature = bytes.fromhex(_read_little(folder / SIGNATURE).decode("ascii", "replace").strip())
    except ValueError:
        signature = b""
    if not any(signed_by(key, text, signature) for key in keys):
        raise GongjiError(
            "更新盘的签名不对：不是正式发布的，或内容被改过", "请不要使用，换一个更新盘；程序和数据都没有改动"
        )
    found = read_release(text)
    if isinstance(found, list):
        raise UpdateRefusedError(found)
    return ReleaseOffer(release=found, folder=folder)


def _folder_on(stick: Path) -> Path:
    """Return the folder with the list: the named one, or one in it."""
    if is_file(stick / LIST):
        return stick
    try:
        inside = sorted(one.parent for one in stick.glob(f"*/{LIST}"))
    except OSError as error:
        raise GongjiError(f"读不到 {stick}（{reason(error)}）", "请检查 U 盘是否插好") from error
    if not inside:
        raise GongjiError(f"{stick} 里没有更新（{FOLDER}/{LIST}）", "请选 U 盘，或其中放更新的文件夹")
    if len(inside) > 1:
        raise GongjiError(f"{stick} 里有几个更新：{'、'.join(one.name for one in inside)}", "请选其中一个文件夹")
    return inside[0]


def _read_little(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LONGEST_LIST)
    except OSError as error:
        raise GongjiError(f"读不到 {path.name}（{reason(error)}）", "更新盘不完整，请换一个") from error


def check_offer(
    offer: ReleaseOffer, layout: ProgramLayout, system: str | None = None, progress: Progress | None = None
) -> list[Problem]:
    """Return every reason against accepting a release here; changes nothing and reads every byte it would use.

    `progress` counts bytes. `system` is this one by default.
    """
    release, system = offer.release, system or this_system()
    found = []
    if parts_of(release.version) <= parts_of(layout.version):
        found.append(invalid("version", f"更新盘是 {release.version}，这里已经是 {layout.version}，只能往新的更新"))
    if parts_of(layout.version) < parts_of(release.oldest):
        sentence = f"这里是 {layout.version}，要先更新到 {release.oldest} 以上，再用这个更新盘"
        found.append(invalid("oldest", sentence))
    part = fitting_part(offer, layout, system)
    if part is None:
        found.append(invalid("programs", f"更新盘里没有给这台电脑（{system}）的程序"))
    else:
        wrong = _unlike(offer.folder / part.file, part, progress)
        if wrong:
            found.append(invalid(part.file, wrong))
    return found


def fitting_part(
    offer: ReleaseOffer, layout: ProgramLayout, system: str | None = None
) -> ReleaseProgram | ReleaseInstaller | None:
    """Return the part of a release that updates this PC: the program's folder, or the next package."""
    system = system or this_system()
    if layout.kind == "package":
        return offer.release.installer_for(system, "deb")
    return offer.release.program_for(system)


def _unlike(path: Path, part: ReleaseProgram | ReleaseInstaller, progress: Progress | None) -> str:
    """Return how a file differs from what the list says; empty where it does not."""
    try:
        there = path.stat().st_size
        if there != part.size:
            return f"应有 {part.size:,} 字节，现有 {there:,} 字节：没有拷完或被改过，请重新拷一次"
        digest = hash_through(path, lambda _: None, part.size, progress)
    except OSError as error:
        return f"读不到（{reason(error)}），请换一个更新盘"
    return "" if digest == part.sha256 else "内容与清单不符：拷坏了或被改过，请重新拷一次"


def hash_through(path: Path, take: Callable[[bytes], object], size: int, progress: Progress | None) -> str:
    """Pass a file on piece by piece; return the SHA-256 of all of it, in hexadecimal. Raises OSError."""
    digest, done = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(_AT_ONCE):
            take(piece)
            digest.update(piece)
            done += len(piece)
            tell(progress, done, size)
    return digest.hexdigest()
