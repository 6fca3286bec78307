"""审计: a copy of a book compared with the anchors somebody else kept, with the reviewer's own key; read-only.

It needs no open counter: a reviewer looks at a stick's copy on a PC of their own.
"""

from collections.abc import Callable
from html import escape
from pathlib import Path

from PySide6.QtWidgets import QLineEdit, QWidget

from gongji.core.labels import ACT_WORDS
from gongji.core.problems import quoted
from gongji.desk.clinic.audit_book import AuditRequest, Review, in_sections, make_reviewer_key, reviewed
from gongji.errors import GongjiError
from gongji.files import is_there, path_of, write_whole
from gongji.gui.background.jobs import Jobs
from gongji.gui.kit import tokens
from gongji.gui.kit.ask_path import ask_file, ask_folder, ask_new_file
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.form import HTML_STYLE, browser, fields, text
from gongji.gui.kit.layout import put, row
from gongji.gui.kit.style import set_role

_WIDTH, _HEIGHT = 780, 600


class AuditSheet(Dialog):
    """What to review, with which key; and below, the findings."""

    def __init__(self, parent: QWidget | None, copy: Path | None = None) -> None:
        """Begin with nothing looked at; `copy` is offered."""
        super().__init__(parent, "审计（只看不写）", _WIDTH)
        self._jobs = Jobs(self._failed, self)
        self.found: Review | None = None
        self.copy = text("" if copy is None else str(copy), "U 盘上的备份文件夹，或数据文件夹")
        self.anchors = text("", "自己保存的锚，一行一个（每天日结单上的二维码）")
        self.listed = text("", "经办机构给的结算清单（CSV、XLSX），可空着")
        self.key = text("", "AGE-SECRET-KEY-…，审计人员自己的", is_code=True)
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.dice = text("", "任意几个字，写上可以重做同样的抽样；空着由程序掷")
        self.body.addLayout(
            fields((
                ("备份", self._with_button(self.copy, self._ask_copy)),
                ("锚的文件", self._with_button(self.anchors, lambda: self._ask_file(self.anchors))),
                ("平台清单", self._with_button(self.listed, lambda: self._ask_file(self.listed))),
                ("钥匙", self.key), ("骰子", self.dice),
            ))
        )  # fmt: skip
        self.shown = browser()
        self.body.addWidget(self.shown, 1)
        self.note = self.say("", "muted")
        self.go = button("核对", self.look, "main")
        self.save = button("存成文本…", self._ask_save)
        self.save.setEnabled(False)
        self.buttons(self.go, self.save, button("生成我的钥匙…", self._ask_key), button("返回", self.reject))
        self.resize(_WIDTH, _HEIGHT)
        self.finished.connect(self._jobs.close)
        self.copy.setFocus()
        self.open()

    @staticmethod
    def _with_button(field: QLineEdit, ask: Callable[[], None]) -> QWidget:
        whole = QWidget()
        put(row(whole, spacing=tokens.STEP), (field, 1), button("选…", ask))
        return whole

    def _ask_copy(self) -> None:
        ask_folder(self, "审计", lambda path: self.copy.setText(str(path)))

    def _ask_file(self, field: QLineEdit) -> None:
        ask_file(self, "审计", "", lambda path: field.setText(str(path)))

    def look(self) -> None:
        """Compare the copy with everything given, in the background."""
        if not self.go.isEnabled():
            return
        if not self.copy.text().strip():
            self._say("请选备份文件夹", wrong=True)
            return
        try:
            copy = self._path_in("备份", self.copy)
            anchors, listed = self._path_in("锚的文件", self.anchors), self._path_in("平台清单", self.listed)
        except GongjiError as error:
            self._say(str(error), wrong=True)
            return
        assert copy is not None
        asked = AuditRequest(
            copy=copy,
            anchors=() if anchors is None else (anchors,),
            listed=listed,
            secret=self.key.text().strip() or None,
            dice=self.dice.text().strip(),
        )
        self.go.setEnabled(False)
        self._say("正在核对……")
        self._jobs.device(lambda: reviewed(asked), self._show, self._failed, owner=self)

    @staticmethod
    def _path_in(what: str, field: QLineEdit) -> Path | None:
        typed = field.text().strip()
        if not typed:
            return None
        path = path_of(typed, what)
        if not is_there(path):
            raise GongjiError(f"{what}“{quoted(typed)}”不在那里", "请核对，或按“选…”来选")
        return path

    def _show(self, one: Review) -> None:
        self.found = one
        self.go.setEnabled(True)
        self.save.setEnabled(True)
        self._say(
            "没有发现不符；请看最后一段：这样查不出来的。" if one.is_well else "有对不上的，见下面。",
            wrong=not one.is_well,
        )
        self.shown.setHtml(
            HTML_STYLE + "".join(_section(heading, rows) for heading, rows in in_sections(one, ACT_WORDS))
        )

    def _ask_save(self) -> None:
        ask_new_file(self, "存成文本", "审计结果.txt", "文本 (*.txt)", self.save_to)

    def _ask_key(self) -> None:
        ask_new_file(self, "生成我的钥匙", "审计钥匙.txt", "文本 (*.txt)", self.make_key)

    def make_key(self, path: Path) -> None:
        """Write a new key of the reviewer's own to a file, and show its public line, which a clinic admits."""
        self._jobs.device(
            lambda: make_reviewer_key(path), lambda line: self._keep_key(path, line), self._failed, owner=self
        )

    def _keep_key(self, path: Path, recipient: str) -> None:
        self._say(f"钥匙存在 {path}，请自己保管。公钥在下面，请交给诊所登记。")
        self.shown.setHtml(
            f"{HTML_STYLE}<h3>公钥</h3><p><code>{escape(recipient)}</code></p>"
            "<p>诊所的管理员在“设置 → 操作员”登记；从下一次备份起，这把钥匙能看备份。</p>"
        )

    def save_to(self, path: Path) -> None:
        """Write the findings as a text file."""
        if self.found is None:
            return
        lines = [
            line
            for heading, rows in in_sections(self.found, ACT_WORDS)
            for line in (f"{heading}：", *(f"  {one}" for one in rows))
        ]
        content = ("\n".join(lines) + "\n").encode()
        self._jobs.device(
            lambda: write_whole(path, content), lambda _: self._say(f"已存到 {path}"), self._failed, owner=self
        )

    def _failed(self, error: BaseException) -> None:
        self.go.setEnabled(True)
        if not isinstance(error, GongjiError):
            raise error
        self._say(str(error), wrong=True)

    def _say(self, words: str, *, wrong: bool = False) -> None:
        set_role(self.note, "wrong" if wrong else "muted").setText(words)


def _section(heading: str, rows: tuple[str, ...]) -> str:
    items = "".join(f"<li>{escape(one)}</li>" for one in rows)
    return f"<h3>{escape(heading)}</h3><ul>{items}</ul>"
