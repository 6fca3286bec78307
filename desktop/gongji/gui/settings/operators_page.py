"""操作员: who may open the book; each with a password of their own, which unwraps its key."""

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit

from gongji.desk.clinic.operators import add_operator, change_password, operators, remove_operator
from gongji.errors import GongjiError
from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.form import text
from gongji.gui.kit.layout import label
from gongji.gui.kit.models import Column
from gongji.gui.kit.table import TableView
from gongji.gui.settings.settings_page import SettingsPage
from gongji.gui.shell.workspace import Workspace

_TRAINING = "培训数据不设口令，谁都可以打开练习。建立本院自己的数据后，在这里增加操作员。"


class OperatorsPage(SettingsPage):
    """The list, and what may be done with it."""

    def __init__(self, station: Workspace) -> None:
        """Begin with nobody listed."""
        super().__init__(station, "操作员")
        columns = (
            Column(title="姓名", text=lambda one: one),
            Column(title="", text=lambda one: "现在登录的" if one == station.counter.operator else "", width=110),
        )
        self.table = TableView(columns, _TRAINING)
        self.table.setFixedHeight(tokens.ROW * 8)
        self.body.addWidget(self.table)
        self.body.addWidget(
            label(
                "每位操作员用自己的姓名和口令登录；每笔结算都记着是谁。口令忘了没有别的办法打开，至少设两位。", "small"
            )
        )
        self.buttons = (
            button("增加操作员…", self._add, "main"),
            button("改自己的口令…", self._change),
            button("删除选中的…", self._remove),
        )
        for one in self.buttons:
            one.setEnabled(not station.counter.clinic.training)
        self.add_acts(*self.buttons)
        self.body.addWidget(self.said)

    def refresh(self) -> None:
        """List them again."""
        self.table.set_rows(operators(self.station.counter))

    def enter(self) -> None:
        """Begin in the list."""
        self.table.setFocus()

    def _add(self) -> None:
        counter = self.station.counter

        def work(said: list[str]) -> Callable[[], None]:
            own, name, password, again = said
            if password != again:
                raise GongjiError("两次输入的口令不一样", "请重新输入")
            return lambda: add_operator(counter, own, name, password)

        fields = (("您自己的口令", True), ("新操作员姓名", False), ("新操作员的口令", True), ("口令再输一次", True))
        SecretSheet(self, "增加操作员", fields, work, "已增加操作员。")

    def _change(self) -> None:
        counter = self.station.counter

        def work(said: list[str]) -> Callable[[], None]:
            own, password, again = said
            if password != again:
                raise GongjiError("两次输入的口令不一样", "请重新输入")
            return lambda: change_password(counter, own, password)

        SecretSheet(self, "改口令", (("原口令", True), ("新口令", True), ("新口令再输一次", True)), work, "口令已改。")

    def _remove(self) -> None:
        name, counter = self.table.current, self.station.counter
        if name is not None:
            SecretSheet(
                self,
                f"删除操作员“{name}”",
                (("您自己的口令", True),),
                lambda said: lambda: remove_operator(counter, said[0], name),
                "已删除。",
            )


class SecretSheet(Dialog):
    """Asks for names and passwords, and does something with them on the thread that writes."""

    def __init__(
        self,
        page: SettingsPage,
        title: str,
        asked: tuple[tuple[str, bool], ...],
        work: Callable[[list[str]], Callable[[], None]],
        done: str,
    ) -> None:
        """Each field has a word and tells whether it is secret; `work` makes the act from what was typed."""
        super().__init__(page.window(), title, 420)
        self._page, self._work, self._said = page, work, done
        self.fields = [text() for _ in asked]
        for (word, secret), one in zip(asked, self.fields, strict=True):
            if secret:
                one.setEchoMode(QLineEdit.EchoMode.Password)
            self.body.addWidget(label(word, "label"))
            self.body.addWidget(one)
        for one, after in zip(self.fields, self.fields[1:], strict=False):
            one.returnPressed.connect(after.setFocus)
        self.fields[-1].returnPressed.connect(self.take)
        self.wrong = self.say("", "wrong")
        self._go = button("确定", self.take, "main")
        self.buttons(self._go, button("取消", self.reject))
        self.fields[0].setFocus()
        self.open()

    def take(self) -> None:
        """Do it."""
        if not self._go.isEnabled():
            return
        try:
            work = self._work([one.text() for one in self.fields])
        except GongjiError as error:
            self._failed(error)
            return
        self._go.setEnabled(False)
        self.wrong.setText("请稍候……")
        self._page.station.jobs.write(work, self._done, self._failed, owner=self)

    def _done(self, _: object) -> None:
        self._page.say(self._said)
        self._page.refresh()
        self.accept()

    def _failed(self, error: BaseException) -> None:
        self._go.setEnabled(True)
        if isinstance(error, GongjiError):
            self.wrong.setText(f"{error.title}。{error.advice}。")
        else:
            self._page.station.fail(error)
