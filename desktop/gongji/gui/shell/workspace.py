"""What every screen works with: the open counter, the threads, the time, sending, and error reports.

The program can be started again on another data folder: training beside the real data, or the other way round.
"""

import datetime
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from gongji import __version__
from gongji.core.dates import day_of, moment_of
from gongji.desk.changes import take_changes
from gongji.desk.session import Session
from gongji.errors import GongjiError, places
from gongji.files import write_whole
from gongji.gui.background.jobs import Jobs
from gongji.gui.background.lazy import copies
from gongji.gui.background.upload_service import Sending
from gongji.gui.kit import dialogs
from gongji.log import FILE_NAME


class Workspace(QObject):
    """One open counter, and the services that its window's screens share."""

    notice = Signal(str)
    screen_wanted = Signal(str)
    leaving = Signal()
    operator_leaves = Signal()
    starts_over = Signal()
    lock_wanted = Signal()

    def __init__(self, session: Session) -> None:
        """Use an open counter whose clock was confirmed."""
        super().__init__()
        self.counter = session
        self.window: QWidget | None = None
        self.bugs = BugReports(self._keep_report, session.folder.path / FILE_NAME)
        self.jobs = Jobs(self.fail, self, lambda: take_changes(session.store), self._failed_at_close)
        self.sending = Sending(session, self.jobs, lambda: self.moment, self.fail, self)

    @property
    def now(self) -> str:
        """The stamp of now."""
        return self.counter.now()

    @property
    def today(self) -> datetime.date:
        """The current day."""
        return day_of(self.now)

    @property
    def moment(self) -> datetime.datetime:
        """The current moment, for display."""
        return moment_of(self.now)

    def put_away(self) -> None:
        """Let every screen store what is unfinished, and stop sending."""
        self.leaving.emit()
        self.sending.finish()

    def back_up(self, *, leaving: bool = False) -> None:
        """Make a copy of the book where one is due; on the thread of devices."""
        anchor = partial(self.jobs.ask_writer, partial(copies().anchor_of_copy, self.counter))
        copies().back_up_when_due(self.counter, leaving=leaving, anchor=anchor)

    def fail(self, error: BaseException) -> None:
        """Show an error: an external one in a dialog, a bug in the report window."""
        if isinstance(error, GongjiError):
            self.counter.log.warning("trouble", exc_info=error)
            dialogs.trouble(self.window, error)
        else:
            self.counter.log.error("a fault of ours", exc_info=error)
            self.bugs.tell(self.window, error)

    def tell_or_fail(self, error: BaseException, tell: Callable[[str], object]) -> None:
        """Let `tell` show an external error on the spot, as a sentence with what to do; a bug in the report window."""
        if isinstance(error, GongjiError):
            tell(str(error))
        else:
            self.fail(error)

    def _failed_at_close(self, error: BaseException) -> None:
        """Log an error that occurred after the window was gone: what was settled is in the book."""
        self.counter.log.warning("not finished at closing", exc_info=error)

    def _keep_report(self, report: str) -> Path | None:
        stamp = "".join(one for one in self.now if one.isdigit())
        path = self.counter.folder.path / "reports" / f"{stamp}.txt"
        try:
            write_whole(path, report.encode())
        except GongjiError:
            return None  # the window shows it all the same
        return path


def open_another(path: Path) -> None:
    """Start the program again with a window on a data folder."""
    frozen = getattr(sys, "frozen", False)
    QProcess.startDetached(sys.executable, [*([] if frozen else ["-m", "gongji"]), "window", "--data", str(path)])


class BugReports:
    """The report window for bugs: what was being done and where, nothing personal; each bug is shown once."""

    def __init__(self, keep: Callable[[str], Path | None], log: Path) -> None:
        """`keep` writes a report into a file and returns its path, if it could; `log` is the log's file."""
        self._keep = keep
        self._log = log
        self._told: set[str] = set()
        self.doing = "打开窗口"

    def tell(self, parent: QWidget | None, error: BaseException) -> dialogs.Dialog | None:
        """Show the report of a bug, unless it was shown before."""
        report = f"正在做：{self.doing}\ngongji {__version__} · " + "\n".join(places(error))
        if report in self._told:
            return None
        self._told.add(report)
        path = self._keep(report)
        sheet = dialogs.Dialog(parent, "程序出了错", 560)
        sheet.say("已记下的结算不受影响；正在录入的内容已保存，重新打开后还在。")
        sheet.say("请把下面的内容发给维护人员，其中没有病人的信息。", "muted")
        text = QPlainTextEdit(report, readOnly=True)
        text.setMinimumHeight(180)
        sheet.body.addWidget(text)
        if path is not None:
            sheet.say(f"也存在 {path}", "small")
        sheet.say(f"运行记录 {self._log} 请一并发来，其中同样没有病人的信息。", "small")
        clipboard = QGuiApplication.clipboard()
        sheet.buttons(
            dialogs.button("继续工作", sheet.accept, "main"),
            dialogs.button("复制内容", lambda: clipboard.setText(report)),
        )
        sheet.open_by_itself()
        return sheet
