"""Whose works are in a bundle, in which version and under which licence: read from the files that are in it."""

import json
import re
import subprocess
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any

_A_LICENCE = re.compile(r"(^|/)(licen[cs]e|copying|notice|authors)[^/]*(/|$)", re.IGNORECASE)
_ITS_OWN_BILL = re.compile(r"\.dist-info/sboms/[^/]+\.json$")
_OF_RUST = "pkg:cargo/"
_SPDX = re.compile(r"[A-Za-z0-9.+-]+( (AND|OR|WITH) [A-Za-z0-9.+-]+)*")


class UnknownPartError(SystemExit):
    """Something in the bundle has no known licence, or what is inside it was looked at in another version only."""


@dataclass(frozen=True)
class Part:
    """A work in the bundle: what it is, its licence as an SPDX expression, and the files with the licence's text.

    `crates` are the works in Rust that its own bill of materials names, as CycloneDX components: they are compiled into
    one library, so that none of them can be left out of the bundle.
    """

    name: str
    version: str
    licence: str
    purl: str
    texts: tuple[Path, ...]
    crates: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Known:
    """What was found out by hand: `inside.toml`, and the folder of licence texts beside it."""

    told: Mapping[str, Any]
    folder: Path
    system: str

    @classmethod
    def read(cls, file: Path, folder: Path, system: str) -> "Known":
        """Read it for a system, `linux` or `windows`."""
        return cls(tomllib.loads(file.read_text("utf-8")), folder, system)

    def texts(self, names: Iterable[str]) -> tuple[Path, ...]:
        """Return the files of these names."""
        return tuple(self.folder / one for one in names)

    def within(self, part: Part) -> list[Part]:
        """Return what is inside a wheel. Raises `UnknownPartError` where that was looked at in another version."""
        found = []
        for one in self.told["within"]:
            name, version = one["of"].split(" ")
            if name != part.name or one.get("system", self.system) != self.system:
                continue
            if version != part.version:
                raise UnknownPartError(f"inside.toml tells of {one['of']}; look at what is inside {part.version}")
            texts = self.texts(one.get("texts", ())) or part.texts
            found.append(Part(one["name"], one["version"], one["licence"], "", texts))
        return found


def of_distribution(one: Distribution, known: Known) -> Part:
    """Return an installed wheel as a part. Raises `UnknownPartError` where nobody knows its licence."""
    name, version = one.metadata["Name"], one.version
    said = known.told["licences"].get(name) or _said(one)
    own = known.told["own_texts"].get(name, ())
    texts = [
        Path(str(one.locate_file(file)))
        for file in one.files or ()
        if ".dist-info/" in file.as_posix() and _A_LICENCE.search(file.as_posix().partition(".dist-info/")[2])
    ]
    if not _SPDX.fullmatch(said) or not (texts or own):
        raise UnknownPartError(f"inside.toml must say the licence of {name} {version}: its own record says {said!r}")
    bills = [Path(str(one.locate_file(file))) for file in one.files or () if _ITS_OWN_BILL.search(file.as_posix())]
    return Part(
        name,
        version,
        said,
        f"pkg:pypi/{name.lower().replace('_', '-')}@{version}",
        (*texts, *known.texts(own), *(bill for bill in bills if crates_of(bill))),
        tuple(crate for bill in bills for crate in crates_of(bill)),
    )


def crates_of(bill: Path) -> list[Mapping[str, Any]]:
    """Return what of Rust a wheel's own bill of materials says is in it; what only its making needed is left out."""
    told = json.loads(bill.read_text("utf-8")).get("components", [])
    return [one for one in told if one.get("purl", "").startswith(_OF_RUST) and one.get("scope") != "excluded"]


def _said(one: Distribution) -> str:
    told = one.metadata
    return next((str(told[key]) for key in ("License-Expression", "License") if key in told), "")


def owners(distributions: Iterable[Distribution]) -> dict[str, Distribution]:
    """Return which installed wheel each file belongs to, by its path."""
    return {str(Path(str(one.locate_file(file)))): one for one in distributions for file in one.files or ()}


def of_debian(files: Iterable[str], run: Callable[..., Any] = subprocess.run) -> list[Part]:
    """Return the Debian packages that files of the system come from, with their copyright files."""
    names = set()
    for file in {Path(one).resolve() for one in files}:
        for path in (file, Path("/", *file.parts[2:])):  # where /lib is a link to /usr/lib, dpkg may know it by either
            told = run(["dpkg", "-S", str(path)], capture_output=True, text=True, check=False)
            if told.returncode == 0:
                names.add(told.stdout.split(":")[0])
                break
        else:
            raise UnknownPartError(f"no package has {file}")
    parts = []
    for name in sorted(names):
        told = run(["dpkg-query", "-W", "-f", "${Version}", name], capture_output=True, text=True, check=True)
        text = Path("/usr/share/doc", name, "copyright")
        purl = f"pkg:deb/debian/{name}@{told.stdout}"
        parts.append(Part(name, told.stdout, f"LicenseRef-Debian-{name}", purl, (text,)))
    return parts


def in_bundle(sources: Iterable[str], distributions: Iterable[Distribution], known: Known) -> list[Part]:
    """Return the wheels that files come from and what is inside those, by name. Files of no wheel are passed over."""
    owner = owners(distributions)
    found = {one.metadata["Name"]: one for source in sources if (one := owner.get(source)) is not None}
    wheels = [of_distribution(found[name], known) for name in sorted(found, key=str.lower)]
    return [part for wheel in wheels for part in (wheel, *known.within(wheel))]


def label(part: Part) -> str:
    """Return the folder in which a part's licence texts lie."""
    return re.sub(r"[^A-Za-z0-9.+-]+", "-", f"{part.name}-{part.version}"[:60]).strip("-")


def places(part: Part) -> list[tuple[str, Path]]:
    """Return the licence texts of a part, each with the name it gets; two of the same name are told apart by number."""
    taken: dict[str, Path] = {}
    for text in part.texts:
        name, again = text.name, 2
        while name in taken:
            name, again = f"{again}-{text.name}", again + 1
        taken[name] = text
    return list(taken.items())


def as_json(parts: Iterable[Part]) -> str:
    """Return what 关于 shows of each part: its name, version and licence, and the folder of the licence's texts."""
    shown = [{"name": one.name, "version": one.version, "licence": one.licence, "folder": label(one)} for one in parts]
    return json.dumps(shown, ensure_ascii=False, indent=1) + "\n"
