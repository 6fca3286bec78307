"""Where the program keeps its files, and how it writes them."""

import errno
import os
import stat
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from gongji.core.problems import quoted
from gongji.errors import GongjiError

PRACTICE_ADDRESS = "sandbox.address"
"""The file in which the practice platform writes its address, for the training window on the same PC."""
_LARGEST = 1 << 30
_LONGEST_NAME, _LONGEST_PATH = 255, 3000
"""Bytes that systems take as a name, and, with room to spare, as a path."""
_REASONS = {
    errno.ENOENT: "文件不存在",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EISDIR: "这是文件夹",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.ENOSPC: "磁盘已满",
    errno.EROFS: "只读",
    errno.ENAMETOOLONG: "名字太长",
}


def reason(error: OSError) -> str:
    """Return the system's reason for refusing a file operation, as a short Chinese phrase."""
    return _REASONS.get(error.errno or 0) or f"系统错误 {error.errno or '不明'}"


def path_of(text: str, what: str = "") -> Path:
    """Return the path that somebody typed. Raises `GongjiError` for a text that no system takes as one.

    `what` is what it is called where it is asked for.
    """
    path = Path(text)
    try:
        parts = [os.fsencode(part) for part in path.parts]
    except UnicodeEncodeError:  # half of a pair
        parts = [b"\0"]
    if any(b"\0" in part or len(part) > _LONGEST_NAME for part in parts) or sum(map(len, parts)) > _LONGEST_PATH:
        raise GongjiError(f"{what}“{quoted(text)}”不是文件或文件夹的位置", "请核对后重新填写，或用“选择…”来选")
    return path


def is_there(path: Path) -> bool:
    """Return whether something is at a path; what the system lets nobody look at counts as not there."""
    return os.path.exists(path)  # noqa: PTH110  # Path.exists raises an error then


def is_file(path: Path) -> bool:
    """Return whether a file is at a path, as `is_there` does."""
    return os.path.isfile(path)  # noqa: PTH113


def is_folder(path: Path) -> bool:
    """Return whether a folder is at a path, as `is_there` does."""
    return os.path.isdir(path)  # noqa: PTH112


def _named(path: Path) -> str:
    return quoted(str(path), _LONGEST_PATH)


def resource_folder() -> Path:
    """Return the folder of policies, samples, fonts and icons: inside the frozen program, or at the checkout's top."""
    frozen = getattr(sys, "_MEIPASS", None)
    return Path(frozen, "resources") if frozen else Path(__file__).parents[2] / "resources"


def program_folder() -> Path:
    """Return the folder of the program itself: of the frozen executable, or the checkout's top."""
    if getattr(sys, "frozen", False):
        return Path(sys.executable).resolve().parent
    return Path(__file__).resolve().parents[2]


def licences_folder() -> Path | None:
    """Return the frozen program's folder of licences; None in a checkout, where each library has its own."""
    frozen = getattr(sys, "_MEIPASS", None)
    return Path(frozen, "licences") if frozen else None


def training_folder() -> Path:
    """Return the default place of training data: beside the default data folder, never in it."""
    usual = default_data_folder()
    return usual.with_name(f"{usual.name}-training")


def default_data_folder() -> Path:
    """Return the default data folder: the platform's own place for a program's data."""
    from platformdirs import user_data_path  # noqa: PLC0415  # quoting does without it and starts sooner

    return user_data_path("gongji", appauthor=False)


def stick_places() -> list[Path]:
    """Return the folders where USB sticks plugged in now are mounted: drives, or what the desktop has mounted."""
    if os.name == "nt":
        drives = (Path(f"{letter}:/") for letter in "DEFGHIJKLMNOPQRSTUVWXYZ")
        return [one for one in drives if one.is_dir()]
    mounts = (Path("/media"), Path("/run/media"))
    return sorted(one for mount in mounts for pattern in ("*", "*/*") for one in mount.glob(pattern) if one.is_dir())


def practice_address() -> str:
    """Return the address of the practice platform that runs on this PC; empty where none runs."""
    try:
        return (default_data_folder() / PRACTICE_ADDRESS).read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def read_whole(path: Path) -> bytes:
    """Return a file's content; Raises `GongjiError` when it cannot be read, is a device or has over a gigabyte."""
    try:
        with path.open("rb") as file:
            refuse_endless(file, path)
            content = file.read()
    except OSError as error:
        raise GongjiError(f"读不到文件 {_named(path)}（{reason(error)}）", "请检查文件名和权限") from error
    return content


def refuse_endless(file: BinaryIO, path: Path) -> None:
    """Raise `GongjiError` for an open file that is a device or has more than a gigabyte; the file is closed then.

    Either may have any name on a stick. Raises OSError where the system does not say.
    """
    found = os.fstat(file.fileno())
    is_device = stat.S_ISCHR(found.st_mode) or stat.S_ISBLK(found.st_mode)
    if is_device or found.st_size > _LARGEST:
        file.close()
        raise GongjiError(f"读不到文件 {path}（{'这是设备' if is_device else '超过 1 GB'}）", "请核对是不是选错了文件")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file atomically, creating its folder where missing. Raises `GongjiError` when it cannot be written."""
    write_all_whole({path: content})


def write_all_whole(contents: Mapping[Path, bytes]) -> None:
    """Write files atomically, one by one; none gets its name before all are on the disk.

    So a full disk stops all of them or none. Raises `GongjiError`, which names the file that could not be written.
    """
    path, partials = next(iter(contents)), []
    try:
        for path, content in contents.items():
            partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
            path.parent.mkdir(parents=True, exist_ok=True)
            partials.append(partial)
            with partial.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        for path, partial in zip(contents, partials, strict=True):
            put_in_place(partial, path)
    except OSError as error:
        for partial in partials:
            with suppress(OSError):  # the cause of the first failure may make this fail too
                partial.unlink()
        raise GongjiError(f"写不了文件 {_named(path)}（{reason(error)}）", "请检查磁盘空间和文件夹权限") from error


def put_in_place(path: Path, place: Path) -> None:
    """Rename a finished file to its final name, durably: it is there once this returns."""
    path.replace(place)
    flush(place.parent)


def flush(path: Path) -> None:
    """Flush a file, or a folder's directory entries, to the disk.

    Windows cannot flush folders and need not, and flushes a file only for a process that may write to it.
    """
    if path.is_dir() and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
