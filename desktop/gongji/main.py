"""Composition root: the one place that knows the time of day, who called, and whether there is a display."""

import atexit
import datetime
import gc
import io
import os
import sys
import time
from collections.abc import Sequence

_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY")
_UNSEEN = ("offscreen", "minimal")
_BEGUN = time.monotonic()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit status: 0 done, 2 refused, 1 a failure of the program itself.

    Without a command the window opens where there is a display. `--practice` is for trying it all: the window on
    training data, or the main job on the command line where there is no display.
    """
    _speak_utf8()
    os.umask(0o077)  # files the program writes are readable by this user alone; Windows goes by the folder's rights
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] == ["--selftest"]:
        return _self_test()
    if given == ["--practice"]:
        given = _practice()
    if given[:1] == ["window"] or (not given and _has_display()):
        gc.disable()  # nearly all objects made until the window is open stay; then it looks for cycles itself
        import gongji.desk.clinic.open  # noqa: F401, PLC0415  # half of the rest, while Qt is read ahead
        from gongji.gui.opening import open_window  # noqa: PLC0415  # Qt is for the window alone

        return open_window(given[1:], now, _BEGUN)
    gc.disable()  # what is loaded stays
    from gongji.cli.main import run  # noqa: PLC0415  # the commands, of which a window needs none

    gc.enable()
    atexit.register(gc.freeze)  # what is still held then need not be searched for cycles before the program ends
    return run(given, clock=now)


def _speak_utf8() -> None:
    """Write UTF-8 whatever the system's encoding: Windows code pages lack characters that our sentences use.

    A windowed program on Windows has no output stream.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _practice() -> list[str]:
    """Say what is about to be tried and return its command's arguments."""
    if _has_display():
        print("培训模式：打开收费窗口，病人、药品和数额都是虚构的，怎么试都行。")  # noqa: T201  # a command like any other
        return ["window", "--practice"]
    print("没有显示器，不能打开窗口；下面在命令行结算几次示例就诊，并逐步说明。", flush=True)  # noqa: T201  # the same
    return []


def _self_test() -> int:
    from gongji.cli.support import try_everything  # noqa: PLC0415  # what only this needs
    from gongji.errors import GongjiError  # noqa: PLC0415
    from gongji.gui.self_test import try_window  # noqa: PLC0415

    status = try_everything(now)
    try:
        print(try_window(now))  # noqa: T201  # a command like any other
    except GongjiError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    return status


def now() -> datetime.datetime:
    """Return the current moment, in the PC's time zone."""
    return datetime.datetime.now().astimezone()


def _has_display() -> bool:
    platform = os.environ.get("QT_QPA_PLATFORM")
    if platform:
        return platform not in _UNSEEN
    return os.name == "nt" or any(os.environ.get(name) for name in _DISPLAYS)
