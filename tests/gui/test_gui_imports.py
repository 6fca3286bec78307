"""A window opens without what only papers, tables, the wire and long reckonings need: that is loaded when asked for."""

import subprocess
import sys

HEAVY = (
    "reportlab",
    "pypdfium2",
    "openpyxl",
    "httpx2",
    "numpy",
    "markdown_it",
    "starlette",
    "pyrage",
    "pypinyin",
    "cryptography",
    "ssl",
    "asyncio",
    "sqlite_utils",
    "gongji.spreadsheets",
)
BEGIN = """
import gongji.main, sys
try:
    gongji.main.main(["window", "--help"])
except SystemExit:
    pass
"""
WINDOW = "gongji.gui.app, gongji.gui.shell.window, gongji.gui.counter.screen"


def test_the_window_opens_without_what_it_may_never_need() -> None:
    said = f"{BEGIN}\nimport {WINDOW}\nprint(*(one for one in {HEAVY} if one in sys.modules), file=sys.stderr)"
    found = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert "--practice" in found.stdout  # the window's own options: it got as far as that
    assert found.stderr.split() == []


def test_nothing_stands_before_every_import() -> None:
    said = f"import builtins, {WINDOW}; print(builtins.__import__ is builtins.__orig_import__)"
    found = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["True"]
