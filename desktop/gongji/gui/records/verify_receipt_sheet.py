"""验单: scan the square code of a paper, or choose its file: is it genuine and unchanged, and what did it settle."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFrame

from gongji.core.scanned_code import CodeKind, ScannedCode
from gongji.desk.papers.verify_receipt import Verdict, check_receipt
from gongji.files import read_whole
from gongji.gui.kit import tokens
from gongji.gui.kit.ask_path import ask_file
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.form import begin_in, text
from gongji.gui.kit.layout import column, label, put
from gongji.gui.kit.style import set_role
from gongji.gui.shell.workspace import Workspace

_WIDTH = 640


class CheckingSheet(Dialog):
    """Takes what a scanner types, or a file."""

    gives_way = True

    def __init__(self, station: Workspace) -> None:
        super().__init__(station.window, "验单", _WIDTH)
        self._station = station
        self.say("用扫码枪扫结算单上的方码；或选择电子单据（PDF）。不联网也能验本收费台开出的单据。", "muted")
        self.field = text("", "扫码，或粘贴码里的内容后按 Enter")
        self.body.addWidget(self.field)
        self.verdict = QFrame()
        self.head = label("", "heading")
        self.details = label("", wrap=True)
        put(column(self.verdict, margin=tokens.GAP, spacing=tokens.STEP), self.head, self.details)
        self.verdict.hide()
        self.body.addWidget(self.verdict)
        self.buttons(button("验", self._check, "main"), button("选文件…", self._choose), button("返回", self.reject))
        self.field.returnPressed.connect(self._check)
        self.field.setFocus()
        self.open()

    def takes_scan(self, code: ScannedCode) -> bool:
        """Check a scanned receipt; return whether the code was one."""
        if code.kind is CodeKind.PAPER:
            self._ask(code.key.encode)
        return code.kind is CodeKind.PAPER

    def _check(self) -> None:
        typed = self.field.text().strip()
        if typed:
            self._ask(typed.encode)

    def _choose(self) -> None:
        ask_file(self, "选择电子单据", "PDF (*.pdf)", self.check_file)

    def check_file(self, path: Path) -> None:
        """Show whether a file is a genuine receipt."""
        self._ask(lambda: read_whole(path))

    def _ask(self, given: Callable[[], bytes]) -> None:
        store = self._station.counter.store
        self._station.jobs.device(lambda: check_receipt(store, given()), self._show, owner=self)

    def _show(self, one: Verdict) -> None:
        set_role(self.verdict, "done" if one.genuine else "alert")
        self.head.setText("真实有效" if one.genuine else "不能确认")
        set_role(self.head, "accent" if one.genuine else "attention")
        self.details.setText("\n".join(one.sentences))
        self.verdict.show()
        begin_in(self.field)
