"""装上这一版政策？ and 认可的制作人: who signed a pack, a fingerprint compared by telephone, and two persons' yes."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtWidgets import QCheckBox, QPushButton, QWidget

from gongji.desk.policies.accepted_makers import accepted_makers, remove_maker
from gongji.desk.policies.install_packs import FetchedPacks, PackFound, PacksTaken, take_in_packs
from gongji.desk.roles import NeedsSecondError, attended, seconds_for
from gongji.errors import GongjiError
from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.form import enter_leads_on, fields, password, text
from gongji.gui.kit.models import Column
from gongji.gui.kit.table import TableView
from gongji.gui.shell.workspace import Workspace

_Result = TypeVar("_Result")
_COLUMNS = (
    Column(title="制作人自称", text=lambda one: one.who),
    Column(title="指纹", text=lambda one: one.fingerprint, width=190),
    Column(title="认可时间", text=lambda one: one.at[:16], width=150, muted=True),
    Column(title="认可的人", text=lambda one: "、".join(filter(None, (one.operator, one.second))), width=130),
)


class PackSheet(Dialog):
    """A sheet for an act on packs: it asks for the second person where there is somebody to ask."""

    def __init__(self, station: Workspace, title: str, width: int) -> None:
        super().__init__(station.window, title, width)
        self.station = station
        self.second, self.password = text(), password()

    def ask_second(self, go: QPushButton, cancel: QPushButton, *, is_usual: bool) -> None:
        """Add the second person's fields, what is wrong, and the buttons; Enter goes from field to field to `go`.

        Elsewhere Enter presses `go` where that is what one usually wants, else `cancel`.
        """
        counter = self.station.counter
        asks = not counter.clinic.training and bool(seconds_for(counter, "pack"))
        if asks:
            self.body.addLayout(fields((("第二人姓名", self.second), ("第二人的口令", self.password))))
            enter_leads_on([self.second, self.password], go.setFocus)
        self.wrong = self.say("", "wrong")
        self._go = go
        self.buttons(*((go, cancel) if is_usual else (cancel, go)))
        self.first: QWidget = self.second if asks else go

    def do(self, act: Callable[[], _Result], done: Callable[[_Result], object]) -> None:
        """Do an act on the writing thread, once the second person's password was found right."""
        counter, name, typed = self.station.counter, self.second.text().strip() or None, self.password.text()
        self.password.clear()
        self._go.setEnabled(False)
        self.station.jobs.write(lambda: attended(counter, name, typed, act), done, self._failed, owner=self)

    def _failed(self, error: BaseException) -> None:
        self._go.setEnabled(True)
        if isinstance(error, NeedsSecondError):
            self.wrong.setText(f"{error.title}：请第二人在上面输入姓名和口令，再按一次")
        elif isinstance(error, GongjiError):
            self.wrong.setText(str(error))
        else:
            self.station.fail(error)
        self.grow()


class InstallSheet(PackSheet):
    """Says what installing a pack does and who signed it; an unknown maker's waits for a tick that it was compared."""

    def __init__(
        self,
        station: Workspace,
        one: PackFound,
        fetched: FetchedPacks,
        sentences: tuple[str, ...],
        done: Callable[[PacksTaken], object],
    ) -> None:
        """Show the sentences; `fetched` holds the pack alone, `done` gets what came of it."""
        super().__init__(station, "装上这一版政策？", 560)
        self._fetched, self._done = fetched, done
        for sentence in sentences:
            self.say(sentence)
        maker = one.maker
        self.compared: QCheckBox | None = None
        self._fingerprint = ""
        if maker is not None and not maker.is_known and not station.counter.clinic.training:
            self._fingerprint = maker.fingerprint
            self.compared = QCheckBox("已打电话核对指纹，一致；以后也收其签名的政策包")
            self.body.addWidget(self.compared)
        go, cancel = button("装上", self.install, "main"), button("取消", self.reject)
        self.ask_second(go, cancel, is_usual=True)
        if self.compared is not None and one.to_accept:
            go.setEnabled(False)
            self.compared.toggled.connect(go.setEnabled)
            self.first = self.compared
        self.first.setFocus()
        self.open()

    def install(self) -> None:
        """Install the pack, and accept its maker where the tick says so."""
        counter, fetched = self.station.counter, self._fetched
        accept = self._fingerprint if self.compared is not None and self.compared.isChecked() else ""
        self.station.bugs.doing = "安装政策包"
        self.do(lambda: take_in_packs(counter, fetched, accept), self._installed)

    def _installed(self, taken: PacksTaken) -> None:
        self.accept()
        self._done(taken)


class MakersSheet(PackSheet):
    """The makers whose packs are taken here, and taking one's no longer."""

    def __init__(self, station: Workspace) -> None:
        super().__init__(station, "认可的制作人", 760)
        self.say("除发布方和本机外，收下面这些制作人签名的政策包。安装时核对指纹后认可；撤回以后不再收，已装的不变。")
        self.table = TableView(_COLUMNS, "没有认可过别的制作人。")
        self.table.setFixedHeight(tokens.ROW * 5)
        self.body.addWidget(self.table)
        self.said = self.say("", "muted")
        self.remove_button = button("撤回认可", self.remove)
        self.ask_second(self.remove_button, button("返回", self.reject, "main"), is_usual=False)
        self.refresh()
        self.table.setFocus()
        self.open()

    def refresh(self) -> None:
        """Read them again."""
        self.table.set_rows(accepted_makers(self.station.counter.store.reader))
        self.remove_button.setEnabled(bool(self.table.rows_model.rows))

    def remove(self) -> None:
        """Take the chosen maker's packs no longer."""
        one, counter = self.table.current, self.station.counter
        if one is not None:
            self.do(lambda: remove_maker(counter, one.fingerprint), lambda gone: self._removed(gone.who))

    def _removed(self, who: str) -> None:
        self.wrong.setText("")
        self.second.clear()
        self.refresh()
        self.said.setText(f"不再收“{who}”签名的政策包。")
