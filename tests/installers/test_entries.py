"""What a desktop shows of the program: its entry in the menu, its icons, its version in Windows's own window."""

import configparser
import shutil
import subprocess
from pathlib import Path

import pytest
from installers.icons.draw import SIZES
from installers.linux.deb import changelog
from installers.pyinstaller.version_resource import numbers
from PIL import Image

HERE = Path(__file__).parents[2] / "installers"
ENTRY = HERE / "linux" / "gongji.desktop"


def entry() -> configparser.SectionProxy:
    read = configparser.ConfigParser(interpolation=None, strict=True)
    read.optionxform = str  # type: ignore[method-assign, assignment]
    read.read_string(ENTRY.read_text("utf-8"))
    assert read.sections() == ["Desktop Entry"]
    return read["Desktop Entry"]


def test_the_entry_opens_the_window_and_speaks_chinese() -> None:
    told = entry()
    assert told["Type"] == "Application"
    assert told["Exec"] == "/opt/gongji/gongji window"
    assert told["Name[zh_CN]"] == "共济结算台"
    assert told["Terminal"] == "false"
    assert told["Categories"].endswith(";")
    assert told["StartupWMClass"] == told["Icon"] == "gongji"


@pytest.mark.skipif(shutil.which("desktop-file-validate") is None, reason="desktop-file-validate is not installed")
def test_the_entry_is_valid() -> None:
    told = subprocess.run(["desktop-file-validate", str(ENTRY)], capture_output=True, text=True, check=False)  # noqa: S607
    assert (told.returncode, told.stdout) == (0, "")


def test_there_is_an_icon_of_every_size() -> None:
    for size in SIZES:
        with Image.open(HERE / "icons" / f"gongji-{size}.png") as picture:
            assert picture.size == (size, size)
    with Image.open(HERE / "icons" / "gongji.ico") as picture:
        assert picture.info["sizes"] == {(size, size) for size in SIZES}


@pytest.mark.parametrize(("version", "four"), [("0.1.0", (0, 1, 0, 0)), ("1.2.3.4", (1, 2, 3, 4))])
def test_windows_compares_four_numbers(version: str, four: tuple[int, ...]) -> None:
    assert numbers(version) == four


@pytest.mark.skipif(shutil.which("dpkg-parsechangelog") is None, reason="dpkg-parsechangelog is not installed")
def test_debian_reads_the_changelog(tmp_path: Path) -> None:
    file = tmp_path / "changelog"
    file.write_text(changelog("1.2.3", 1_764_500_000), "utf-8")
    told = subprocess.run(["dpkg-parsechangelog", "-l", str(file)], capture_output=True, text=True, check=True)  # noqa: S607
    assert told.stderr == ""
    assert "Version: 1.2.3\n" in told.stdout
    assert "Date: Sun, 30 Nov 2025" in told.stdout
