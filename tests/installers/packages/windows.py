"""`python -m tests.installers.packages.windows`: the Windows installer and the portable folder, under wine.

Installed for one user and for all, tried, worked with by key, upgraded over data of an old version, broken while
upgrading, refused where it would go back, removed. What wine cannot show is in installers/README.md.
"""

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gongji import __version__
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
from tests.installers.packages.stick import current as stick_current
from tests.installers.packages.stick import update_by_stick

PREFIX = "/opt/windows"
LOCAL = f"{PREFIX}/drive_c/users/root/AppData/Local"
ONE_USER = f"{LOCAL}/Programs/Gongji"
ALL_USERS = f"{PREFIX}/drive_c/Program Files/Gongji"
PRACTICE = f"{LOCAL}/gongji-training"
SETUP = ROOT / "dist" / f"gongji-setup-{__version__}.exe"
PORTABLE = ROOT / "dist" / f"gongji-{__version__}-windows-x86_64-portable.zip"
OLDER = "0.0.1"
REFUSED, NOT_MADE = 2, 4
_PASSWORD = "hongmei-2027"  # noqa: S105  # of this check alone
_ANSWERS = """institution = "H53030200001"
name = "甲村卫生室"
type = "village_station"
level = "unrated"
counter = "01"
operator = "李红"
printer = ""
"""
_LOOK_INTO = """
import pefile, sys
read = pefile.PE(sys.argv[1])
told = {name.decode(): value.decode() for part in read.FileInfo[0] if part.Key == b"StringFileInfo"
        for table in part.StringTable for name, value in table.entries.items()}
kinds = {one.id for one in read.DIRECTORY_ENTRY_RESOURCE.entries}
print(told["ProductName"], told["FileVersion"], pefile.RESOURCE_TYPE["RT_GROUP_ICON"] in kinds)
"""
_WINE = ("sh", "-c", 'wine "$@"; status=$?; wineserver --wait; exit $status', "sh")


@contextmanager
def windows() -> Iterator[Place]:
    """A Windows that has never seen the program."""
    environment = {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8", "HOME": "/root",
        "WINEPREFIX": PREFIX, "WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree=;mshtml=",
    }  # fmt: skip
    place = Place(BUILD / "roots" / "trixie", BUILD / "check" / "windows", environment)
    try:
        place.run("sh", "-c", "wineboot --init && wineserver --wait")
        shutil.copy(SETUP, place.shared / "setup.exe")
        older(place)
        yield place
    finally:
        place.close()


def older(place: Place) -> None:
    """Write an installer of an older version with the same program in it."""
    work = place.shared / "work"
    work.mkdir()
    for name in ("gongji.ico", "gongjiw.exe", "gongji.cmd", "installer.nsi"):
        shutil.copy(BUILD / "windows" / name, work / name)
    shutil.copytree(BUILD / "windows" / "dist" / "gongji", work / "gongji")
    told = {
        "VERSION": OLDER, "SIZE": "200000", "STAGE": "/shared/work/gongji", "LAUNCHER": "/shared/work/gongjiw.exe",
        "COMMAND": "/shared/work/gongji.cmd", "ICON": "/shared/work/gongji.ico", "OUT": "/shared/older.exe",
        "UNPACKED": "1",
    }  # fmt: skip
    words = [f"-D{name}={value}" for name, value in told.items()]
    place.run("makensis", "-V2", "-INPUTCHARSET", "UTF8", *words, "/shared/work/installer.nsi")
    shutil.rmtree(work)


def wine(place: Place, *command: str, status: int | None = 0, **more: str) -> str:
    """Run a Windows program and wait for everything it has started."""
    return place.run(*_WINE, *command, status=status, **more)


def current(place: Place, folder: str) -> str:
    """Return the version that is started."""
    file = place.seen(f"{folder}/current")
    return file.read_text("ascii").strip() if file.exists() else ""


def self_test(place: Place, folder: str) -> None:
    """Have the version in use try itself."""
    self_test_at(place, f"{folder}/versions/{current(place, folder)}/gongji.exe")


def self_test_at(place: Place, program: str) -> None:
    """Have a program try itself."""
    said = wine(place, program, "--selftest", QT_QPA_PLATFORM="offscreen")
    expect(that="窗口：offscreen" in said, sentence=f"gongji.exe --selftest: {said.strip().splitlines()[-1]}")


def work(place: Place, folder: str, data: str, name: str) -> None:
    """Open the real window by its launcher, settle a visit by key, look, close it, and have everything verified."""

    def papers() -> list[Path]:
        return sorted(place.seen(data).rglob("*.pdf"), key=lambda one: one.stat().st_mtime)

    window = place.start(*_WINE, f"{folder}/gongjiw.exe", "window", "--practice", "--data", f"Z:{data}")
    try:
        place.ready(window)
        settle_by_key(place, papers)
        place.picture(name)
        place.hands.press("Alt+F4")
        until(lambda: window.poll() is not None, "the window closed")
    finally:
        place.kill(window)
    wine(place, f"{folder}/versions/{current(place, folder)}/gongji.exe", "verify", "--data", f"Z:{data}")
    say("everything in its book verified")


def shown_by_windows(place: Place, folder: str) -> None:
    """Name, version and icon of what a clerk sees in Windows, and where the links to it lie."""
    for file in ("/shared/setup.exe", f"{folder}/gongjiw.exe", f"{folder}/versions/{__version__}/gongji.exe"):
        said = place.run("python3", "-c", _LOOK_INTO, file).split()
        expect(that=said == ["共济结算台", __version__, "True"], sentence=f"{Path(file).name}: {' '.join(said)}")
    links = sorted(one.parent.name for one in place.seen(PREFIX).rglob("共济结算台.lnk"))
    expect(that={"Desktop", "Programs"} == set(links), sentence=f"links to it: {', '.join(links)}")


def left_over(place: Place) -> list[str]:
    """Return what an uninstalled program has left: files, links, its line in Windows's list of programs."""
    inside = place.seen(PREFIX)
    names = [str(one) for one in inside.rglob("*") if "Gongji" in one.parts or one.name == "共济结算台.lnk"]
    registry = "".join((inside / one).read_text("utf-8", "replace") for one in ("user.reg", "system.reg"))
    return names + [line for line in registry.splitlines() if "Uninstall\\\\Gongji" in line]


def refusals(place: Place) -> None:
    """An older Windows, and a disk without room: each refused before anything is there."""
    wine(place, "winecfg", "-v", "win7")
    wine(place, "/shared/setup.exe", "/S", "/CurrentUser", status=REFUSED)
    wine(place, "winecfg", "-v", "win10")
    expect(that=left_over(place) == [], sentence="Windows 7 is refused, and nothing is there")
    small = """
    mkdir /small && mount -t tmpfs -o size=100m none /small && ln -s /small "$WINEPREFIX/dosdevices/e:"
    wine /shared/setup.exe /S /CurrentUser "/D=E:\\Gongji"; status=$?; wineserver --wait; ls /small; exit $status
    """
    said = place.run("sh", "-c", small, status=REFUSED)
    expect(
        that=not said.strip() and left_over(place) == [],
        sentence="a disk without room is refused, and nothing is there",
    )


def in_a_folder(place: Place) -> None:
    """Installed silently into a folder of somebody's choosing, with a space and Chinese in its name, and removed."""
    folder = f"{PREFIX}/drive_c/村卫生室 软件/gongji"
    without_quotes = ("/D=C:\\村卫生室", "软件\\gongji")  # wine would put them about one word with a space in it
    wine(place, "/shared/setup.exe", "/S", "/CurrentUser", *without_quotes)
    expect(that=current(place, folder) == __version__, sentence="installed into the folder of /D=")
    expect(that=current(place, ONE_USER) == "", sentence="and nowhere else")
    self_test(place, folder)
    wine(place, f"{folder}/uninstall.exe", "/S", "/CurrentUser")
    expect(that=left_over(place) == [] and not place.seen(folder).exists(), sentence="and removed from there")


def by_answers(place: Place) -> None:
    """Installed for a counter of a settings file, silently; the password comes beside it and stays nowhere."""
    stick = place.shared / "answers"
    stick.mkdir()
    (stick / "gongji-answers.toml").write_text(_ANSWERS, "utf-8")
    file = "/ANSWERS=Z:\\shared\\answers\\gongji-answers.toml"
    wine(place, "/shared/setup.exe", "/S", "/CurrentUser", file, GONGJI_PASSWORD=_PASSWORD)
    said = wine(
        place,
        f"{ONE_USER}/versions/{__version__}/gongji.exe",
        "verify",
        "--operator",
        "李红",
        GONGJI_PASSWORD=_PASSWORD,
    )
    say(f"installed silently with a settings file, and its book: {said.strip().splitlines()[-1]}")
    holding = [one for one in place.seen(PREFIX).rglob("*") if one.is_file() and _PASSWORD.encode() in one.read_bytes()]
    expect(that=holding == [], sentence="the password is in no file and not in the registry")
    wine(place, "/shared/setup.exe", "/S", "/CurrentUser", file, status=0)
    wine(place, "/shared/setup.exe", "/S", "/CurrentUser", file, status=NOT_MADE, GONGJI_PASSWORD=_PASSWORD)
    say("the same file once more: installed, and the data that are there are not written over")
    wine(place, f"{ONE_USER}/uninstall.exe", "/S", "/CurrentUser")


def first_installation(place: Place) -> None:
    """For one user; then for all; each removed again, the data staying."""
    wine(place, "/shared/setup.exe", "/S", "/CurrentUser")
    expect(that=current(place, ONE_USER) == __version__, sentence=f"installed for one user: {__version__}")
    shown_by_windows(place, ONE_USER)
    self_test(place, ONE_USER)
    work(place, ONE_USER, PRACTICE, "windows-setup")
    wine(place, "/shared/older.exe", "/S", "/CurrentUser", status=REFUSED)
    expect(that=current(place, ONE_USER) == __version__, sentence="an older version over a newer one is refused")
    wine(place, "/shared/setup.exe", "/S", "/CurrentUser")
    expect(that=current(place, ONE_USER) == __version__, sentence="the same version once more")
    kept = contents(place.seen(PRACTICE))
    wine(place, f"{ONE_USER}/uninstall.exe", "/S", "/CurrentUser")
    expect(that=left_over(place) == [], sentence="removed: no file, link or registry key is left")
    expect(that=contents(place.seen(PRACTICE)) == kept, sentence="removed: the data are byte for byte there")
    wine(place, "/shared/setup.exe", "/S", "/AllUsers")
    expect(that=current(place, ALL_USERS) == __version__, sentence="installed for all users")
    self_test(place, ALL_USERS)
    wine(place, f"{ALL_USERS}/uninstall.exe", "/S", "/AllUsers")
    expect(that=left_over(place) == [], sentence="removed for all users: nothing is left")


def upgrade(place: Place) -> None:
    """An old version with a clinic's data, upgraded, and the upgrade broken at each of its steps."""
    old_clinic(place.shared / "clinic")
    data = f"{LOCAL}/clinic"
    place.run("cp", "-r", "/shared/clinic", data)
    wine(place, "/shared/older.exe", "/S", "/CurrentUser")
    before = contents(place.seen(data))
    torn = place.shared / "torn.exe"
    torn.write_bytes(SETUP.read_bytes()[: SETUP.stat().st_size // 2])
    wine(place, "/shared/torn.exe", "/S", "/CurrentUser", status=None)
    expect(that=current(place, ONE_USER) == OLDER, sentence="half an installer is refused, the old version stays")
    for step in ("versions/new/_internal/PySide6", f"versions/{__version__}", "current.new"):
        killed_at(place, place.seen(f"{ONE_USER}/{step}"))
    wine(place, "/shared/setup.exe", "/S", "/CurrentUser")
    expect(that=current(place, ONE_USER) == __version__, sentence="then upgraded")
    there = sorted(one.name for one in place.seen(f"{ONE_USER}/versions").iterdir())
    expect(that=set(there) <= {OLDER, __version__}, sentence=f"versions there: {', '.join(there)}")
    expect(that=contents(place.seen(data)) == before, sentence="no upgrade touched the clinic's data")
    work(place, ONE_USER, data, "windows-upgraded")


def killed_at(place: Place, step: Path) -> None:
    """Kill the installer once it has written a file or folder; what was started before must start still."""
    running = place.start(*_WINE, "/shared/setup.exe", "/S", "/CurrentUser")
    until(lambda: step.exists() or running.poll() is not None, str(step))
    place.kill(running)
    version = current(place, ONE_USER)
    expect(that=version in {OLDER, __version__}, sentence=f"killed when {step.name} was there: {version} is started")
    self_test(place, ONE_USER)


def portable(place: Place) -> None:
    """The folder without an installer, as it comes off a stick."""
    with zipfile.ZipFile(PORTABLE) as packed:
        packed.extractall(place.shared)
    self_test_at(place, f"/shared/gongji/versions/{__version__}/gongji.exe")
    top = place.shared / "gongji"
    data = f"Z:{LOCAL}/stick"

    def command(*words: str) -> tuple[str, ...]:
        path = [f"Z:{word}" if word.startswith("/") else word for word in words]
        return (f"Z:/shared/gongji/versions/{stick_current(top)}/gongji.exe", *path, "--data", data)

    update_by_stick(
        place,
        top,
        place.seen(f"{LOCAL}/stick"),
        "windows-x86_64",
        lambda *words, status=0: wine(place, *command(*words), status=status),
        lambda *words: place.start(*_WINE, *command(*words)),
    )


def main() -> int:
    """Check everything; return 1 with a sentence where something is not as it should be."""
    try:
        with windows() as place:
            refusals(place)
            in_a_folder(place)
            by_answers(place)
            first_installation(place)
            upgrade(place)
            portable(place)
    except (PackageError, subprocess.TimeoutExpired) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
