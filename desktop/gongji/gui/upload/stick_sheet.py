"""导出到U盘、导入回执: packages carried to a connected PC and their answers brought back; sealed for that PC alone."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from gongji.desk.upload.stick.stick import (
    CarrierCard,
    Exported,
    Package,
    away,
    carrier_card,
    export_to,
    give_up,
    is_past_use,
    read_card,
    trust_carrier,
)
from gongji.desk.upload.stick.stick_answers import Imported, import_answers
from gongji.errors import GongjiError
from gongji.files import read_whole
from gongji.gui.kit import dialogs, tokens
from gongji.gui.kit.ask_path import ask_file, ask_new_file
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.format import state_word
from gongji.gui.kit.layout import put
from gongji.gui.kit.models import Column
from gongji.gui.kit.progress import TaskBar
from gongji.gui.kit.table import TableView
from gongji.gui.shell.workspace import Workspace

_COLUMNS = (
    Column(title="包", text=lambda one: f"第 {one.serial} 号", width=90),
    Column(title="带出时间", text=lambda one: one.made_at[:16], width=150, muted=True),
    Column(title="条数", text=lambda one: str(one.legs), width=70, right=True),
    Column(title="给谁", text=lambda one: one.receiver),
    Column(title="有效到", text=lambda one: one.expires_at[:16], width=150, muted=True),
)
_Result = TypeVar("_Result")
_SHOWN_AFTER_MS = 400
_FILES = "随盘上传包 (*.gjp)"


class CarryingSheet(Dialog):
    """The carrier, the packages away, and what may be done."""

    def __init__(self, station: Workspace) -> None:
        super().__init__(station.window, "随盘上传", 760)
        self._station = station
        self.who = self.say("", "muted")
        self.table = TableView(_COLUMNS, "没有带出去还没带回的包。")
        self.table.setFixedHeight(tokens.ROW * 6)
        self.task = TaskBar()
        put(self.body, self.table, self.task)
        self.said = self.say("包是加密的，只有那台转送机打得开；带回回执导入后才算上传。", "muted")
        self.export = button("导出到U盘…", self._ask_export, "main")
        self.answers = button("导入回执…", lambda: ask_file(self, "选择带回的回执", _FILES, self.take_answers))
        self.lost = button("包丢了…", self._ask_whether_lost)
        self.card = button("换转送机名片…", lambda: ask_file(self, "选择转送机名片", "名片 (*)", self.take_card))
        self.buttons(self.export, self.answers, self.lost, self.card, button("返回", self.reject))
        self.refresh()
        self.open()

    def refresh(self) -> None:
        """Read it again."""
        card = carrier_card(self._station.counter)
        self.who.setText(
            "还没有转送机。请在能联网的电脑上生成名片（命令行：gongji relay --card 文件名），拷来后按“换转送机名片”。"
            if card is None
            else f"转送机：{card.name} · 指纹 {card.fingerprint}"
        )
        self.export.setEnabled(card is not None)
        self.card.setDefault(card is None)
        self.table.set_rows(away(self._station.counter))
        self.lost.setEnabled(bool(self.table.rows_model.rows))

    def take_card(self, path: Path) -> None:
        """Ask whether a card is the right one; two people compare its fingerprint."""
        try:
            card = read_card(path)
        except GongjiError as error:
            self._failed(error)
            return
        dialogs.ask(
            self,
            f"以后把包交给“{card.name}”？",
            (f"指纹 {card.fingerprint}", "请与管那台电脑的人当面或电话核对，一致才继续。"),
            ("核对一致", lambda: self.trust(card)),
        )

    def trust(self, card: CarrierCard) -> None:
        """Give packages to this carrier from now on."""
        counter = self._station.counter
        self._station.jobs.write(
            lambda: trust_carrier(counter, card), lambda _: self.refresh(), self._failed, owner=self
        )

    def _ask_export(self) -> None:
        ask_new_file(self, "导出到U盘", f"{self._station.today:%m%d}.gjp", _FILES, self.export_to)

    def export_to(self, path: Path) -> None:
        """Write a package of what waits."""
        counter, tell = self._station.counter, self.task.begin("正在装包", _SHOWN_AFTER_MS)
        self.export.setEnabled(False)

        def told(one: Exported) -> str:
            return (
                f"第 {one.serial} 号包：{one.legs} 条，已写到 {path}，{one.expires_at[:16]} 前有效。"
                f"本台签名指纹 {one.fingerprint}，转送机第一次收本台的包时要核对。"
            )

        self._write(lambda: export_to(counter, path, tell), told)

    def take_answers(self, path: Path) -> None:
        """Take in what a carrier brings back."""
        counter = self._station.counter

        def told(one: Imported) -> str:
            states = "，".join(f"{state_word(state)} {count}" for state, count in sorted(one.states.items()))
            return f"第 {one.serial} 号包的回执已导入：{one.messages} 条报文；{states}。"

        self._write(lambda: import_answers(counter, read_whole(path)), told)

    def _ask_whether_lost(self) -> None:
        one: Package | None = self.table.current
        if one is None:
            return
        what = f"其中的 {one.legs} 条将收回本机。再上传前会先向平台查询，已经送到的不会重复。"
        destroyed = not is_past_use(one, self._station.now)
        if destroyed:
            words = "只有确知它已销毁、没有送到转送机的，才能现在收回；不能确定的，等它过期一天后再收回。"
        else:
            words = f"它在 {one.expires_at[:16]} 已过期，不会再被转送。"
        take = ("确已销毁，收回" if destroyed else "收回", lambda: self.give_up(one, destroyed=destroyed))
        dialogs.ask(self, f"收回第 {one.serial} 号包？", (what, words), take, "先等等")

    def give_up(self, one: Package, *, destroyed: bool) -> None:
        """Take back what a package holds without its answers."""
        counter = self._station.counter
        self._write(
            lambda: give_up(counter, one.serial, destroyed=destroyed),
            lambda legs: f"第 {one.serial} 号包已收回，{legs} 条将先向平台查询。",
        )

    def _write(self, work: Callable[[], _Result], told: Callable[[_Result], str]) -> None:
        """Do something to the book, then read it again and say in words what came of it."""

        def done(result: _Result) -> None:
            self.task.end()
            self.said.setText(told(result))
            self.refresh()

        self._station.jobs.write(work, done, self._failed, owner=self)

    def _failed(self, error: BaseException) -> None:
        self.task.end()
        self.refresh()
        self._station.tell_or_fail(error, self.said.setText)
