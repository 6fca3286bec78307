"""`python -m tests.installers.packages.linux`: the .deb and the portable folder, in a Debian 11 that has neither.

Installed, tried, worked with by key, upgraded over data of an old version, broken while upgrading, removed.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gongji import __version__
from tests.installers.packages.first_start import PASSWORD, first_start
from tests.installers.packages.place import (
    BUILD,
    ROOT,
    PackageError,
    Place,
    contents,
    expect,
    old_clinic,
    say,
    settle_by_key,
    until,
)
from tests.installers.packages.stick import update_by_stick

HOME = "/home/clerk"
TRAINING = "/opt/gongji/_internal/resources/training/530300"
DATA = f"{HOME}/.local/share/gongji"
PRACTICE = f"{DATA}-training"
DEB = ROOT / "dist" / f"gongji_{__version__}_amd64.deb"
PORTABLE = ROOT / "dist" / f"gongji-{__version__}-linux-x86_64-portable.tar.xz"
OLDER = "0.0.1"
REFUSED = 2
_CLIPBOARD = """
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
app = QGuiApplication([])
QTimer.singleShot(2000, lambda: (print(QGuiApplication.clipboard().text()), app.quit()))
app.exec()
"""
_AS_CLERK = ("setpriv", "--reuid=clerk", "--regid=clerk", "--clear-groups")


@contextmanager
def debian() -> Iterator[Place]:
    """A clean Debian 11 with a clerk in it."""
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": HOME}
    place = Place(BUILD / "roots" / "clean-bullseye", BUILD / "check" / "linux", environment)
    try:
        place.run("useradd", "--create-home", "clerk")
        shutil.copy(DEB, place.shared / "gongji.deb")
        yield place
    finally:
        place.close()


def older(deb: Path) -> None:
    """Make the same package of an older version, to be upgraded."""
    stage = deb.with_name("older")
    subprocess.run(["dpkg-deb", "--raw-extract", str(DEB), str(stage)], check=True)  # noqa: S607
    control = stage / "DEBIAN" / "control"
    control.write_text(control.read_text("utf-8").replace(f"Version: {__version__}", f"Version: {OLDER}"), "utf-8")
    pack = ["dpkg-deb", "--root-owner-group", "-Znone", "--build", str(stage), str(deb)]
    subprocess.run(pack, check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(stage)


def install(place: Place, deb: str, *, status: int | None = 0) -> str:
    """Install a package with what it depends on."""
    apt = ("apt-get", "install", "-y", "-qq", "--no-install-recommends", "--allow-downgrades")
    with place.online():
        return place.run(*apt, deb, status=status, DEBIAN_FRONTEND="noninteractive")


def version(place: Place) -> str:
    """Return what dpkg knows of the package: its state and version."""
    return place.run("dpkg-query", "-W", "-f", "${Status} ${Version}", "gongji", status=None).strip()


def clerk(place: Place, *command: str, status: int | None = 0) -> str:
    """Run the program as the clerk."""
    return place.run(*_AS_CLERK, *command, status=status)


def self_test(place: Place, program: str = "gongji") -> None:
    """Have the program try itself."""
    said = clerk(place, "env", "QT_QPA_PLATFORM=offscreen", program, "--selftest")
    expect(that="窗口：offscreen" in said, sentence=f"{program} --selftest: {said.strip().splitlines()[-1]}")


def work(place: Place, program: str, data: str, name: str) -> None:
    """Open the real window, settle a visit by key, look, close it, and have everything verified."""

    def papers() -> list[Path]:
        return sorted(place.seen(data).rglob("*.pdf"), key=lambda one: one.stat().st_mtime)

    window = place.start(*_AS_CLERK, program, "window", "--practice", "--data", data)
    try:
        place.ready(window)
        settle_by_key(place, papers)
        place.picture(name)
        place.hands.press("Alt+F4")
        until(lambda: window.poll() is not None, "the window closed")
    finally:
        place.kill(window)
    expect(that=window.returncode == 0, sentence="the window closed with status 0")
    clerk(place, program, "verify", "--data", data)
    say("everything in its book verified")


def _desktop() -> dict[str, str]:
    return {"QT_IM_MODULE": "fcitx", "XMODIFIERS": "@im=fcitx", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/shared/bus"}


def chinese(place: Place) -> None:
    """Type 你好 with fcitx5 and pinyin into the installed program, as desktops start both, and copy what came of it."""
    bus = place.shared / "bus"
    place.display.begin_input_method(bus)
    window = place.start("gongji", "window", "--practice", "--data", "/root/chinese", **_desktop())  # the bus is root's
    try:
        place.ready(window)
        for keys in (("F2", *"nihao"), ("Space",), ("Ctrl+a", "Ctrl+c")):
            place.hands.press(*keys, pause_ms=120)
            place.still()
        place.picture("linux-chinese")
        read = subprocess.run(
            [sys.executable, "-c", _CLIPBOARD], capture_output=True, text=True, check=True,
            env={**os.environ, "DISPLAY": place.display.name, "QT_QPA_PLATFORM": "xcb"},
        )  # fmt: skip
        expect(that=read.stdout.strip() == "你好", sentence=f"nihao typed with fcitx5 is {read.stdout.strip()}")
    finally:
        place.kill(window)


def newcomer(place: Place) -> None:
    """Answer the first start of the installed program, with fcitx5 for the names, and have its book verified."""
    data = "/root/first"
    window = place.start("gongji", "window", "--data", data, **_desktop())
    try:
        operator = first_start(place, window, data, TRAINING)
        place.hands.press("Alt+F4")
        until(lambda: window.poll() is not None, "the window closed")
    finally:
        place.kill(window)
    said = place.run("gongji", "verify", "--data", data, "--operator", operator, GONGJI_PASSWORD=PASSWORD)
    say(f"its book, with the password that was typed: {said.strip().splitlines()[-1]}")


def upgrade(place: Place) -> None:
    """An old version with a clinic's data, upgraded; the upgrade broken in the middle; broken packages."""
    old_clinic(place.shared / "clinic")
    place.run("cp", "-r", "/shared/clinic", f"{HOME}/clinic")
    place.run("chown", "-R", "clerk:clerk", f"{HOME}/clinic")
    older(place.shared / "older.deb")
    install(place, "/shared/older.deb")
    expect(that=version(place).endswith(OLDER), sentence=f"an older version is installed: {version(place)}")
    before = contents(place.seen(f"{HOME}/clinic"))

    torn = place.shared / "torn.deb"
    torn.write_bytes(DEB.read_bytes()[: DEB.stat().st_size // 2])
    install(place, "/shared/torn.deb", status=None)
    expect(that=version(place).endswith(OLDER), sentence="half a package is refused, the old version stays")
    self_test(place)

    for moment in (".dpkg-new", "info/gongji.list-new", "tmp.ci"):
        unpacking = place.start("dpkg", "--install", "/shared/gongji.deb")
        kill_when_seen(place, unpacking, moment)
        say(f"killed while unpacking (at {moment}): {version(place)}")
        place.run("dpkg", "--configure", "-a", status=None)  # as apt may ask for: there is nothing to configure
        install(place, "/shared/gongji.deb")
        self_test(place)
        whole = place.run("dpkg", "--verify", "gongji")
        expect(that=not whole, sentence="installing the same file once more puts it right: every file as it was packed")
        if moment != "tmp.ci":
            install(place, "/shared/older.deb")
    expect(that=version(place) == f"install ok installed {__version__}", sentence=version(place))
    expect(that=contents(place.seen(f"{HOME}/clinic")) == before, sentence="no upgrade touched the clinic's data")
    refused = clerk(place, "gongji", "verify", "--data", f"{HOME}/clinic", status=REFUSED)
    say(f"who only looks does not bring the old version's book up to date: {refused.strip()}")
    work(place, "gongji", f"{HOME}/clinic", "linux-upgraded")


def kill_when_seen(place: Place, running: subprocess.Popen[str], moment: str) -> None:
    """Kill dpkg as soon as a file of this name has appeared in the layer, or when it has ended by then."""
    top = [place.seen("/opt/gongji"), place.seen("/var/lib/dpkg")]

    def there() -> bool:
        return any(moment in str(one) for folder in top for one in folder.rglob("*"))

    until(lambda: running.poll() is not None or there(), f"dpkg at {moment}")
    place.kill(running)


def main() -> int:
    """Check both; return 1 with a sentence where one of them is not as it should be."""
    try:
        with debian() as place:
            install(place, "/shared/gongji.deb")
            expect(that=version(place) == f"install ok installed {__version__}", sentence=version(place))
            self_test(place)
            work(place, "gongji", PRACTICE, "linux-deb")
            chinese(place)
            newcomer(place)
            upgrade(place)
            kept = contents(place.seen(HOME))
            place.run("apt-get", "purge", "-y", "-qq", "gongji")
            left = place.run(
                "sh", "-c", "ls -d /opt/gongji /usr/bin/gongji /usr/share/applications/gongji* 2>/dev/null; :"
            )
            expect(that=not left, sentence="removed: no file of the package is left")
            expect(
                that=contents(place.seen(HOME)) == kept, sentence="removed: the clinic's data are byte for byte there"
            )
        with debian() as place:
            portable(place)
    except PackageError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def portable(place: Place) -> None:
    """The folder without a package, as it comes off a stick."""
    needed = subprocess.run(["dpkg-deb", "-f", str(DEB), "Depends"], capture_output=True, text=True, check=True)  # noqa: S607
    first = [one.split("|")[0].split("(")[0].strip() for one in needed.stdout.split(",")]
    apt = ("apt-get", "install", "-y", "-qq", "--no-install-recommends")
    with place.online():
        place.run("apt-get", "update", "-qq")
        place.run(*apt, *first, DEBIAN_FRONTEND="noninteractive")
    subprocess.run(["tar", "-xJf", str(PORTABLE), "-C", str(place.shared)], check=True)  # noqa: S607
    place.run("chown", "-R", "clerk:clerk", "/shared/gongji")
    self_test(place, "/shared/gongji/gongji")
    work(place, "/shared/gongji/gongji", PRACTICE, "linux-portable")
    top = place.shared / "gongji"

    def command(*words: str) -> tuple[str, ...]:
        return (*_AS_CLERK, "/shared/gongji/gongji", *words, "--data", f"{HOME}/stick")

    update_by_stick(
        place,
        top,
        place.seen(f"{HOME}/stick"),
        "linux-x86_64",
        lambda *words, status=0: place.run(*command(*words), status=status),
        lambda *words: place.start(*command(*words)),
    )
    digest = hashlib.sha256(PORTABLE.read_bytes()).hexdigest()
    say(f"{PORTABLE.name} {digest}")


if __name__ == "__main__":
    sys.exit(main())
