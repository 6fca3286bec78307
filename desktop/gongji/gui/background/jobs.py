"""The only module that makes threads: one worker each for writing and for devices, and one for each message under way.

A result comes back to the window's thread by one queued signal, and is dropped where the widget that asked is gone.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event, Thread
from typing import Any, TypeVar

import shiboken6
from msgspec import Struct
from PySide6.QtCore import QObject, Qt, Signal, Slot

from gongji.desk.changes import Changed

_Result = TypeVar("_Result")
Then = Callable[[Any], object]
Failed = Callable[[BaseException], object]


class Progress(QObject):
    """Progress of a long job; `stop` asks it to end at the next opportunity. Created in the window's thread."""

    moved = Signal(str, int, int)

    def __init__(self, owner: QObject | None = None) -> None:
        super().__init__(owner)
        self._stopped = Event()

    def tell(self, what: str, done: int, of: int) -> None:
        """Report progress from the job."""
        self.moved.emit(what, done, of)

    def stop(self) -> None:
        """Ask the job to end."""
        self._stopped.set()

    @property
    def is_stopped(self) -> bool:
        """Return whether the job was asked to end; called from the job."""
        return self._stopped.is_set()


class _Job(Struct, eq=False):
    """A piece of work, and who hears what of it: `tell` what it changed in the book."""

    work: Callable[[], Any]
    then: Then | None
    failed: Failed | None
    owner: QObject | None
    tell: Callable[[Changed], object] | None = None
    at_close: Then | None = None


class Jobs(QObject):
    """Runs work that must not block the window. Only `close` waits."""

    changed = Signal(object)
    _done = Signal(object)

    def __init__(
        self,
        on_bug: Failed,
        parent: QObject | None = None,
        changes: Callable[[], Changed] = lambda: Changed.NOTHING,
        at_close: Failed | None = None,
    ) -> None:
        """`on_bug` gets failures that no other callback takes; `changes` returns what was written since its last call.

        `at_close` gets errors that occur after the window is gone, on the writing thread.
        """
        super().__init__(parent)
        self._on_bug = on_bug
        self._at_close = at_close or on_bug
        self._changes = changes
        self._untold = Changed.NOTHING
        self._executors = {
            name: ThreadPoolExecutor(max_workers=1, thread_name_prefix=name) for name in ("writer", "device")
        }
        self._held: list[tuple[str, _Job]] | None = None
        self._under_way = 0
        self._undelivered: dict[_Job, Callable[[], object]] = {}
        self._is_closed = False
        self._done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def is_idle(self) -> bool:
        """Return whether every job is done and its result delivered."""
        return not self._under_way

    def hold(self) -> None:
        """Begin nothing for writing or devices before `go_on`: a window that is being made needs the interpreter."""
        self._held = []

    def go_on(self) -> None:
        """Begin what was held back, in its order."""
        held, self._held = self._held or [], None
        for name, job in held:
            self._executors[name].submit(self._run, job)

    def write(
        self,
        work: Callable[[], _Result],
        then: Callable[[_Result], object] | None = None,
        failed: Failed | None = None,
        *,
        owner: QObject | None = None,
        tells: bool = True,
        at_close: Callable[[_Result], object] | None = None,
    ) -> None:
        """Run work on the writing thread, then report what it changed to the screens, or keep that for `tell`.

        `at_close` is called on that thread with the result, instead of `then`, where the window closes before delivery.
        """
        self._submit("writer", _Job(work, then, failed, owner, self.changed.emit if tells else self._keep, at_close))

    def _keep(self, changed: Changed) -> None:
        self._untold |= changed

    def tell(self) -> None:
        """Report to the screens what was kept for later."""
        untold, self._untold = self._untold, Changed.NOTHING
        if untold:
            self.changed.emit(untold)

    def network(
        self,
        work: Callable[[], _Result],
        then: Callable[[_Result], object] | None = None,
        failed: Failed | None = None,
        *,
        owner: QObject | None = None,
    ) -> None:
        """Run work that talks to another machine, on a thread of its own; it touches no book.

        It may wait a minute for an answer, and closing does not wait for it: the book knows what it was about.
        """
        self._under_way += 1
        Thread(target=self._run, args=(_Job(work, then, failed, owner),), name="network", daemon=True).start()

    def device(
        self,
        work: Callable[[], _Result],
        then: Callable[[_Result], object] | None = None,
        failed: Failed | None = None,
        *,
        owner: QObject | None = None,
        at_close: Callable[[_Result], object] | None = None,
    ) -> None:
        """Run work with a printer, a stick or a page to lay out; it only reads the book. `at_close`: as in `write`."""
        self._submit("device", _Job(work, then, failed, owner, at_close=at_close))

    def ask_writer(self, work: Callable[[], _Result]) -> _Result:
        """Have the writing thread do something in the middle of a device's job, and wait; raises what that raises."""
        return self._executors["writer"].submit(work).result()

    def close(self) -> None:
        """Finish what is under way and end the threads, except those that wait for another machine."""
        self.go_on()
        writer = self._executors["writer"]
        self._executors["device"].shutdown(wait=True)
        if not self._is_closed:
            writer.submit(self._finish_undelivered).result()
        writer.shutdown(wait=True)
        self._is_closed = True

    def _finish_undelivered(self) -> None:
        """Call `at_close` for results that could not be delivered any more, on the writing thread."""
        while self._undelivered:
            finish = self._undelivered.pop(next(iter(self._undelivered)))
            try:
                finish()
            except Exception as error:  # noqa: BLE001  # it is told, and keeps nothing else from being finished
                self._at_close(error)

    def _submit(self, name: str, job: _Job) -> None:
        self._under_way += 1
        if self._held is None:
            self._executors[name].submit(self._run, job)
        else:
            self._held.append((name, job))

    def _run(self, job: _Job) -> None:
        """Do the work on this thread, and have its result delivered in the window's."""
        result, error = None, None
        try:
            result = job.work()
        except BaseException as raised:  # noqa: BLE001  # it is told in the window's thread
            error = raised
        if job.at_close is not None and error is None:
            self._undelivered[job] = partial(job.at_close, result)
        if not self._is_closed:
            self._done.emit((job, result, error, Changed.NOTHING if job.tell is None else self._changes()))

    @Slot(object)
    def _deliver(self, done: tuple[_Job, Any, BaseException | None, Changed]) -> None:
        job, result, error, changed = done
        self._under_way -= 1
        self._undelivered.pop(job, None)
        if self._is_closed:
            return  # the window is gone: the writing thread has called `at_close` for what must not be lost
        if job.tell is not None and changed:
            job.tell(changed)
        if job.owner is not None and not shiboken6.isValid(job.owner):
            return
        if error is not None:
            (job.failed or self._on_bug)(error)
        elif job.then is not None:
            job.then(result)
