"""A screen with a window manager, and an input method where one is asked for: each a program of its own."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

NEEDED = ("Xvfb", "openbox", "fcitx5", "dbus-daemon")
_LIBRARY = "libXtst.so.6"
_SIZE = "1366x768x24"
_ANOTHER_DAY = {"LD_PRELOAD", "FAKETIME"}

_FCITX_PROFILE = """[Groups/0]
Name=Default
Default Layout=us
DefaultIM=pinyin

[Groups/0/Items/0]
Name=keyboard-us
Layout=

[Groups/0/Items/1]
Name=pinyin
Layout=

[GroupOrder]
0=Default
"""


def missing() -> str:
    """Say by name which program these tests need and do not find; nothing where all are there."""
    import ctypes  # noqa: PLC0415  # only to see whether it loads

    gone = [name for name in NEEDED if shutil.which(name) is None]
    try:
        ctypes.CDLL(_LIBRARY)
    except OSError:
        gone.append(_LIBRARY)
    return (
        f"cannot press keys at a real window, missing: {', '.join(gone)} (make setup installs them as root)"
        if gone
        else ""
    )


def _found(program: str) -> str:
    return shutil.which(program) or program


class Display:
    """Xvfb and openbox, and fcitx5 on a bus of its own, until `close`."""

    def __init__(self, place: Path, size: str = _SIZE) -> None:
        """`place` is a folder for what they write."""
        self._place = place
        self._running: list[subprocess.Popen[bytes]] = []
        reading, writing = os.pipe()
        log = (place / "display.log").open("wb")
        self._log = log
        first = (_found("nice"), "-n", "-10")  # a keyboard's own clock does not wait for other programs
        self._running.append(
            subprocess.Popen(
                [*first, "Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp", "-noreset"],
                pass_fds=(writing,), stdout=log, stderr=log,
            )
        )  # fmt: skip
        os.close(writing)
        with os.fdopen(reading) as told:
            self.name = f":{told.readline().strip()}"
        self.environment = {"DISPLAY": self.name, "HOME": str(place), "XDG_CONFIG_HOME": str(place / "config")}
        self._start(*first, "openbox", "--sm-disable")  # nor does what moves the focus

    def begin_input_method(self, at: Path | None = None) -> None:
        """Start fcitx5 with pinyin; the environment is then what desktops set for it. `at` is where its bus listens."""
        config = self._place / "config" / "fcitx5"
        (config / "conf").mkdir(parents=True, exist_ok=True)
        (config / "profile").write_text(_FCITX_PROFILE)
        (config / "config").write_text("[Behavior]\nActiveByDefault=True\nShareInputState=No\n")
        (config / "conf" / "pinyin.conf").write_text("CloudPinyinEnabled=False\n")
        place = [f"--address=unix:path={at}"] if at else []
        bus = subprocess.Popen(
            [_found("dbus-daemon"), "--session", "--print-address", "--nofork", *place],
            stdout=subprocess.PIPE, stderr=self._log, env=self._whole(),
        )  # fmt: skip
        self._running.append(bus)
        assert bus.stdout is not None
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().decode().strip()
        self.environment |= {"QT_IM_MODULE": "fcitx", "XMODIFIERS": "@im=fcitx", "GTK_IM_MODULE": "fcitx"}
        self._start("fcitx5", "--disable", "wayland,waylandim,notifications,clipboard,cloudpinyin")

    def picture(self, file: Path) -> None:
        """Keep what the screen shows, where ImageMagick is there."""
        program = shutil.which("import")
        if program is not None:
            subprocess.run([program, "-window", "root", str(file)], env=self._whole(), check=False, timeout=30)

    def _start(self, *command: str) -> None:
        self._running.append(
            subprocess.Popen(
                list(command), stdout=self._log, stderr=self._log, stdin=subprocess.DEVNULL, env=self._whole()
            )
        )

    def _whole(self) -> dict[str, str]:
        """The environment of these other programs: on the PC's own day, for fcitx5 composes nothing on another one."""
        own = {name: value for name, value in os.environ.items() if name not in _ANOTHER_DAY}
        return {**own, **self.environment}

    def close(self) -> None:
        """End everything, the last first."""
        for one in reversed(self._running):
            one.send_signal(signal.SIGTERM)
            try:
                one.wait(timeout=10)
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()
            if one.stdout is not None:
                one.stdout.close()
        self._log.close()
