"""An update by stick of a folder that needs no installing: refused, killed, done, and gone back, all of it frozen."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from gongji.core.releases import Release
from gongji.desk.publisher_keys import make_key
from gongji.desk.updates.make_release import make_release
from tests.installers.packages.place import Place, expect, say, until

NEXT = "99.0.0"
"""What the same program calls itself on the stick: the folder's name says which version is started."""
_REFUSED = 2
_TRIAL = "updating-*"
"""The folder beside a book in which a new version is tried on a copy of it."""
Run = Callable[..., str]
Start = Callable[..., subprocess.Popen[str]]


def pinned(program: Path, public: str) -> None:
    """Pin a test's key in a program, as whoever makes releases does before the build."""
    keys = program / "_internal" / "resources" / "update_keys.toml"
    keys.write_text(f'current = "{public}"\nnext = "{public}"\n', "ascii")


def make_stick(place: Place, top: Path, version: str, system: str) -> Path:
    """Make a stick with a newer version for what is installed in `top`, signed by a key pinned in both."""
    key = place.shared / "now.key"
    public = make_key(key)
    program = top / "versions" / version
    pinned(program, public)
    stick = place.shared / "stick"
    about = Release(format=1, version=NEXT, oldest="0.0.0", notes=("收费更快",))
    make_release(stick / "gongji-update", about, {system: program}, [], key)
    return stick


def damaged(stick: Path) -> Path:
    """Return a stick like this one with one bit of the program turned over."""
    other = stick.with_name("damaged")
    shutil.copytree(stick, other)
    (packed,) = other.rglob("*.zip")
    content = bytearray(packed.read_bytes())
    content[len(content) // 2] ^= 1
    packed.write_bytes(content)
    return other


def update_by_stick(place: Place, top: Path, data: Path, system: str, run: Run, start: Start) -> None:
    """Go through it all: `run` runs the version in use and waits, `start` starts it; both know the data folder."""
    version = current(top)
    stick = make_stick(place, top, version, system)
    run("init", "--training", "--area", "530300")
    run("update", "apply", f"/shared/{damaged(stick).name}", status=_REFUSED)
    expect(that=current(top) == version, sentence="a stick with a turned bit is refused, the old version stays")
    versions = top / "versions"
    for step, begun in (
        ("copying from the stick", (versions / f".{NEXT}.zip").exists),
        ("unpacking", (versions / f".{NEXT}" / "_internal").exists),
        ("the new version tries itself", (versions / NEXT).exists),
        ("trying it on a copy of the book", lambda: any(data.glob(_TRIAL))),
    ):
        running = start("update", "apply", f"/shared/{stick.name}")

        def there(begun: Callable[[], bool] = begun, running: subprocess.Popen[str] = running) -> bool:
            return begun() or running.poll() is not None

        until(there, step)
        place.kill(running)
        expect(that=current(top) == version, sentence=f"killed while {step}: the old version stays")
        run("verify")
    killed_at_the_switch(place, top, start("update", "apply", f"/shared/{stick.name}"))
    expect(that=current(top) in {version, NEXT}, sentence=f"killed at the switch: {current(top)} is started")
    run("verify")
    if current(top) == NEXT:
        run("update", "back")
    run("update", "apply", f"/shared/{stick.name}")
    expect(that=current(top) == NEXT, sentence=f"then updated by stick: {version} to {NEXT}")
    run("verify")
    say("the book verifies with the version from the stick")
    run("update", "apply", f"/shared/{stick.name}", status=_REFUSED)
    expect(that=current(top) == NEXT, sentence="the same stick once more is refused: versions only rise")
    run("update", "back")
    expect(that=current(top) == version, sentence="and back again")


def killed_at_the_switch(place: Place, top: Path, running: subprocess.Popen[str]) -> None:
    """Kill it while the new `current` lies beside the old one, or as soon after as this program can."""
    before = (top / "current").stat().st_ino
    while running.poll() is None and not any(top.glob(".current.*")) and (top / "current").stat().st_ino == before:
        pass  # it lies there for a moment only
    place.kill(running)


def current(top: Path) -> str:
    """Return the version that is started."""
    return (top / "current").read_text("ascii").strip()
