"""Third-party works in the program: names, versions, licences, and the licences' texts.

The installed program has a list that its build made (`installers/pyinstaller/parts.py`);
in a checkout the installed libraries' metadata are read.
"""

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from msgspec import Struct, json

from gongji.files import read_whole

_LIST = "parts.json"
_MAIN = (
    "PySide6-Essentials", "msgspec", "sqlcipher3", "sqlite-utils", "reportlab", "pypdfium2", "pypinyin", "httpx2",
    "cryptography", "platformdirs", "openpyxl", "rich", "numpy",
)  # fmt: skip
"""In a checkout, the libraries that make up most of what is not our own."""
_FONT = "Noto Sans SC"
_A_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")


class Work(Struct, frozen=True):
    """A third-party work: its licence as an SPDX expression, and the folder of the licence's texts in the bundle."""

    name: str
    version: str
    licence: str
    folder: str = ""


def works(folder: Path | None) -> list[Work]:
    """Return the works that the bundle's folder of licences lists, or where there is none, those of the checkout."""
    if folder is not None:
        return json.decode(read_whole(folder / _LIST), type=list[Work])
    found = []
    for name in _MAIN:
        try:
            found.append(_work_of(distribution(name)))
        except PackageNotFoundError:
            continue  # not installed here
    return [*found, Work(_FONT, "", "OFL-1.1")]


def licence_text(folder: Path, work: Work) -> str:
    """Return the texts of a work's licence, one after another. Raises `GongjiError` where one cannot be read."""
    if not _A_NAME.fullmatch(work.folder):
        return ""
    texts = sorted((folder / work.folder).iterdir())
    return "\n\n".join(read_whole(one).decode("utf-8", "replace").strip() for one in texts)


def _work_of(one: Distribution) -> Work:
    metadata = one.metadata
    licence = next((str(metadata[key]) for key in ("License-Expression", "License") if key in metadata), "")
    return Work(metadata["Name"], one.version, licence.partition("\n")[0] or "见该软件自带的许可文件")
