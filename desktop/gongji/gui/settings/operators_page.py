"""操作员: who may open the book; each with a password of their own, which unwraps its key."""

from pathlib import Path

from PySide6.QtWidgets import QWidget

from gongji.core.problems import quoted
from gongji.core.typed import whole_number
from gongji.desk.clinic.locks import MOST_MINUTES, lock_minutes, set_lock_minutes
from gongji.desk.clinic.operators import (
    add_operator,
    admit_reader,
    change_password,
    make_recovery_key,
    operators,
    remove_operator,
    reset_password,
    set_role,
    try_recovery_key,
)
from gongji.desk.roles import ROLE_WORDS, attend, role_named
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.gui.background.lazy import paperwork, preview
from gongji.gui.kit import dialogs, tokens
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.form import text
from gongji.gui.kit.layout import REST, label, put, row
from gongji.gui.kit.models import Column
from gongji.gui.kit.table import TableView
from gongji.gui.settings.settings_page import SecretSheet, SettingsPage
from gongji.gui.shell.workspace import Workspace

_TRAINING = "培训数据不设口令，谁都可以打开练习。建立本院自己的数据后，在这里增加操作员。"


class OperatorsPage(SettingsPage):
    """The operators, and the acts on them."""

    def __init__(self, station: Workspace) -> None:
        super().__init__(station, "操作员")
        columns = (
            Column(title="姓名", text=lambda one: one),
            Column(title="岗位", text=lambda one: ROLE_WORDS.get(role_named(station.counter, one), ""), width=110),
            Column(title="", text=lambda one: "现在登录的" if one == station.counter.operator else "", width=110),
        )
        self.table = TableView(columns, _TRAINING)
        self.first_field = self.table
        self.table.setFixedHeight(tokens.ROW * 6)
        note = (
            "每位操作员用自己的姓名和口令登录；每笔结算都记着是谁。口令忘了的由管理员重设；都忘了只有恢复钥匙能打开。"
        )
        put(self.body, self.table, label(note, "small", wrap=True))
        self.buttons = (
            button("增加操作员…", self._add, "main"),
            button("改自己的口令…", self._change),
            button("重设选中的口令…", self._reset),
            button("删除选中的…", self._remove),
            button("改岗位…", self._role),
            button("第二人在场…", self._second),
            button("恢复钥匙…", self._recovery),
            button("试恢复钥匙…", self._try_recovery),
            button("登记审计的钥匙…", self._admit_reader),
        )
        for first in range(0, len(self.buttons), 3):
            self.add_acts(*self.buttons[first : first + 3])
        self.lock_after = text("", "分钟，0 为不锁", right=True)
        self.lock_after.setFixedWidth(120)
        self.lock_save = button("保存", self._keep_lock)
        self.lock_now = button("立即锁定（Ctrl+Shift+L）", station.lock_wanted.emit)
        locking: tuple[QWidget, ...] = (self.lock_after, self.lock_save, self.lock_now)
        for each in (*self.buttons, *locking):
            each.setEnabled(not station.counter.clinic.training)
        across = put(row(spacing=2 * tokens.STEP), *locking, REST)
        put(self.body, label("几分钟没人用就锁定（系统锁屏、睡眠时也锁定）", "label"), across, self.said)

    def _keep_lock(self) -> None:
        counter, minutes = self.station.counter, whole_number(self.lock_after.text(), MOST_MINUTES)
        if minutes is None:
            self.say(f"分钟数应为整数，在 0 至 {MOST_MINUTES} 之间，0 为不自动锁定", wrong=True)
            return
        self.keep(lambda: set_lock_minutes(counter, minutes), "已保存。")

    def refresh(self) -> None:
        """List them again."""
        self.lock_after.setText(str(lock_minutes(self.station.counter)))
        self.table.set_rows(operators(self.station.counter))

    def _add(self) -> None:
        asked = (("您自己的口令", True), ("新操作员姓名", False), ("新操作员的口令", True), ("口令再输一次", True))

        def add(counter: Session, own: str, name: str, *new: str) -> None:
            add_operator(counter, own, name, _same(*new))

        SecretSheet(self, "增加操作员", asked, add, "已增加操作员。")

    def _change(self) -> None:
        asked = (("原口令", True), ("新口令", True), ("新口令再输一次", True))

        def change(counter: Session, own: str, *new: str) -> None:
            change_password(counter, own, _same(*new))

        SecretSheet(self, "改口令", asked, change, "口令已改。")

    def _reset(self) -> None:
        name = self.table.current
        if name is None:
            return

        def reset(counter: Session, own: str, *new: str) -> None:
            reset_password(counter, own, name, _same(*new))

        asked = (("您自己的口令", True), (f"{name}的新口令", True), ("新口令再输一次", True))
        SecretSheet(self, f"重设“{name}”的口令", asked, reset, f"已重设{name}的口令，请他登录后自己再改一次。")

    def _role(self) -> None:
        name = self.table.current
        if name is None:
            return

        def change(counter: Session, own: str, said: str) -> None:
            role = next((one for one, words in ROLE_WORDS.items() if words == said.strip()), None)
            if role is None:
                choices = "、".join(ROLE_WORDS.values())
                raise GongjiError(f"没有岗位“{quoted(said.strip())}”", f"请写 {choices} 中的一个")
            set_role(counter, own, name, role)

        now = ROLE_WORDS.get(role_named(self.station.counter, name), "没有岗位")
        asked = (("您自己的口令", True), ("岗位", False))
        SecretSheet(self, f"“{name}”的岗位（现在是{now}）", asked, change, "岗位已改。")

    def _second(self) -> None:
        SecretSheet(
            self,
            "第二人在场：恢复备份、改网关等要两个人",
            (("第二人姓名", False), ("第二人的口令", True)),
            lambda counter, name, secret: attend(counter, name.strip(), secret),
            "第二人已确认，两分钟内再做一次刚才的操作。",
        )

    def _recovery(self) -> None:
        SecretSheet(
            self,
            "新的恢复钥匙",
            (("您自己的口令", True),),
            make_recovery_key,
            "恢复钥匙已换。请收好纸上的那一把，再“试恢复钥匙”。",
            self._show_secret,
        )

    def _show_secret(self, secret: str) -> None:
        advice = "请打印出来，或一字不差地抄在纸上，由负责人封存。没有人能登录时，只有它能打开数据。"
        print_it = ("打印…", lambda: self._print_secret(secret))
        dialogs.ask(self.window(), "恢复钥匙，只显示这一次", (advice, secret), print_it, "已抄好")

    def _print_secret(self, secret: str) -> None:
        """Show the sheet to be printed; it is in memory alone, and deleted once it is closed."""
        station = self.station

        def made(path: Path) -> None:
            sheet = preview().PreviewSheet(station, "恢复钥匙单", path)
            sheet.finished.connect(lambda _: station.counter.loose_papers.pop(path, None))

        station.jobs.write(lambda: paperwork().recovery_sheet(station.counter, secret), made, self.failed, owner=self)

    def _try_recovery(self) -> None:
        asked = (("AGE-SECRET-KEY-…", False),)
        SecretSheet(self, "试一次纸上的恢复钥匙", asked, try_recovery_key, "这把恢复钥匙能打开数据。")

    def _admit_reader(self) -> None:
        SecretSheet(
            self,
            "登记审计的钥匙：用它能看备份，什么也改不了",
            (("您自己的口令", True), ("审计人员姓名", False), ("审计人员的公钥（age1…，不是私钥）", False)),
            admit_reader,
            "已登记。从下一次备份起，审计人员能用自己的钥匙看。",
        )

    def _remove(self) -> None:
        name = self.table.current
        if name is not None:
            SecretSheet(
                self,
                f"删除操作员“{name}”",
                (("您自己的口令", True),),
                lambda counter, own: remove_operator(counter, own, name),
                "已删除。",
            )


def _same(password: str, again: str) -> str:
    """Return a password that was typed twice. Raises `GongjiError` where the two differ."""
    if password != again:
        raise GongjiError("两次输入的口令不一样", "请重新输入")
    return password
