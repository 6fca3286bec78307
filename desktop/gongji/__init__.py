"""Gongji (共济结算台): settles outpatient visits under employees' medical insurance, offline and to the fen."""

import sys

__version__ = "0.1.0"

_NEEDLESS = "typing_extensions"
"""What msgspec imports where it is there and does without where not: 9 ms of the 150 until a first answer."""

if _NEEDLESS not in sys.modules:
    sys.modules[_NEEDLESS] = None  # type: ignore[assignment]  # how Python itself marks what cannot be imported
    import msgspec  # noqa: F401

    del sys.modules[_NEEDLESS]
