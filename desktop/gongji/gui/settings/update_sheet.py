"""从 U 盘更新: what is on the stick, whether it is accepted, each step as it is done, and the restart."""

from pathlib import Path

from PySide6.QtCore import QProcess, Qt, Signal
from PySide6.QtWidgets import QWidget

from gongji.core.problems import Problem
from gongji.desk.publisher_keys import pinned_keys
from gongji.desk.updates.apply_release import STEPS, cannot_update_itself, update
from gongji.desk.updates.program_layout import ProgramLayout, layout_of
from gongji.desk.updates.read_stick import LIST, ReleaseOffer, check_offer, read_offer
from gongji.files import stick_places
from gongji.gui.kit.ask_path import ask_folder
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.layout import label, put
from gongji.gui.kit.progress import TaskBar
from gongji.gui.shell.workspace import Workspace

_WIDTH = 620
_DONE, _NOW, _WAITS = "✓", "▸", "　"


class UpdateSheet(Dialog):
    """Nothing is changed before the button is pressed, and nothing of the book after that either."""

    stepped = Signal(str)

    def __init__(
        self,
        parent: QWidget,
        station: Workspace,
        layout: ProgramLayout | None = None,
        keys: list[bytes] | None = None,
    ) -> None:
        """`layout` and `keys` default to the program's own."""
        super().__init__(parent, "从 U 盘更新", _WIDTH)
        self._station, self._layout = station, layout or layout_of()
        self._keys = keys
        self._offer: ReleaseOffer | None = None
        self.is_busy, self._version = False, ""
        self.say(f"现在是 {self._layout.version} 版。更新不用联网；先备份、试过新版本才换，数据不动。", "muted")
        self.what = self.say("插好 U 盘，再选它（或其中的更新文件夹）。")
        self.steps = [label(f"{_WAITS} {one}") for one in STEPS]
        for one in self.steps:
            one.hide()
        self.task = TaskBar()
        self.task.stop.hide()
        put(self.body, *self.steps, self.task)
        self.wrong = self.say("", "wrong")
        self.go = button("更新", self._go, "main")
        self.choose = button("选 U 盘…", self._ask_folder)
        self.buttons(self.go, self.choose, button("关闭", self.reject))
        self.go.setEnabled(False)
        self.stepped.connect(self._show_step, Qt.ConnectionType.QueuedConnection)
        self.open()
        found = [one for one in stick_places() if any(one.glob(f"*/{LIST}"))]
        if len(found) == 1:
            self.look_at(found[0])

    def reject(self) -> None:
        """Close, but not while the program is being updated."""
        if not self.is_busy:
            super().reject()

    def _ask_folder(self) -> None:
        ask_folder(self, "选 U 盘，或其中的更新文件夹", self.look_at)

    # ---- looking -----------------------------------------------------------------------------------------------------

    def look_at(self, stick: Path) -> None:
        """Read what is on a stick, and check all of it."""
        self._begin()
        tell = self.task.begin("正在检查签名和每个文件")

        def look() -> tuple[ReleaseOffer, list[Problem]]:
            offer = read_offer(stick, pinned_keys() if self._keys is None else self._keys)
            return offer, check_offer(offer, self._layout, progress=tell)

        self._station.jobs.device(look, self._looked, self._failed, owner=self)

    def _looked(self, found: tuple[ReleaseOffer, list[Problem]]) -> None:
        offer, problems = found
        self._end()
        notes = "".join(f"\n· {one}" for one in offer.release.notes)
        self.what.setText(f"U 盘上是 {offer.release.version} 版。{notes}")
        if problems:
            self.wrong.setText("\n".join(f"{one.message}。" for one in problems))
            return
        if self._layout.kind != "versions":
            self.wrong.setText(str(cannot_update_itself(offer, self._layout)))
            return
        self._offer = offer
        self.go.setEnabled(True)
        self.go.setFocus()

    # ---- updating ----------------------------------------------------------------------------------------------------

    def _go(self) -> None:
        if self._version:
            self._open_anew()
            return
        offer, layout, counter = self._offer, self._layout, self._station.counter
        if offer is None:
            return
        self._begin()
        for one in self.steps:
            one.show()
        self._station.bugs.doing = "从 U 盘更新"
        tell = self.task.begin("正在更新，请不要关机，不要拔 U 盘")
        self._station.jobs.device(
            lambda: update(counter, offer, layout, self.stepped.emit, tell), self._updated, self._failed, owner=self
        )

    def _show_step(self, step: str) -> None:
        now = STEPS.index(step)
        for place, (one, word) in enumerate(zip(self.steps, STEPS, strict=True)):
            one.setText(f"{_DONE if place < now else _NOW if place == now else _WAITS} {word}")

    def _updated(self, version: str) -> None:
        self._end()
        self._version = version
        for one, word in zip(self.steps, STEPS, strict=True):
            one.setText(f"{_DONE} {word}")
        self.what.setText(f"已更新到 {version} 版。重新打开后就是新版本；以前的结算、设置都在。")
        self.go.setText("重新打开")
        self.choose.setEnabled(False)
        self.go.setEnabled(True)
        self.go.setFocus()

    def _open_anew(self) -> None:
        """Close the data folder, start the new program on it, and end this one."""
        station = self._station
        station.put_away()
        self.go.setEnabled(False)
        station.jobs.write(station.counter.close, self._closed, self._failed, owner=self)

    def _closed(self, _: object) -> None:
        window, path = self._station.window, self._station.counter.folder.path
        program = self._layout.window_of(self._version)
        QProcess.startDetached(str(program), ["window", "--data", str(path)])
        self.accept()
        if window is not None:
            window.close()

    # ---- both --------------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self.is_busy, self._offer = True, None
        self.wrong.setText("")
        self.go.setEnabled(False)
        self.choose.setEnabled(False)

    def _end(self) -> None:
        self.is_busy = False
        self.task.end()
        self.choose.setEnabled(True)

    def _failed(self, error: BaseException) -> None:
        self._end()
        self._station.tell_or_fail(error, self.wrong.setText)
