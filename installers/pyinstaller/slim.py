"""What of a freeze the program needs: its own libraries and those they link to, and nothing that came along."""

import re
import subprocess
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path, PurePosixPath

Entry = tuple[str, str, str]
"""A line of PyInstaller's table of contents: the place in the bundle, the file it comes from, its kind."""

_KEPT_TRANSLATIONS = re.compile(r"translations/(qt|qtbase)_(zh_CN|en)\.qm$")
_KEPT_PLUGINS = re.compile(
    r"plugins/(platforms/(lib)?q(xcb|offscreen|windows)|platforminputcontexts/|printsupport/|iconengines/|styles/"
    r"|imageformats/(lib)?q(svg|ico|jpeg))"
)
_NEVER_LOADED = re.compile(
    r"(^|/)(Qt(Network|OpenGL|Qml|Quick)\.(abi3\.so|pyd)|opengl32sw\.dll|_(avif|webp|imagingtk)\.[^/]*(so|pyd))$"
    r"|/numpy/(f2py|testing|distutils)/|(^|/)(pip|setuptools|wheel)[^/]*/"
    r"|\.dist-info/(RECORD|INSTALLER|REQUESTED)$",  # what pip notes of where it was run
    re.IGNORECASE,
)
_SHARED = re.compile(r"^(PySide6/(Qt/lib/)?|[^/]+\.libs/)?[^/]+(\.so(\.[0-9.]+)?|\.dll)$", re.IGNORECASE)
"""Where libraries lie that are there only because another links to them."""
_LOADED_BY_NAME = re.compile(
    r"(^|/)(libpython3[^/]*|python3[0-9]*\.dll|[^/]*\.(abi3|cpython-[^/]*)\.so)$", re.IGNORECASE
)


class MissingLibraryError(SystemExit):
    """A library that the bundle links to is neither in it nor among those every supported system has."""


def wanted(place: str) -> bool:
    """Tell whether the program may load a file: Qt brings plugins and words for what this program is not."""
    name = place.replace("\\", "/")
    if "/translations/" in name:
        return bool(_KEPT_TRANSLATIONS.search(name))
    if "/plugins/" in name:
        return bool(_KEPT_PLUGINS.search(name))
    return not _NEVER_LOADED.search(name)


def linked(
    binaries: Iterable[Entry], of_system: Callable[[str], bool], links: Callable[[str], list[str]]
) -> list[Entry]:
    """Return the binaries that are loaded by name, and what those link to, over and over; the rest came along.

    `of_system` tells of a library's name whether every supported system has it (it is then left out of the bundle),
    `links` returns the names a file links to. Raises `MissingLibraryError` with every name found nowhere.
    """
    own = [one for one in binaries if wanted(one[0]) and not of_system(_name(one[0]))]
    files = [one for one in own if one[2] != "SYMLINK"]
    named: dict[str, list[Entry]] = {}
    for one in files:
        named.setdefault(_name(one[0]), []).append(one)
    waiting = [one for one in files if not _SHARED.search(_posix(one[0])) or _LOADED_BY_NAME.search(_posix(one[0]))]
    kept = {one[0]: one for one in waiting}
    missing: dict[str, str] = {}
    while waiting:
        place, source, _ = waiting.pop()
        for library in links(source):
            found = named.get(library.lower(), [])
            if not found and not of_system(library.lower()):
                missing[library] = place
            fresh = [one for one in found if one[0] not in kept]
            kept |= {one[0]: one for one in fresh}
            waiting += fresh
    if missing:
        raise MissingLibraryError("\n".join(f"missing: {one}, needed by {place}" for one, place in missing.items()))
    names = {_posix(place) for place in kept}
    return [one for one in own if one[0] in kept or (one[2] == "SYMLINK" and target(one) in names)]


def _posix(place: str) -> str:
    return place.replace("\\", "/")


def _name(place: str) -> str:
    return PurePosixPath(_posix(place)).name.lower()


def target(link: Entry) -> str:
    """Return the place in the bundle that a link of it leads to."""
    parts: list[str] = []
    for part in (PurePosixPath(_posix(link[0])).parent / _posix(link[1])).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def stripped(binaries: Iterable[Entry], folder: Path) -> list[Entry]:
    """Return the binaries without their tables of names for debugging, as copies in a folder.

    What auditwheel has put into a wheel's own folder of libraries stays as it is: it moved parts of these files, and
    strip would leave them unloadable.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for number, (place, source, kind) in enumerate(binaries):
        if kind == "SYMLINK" or re.search(r"\.libs/", _posix(source)):
            made.append((place, source, kind))
            continue
        copy = folder / f"{number}-{Path(source).name}"
        subprocess.run(["strip", "--strip-unneeded", "-o", str(copy), source], check=True)  # noqa: S607
        made.append((place, str(copy), kind))
    return made


def elf_links(file: str) -> list[str]:
    """Return the names of the libraries that a Linux library or program asks for."""
    told = subprocess.run(["objdump", "-p", file], capture_output=True, text=True, check=True).stdout  # noqa: S607
    return re.findall(r"^\s+NEEDED\s+(\S+)$", told, re.MULTILINE)


def pe_links(file: str) -> list[str]:
    """Return the names of the libraries that a Windows library or program asks for."""
    import pefile  # noqa: PLC0415  # there only where Windows programs are frozen

    with pefile.PE(file, fast_load=True) as read:
        read.parse_data_directories([pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_IMPORT"]])
        return [one.dll.decode() for one in getattr(read, "DIRECTORY_ENTRY_IMPORT", ())]


def on_linux(packages: Mapping[str, Iterable[str]]) -> Callable[[str], bool]:
    """Return what tells of a soname whether a package of every supported system has it (`system_libraries.toml`)."""
    names = frozenset(one.lower() for names in packages.values() for one in names)
    return lambda name: name.lower() in names


def on_windows(system: Path | None = None) -> Callable[[str], bool]:
    """Return what tells of a name whether Windows 10 has it: listed by name, for this machine need not be Windows."""
    names = frozenset((system or Path(__file__).with_name("windows_libraries.txt")).read_text("ascii").split())
    return lambda name: name.lower() in names or name.lower().startswith(("api-ms-win-", "ext-ms-"))
