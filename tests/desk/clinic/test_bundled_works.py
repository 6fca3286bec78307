"""关于 reads what a build wrote of what is in it; in a checkout the libraries tell of themselves."""

from pathlib import Path

import pytest
from installers.pyinstaller.parts import Part, as_json, label, places

from gongji.desk.clinic.bundled_works import Work, licence_text, works
from gongji.errors import GongjiError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Licences as a build lays them out."""
    text = tmp_path / "LICENSE"
    text.write_text("May you do good and not evil.\n")
    parts = [Part("SQLite", "3.53.4", "blessing", "", (text, text)), Part("Qt", "6.9.3", "LGPL-3.0-only", "", ())]
    kept = tmp_path / "licences"
    for part in parts:
        (kept / label(part)).mkdir(parents=True)
        for name, source in places(part):
            (kept / label(part) / name).write_bytes(source.read_bytes())
    (kept / "parts.json").write_text(as_json(parts), "utf-8")
    return kept


def test_the_installed_program_lists_what_its_build_found(folder: Path) -> None:
    assert works(folder) == [
        Work("SQLite", "3.53.4", "blessing", "SQLite-3.53.4"),
        Work("Qt", "6.9.3", "LGPL-3.0-only", "Qt-6.9.3"),
    ]


def test_every_text_of_a_licence_is_shown(folder: Path) -> None:
    sentence = "May you do good and not evil."
    assert licence_text(folder, works(folder)[0]) == f"{sentence}\n\n{sentence}"


def test_nothing_outside_the_folder_is_read(folder: Path) -> None:
    assert licence_text(folder, Work("x", "1", "MIT", "..")) == ""


def test_a_list_that_is_gone_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(GongjiError, match=r"parts\.json"):
        works(tmp_path)


def test_a_checkout_lists_its_libraries() -> None:
    found = {one.name: one for one in works(None)}
    assert found["PySide6_Essentials"].licence.startswith("LGPL-3.0-only")
    assert found["Noto Sans SC"].licence == "OFL-1.1"
