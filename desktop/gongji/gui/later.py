"""Modules that the window opens without: loaded when first asked for, or in the quiet moment after the start."""

from functools import cache
from importlib import import_module
from types import ModuleType


@cache
def paperwork() -> ModuleType:
    """Return what makes papers."""
    return import_module("gongji.gui.paperwork")


@cache
def printing() -> ModuleType:
    """Return what sends papers to printers."""
    return import_module("gongji.gui.printing")
