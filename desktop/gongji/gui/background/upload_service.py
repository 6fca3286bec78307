"""Sending in the background: whatever is due is sent while the gateway answers.

There is no polling: a timer runs until the next record is due, and a change of the queue wakes it.
"""

from collections.abc import Callable, Sequence
from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from gongji.core.dates import stamp
from gongji.desk.changes import Changed
from gongji.desk.session import Clock, Session
from gongji.desk.upload.gateway.kept_gateway import GatewaySettings, gateway
from gongji.desk.upload.queue import overview_of
from gongji.errors import GongjiError
from gongji.gui.background.jobs import Failed, Jobs
from gongji.gui.background.lazy import sending
from gongji.gui.background.upload_connection import UploadConnection
from gongji.gui.background.upload_status import UploadRate, UploadStatus

if TYPE_CHECKING:
    from gongji.desk.upload.record_answer import Recorded
    from gongji.desk.upload.scripts.payer_line import PayerLine

Act = Callable[[], None]
_AFTER_A_CHANGE_MS = 400  # a settlement's paper goes first
_TELL_MS = 1000
_AGAIN_S = 60.0
_PATIENCE_S = 2.0


class Sending(QObject):
    """Sends what is due from opening the counter until it is closed; a clerk may pause and resume it."""

    changed = Signal()

    def __init__(self, session: Session, jobs: Jobs, clock: Clock, failed: Failed, parent: QObject) -> None:
        """Send nothing before `begin`; `failed` gets bugs."""
        super().__init__(parent)
        self._counter, self._jobs, self._clock, self._fail = session, jobs, clock, failed
        self._chosen: GatewaySettings | None = None
        self._line: UploadConnection | None = None
        self._is_opening = False
        self._is_over = False
        self._guests: list[Act] = []
        self._has_guest = False
        self.standing = UploadStatus.OFF
        self.trouble = ""
        self.answered_at = ""
        self.sent = 0
        self.pace = UploadRate(0)
        self._begun = monotonic()
        self._due, self._wake, self._telling = (QTimer(self, singleShot=True) for _ in range(3))
        for timer, act in ((self._due, self._again), (self._wake, self._go), (self._telling, self._tell)):
            timer.timeout.connect(act)
        self._has_news = False
        jobs.changed.connect(self._noticed)

    # ---- public ------------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Connect to the current gateway; where that has not changed, continue with the open connection."""
        if self._is_over or self._is_opening:
            return
        chosen = gateway(self._counter)
        if chosen == self._chosen and self._line is not None:
            return
        self._let_go()
        self._chosen, self.trouble = chosen, ""
        if not chosen.address:
            self._stand(UploadStatus.OFF)
            return
        counter, clock = self._counter, self._clock
        self._is_opening = True
        self._stand(UploadStatus.PAUSED if self.is_paused else UploadStatus.IDLE)
        self._jobs.write(
            lambda: sending().open_line(counter, clock), self._opened, self._broken, owner=self, tells=False
        )

    def look(self) -> None:
        """Begin again where records go somewhere else now: the practice platform was started, or ended."""
        if not self._is_over and gateway(self._counter) != self._chosen:
            self.begin()

    def now(self) -> None:
        """立即上传: resume, and do not wait for records that are due later."""
        if self.is_paused:
            self._stand(UploadStatus.IDLE)
        if self._line is None:
            self._again()
        else:
            self._jobs.write(
                self._line.payer_line.uploader.try_now, lambda _: self._go(), self._broken, owner=self, tells=False
            )

    def pause(self) -> None:
        """Send nothing more until `now`; wait for what is under way."""
        if self.standing is not UploadStatus.OFF:
            self._due.stop()
            self._stand(UploadStatus.PAUSED)

    @property
    def is_paused(self) -> bool:
        """Return whether the clerk has paused it."""
        return self.standing is UploadStatus.PAUSED

    @property
    def seconds_to_wait(self) -> float | None:
        """In how many seconds the next try is due; None where nothing waits for its time."""
        return self._due.remainingTime() / 1000 if self._due.isActive() else None

    @property
    def seconds(self) -> float:
        """For how many seconds it has been sending."""
        return monotonic() - self._begun

    def lend(self, begin: Act) -> None:
        """Let somebody else use the gateway, once nothing is under way; `give_back` ends that."""
        self._guests.append(begin)
        if self._line is None or self._line.is_quiet:
            self._let_guest_in()

    def give_back(self) -> None:
        """Resume sending."""
        self._has_guest = False
        self._go()

    def finish(self) -> None:
        """Take nothing more and record what still comes back in a moment; the next start asks after the rest."""
        self._is_over, self._has_news = True, False
        for one in (self._due, self._wake, self._telling):
            one.stop()
        line, self._line = self._line, None
        if line is not None:
            line.finish(_PATIENCE_S)

    # ---- the connection ----------------------------------------------------------------------------------------------

    def _opened(self, payer_line: "PayerLine") -> None:
        self._is_opening = False
        if self._is_over:
            return
        self._line = UploadConnection(payer_line, self._jobs, self._may_take, self)
        self._line.kept.connect(self._kept)
        self._line.rested.connect(self._rested)
        self._line.broken.connect(self._broken)
        self._go()

    def _broken(self, error: BaseException) -> None:
        """Close the connection and reopen it after a while; a bug is reported, and waits for the clerk."""
        self._is_opening = False
        self._let_go()
        if isinstance(error, GongjiError):
            self.trouble = f"{error.title}。{error.advice}"
            self._due.start(int(_AGAIN_S * 1000))
        else:
            self.trouble = "程序出了错，已停下"
            self._fail(error)
        self._stand(UploadStatus.OFFLINE)

    def _let_go(self) -> None:
        line, self._line = self._line, None
        self._due.stop()
        if line is not None:
            line.let_go()
            line.deleteLater()

    def _again(self) -> None:
        if self._line is None:
            self._chosen = None
            self.begin()
        else:
            self._go()

    def _go(self) -> None:
        if self._line is not None:
            self._line.go()

    def _noticed(self, changed: Changed) -> None:
        if changed & Changed.SETTINGS:
            self.begin()
        if changed & (Changed.SETTLEMENTS | Changed.QUEUE) and self._line is not None:
            self._wake.start(_AFTER_A_CHANGE_MS)

    def _may_take(self) -> bool:
        return not (self.is_paused or self._guests or self._has_guest)

    def _kept(self, recorded: "Sequence[Recorded]", began: int) -> None:
        assert self._line is not None
        self.sent += began
        self.trouble = self._line.payer_line.uploader.trouble
        usable = any(one.usable for one in recorded)
        if usable:
            self.answered_at = stamp(self._clock())
        if (usable or (began and not self.trouble)) and not self.is_paused:
            self._stand(UploadStatus.SENDING)
        if recorded:
            self._has_news = True
            if not self._telling.isActive():
                self._tell()

    def _rested(self, wait: float | None) -> None:
        """Wait until something is due, or the queue changes."""
        assert self._line is not None
        self.trouble = self._line.payer_line.uploader.trouble
        if not self.is_paused:
            if wait is not None:
                self._due.start(int((wait or _AGAIN_S) * 1000) + 1)
            self._stand(UploadStatus.OFFLINE if self.trouble else UploadStatus.IDLE)
        self._tell()
        self._let_guest_in()

    def _let_guest_in(self) -> None:
        if self._guests and not self._has_guest:
            self._has_guest = True
            self._guests.pop(0)()

    # ---- reporting ---------------------------------------------------------------------------------------------------

    def _stand(self, standing: UploadStatus) -> None:
        if standing is UploadStatus.SENDING and self.standing is not UploadStatus.SENDING:
            self.pace, self._begun = UploadRate(overview_of(self._counter).waiting), monotonic()
        if standing is not self.standing:
            self.standing = standing
            self._counter.log.info("upload: %s", standing.name)
            self.changed.emit()

    def _tell(self) -> None:
        """Refresh the screens, at most once a second: reading a list takes longer than recording an answer."""
        if self._has_news:
            self._has_news = False
            self._telling.start(_TELL_MS)
            self.pace.note(overview_of(self._counter).waiting)
            self._jobs.tell()
            self.changed.emit()
