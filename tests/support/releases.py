"""Programs of several versions as they would be installed, made from this checkout, and sticks signed by test keys.

A program is the source itself with another version number, the packs and training data of one area, and a script that
starts it; a later version has further steps of the book's tables. Everything is started as a process, as a clerk does.
"""

import compileall
import py_compile
import shutil
import sys
from pathlib import Path
from py_compile import PycInvalidationMode

from msgspec import Struct

from gongji.core.releases import Release
from gongji.desk.publisher_keys import make_key
from gongji.desk.updates.make_release import make_release
from gongji.desk.updates.program_layout import this_system
from gongji.files import resource_folder

SOURCE = Path(__file__).parents[2] / "desktop" / "gongji"
AREA = "530300"
LEFT_OUT = ("policies", "training", "exercises", "samples", "pictures", "update_keys.toml")
STATEMENT = 'f"CREATE TABLE of_{_name} (id INTEGER PRIMARY KEY) STRICT"'
STEP = """
for _name in ({names}):
    STEPS[_name] = ({statement},)
    NAMES = (*NAMES, _name)
"""


class Keys(Struct, frozen=True):
    """Two pairs of keys: files with the secret halves, and the public ones."""

    files: tuple[Path, Path]
    public: tuple[str, str]


def make_keys(place: Path) -> Keys:
    files = (place / "now.key", place / "next.key")
    return Keys(files, (make_key(files[0]), make_key(files[1])))


def make_program(place: Path, version: str, keys: Keys, steps: tuple[str, ...] = ()) -> Path:
    """Make a program's folder of a version, with further migrations if given."""
    shutil.copytree(SOURCE, place / "desktop" / "gongji", ignore=shutil.ignore_patterns("__pycache__", "proofs"))
    (place / "desktop" / "gongji" / "__init__.py").write_text(
        f'"""A version of tests."""\n\n__version__ = "{version}"\n'
    )
    if steps:
        text = STEP.format(names="".join(f'"{one}", ' for one in steps), statement=STATEMENT)
        with (place / "desktop" / "gongji" / "store" / "migrations" / "__init__.py").open("a") as file:
            file.write(text)
    resources = place / "resources"
    shutil.copytree(resource_folder(), resources, ignore=shutil.ignore_patterns(*LEFT_OUT))
    for name in ("policies", "training"):
        shutil.copytree(resource_folder() / name / AREA, resources / name / AREA)
    shutil.copy(resource_folder() / "training" / "usual.json", resources / "training")
    (resources / "update_keys.toml").write_text(f'current = "{keys.public[0]}"\nnext = "{keys.public[1]}"\n')
    script = place / "gongji"
    script.write_text(
        '#!/bin/sh\nhere=$(dirname "$(readlink -f "$0")")\n'
        'export PYTHONPATH="$here/desktop:$PYTHONPATH" PYTHONDONTWRITEBYTECODE=1\n'
        f'exec {sys.executable} -m gongji "$@"\n'
    )
    script.chmod(0o755)
    compile_all(place)
    return place


def compile_all(program: Path) -> None:
    """Compile the source once, so that starting it takes no longer than the real one; times are not looked at."""
    mode = PycInvalidationMode.UNCHECKED_HASH
    assert compileall.compile_dir(program / "desktop", quiet=1, force=True, invalidation_mode=mode)


def change(program: Path, file: str, *changes: tuple[str, str]) -> Path:
    """Change the source of a program, to simulate a faulty release."""
    path = program / file
    text = path.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    path.write_text(text, encoding="utf-8")
    py_compile.compile(str(path), doraise=True, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)
    return program


def make_stick(place: Path, version: str, program: Path, key: Path, oldest: str = "0.0.0") -> Path:
    about = Release(format=1, version=version, oldest=oldest, notes=("平凉 2027 年新政策",))
    make_release(place / "gongji-update", about, {this_system(): program}, [], key)
    return place


def install(top: Path, version: str, program: Path) -> Path:
    """Install a version as docs/updates.md says a versioned folder lies."""
    shutil.copytree(program, top / "versions" / version, symlinks=True)
    shutil.copy(resource_folder() / "launcher" / "gongji", top / "gongji")
    (top / "current").write_text(f"{version}\n")
    return top
