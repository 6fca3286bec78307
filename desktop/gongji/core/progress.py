"""How far a long task is: whoever is told may stop it."""

from collections.abc import Callable

from gongji.errors import GongjiError

Progress = Callable[[int, int], bool | None]
"""Told how much is done of how much; it answers False to stop, and then nothing is kept."""


class StoppedError(GongjiError):
    """Somebody stopped a long task; it left nothing behind."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("已停止", "没有留下任何东西，需要时再做一次")


def tell(progress: Progress | None, done: int, of: int) -> None:
    """Tell how much is done of how much; raises `StoppedError` where the answer is to stop."""
    if progress is not None and progress(done, of) is False:
        raise StoppedError
