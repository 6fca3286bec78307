"""Looks at what was built: which glibc it really needs, what it takes from the system, and whether it is small enough.

`python -m installers.bundle folder FOLDER` looks at a frozen folder, `… file FILE` at a package.
"""

import argparse
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from installers.pyinstaller.slim import elf_links

HERE = Path(__file__).parent
BUDGETS = HERE / "budgets.toml"
SYSTEM_LIBRARIES = HERE / "linux" / "system_libraries.toml"
_MEGABYTE = 1_000_000
_BESIDE_THE_PROGRAM = {
    "gongji": ("platforms/libqxcb.so", "platforms/libqoffscreen.so", "platforminputcontexts/libibus", "libcupsprinter"),
    "gongji.exe": ("platforms/qwindows.dll", "platforms/qoffscreen.dll"),
}
"""What Qt loads by name, so that nothing links to it and only a look tells that it is there."""
ELSEWHERE = re.compile(r"(^|/)lib(gtk|gdk|fontconfig|freetype|glib|systemd|dbus|X11|stdc\+\+)(-[0-9.]+)?\.so")
"""What is the system's alone: a bundled one would not know the system's settings, themes or drivers."""


def highest(names: Iterable[str], prefix: str) -> str:
    """Return the highest version among symbol versions such as `GLIBC_2.30`; an empty text where there is none."""
    found = [one.removeprefix(prefix) for one in names if re.fullmatch(re.escape(prefix) + r"[0-9.]+", one)]
    return max(found, key=_numbers, default="")


def at_most(version: str, limit: str) -> bool:
    """Tell whether a version such as 2.30 is at or under a limit such as 2.31."""
    return _numbers(version) <= _numbers(limit)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(one) for one in version.split(".") if one)


def programs(folder: Path) -> Iterator[Path]:
    """Return every Linux program and library in a folder."""
    for one in sorted(folder.rglob("*")):
        if one.is_file() and not one.is_symlink():
            with one.open("rb") as read:
                if read.read(4) == b"\x7fELF":
                    yield one


def symbol_versions(file: Path) -> set[str]:
    """Return the versions of symbols that a program or library asks others for, such as `GLIBC_2.30`."""
    told = subprocess.run(["objdump", "-T", str(file)], capture_output=True, text=True, check=False).stdout  # noqa: S607
    return {one for line in told.splitlines() if "*UND*" in line for one in re.findall(r"\(?([A-Z]+_[0-9.]+)\)?", line)}


def depends(links: Iterable[str], packages: Mapping[str, Iterable[str]], glibc: str) -> list[str]:
    """Return the Debian packages that libraries of the system come from, as `Depends` has them."""
    asked = {one.lower() for one in links}
    return [
        package.format(glibc=glibc) for package, names in packages.items() if asked & {one.lower() for one in names}
    ]


def size_of(folder: Path) -> int:
    """Return the bytes of everything in a folder."""
    return sum(one.lstat().st_size for one in folder.rglob("*") if not one.is_dir())


def over_budget(name: str, size: int, budgets: Mapping[str, int]) -> str:
    """Return what is wrong with a size in bytes: nothing, or a sentence."""
    limit = budgets[name] * _MEGABYTE
    return "" if size <= limit else f"{name}: {size / _MEGABYTE:.1f} MB is over its budget of {budgets[name]} MB"


def wrong_with_folder(folder: Path, budgets: Mapping[str, int], floor: str) -> list[str]:
    """Return everything that is wrong with a frozen folder, printing what it really needs and weighs."""
    program = "gongji.exe" if (folder / "gongji.exe").exists() else "gongji"
    inside = [one.relative_to(folder).as_posix() for one in sorted(folder.rglob("*"))]
    wrong = [f"{one} is not in it" for one in _BESIDE_THE_PROGRAM[program] if not any(one in place for place in inside)]
    wrong += [f"{place} is the system's to bring" for place in inside if ELSEWHERE.search(place)]
    size = size_of(folder)
    wrong += filter(None, [over_budget("installed", size, budgets)])
    print(f"installed: {size / _MEGABYTE:.1f} MB, {len(inside)} files and folders")
    if program == "gongji":
        versions = {one for file in programs(folder) for one in symbol_versions(file)}
        needed = highest(versions, "GLIBC_")
        print(f"needs glibc {needed} and libstdc++ with GLIBCXX {highest(versions, 'GLIBCXX_')}; the floor is {floor}")
        if not at_most(needed, floor):
            wrong.append(f"it needs glibc {needed}: systems with {floor} could not start it")
    return wrong


def system_packages(folder: Path, floor: str) -> list[str]:
    """Return what the package of a frozen folder depends on."""
    packages = tomllib.loads(SYSTEM_LIBRARIES.read_text("utf-8"))["packages"]
    return depends((link for file in programs(folder) for link in elf_links(str(file))), packages, floor)


def main() -> int:
    """Look at one thing; return 1 where something is wrong with it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=("folder", "file"))
    parser.add_argument("path", type=Path)
    asked = parser.parse_args()
    told = tomllib.loads(BUDGETS.read_text("utf-8"))
    if asked.kind == "folder":
        wrong = wrong_with_folder(asked.path, told["megabytes"], told["glibc"])
    else:
        size = asked.path.stat().st_size
        print(f"{asked.path.name}: {size / _MEGABYTE:.1f} MB")
        kind = {".deb": "deb", ".exe": "setup"}.get(asked.path.suffix, "portable")
        wrong = [one for one in [over_budget(kind, size, told["megabytes"])] if one]
    for one in wrong:
        print(one, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
