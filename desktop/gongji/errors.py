"""Errors that are not bugs, each with one plain sentence and an action; and where in the code an error arose."""

import traceback
from pathlib import Path


class GongjiError(Exception):
    """Something outside the program went wrong; `title` says what, `advice` what to do, both in Chinese."""

    def __init__(self, title: str, advice: str) -> None:
        super().__init__(f"{title}。{advice}。")
        self.title = title
        self.advice = advice


def places(error: BaseException) -> list[str]:
    """Return an error's type and a line for each place in the code that it passed through; no input data."""
    frames = traceback.extract_tb(error.__traceback__)
    return [type(error).__name__, *(f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)]
