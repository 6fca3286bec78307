"""Where the program is installed, and which of its versions is started (docs/updates.md)."""

import os
import platform
import sys
from pathlib import Path
from typing import Literal

from msgspec import Struct

from gongji import __version__
from gongji.core.releases import parts_of
from gongji.errors import GongjiError
from gongji.files import program_folder, read_whole, write_whole

VERSIONS, CURRENT = "versions", "current"


class ProgramLayout(Struct, frozen=True, kw_only=True):
    """How the program is installed.

    `versions`: a folder for each version beside a pointer. `package`: installed by the system's package manager.
    `folder`: one program folder by itself. `checkout`: from source. `top` is the folder that holds all of it.
    """

    kind: Literal["versions", "package", "folder", "checkout"]
    top: Path
    version: str

    @property
    def current(self) -> str:
        """The version that is started, by the pointer. Raises `GongjiError` where it names none."""
        said = read_whole(self.top / CURRENT).decode("ascii", "replace").strip()
        try:
            parts_of(said)
        except ValueError as error:
            advice = f"请把 {VERSIONS} 里正在用的版本号（{self.version}）写进这个文件"
            raise GongjiError(f"{self.top / CURRENT} 里写的不是版本号", advice) from error
        return said

    def folder_of(self, version: str) -> Path:
        """Return the folder of a version."""
        return self.top / VERSIONS / version

    def program_of(self, version: str) -> Path:
        """Return the file that starts a version."""
        return self.folder_of(version) / f"gongji{'.exe' if os.name == 'nt' else ''}"

    def window_of(self, version: str) -> Path:
        """Return the file that opens a version's window: on Windows one without a console."""
        silent = self.folder_of(version) / "gongjiw.exe"
        return silent if silent.is_file() else self.program_of(version)

    def start(self, version: str) -> None:
        """Make another version the one that is started, in one step. Raises `GongjiError` on a write error."""
        write_whole(self.top / CURRENT, f"{version}\n".encode("ascii"))

    def others(self, *but: str) -> list[str]:
        """Return the other versions, the highest first, complete or not."""
        found = []
        for one in (self.top / VERSIONS).iterdir():
            try:
                found.append((parts_of(one.name), one.name))
            except ValueError:
                continue
        return [name for _, name in sorted(found, reverse=True) if name not in but]


def layout_of(program: Path | None = None) -> ProgramLayout:
    """Return how the program is installed, judged by its path."""
    folder = program or program_folder()
    top = folder.parent.parent
    if folder.parent.name == VERSIONS and (top / CURRENT).is_file():
        return ProgramLayout(kind="versions", top=top, version=folder.name)
    if (folder / "pyproject.toml").is_file():
        return ProgramLayout(kind="checkout", top=folder, version=__version__)
    is_packaged = os.name != "nt" and folder.parts[1:2] in {("opt",), ("usr",)}
    return ProgramLayout(kind="package" if is_packaged else "folder", top=folder, version=__version__)


def this_system() -> str:
    """Return the system as releases name it, for example `linux-x86_64`."""
    machine = {"AMD64": "x86_64", "arm64": "aarch64"}.get(platform.machine(), platform.machine())
    return f"{'windows' if sys.platform == 'win32' else sys.platform}-{machine}"
