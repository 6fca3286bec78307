"""Lays out what a Debian package of a frozen folder holds; dpkg-deb then packs it.

`python -m installers.linux.deb FROZEN STAGE VERSION`: the program in /opt/gongji, its command, its place in the menu,
its icons, a man page, changelog and copyright. There are no maintainer scripts: installing and removing runs nothing of
ours, and what a clinic has stored is in the user's home, where neither looks.
"""

import argparse
import gzip
import hashlib
import os
import shutil
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from installers.bundle import BUDGETS, size_of, system_packages

HERE = Path(__file__).parent
TOP = HERE.parents[1]
ICONS = HERE.parent / "icons"
_ICON_SIZES = (16, 32, 48, 128, 256)
_RECOMMENDS = "fonts-noto-cjk | fonts-wqy-microhei, cups-client"
_FILE, _PROGRAM = 0o644, 0o755
_MAINTAINER = "Gongji <gongji@localhost>"
_PROGRAMS = ("gongji", "gongji-program", "_internal/resources/launcher/gongji")
"""What begins, what it becomes, and the script laid beside the versions of a folder that updates itself."""


def control(version: str, installed_bytes: int, needs: Sequence[str]) -> str:
    """Return the package's control file."""
    return f"""Package: gongji
Version: {version}
Architecture: amd64
Maintainer: {_MAINTAINER}
Installed-Size: {-(-installed_bytes // 1024)}
Depends: {", ".join(needs)}
Recommends: {_RECOMMENDS}
Section: misc
Priority: optional
Description: settles outpatient visits under medical insurance, offline
 Gongji (共济结算台) settles outpatient visits under employees' medical
 insurance in China at the counter, without a network, to the fen. Every
 amount is explained by the article it comes from. What is settled is kept
 in an encrypted book of the user's and outlives this package.
"""


def changelog(version: str, at: int) -> str:
    """Return the package's changelog as Debian's tools read it; what changed stands in CHANGES.md, in our own words."""
    day = format_datetime(datetime.fromtimestamp(at, UTC))
    return f"gongji ({version}) unstable; urgency=medium\n\n  * See CHANGES.md.gz.\n\n -- {_MAINTAINER}  {day}\n"


def lay_out(frozen: Path, stage: Path, version: str) -> None:
    """Make the package's tree."""
    shutil.rmtree(stage, ignore_errors=True)
    program = stage / "opt" / "gongji"
    shutil.copytree(frozen, program, symlinks=True)
    share = stage / "usr" / "share"
    for size in _ICON_SIZES:
        _put(share / f"icons/hicolor/{size}x{size}/apps/gongji.png", (ICONS / f"gongji-{size}.png").read_bytes())
    _put(share / "icons/hicolor/scalable/apps/gongji.svg", (ICONS / "gongji.svg").read_bytes())
    _put(share / "applications/gongji.desktop", (HERE / "gongji.desktop").read_bytes())
    _put(share / "man/man1/gongji.1.gz", _packed((HERE / "gongji.1").read_bytes()))
    _put(share / "doc/gongji/changelog.gz", _packed(changelog(version, int(os.environ["SOURCE_DATE_EPOCH"])).encode()))
    _put(share / "doc/gongji/CHANGES.md.gz", _packed((TOP / "CHANGELOG.md").read_bytes()))
    _put(share / "doc/gongji/copyright", _copyright())
    _put(share / "lintian/overrides/gongji", (HERE / "lintian-overrides").read_bytes())
    command = stage / "usr" / "bin" / "gongji"
    command.parent.mkdir(parents=True)
    command.symlink_to("/opt/gongji/gongji")
    run = {program / one for one in _PROGRAMS}
    for one in stage.rglob("*"):
        if not one.is_symlink():
            one.chmod(_PROGRAM if one.is_dir() or one in run else _FILE)
    floor = tomllib.loads(BUDGETS.read_text("utf-8"))["glibc"]
    needs = system_packages(program, floor)
    _put(stage / "DEBIAN" / "control", control(version, size_of(stage), needs).encode())
    _put(stage / "DEBIAN" / "md5sums", _sums(stage).encode())


def _put(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    file.chmod(_FILE)


def _packed(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)


def _copyright() -> bytes:
    told = (TOP / "NOTICE").read_text("utf-8")
    where = "The licence of each part in full: /opt/gongji/_internal/licences"
    common = (
        "The LGPL and the GPL in their third versions stand in /usr/share/common-licenses/LGPL-3 and GPL-3 as well."
    )
    return f"{told}\n{where}\n{common}\n".encode()


def _sums(stage: Path) -> str:
    """Return the md5sums file, which dpkg --verify reads; it protects against accidents only."""
    files = sorted(
        one for one in stage.rglob("*") if one.is_file() and not one.is_symlink() and "DEBIAN" not in one.parts
    )
    return "".join(f"{hashlib.md5(one.read_bytes()).hexdigest()}  {one.relative_to(stage)}\n" for one in files)  # noqa: S324


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("frozen", type=Path)
    parser.add_argument("stage", type=Path)
    parser.add_argument("version")
    asked = parser.parse_args()
    os.umask(0o022)
    lay_out(asked.frozen, asked.stage, asked.version)
