"""The window: the only package that imports Qt. It acts through `desk` and shows what `core` means.

Qt's binding puts itself before every import from then on, to read the source of each module for the optional features
it may ask for. Nothing here asks for any, so imports are again what they were: a start reads some hundred files less.
"""

import builtins

import PySide6.QtCore  # noqa: F401  # what puts itself there

builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
