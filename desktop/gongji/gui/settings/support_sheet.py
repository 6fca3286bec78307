"""支持包: all of it can be read before it is saved; what is saved is what was shown."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from gongji.errors import GongjiError
from gongji.files import write_whole
from gongji.gui.background.jobs import Jobs
from gongji.gui.kit.ask_path import ask_new_file
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.style import set_role

_SIZE = (760, 560)


class SupportSheet(Dialog):
    """Shows the bundle, and saves or copies it."""

    def __init__(self, parent: QWidget, jobs: Jobs, at: str, collect: Callable[[], str]) -> None:
        """Collect the bundle in the background; `at` is the moment (a stamp)."""
        super().__init__(parent, "支持包", _SIZE[0])
        self._jobs = jobs
        self._at = at
        self.say(
            "给维护人员看的：版本、设置、数量、核对结果和运行记录。没有姓名、号码、金额和口令，请先看一遍。", "muted"
        )
        self.text = QPlainTextEdit("正在收集……", readOnly=True)
        self.body.addWidget(self.text, 1)
        self.said = self.say("", "muted")
        self.save = button("保存…", self._ask_file, "main")
        self.copy = button("复制", lambda: QGuiApplication.clipboard().setText(self.text.toPlainText()))
        self.buttons(self.save, self.copy, button("关闭", self.reject))
        self.resize(*_SIZE)
        self._let(ready=False)
        self.open()
        jobs.device(collect, self._made, self._not_collected, owner=self)

    def _let(self, *, ready: bool) -> None:
        for one in (self.save, self.copy):
            one.setEnabled(ready)

    def _made(self, text: str) -> None:
        self.text.setPlainText(text)
        self._let(ready=True)
        self.save.setFocus()

    def _not_collected(self, error: BaseException) -> None:
        self.text.clear()
        self._failed(error)

    def _ask_file(self) -> None:
        digits = "".join(one for one in self._at if one.isdigit())[:12]
        ask_new_file(self, "支持包存到哪里", f"gongji-support-{digits}.txt", "文本 (*.txt)", self.save_to)

    def save_to(self, path: Path) -> None:
        """Save what is shown."""
        text = self.text.toPlainText()
        self._jobs.device(
            lambda: write_whole(path, text.encode()), lambda _: self._say(f"已存到 {path}"), self._failed, owner=self
        )

    def _say(self, text: str, *, wrong: bool = False) -> None:
        set_role(self.said, "wrong" if wrong else "muted").setText(text)

    def _failed(self, error: BaseException) -> None:
        """Show any error here: before login there is no report window for a bug."""
        if not isinstance(error, GongjiError):
            self._say("程序出了错，没有做成；请关闭这个窗口，再试一次。", wrong=True)
            raise error
        self._say(str(error), wrong=True)
