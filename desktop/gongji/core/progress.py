"""Progress of a long task, reported to a callback that may stop it."""

from collections.abc import Callable

from gongji.errors import GongjiError

Progress = Callable[[int, int], bool | None]
"""Called with how much is done of how much; False stops the task, and nothing of it is stored."""


class StoppedError(GongjiError):
    """The user stopped a long task; it changed nothing."""

    def __init__(self) -> None:
        super().__init__("已停止", "没有留下任何东西，需要时再做一次")


def tell(progress: Progress | None, done: int, of: int) -> None:
    """Report progress. Raises `StoppedError` where the callback answers False."""
    if progress is not None and progress(done, of) is False:
        raise StoppedError
