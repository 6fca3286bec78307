"""A clean place: a root folder of Debian with a layer over it that takes every change and is then thrown away."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from installers.wheels import wanted
from PIL import ImageGrab

from tests.hands.display import Display
from tests.hands.xtest import Hands

ROOT = Path(__file__).parents[3]
BUILD = ROOT / "build"
OLD_COMMIT = "d1834ff"
"""The version whose books every later one must open."""
_PATIENCE_SECONDS = 300.0
_LOOK_EVERY_SECONDS = 0.2
_TITLE = "共济结算台"
_NO_NETWORK: tuple[str, ...] = ("--net",)
_DONE = (0, 2)
"""Some of the sample visits are refused on purpose; the others are settled."""
_AS_OFTEN, _WITH_AND_WITHOUT_CARET = 10, 2
_LAY = """
set -e
mount -t overlay overlay -o lowerdir="$1",upperdir="$2/upper",workdir="$2/work" "$2/root"
mount -t devpts devpts "$2/root/dev/pts"
mkdir -p "$2/root/tmp/.X11-unix" "$2/root/shared"
mount --bind /tmp/.X11-unix "$2/root/tmp/.X11-unix"
mount --bind "$2/shared" "$2/root/shared"
cp /etc/resolv.conf "$2/root/etc/resolv.conf"
echo laid
exec cat
"""
_ENTER = """
set -e
mount -t proc proc "$1/proc"
root=$1
shift
exec chroot "$root" "$@"
"""


class PackageError(AssertionError):
    """A package did not do what it is for."""


def say(sentence: str) -> None:
    """Tell what was found."""
    print(f"package-check: {sentence}", flush=True)


def expect(*, that: bool, sentence: str) -> None:
    """Go on where something is so, and say it. Raises `PackageError`."""
    if not that:
        raise PackageError(f"not so: {sentence}")
    say(sentence)


def until(look: Callable[[], object], sentence: str) -> None:
    """Look until something is so. Raises `PackageError` where it never is."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not look():
        if time.monotonic() > deadline:
            raise PackageError(f"waited in vain: {sentence}")
        time.sleep(_LOOK_EVERY_SECONDS)


class Place:
    """Where a package is installed: nothing of the checkout is there, and nothing of it stays."""

    def __init__(self, below: Path, scratch: Path, environment: Mapping[str, str]) -> None:
        """Lay a fresh layer over a root folder; `shared` is what both sides see."""
        if os.geteuid() != 0:
            raise PackageError("only root may make a clean place: run it as root")
        shutil.rmtree(scratch, ignore_errors=True)
        for name in ("upper", "work", "root", "shared"):
            (scratch / name).mkdir(parents=True)
        self._below = below
        self._scratch = scratch
        self._environment = dict(environment)
        self._network = _NO_NETWORK
        self.shared = scratch / "shared"
        self.shared.chmod(0o777)
        self._layer = self._lay()
        self.display = Display(scratch)
        self.hands = Hands(self.display.name)

    def _lay(self) -> subprocess.Popen[str]:
        """Mount the layer once, for as long as the place is used: two mounts of one layer would not see each other."""
        lay = ["unshare", "--mount", "sh", "-c", _LAY, "sh", str(self._below), str(self._scratch)]
        # It ends when its input does, which is when this program ends, however that may be.
        layer = subprocess.Popen(lay, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert layer.stdout is not None
        if layer.stdout.readline().strip() != "laid":
            layer.wait()
            raise PackageError("the layer could not be mounted")
        return layer

    @contextmanager
    def online(self) -> Iterator[None]:
        """Let what is started meanwhile have the network: Debian's own programs, never ours."""
        self._network = ()
        try:
            yield
        finally:
            self._network = _NO_NETWORK

    def start(self, *command: str, **more: str) -> subprocess.Popen[str]:
        """Start a program there, without a network; its output is for who started it."""
        environment = {**self._environment, "DISPLAY": self.display.name, **more}
        words = [f"{name}={value}" for name, value in environment.items()]
        entry = ["nsenter", f"--mount=/proc/{self._layer.pid}/ns/mnt", "unshare", "--mount", "--pid", "--fork"]
        inside = [
            *self._network,
            "--kill-child",
            "sh",
            "-c",
            _ENTER,
            "sh",
            str(self._scratch / "root"),
            "env",
            "-i",
            *words,
        ]
        return subprocess.Popen(
            [*entry, *inside, *command],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
        )  # fmt: skip

    def run(self, *command: str, status: int | None = 0, **more: str) -> str:
        """Run a program there and return what it said. Raises `PackageError` where it ends otherwise than expected."""
        running = self.start(*command, **more)
        said, _ = running.communicate(timeout=_PATIENCE_SECONDS * 4)
        if status is not None and running.returncode != status:
            raise PackageError(f"{' '.join(command)} ended with {running.returncode}:\n{said}")
        return said

    def kill(self, running: subprocess.Popen[str]) -> None:
        """Let the power fail for a program: it and everything it has started are gone when this returns."""
        if running.poll() is None:
            for first in Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text("ascii").split():
                os.kill(int(first), signal.SIGKILL)  # the first of its process namespace: the rest ends with it
            running.kill()
        if running.stdout is not None and not running.stdout.closed:
            running.communicate()  # whatever it has started holds its output open until it is gone

    def seen(self, inside: str) -> Path:
        """Return where a path of the layer lies outside: what was written there since it was laid."""
        return self._scratch / "upper" / inside.lstrip("/")

    def picture(self, name: str) -> Path:
        """Keep what the screen shows below dist/check, to be looked at."""
        file = ROOT / "dist" / "check" / f"{name}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        ImageGrab.grab(xdisplay=self.display.name).save(file)
        say(f"look at {file.relative_to(ROOT)}")
        return file

    def still(self) -> None:
        """Wait until the picture no longer changes."""
        pictures: list[bytes] = []

        def look() -> bool:
            pictures.append(ImageGrab.grab(xdisplay=self.display.name).tobytes())
            return len(pictures) > _AS_OFTEN and len(set(pictures[-_AS_OFTEN:])) <= _WITH_AND_WITHOUT_CARET

        until(look, "a picture that no longer changes")

    def ready(self, window: subprocess.Popen[str]) -> None:
        """Wait until the program's window has the keyboard and its picture no longer changes."""

        def look() -> bool:
            if window.poll() is not None:
                raise PackageError(f"the window did not open: {window.communicate()[0]}")
            return _TITLE in self.title()

        until(look, "the window")
        self.still()

    def title(self) -> str:
        """Return the title of the window that has the keyboard."""
        ask = ["xdotool", "getactivewindow", "getwindowname"]
        environment = {**os.environ, "DISPLAY": self.display.name}
        return subprocess.run(ask, env=environment, capture_output=True, text=True, check=False).stdout.strip()

    def close(self) -> None:
        """Throw the layer away."""
        self.hands.close()
        self.display.close()
        self._layer.kill()
        self._layer.communicate()
        shutil.rmtree(self._scratch, ignore_errors=True)


def old_clinic(folder: Path) -> None:
    """Make a practice clinic with settled visits by the program as it was at `OLD_COMMIT`."""
    checkout = folder.with_name("old-program")
    checkout.mkdir()
    packed = subprocess.run(["git", "archive", OLD_COMMIT], cwd=ROOT, stdout=subprocess.PIPE, check=True)  # noqa: S607
    subprocess.run(["tar", "-x", "-C", str(checkout)], input=packed.stdout, check=True)  # noqa: S607
    libraries, asked = checkout / "libraries", checkout / "libraries.txt"
    lock = "requirements.lock"
    asked.write_text(dropped((checkout / lock).read_text("utf-8"), (ROOT / lock).read_text("utf-8")), "utf-8")
    python = str(ROOT / ".venv" / "bin" / "python")
    pip = [python, "-m", "pip", "-qq", "--disable-pip-version-check", "install", "--no-deps", "--require-hashes"]
    subprocess.run([*pip, "--target", str(libraries), "--requirement", str(asked)], check=True)
    visits = checkout / "resources" / "training" / "530300" / "visits.jsonl"
    old: Sequence[Sequence[str]] = (("init", "--training", "--area", "530300"), ("settle", str(visits)))
    for words in old:
        first, *rest = words
        done = subprocess.run(
            [python, "-m", "gongji", first, "--data", str(folder), *rest],
            env={**os.environ, "PYTHONPATH": f"{checkout / 'desktop'}:{libraries}"}, check=False,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        if done.returncode not in _DONE:
            raise PackageError(f"the program of {OLD_COMMIT} could not {first}")
    shutil.rmtree(checkout)


def dropped(old: str, new: str) -> str:
    """Return what of an old lock, for Linux, a newer one has no more, with its hashes: an old program asks for it."""
    there = set(re.findall(r"^([^\s=]+)==", new, re.MULTILINE))
    entries = re.split(r"^(?=\S)", wanted(old, "linux"), flags=re.MULTILINE)
    return "".join(one for one in entries if one and one.partition("==")[0] not in there)


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder and its bytes."""
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def settle_by_key(place: Place, papers: Callable[[], list[Path]]) -> None:
    """Settle the visit of README.md at the window that is open, and see its paper in a file."""
    before = len(papers())
    for keys in (("F2", *"ltj"), ("Enter",), ("F3", *"amxl"), ("Enter",), ("2", "Enter"), ("F9",)):
        place.hands.press(*keys, pause_ms=120)
        place.still()
    until(lambda: len(papers()) > before, "the visit's paper in a file")
    say(f"a visit settled by key, its paper in {papers()[-1].name}")
