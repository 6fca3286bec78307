"""登录: the operator and the password that unwrap the book's key. Unwrapping takes a while, so a thread does it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QLineEdit

from gongji.desk.clinic.open import open_counter
from gongji.desk.session import Clock, Session
from gongji.errors import GongjiError
from gongji.gui.background.jobs import Jobs
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.layout import label
from gongji.gui.kit.style import set_role
from gongji.packs_on_disk import Library

_WAIT_SECONDS = 1


class Login(Dialog):
    """Asks who works here."""

    def __init__(self, path: Path, library: Library, clock: Clock, opened: Callable[[Session], None]) -> None:
        """Hand the open counter to `opened`."""
        super().__init__(None, "登录共济结算台", 380)
        self._open = (path, library, clock)
        self._opened = opened
        self._jobs = Jobs(self._failed, self)
        self.operator = QLineEdit()
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        for word, field in (("操作员", self.operator), ("口令", self.password)):
            self.body.addWidget(label(word, "label"))
            self.body.addWidget(field)
        self.wrong = self.say("", "wrong")
        self._enter = button("进入", self._try, "main")
        self.buttons(self._enter, button("退出", self.reject))
        self.operator.returnPressed.connect(self.password.setFocus)
        self.operator.setFocus()
        self.finished.connect(self._jobs.close)

    def enter_as(self, operator: str, password: str) -> None:
        """Enter as somebody who has just said both."""
        self.operator.setText(operator)
        self.password.setText(password)
        self._try()

    def _try(self) -> None:
        path, library, clock = self._open
        operator, password = self.operator.text().strip(), self.password.text()
        self._enter.setEnabled(False)
        set_role(self.wrong, "small")
        self.wrong.setText("正在打开数据文件……")
        self._jobs.device(
            lambda: open_counter(path, library, clock, operator, password, _WAIT_SECONDS, check_later=True),
            self._done,
            self._failed,
            owner=self,
        )

    def _done(self, counter: Session) -> None:
        self._opened(counter)
        self.accept()

    def _failed(self, error: BaseException) -> None:
        self._enter.setEnabled(True)
        if not isinstance(error, GongjiError):
            raise error
        set_role(self.wrong, "wrong")
        self.wrong.setText(f"{error.title}。{error.advice}。")
        self.password.selectAll()
        self.password.setFocus()
