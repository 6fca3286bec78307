"""Where the program keeps its files, and how it writes them."""

import os
import sys
from pathlib import Path

from gongji.errors import GongjiError


def resource_folder() -> Path:
    """Return the folder of policies, samples, fonts and icons: inside the frozen program, or at the checkout's top."""
    frozen = getattr(sys, "_MEIPASS", None)
    return Path(frozen, "resources") if frozen else Path(__file__).parents[2] / "resources"


def default_data_folder() -> Path:
    """Return the data folder where none was named: the platform's own place for a program's data."""
    from platformdirs import user_data_path  # noqa: PLC0415  # quoting does without it and starts sooner

    return user_data_path("gongji", appauthor=False)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, its folder made where it is missing."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise GongjiError(f"写不了文件 {path}（{error.strerror}）", "请检查磁盘空间和文件夹权限") from error
