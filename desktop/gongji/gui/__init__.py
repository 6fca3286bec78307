"""The window: the only package that imports Qt. It acts through `desk` and shows `core`'s types.

Importing PySide6 hooks every later import, to read each module's source for the optional features it may request.
Nothing here requests any, so the hook is removed: a start reads some hundred files less.
"""

import builtins

import PySide6.QtCore  # noqa: F401  # what puts itself there

builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
