"""Trouble of the world: one plain sentence and what to do about it; and where a fault of the program arose."""

import traceback
from pathlib import Path


class GongjiError(Exception):
    """Something outside the program went wrong; `title` says what, `advice` what to do, both in Chinese."""

    def __init__(self, title: str, advice: str) -> None:
        super().__init__(f"{title}。{advice}。")
        self.title = title
        self.advice = advice


def places(error: BaseException) -> list[str]:
    """Return the kind of an error and a line for each place in the code it went through: nothing typed or read."""
    frames = traceback.extract_tb(error.__traceback__)
    return [type(error).__name__, *(f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)]
