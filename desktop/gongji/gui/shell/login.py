"""登录: the operator and the password that unwrap the book's key. Unwrapping takes a while, so a thread does it."""

from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget

from gongji.core.dates import stamp
from gongji.core.problems import quoted
from gongji.core.typed import wide_to_plain
from gongji.desk.clinic.backup.relocate import CopiedFolderError, Whereabouts
from gongji.desk.clinic.open import open_counter
from gongji.desk.clinic.workplace import keep_workplace, operators_by, operators_of, workplace_of
from gongji.desk.session import Clock, Session
from gongji.errors import GongjiError
from gongji.gui.background.jobs import Jobs
from gongji.gui.background.lazy import audit_sheet, support_bundle, support_sheet
from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.form import begin_in, password
from gongji.gui.kit.layout import label, put
from gongji.gui.kit.style import set_role
from gongji.gui.kit.typing_place import ENTERS
from gongji.pack_files.library import Library

_WAIT_SECONDS = 1
_MOST_SEEN = 6


class Login(Dialog):
    """Asks for the operator and the password."""

    def __init__(self, path: Path, library: Library, clock: Clock, opened: Callable[[Session], None]) -> None:
        """Show the form; `opened` gets the open counter."""
        super().__init__(None, "登录共济结算台", 380)
        self._open = (path, library, clock)
        self._opened = opened
        self._jobs = Jobs(self._failed, self)
        self._said_of_it = Whereabouts()
        self.names = operators_of(path)
        self.operator = OperatorField(self.names)
        self.password = password()
        put(self.body, label("操作员（姓名或拼音首字母；↑ ↓ 选）", "label"), self.operator, self.operator.found)
        put(self.body, label("口令", "label"), self.password)
        self.wrong = self.say("", "wrong")
        self._enter = button("进入", self._try, "main")
        self.help_me = button("支持包…", self._support)
        self.buttons(self._enter, button("退出", self.reject), button("审计…", self._audit), self.help_me)
        self.operator.taken.connect(self.password.setFocus)
        self.operator.refused.connect(
            lambda: self._say(f"没有操作员“{quoted(self.operator.text().strip())}”，请从下面选")
        )
        self.password.returnPressed.connect(self._try)
        begin_in(self.operator)
        self.finished.connect(self._jobs.close)

    def _audit(self) -> None:
        audit_sheet().AuditSheet(self, self._open[0])

    def _support(self) -> None:
        """Show what is known of a data folder before it is opened."""
        path, library, clock = self._open
        at = stamp(clock())
        support_sheet().SupportSheet(
            self, self._jobs, at, lambda: support_bundle().support_bundle(path, at, library, None)
        )

    def enter_as(self, operator: str, password: str) -> None:
        """Log in with a name and password that were both just entered."""
        self.operator.setText(operator)
        self.password.setText(password)
        self._try()

    def _try(self) -> None:
        path, library, clock = self._open
        operator, secret = self.operator.chosen or self.operator.text().strip(), self.password.text()
        if not self._enter.isEnabled():
            return
        if not secret:
            self._say("请输入口令")
            self.password.setFocus()
            return
        self._enter.setEnabled(False)
        set_role(self.wrong, "small").setText("正在打开数据文件……")
        self._jobs.device(
            lambda: open_counter(
                path, library, clock, operator, secret, _WAIT_SECONDS, check_later=True, whereabouts=self._said_of_it
            ),
            self._done,
            self._failed,
            owner=self,
        )

    def _done(self, session: Session) -> None:
        path = self._open[0]
        keep_workplace(path, replace(workplace_of(path), operator=session.operator))
        self._opened(session)
        self.accept()

    def _failed(self, error: BaseException) -> None:
        self._enter.setEnabled(True)
        if not isinstance(error, GongjiError):
            raise error
        self._said_of_it = Whereabouts()  # the answer has not helped: it is asked again
        if isinstance(error, CopiedFolderError):
            self._ask_where_it_is_from(error)
            return
        self._say(str(error))
        begin_in(self.password)

    def _ask_where_it_is_from(self, error: CopiedFolderError) -> None:
        """Ask about a folder at another place than before: nothing is done until that is answered."""
        self.code = QLineEdit(placeholderText="新代码，两位，例如 02")
        sheet = Dialog(self, "这是另一台电脑，或另一个位置")
        self.code.returnPressed.connect(lambda: self._become_another(sheet))
        sheet.say(f"{error.title}。")
        sheet.say("原来的那份不再使用（换了电脑、搬了文件夹）：选“原来的不用了”。编号会跳过一段，以免重号。")
        sheet.say("两份都要用：填一个新代码，选“作为另一个收费台”。没有上传的记录由原来那台上传。")
        sheet.body.addWidget(self.code)
        sheet.buttons(
            button("都不是，返回", sheet.reject, "main"),
            button("作为另一个收费台", lambda: self._become_another(sheet)),
            button("原来的不用了", lambda: self._go_on_as(sheet, Whereabouts(moved=True))),
        )
        self._say("这个数据文件夹可能是复制出来的，请先说明。")
        self.where = sheet
        sheet.open()

    def _become_another(self, sheet: Dialog) -> None:
        code = wide_to_plain(self.code.text()).upper()
        if code:
            self._go_on_as(sheet, Whereabouts(another=code))
        else:
            self.code.setFocus()

    def _go_on_as(self, sheet: Dialog, said: Whereabouts) -> None:
        sheet.accept()
        self._said_of_it = said
        self._try()

    def _say(self, text: str) -> None:
        set_role(self.wrong, "wrong").setText(text)


class OperatorField(QLineEdit):
    """操作员: the last one is filled in; another is typed, by name or initials, or chosen with Up and Down."""

    taken = Signal()
    refused = Signal()

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(names[0] if names else "")
        self._names = names
        self.found = QListWidget()
        self.found.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.found.setVisible(len(names) > 1)
        self.found.setFixedHeight(tokens.SUGGESTION * min(_MOST_SEEN, max(1, len(names))) + 2)
        self.found.itemClicked.connect(lambda one: self._choose(one.text()))
        self.textChanged.connect(lambda _: self._show())
        self._show()

    @property
    def chosen(self) -> str:
        """The operator that the text means; empty where it means none, or several."""
        found = self._meant()
        return found[0] if len(found) == 1 else ""

    def _meant(self) -> tuple[str, ...]:
        return operators_by(self._names, self.text())

    def _show(self) -> None:
        """List the operators that the text may mean, the first chosen."""
        typed = self.text().strip()
        rows = self._names if typed in self._names else self._meant()
        self.found.clear()
        self.found.addItems(list(rows))
        self.found.setCurrentRow(rows.index(typed) if typed in rows else 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Move in the list, take the operator, or type."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        key = Qt.Key(event.key())
        if key in steps and self.found.count():
            place = min(self.found.count() - 1, max(0, self.found.currentRow() + steps[key]))
            self.found.setCurrentRow(place)
            before = self.blockSignals(True)  # Qt's own: the list that is walked stays
            self.setText(self.found.item(place).text())
            self.blockSignals(before)  # Qt's own
            self.selectAll()
        elif key in ENTERS:
            one = self.found.currentItem()
            if self._meant() and one is not None:
                self._choose(one.text())
            else:
                self.refused.emit()
        else:
            super().keyPressEvent(event)

    def _choose(self, name: str) -> None:
        self.setText(name)
        self._show()
        self.taken.emit()
