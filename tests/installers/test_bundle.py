"""What a build refuses: too large, too new for the systems it is for; and what a package asks of the system."""

import os
import tomllib
from pathlib import Path

import pytest
from installers.archive import as_tar, as_zip
from installers.bundle import BUDGETS, ELSEWHERE, SYSTEM_LIBRARIES, at_most, depends, highest, over_budget, size_of
from installers.linux.deb import control

MEGABYTE = 1_000_000


def test_versions_are_numbers_not_text() -> None:
    assert highest(["GLIBC_2.4", "GLIBC_2.30", "GLIBC_2.2.5", "GLIBCXX_3.4.28", "GLIBC_PRIVATE"], "GLIBC_") == "2.30"
    assert at_most("2.4", "2.31")
    assert at_most("2.31", "2.31")
    assert not at_most("2.32", "2.31")


def test_the_budgets_are_those_agreed() -> None:
    told = tomllib.loads(BUDGETS.read_text("utf-8"))
    assert (told["megabytes"]["setup"], told["megabytes"]["deb"], told["megabytes"]["installed"]) == (45, 60, 220)
    assert told["glibc"] == "2.31"


@pytest.mark.parametrize(("size", "fits"), [(60 * MEGABYTE, True), (60 * MEGABYTE + 1, False)])
def test_one_byte_over_the_budget_is_refused_in_words(size: int, fits: bool) -> None:
    said = over_budget("deb", size, {"deb": 60})
    assert (said == "") is fits
    assert fits or said == "deb: 60.0 MB is over its budget of 60 MB"


def test_the_package_asks_for_what_is_linked_to_and_no_more() -> None:
    packages = tomllib.loads(SYSTEM_LIBRARIES.read_text("utf-8"))["packages"]
    assert depends(["libc.so.6", "libEGL.so.1", "libQt6Core.so.6"], packages, "2.31") == ["libc6 (>= 2.31)", "libegl1"]


def test_the_control_file_has_what_dpkg_needs() -> None:
    lines = control("1.2.3", 2049, ["libc6 (>= 2.31)", "libegl1"]).splitlines()
    fields = dict(line.split(": ", 1) for line in lines if not line.startswith(" "))
    assert fields["Installed-Size"] == "3"
    assert fields["Depends"] == "libc6 (>= 2.31), libegl1"
    assert {"Package", "Version", "Architecture", "Maintainer", "Description"} <= set(fields)


def tree(place: Path, names: list[str], when: int) -> Path:
    folder = place / "gongji"
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
        os.utime(file, (when, when))
    (folder / "gongji").chmod(0o755)
    (folder / "link").symlink_to("sub/b")
    return folder


def test_the_same_folder_is_the_same_bytes(tmp_path: Path) -> None:
    one = tree(tmp_path / "one", ["gongji", "sub/a", "sub/b"], 1_000_000_000)
    other = tree(tmp_path / "other", ["sub/b", "sub/a", "gongji"], 1_600_000_000)
    for write, name in ((as_tar, "x.tar.xz"), (as_zip, "x.zip")):
        write(one, tmp_path / "one" / name, 1_700_000_000)
        write(other, tmp_path / "other" / name, 1_700_000_000)
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()


@pytest.mark.parametrize(
    ("place", "of_system"),
    [
        ("_internal/libgtk-3.so.0", True),
        ("_internal/libfontconfig.so.1", True),
        ("_internal/libstdc++.so.6", True),
        ("_internal/pillow.libs/libfreetype-57f805ba.so.6.20.6", False),
        ("_internal/licences/PDFium/libgcc_and_libstdc++.txt", False),
    ],
)
def test_what_is_the_systems_alone_is_told_by_its_name(place: str, of_system: bool) -> None:
    assert (ELSEWHERE.search(place) is not None) is of_system


def test_size_counts_files_and_links_not_what_links_lead_to(tmp_path: Path) -> None:
    folder = tree(tmp_path, ["gongji", "sub/b"], 1_000_000_000)
    assert size_of(folder) == len("gongji") + len("sub/b") + len("sub/b")
