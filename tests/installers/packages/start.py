"""`python -m tests.installers.packages.start`: how soon the frozen window is usable, what a day leaves in memory.

Cold: the program lies on a file system of its own behind a block device that the kernel holds to what a worn spinning
disk gives (bytes and reads a second), mounted anew before each start, so that nothing of it is in memory; once where
the kernel reads on by itself as far as this machine's device says, and once by the 128 KB of most PCs. Warm: frozen and
from source by turns, on this machine's own disk. Usable: the window has had two keys and shows what they bring, and
nothing of the picture changes any more but the caret. Memory: after so many visits settled and printed by key. Nothing
is asserted: it prints what it measured, with the load of the machine beside it. `… start cold`, `warm` or `memory`
measures that alone.
"""

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from PIL import ImageGrab

from tests.hands.display import Display
from tests.hands.xtest import Hands
from tests.installers.packages.place import BUILD, ROOT, PackageError, until

FROZEN = BUILD / "linux" / "dist" / "gongji"
PLACE = BUILD / "check" / "start"
_GROUP = Path("/sys/fs/cgroup/blkio/gongji-slow")
_BYTES_A_SECOND = 40_000_000
_READS_A_SECOND = 120
_IMAGE_MB = 600
_STARTS = 5
_LOOK_AFTER = (0, 30, 80, 150, 400)
"""Visits settled: none, some, a fifth of a long day, and on to its end."""
_OF_MOST_PCS_KB = 128
_PATIENCE_SECONDS = 180.0
_LOOK_EVERY_SECONDS, _STILL_SECONDS = 0.02, 1.5
_WITH_AND_WITHOUT_CARET = 2


def call(*command: str) -> str:
    """Run a program of the system and return what it said."""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@contextmanager
def disk() -> Iterator[tuple[str, Path]]:
    """Lay the frozen folder on a file system of its own; yield its device and where to mount it: it is not, yet."""
    mounted, image = PLACE / "disk", PLACE / "disk.img"
    mounted.mkdir(parents=True)
    with image.open("wb") as empty:
        empty.truncate(_IMAGE_MB * 1_000_000)
    call("mkfs.ext4", "-q", str(image))
    device = call("losetup", "--show", "--find", str(image))
    try:
        call("mount", device, str(mounted))
        shutil.copytree(FROZEN, mounted / "gongji", symlinks=True)
        call("umount", str(mounted))
        yield device, mounted
    finally:
        subprocess.run(["umount", str(mounted)], check=False, stderr=subprocess.DEVNULL)  # noqa: S607
        call("losetup", "--detach", device)


@contextmanager
def slow(device: str) -> Iterator[None]:
    """Hold a device to what a worn spinning disk gives, for every process in the group."""
    _GROUP.mkdir(exist_ok=True)
    number = Path(device).stat().st_rdev
    name = f"{os.major(number)}:{os.minor(number)}"
    (_GROUP / "blkio.throttle.read_bps_device").write_text(f"{name} {_BYTES_A_SECOND}")
    (_GROUP / "blkio.throttle.read_iops_device").write_text(f"{name} {_READS_A_SECOND}")
    try:
        yield
    finally:
        _GROUP.rmdir()


class Seat:
    """A screen, and the window started on it once and again."""

    def __init__(self, data: Path) -> None:
        """Work on a practice clinic."""
        self._data = data
        self.display = Display(PLACE)
        self.hands = Hands(self.display.name)
        self._environment = {**os.environ, **self.display.environment, "QT_QPA_PLATFORM": "xcb"}

    def start(self, *program: str) -> tuple[subprocess.Popen[bytes], float]:
        """Open the window; return it and the seconds until it could be used."""
        begun = time.monotonic()
        window = subprocess.Popen(
            [*program, "window", "--practice", "--data", str(self._data)],
            env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._until(lambda: "共济结算台" in self._active(), window)
        self.hands.press("F2", "l", pause_ms=20)
        return window, self._still_since(window) - begun

    def _still_since(self, window: subprocess.Popen[bytes]) -> float:
        """Wait until the picture stays as it is, with its caret and without; return since when it has been so."""
        seen: list[tuple[float, int]] = []

        def is_still() -> bool:
            seen.append((time.monotonic(), hash(self._picture())))
            last = [one for at, one in seen if at > seen[-1][0] - _STILL_SECONDS]
            return seen[-1][0] - seen[0][0] > _STILL_SECONDS and len(set(last)) <= _WITH_AND_WITHOUT_CARET

        self._until(is_still, window)
        final = {one for at, one in seen if at > seen[-1][0] - _STILL_SECONDS}
        changed = [place for place, (_, one) in enumerate(seen) if one not in final]
        return seen[changed[-1] + 1 if changed else 0][0]

    def end(self, window: subprocess.Popen[bytes]) -> None:
        """Close the window as a window manager does."""
        window.terminate()
        window.wait(timeout=_PATIENCE_SECONDS)

    def _active(self) -> str:
        ask = ["xdotool", "getactivewindow", "getwindowname"]
        return subprocess.run(ask, env=self._environment, capture_output=True, text=True, check=False).stdout

    def _picture(self) -> bytes:
        return ImageGrab.grab(xdisplay=self.display.name).tobytes()

    def _until(self, holds: object, window: subprocess.Popen[bytes]) -> None:
        assert callable(holds)
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not holds():
            if window.poll() is not None or time.monotonic() > deadline:
                raise PackageError("the window did not come")
            time.sleep(_LOOK_EVERY_SECONDS)

    def close(self) -> None:
        """Put the screen away."""
        self.hands.close()
        self.display.close()


def told(name: str, seconds: Sequence[float]) -> None:
    """Print one line of figures."""
    load = os.getloadavg()[0]
    median = statistics.median(seconds)
    print(
        f"{name}: median {median:.2f} s, least {min(seconds):.2f} s, {len(seconds)} starts, load {load:.0f}", flush=True
    )


def cold(seat: Seat) -> None:
    """Start from the slow disk with nothing of it in memory."""
    with disk() as (device, mounted):
        for kilobytes in (int(call("blockdev", "--getra", device)) // 2, _OF_MOST_PCS_KB):
            call("blockdev", "--setra", str(kilobytes * 2), device)  # in sectors
            with slow(device):
                seconds, reads, read = [], [], []
                for _ in range(_STARTS):
                    before = served()
                    call("mount", "-o", "ro", device, str(mounted))
                    enter = ("sh", "-c", f'echo $$ > {_GROUP}/tasks; exec "$@"', "sh")
                    window, took = seat.start(*enter, str(mounted / "gongji" / "gongji"))
                    seconds.append(took)
                    reads.append(served()[0] - before[0])
                    read.append(served()[1] - before[1])
                    seat.end(window)
                    call("umount", str(mounted))
                name = (
                    f"cold, {_BYTES_A_SECOND // 1_000_000} MB, {_READS_A_SECOND} reads a second, {kilobytes} KB ahead"
                )
                told(name, seconds)
                print(f"{name}: {min(reads)} to {max(reads)} reads, {max(read) / 1e6:.0f} MB", flush=True)


def served() -> tuple[int, int]:
    """Return the reads that the group has waited for so far, and their bytes."""
    counts = ((_GROUP / f"blkio.throttle.io_{name}").read_text("ascii") for name in ("serviced", "service_bytes"))
    reads, read = (sum(int(line.split()[2]) for line in one.splitlines() if " Read " in line) for one in counts)
    return reads, read


def warm(seat: Seat) -> None:
    """Start frozen and from source by turns."""
    programs = {"frozen": [str(FROZEN / "gongji")], "source": [str(ROOT / ".venv" / "bin" / "gongji")]}
    seconds: dict[str, list[float]] = {name: [] for name in programs}
    for turn in range(_STARTS + 1):
        for name, program in programs.items():
            window, took = seat.start(*program)
            seat.end(window)
            if turn:  # the first of each warms up
                seconds[name].append(took)
    for name, measured in seconds.items():
        told(f"warm, {name}", measured)
    for name, figure in (("medians", statistics.median), ("least", min)):
        print(f"warm: frozen takes {figure(seconds['frozen']) / figure(seconds['source']):.2f} of source by the {name}")


def memory(seat: Seat, data: Path) -> None:
    """Settle a day's visits by key and print what the window holds after each part of it."""
    window, _ = seat.start(str(FROZEN / "gongji"))

    def resident() -> float:
        status = Path(f"/proc/{window.pid}/status").read_text("ascii")
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def papers() -> int:
        return len(list(data.rglob("*.pdf")))

    seat.hands.press("Esc", pause_ms=100)
    for settled in range(_LOOK_AFTER[-1] + 1):
        if settled in _LOOK_AFTER:
            print(f"memory after {settled} visits: {resident():.0f} MiB", flush=True)
        before = papers()

        def printed(so_far: int = before) -> bool:
            return papers() > so_far

        seat.hands.press("F2", *"ltj", "Enter", "F3", *"amxl", "Enter", "1", "Enter", "F9", pause_ms=40)
        until(printed, "a visit's paper")
    seat.end(window)


def main() -> int:
    """Measure what is named, or all three."""
    asked = sys.argv[1:] or ["cold", "warm", "memory"]
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir(parents=True)
    data = PLACE / "clinic"
    call(str(FROZEN / "gongji"), "init", "--training", "--area", "530300", "--data", str(data))
    seat = Seat(data)
    try:
        for name, measure in (("cold", cold), ("warm", warm)):
            if name in asked:
                measure(seat)
        if "memory" in asked:
            memory(seat, data)
    finally:
        seat.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
