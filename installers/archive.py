"""A folder as one file, the same bytes for the same contents: sorted, with one owner and one time.

`python -m installers.archive FOLDER FILE.tar.xz|FILE.zip` takes the time from SOURCE_DATE_EPOCH.
"""

import argparse
import datetime
import lzma
import os
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

_PRESET = 6
_FIRST_OF_ZIP = 315_532_800
"""1980-01-01, before which a zip file knows no time."""


def contents(folder: Path) -> Iterator[tuple[str, Path]]:
    """Return everything in a folder in one order, with its name below the folder's own name."""
    for one in sorted(folder.rglob("*"), key=lambda path: path.relative_to(folder).as_posix()):
        yield f"{folder.name}/{one.relative_to(folder).as_posix()}", one


def as_tar(folder: Path, file: Path, epoch: int) -> None:
    """Write a folder as .tar.xz, with its links and with what may be executed."""
    with (
        lzma.open(file, "wb", preset=_PRESET) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for name, path in contents(folder):
            entry = tar.gettarinfo(path, name)
            entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname = epoch, 0, 0, "root", "root"
            entry.mode = 0o755 if path.is_dir() or path.is_symlink() or os.access(path, os.X_OK) else 0o644
            if entry.isreg():
                with path.open("rb") as read:
                    tar.addfile(entry, read)
            else:
                tar.addfile(entry)


def as_zip(folder: Path, file: Path, epoch: int) -> None:
    """Write a folder as .zip, which Windows opens by itself."""
    when = datetime.datetime.fromtimestamp(max(epoch, _FIRST_OF_ZIP), datetime.UTC).timetuple()[:6]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name, path in contents(folder):
            if path.is_file():
                entry = zipfile.ZipInfo(name, when)
                entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
                packed.writestr(entry, path.read_bytes())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("file", type=Path)
    asked = parser.parse_args()
    write = as_zip if asked.file.suffix == ".zip" else as_tar
    write(asked.folder, asked.file, int(os.environ["SOURCE_DATE_EPOCH"]))
