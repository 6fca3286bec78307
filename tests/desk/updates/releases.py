"""Programs of several versions as they would be installed, made of this checkout, and sticks signed by tests' keys.

A program is the source itself with another version number, the packs and training data of one area, and a script that
starts it; a later version has further steps of the book's tables. Everything is started as a process, as a clerk does.
"""

import compileall
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from py_compile import PycInvalidationMode

from msgspec import Struct

from gongji.core.releases import Release
from gongji.desk.updates.make_release import make_key, make_release
from gongji.desk.updates.program_layout import this_system
from gongji.files import resource_folder

SOURCE = Path(__file__).parents[3] / "desktop" / "gongji"
AREA = "530300"
KEPT = ("fonts", "forms", "icons", "launcher", "pinyin", "receipts", "regions", "without_benefit")
DAY = {"GONGJI_PRACTICE_CLOCK": "2026-11-22T10:00:00"}
STEP = """
from types import ModuleType

for _name in ({names}):
    _step = ModuleType(f"gongji.store.migrations.{{_name}}")
    _step.STATEMENTS = ({statements},)
    STEPS = (*STEPS, _step)
    NAMES = (*NAMES, _name)
"""


class Keys(Struct, frozen=True):
    """Two pairs of keys: files with the secret halves, and the public ones."""

    files: tuple[Path, Path]
    public: tuple[str, str]


def make_keys(place: Path) -> Keys:
    files = (place / "now.key", place / "next.key")
    return Keys(files, (make_key(files[0]), make_key(files[1])))


def make_program(place: Path, version: str, keys: Keys, steps: tuple[str, ...] = (), statement: str = "") -> Path:
    """Make a program's folder of a version, with further steps of the tables where it has some."""
    shutil.copytree(SOURCE, place / "desktop" / "gongji", ignore=shutil.ignore_patterns("__pycache__", "proofs"))
    (place / "desktop" / "gongji" / "__init__.py").write_text(
        f'"""A version of tests."""\n\n__version__ = "{version}"\n'
    )
    if steps:
        wanted = statement or '''f"CREATE TABLE of_{_name} (id INTEGER PRIMARY KEY) STRICT"'''
        text = STEP.format(names="".join(f'"{one}", ' for one in steps), statements=wanted)
        with (place / "desktop" / "gongji" / "store" / "migrations" / "__init__.py").open("a") as file:
            file.write(text)
    resources = place / "resources"
    for name in KEPT:
        shutil.copytree(resource_folder() / name, resources / name)
    for name in ("policies", "training"):
        shutil.copytree(resource_folder() / name / AREA, resources / name / AREA)
    shutil.copy(resource_folder() / "training" / "usual.json", resources / "training")
    (resources / "update_keys.toml").write_text(f'current = "{keys.public[0]}"\nnext = "{keys.public[1]}"\n')
    script = place / "gongji"
    script.write_text(
        '#!/bin/sh\nhere=$(dirname "$(readlink -f "$0")")\n'
        f'export PYTHONPATH="$here/desktop" PYTHONDONTWRITEBYTECODE=1\nexec {sys.executable} -m gongji "$@"\n'
    )
    script.chmod(0o755)
    compile_all(place)
    return place


def compile_all(program: Path) -> None:
    """Compile the source once, so that starting it takes no longer than the real one; times are not looked at."""
    mode = PycInvalidationMode.UNCHECKED_HASH
    assert compileall.compile_dir(program / "desktop", quiet=1, force=True, invalidation_mode=mode)


def change(program: Path, file: str, *changes: tuple[str, str]) -> Path:
    """Change the source of a program, as a fault of a release would."""
    path = program / file
    text = path.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    path.write_text(text, encoding="utf-8")
    compile_all(program)
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


class Ran(Struct, frozen=True):
    """What a run of the program left."""

    status: int
    out: str
    err: str

    @property
    def answer(self) -> dict[str, object]:
        found = json.loads(self.out.splitlines()[-1])
        assert isinstance(found, dict)
        return found


def environment(more: Mapping[str, str]) -> dict[str, str]:
    return {**os.environ, **DAY, "QT_QPA_PLATFORM": "offscreen", **more}


def start(top: Path, *arguments: str | Path, **more: str) -> Ran:
    """Start what the launcher starts, and wait for its end."""
    done = subprocess.run(
        [top / "gongji", *arguments], capture_output=True, check=False, env=environment(more), cwd=top.parent
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def start_and_kill(top: Path, *arguments: str | Path, step: str) -> bool:
    """Start the program and kill it once it says that a step begins; tell whether it said it."""
    with subprocess.Popen(
        [top / "gongji", *arguments], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, env=environment({}),
        cwd=top.parent,
    ) as child:  # fmt: skip
        assert child.stderr is not None
        said = False
        for line in child.stderr:
            said = step in line.decode()
            if said:
                child.kill()
                break
    return said


def listed(top: Path, data: Path) -> str:
    """What the program that is started says of every settlement in the book."""
    ran = start(top, "list", "--data", data, "--json")
    assert ran.status == 0, ran.err
    return ran.out
