"""A screen size for windows without a display: sheets are as large as they would be on it."""

import json
import os
from pathlib import Path

TITLE_BAR = 28
"""Pixels that a window manager's title bar takes of the height."""


def offscreen(folder: Path, width: int, height: int) -> tuple[int, int]:
    """Have Qt draw on a screen of so many of its own pixels; return what is left for the window, in the program's.

    The two differ by QT_SCALE_FACTOR. To be called before there is an application.
    """
    file = folder / "screen.json"
    screen = {"name": "screen", "x": 0, "y": 0, "width": width, "height": height, "dpr": 1}
    file.write_text(json.dumps({"screens": [screen | {"logicalDpi": 96, "logicalBaseDpi": 96}]}), encoding="utf-8")
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={file}"
    scale = float(os.environ.get("QT_SCALE_FACTOR", "1"))
    return int(width / scale), int(height / scale) - TITLE_BAR
