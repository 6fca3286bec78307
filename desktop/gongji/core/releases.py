"""A release as the list on a stick describes it: its version, for which systems, every file's size and SHA-256."""

import re
from typing import Annotated, Literal

from msgspec import Meta, Struct

from gongji.core.problems import Problem, invalid, join
from gongji.core.strict_json import decode
from gongji.core.strict_records import prepare, read

FORMAT = 1
_VERSION = r"^(0|[1-9]\d{0,3})\.(0|[1-9]\d{0,3})\.(0|[1-9]\d{0,3})\Z"
_PLAIN = re.compile(_VERSION, re.ASCII)
VersionText = Annotated[str, Meta(pattern=_VERSION)]
FileName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
Bytes = Annotated[int, Meta(ge=1, le=1 << 44)]


class ReleaseFile(Struct, frozen=True, kw_only=True):
    """A file on the stick, for a system; `size` is in bytes."""

    system: str
    file: FileName
    size: Bytes
    sha256: Sha256


class ReleaseProgram(ReleaseFile, frozen=True, kw_only=True):
    """The program's folder, as a zip; `unpacked` is in bytes."""

    unpacked: Bytes


class ReleaseInstaller(ReleaseFile, frozen=True, kw_only=True):
    """An installer."""

    kind: Literal["deb", "setup"]


class Release(Struct, frozen=True, kw_only=True):
    """What a stick carries. Unknown fields of a later program are ignored; an unknown `format` is refused."""

    format: int
    version: VersionText
    oldest: VersionText = "0.0.0"
    notes: tuple[str, ...] = ()
    programs: tuple[ReleaseProgram, ...] = ()
    installers: tuple[ReleaseInstaller, ...] = ()

    def program_for(self, system: str) -> ReleaseProgram | None:
        """Return the program's folder for a system; None where there is none."""
        return next((one for one in self.programs if one.system == system), None)

    def installer_for(self, system: str, kind: str) -> ReleaseInstaller | None:
        """Return the installer of a kind for a system; None where there is none."""
        return next((one for one in self.installers if (one.system, one.kind) == (system, kind)), None)


def parts_of(version: str) -> tuple[int, ...]:
    """Return a version's three numbers, for comparing. Raises ValueError for any other text."""
    if _PLAIN.match(version) is None:
        raise ValueError(version)
    return tuple(int(part) for part in version.split("."))


def read_release(text: bytes) -> Release | list[Problem]:
    """Return the release list on a stick, or everything that is wrong with it."""
    value, problems = decode(text)
    if problems:
        return problems
    if isinstance(value, dict) and isinstance(value.get("format"), int) and value["format"] > FORMAT:
        return [invalid("format", "这个更新盘要更新版本的程序才看得懂；请先用中间的版本更新一次")]
    found = read(value, Release)
    return found if isinstance(found, list) else (list(_contradictions(found)) or found)


def _contradictions(one: Release) -> list[Problem]:
    found = []
    if parts_of(one.oldest) > parts_of(one.version):
        found.append(invalid("oldest", f"比 version（{one.version}）还新"))
    programs = [("programs", place, "program", each) for place, each in enumerate(one.programs)]
    installers = [("installers", place, each.kind, each) for place, each in enumerate(one.installers)]
    files: list[tuple[str, int, str, ReleaseFile]] = [*programs, *installers]
    seen: set[tuple[str, str]] = set()
    for of, place, kind, each in files:
        path = join(of, place)
        for name, value in (("system", f"{kind} {each.system}"), ("file", each.file)):
            if (name, value) in seen:
                found.append(invalid(join(path, name), f"{value} 列了两次"))
            seen.add((name, value))
    return found


prepare(Release)
