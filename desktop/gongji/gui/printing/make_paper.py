"""Making a paper for the window: laid out on the thread of devices, stored by the thread that writes the book.

Where the window closes meanwhile, the latter finishes it: the paper is in the book, and is printed again from there.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject

from gongji.gui.background.jobs import Failed, Jobs

if TYPE_CHECKING:
    from gongji.desk.papers.archive import PaperSteps

_Made = TypeVar("_Made")
_Write = Callable[[], Any]


def make_paper(
    jobs: Jobs,
    begin: "Callable[[], PaperSteps[_Made]]",
    then: Callable[[_Made], object],
    failed: Failed | None = None,
    owner: QObject | None = None,
) -> None:
    """Make a paper by its script and give what it comes to; `failed` gets what goes wrong on either thread."""

    def go_on(step: Callable[[], "PaperSteps[_Made]"], written: Any) -> None:
        jobs.device(lambda: _next(step(), written), went, failed, owner=owner, at_close=_finish)

    def went(found: "tuple[PaperSteps[_Made], _Write | None, Any]") -> None:
        steps, write, made = found
        if write is None:
            then(made)
        else:
            jobs.write(
                write,
                lambda written: go_on(lambda: steps, written),
                failed,
                owner=owner,
                at_close=lambda written: _finish(_next(steps, written)),
            )

    go_on(begin, None)


def _finish(found: "tuple[PaperSteps[_Made], _Write | None, Any]") -> None:
    """Make the rest of a paper on this thread, which writes the book."""
    steps, write, _ = found
    while write is not None:
        _, write, _ = _next(steps, write())


def _next(steps: "PaperSteps[_Made]", written: Any) -> "tuple[PaperSteps[_Made], _Write | None, _Made | None]":
    """Lay out as far as the next thing to be written; without one the paper is made."""
    try:
        return steps, steps.send(written), None
    except StopIteration as end:
        return steps, None, end.value
