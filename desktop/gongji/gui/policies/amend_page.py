"""补充通知: a further edition made of the one that is shown and a notice: changed, checked, signed, passed on."""

from collections.abc import Callable
from html import escape
from pathlib import Path

from gongji.core.engine.policy import Policy
from gongji.core.labels import AMOUNT_WORDS
from gongji.core.packs.amendment import CaseChange, EditableFigure, FigureChange, FigurePath, editable_figures
from gongji.core.packs.language import Pack
from gongji.desk.policies.amend import CaseDifference, PreparedEdition, prepare, release
from gongji.desk.policies.install_packs import PacksTaken, from_texts, take_in_packs
from gongji.gui.kit import dialogs, tokens
from gongji.gui.kit.ask_path import ask_new_file
from gongji.gui.kit.beside import Beside
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.form import HTML_STYLE, browser
from gongji.gui.kit.layout import REST, column, label, put, row
from gongji.gui.kit.models import Column
from gongji.gui.kit.parts import card_of
from gongji.gui.kit.table import TableView
from gongji.gui.policies.amend_sheets import CaseSheet, FigureSheet
from gongji.gui.policies.notice_card import NoticeCard
from gongji.gui.policies.policy_page import PolicyPage, numbered, wrong
from gongji.gui.shell.workspace import Workspace

_LEAST_LIST, _LEAST_TOLD = 260, 220
"""Pixels of the figures, and of what comes of them, where one is below the other."""


class AmendPage(PolicyPage):
    """The notice above, the figures at the left, what comes of it at the right."""

    def __init__(self, station: Workspace, policy: Policy) -> None:
        """Begin with nothing changed."""
        super().__init__(station, policy)
        self.changes: dict[FigurePath, FigureChange] = {}
        self.cases: dict[str, CaseChange] = {}
        self.prepared: PreparedEdition | None = None
        self._edition = ""
        self.notice = NoticeCard(station)
        self.first_field = self.notice.title
        self.figures = TableView(self._columns(), "这一版没有可以改的数额")
        self.figures.setWordWrap(True)
        self.details = browser()
        self.check_button = button("核对", self.check, "main")
        self.case_button = button("填例子…", self.work_out_next)
        self.export_button = button("签发并导出…", self.ask_to_export)
        self.install_button = button("签发并装上", self.ask_to_install)
        self._build()
        self.figures.opened.connect(lambda _: self.change_chosen())
        self.notice.edited.connect(self._outdated)
        self._show()

    def _columns(self) -> tuple[Column, ...]:
        def said(name: str) -> Callable[[EditableFigure], str]:
            return lambda one: getattr(self.changes.get(one.path), name, "")

        return (
            Column(title="数额", text=lambda one: one.what),
            Column(title="原来", text=lambda one: one.text, width=110, right=True, muted=True),
            Column(title="改为", text=said("value"), width=110, right=True, colour=lambda _: tokens.ACCENT),
            Column(title="通知的", text=said("article"), width=70),
        )

    def _build(self) -> None:
        note = label("选一个数额按 Enter 修改；每一处都写明出自通知的哪一条。", "small")
        left = card_of((self.figures, 1), put(row(margin=tokens.GAP), (note, 1), self.check_button))
        acts = put(row(), REST, self.case_button, self.export_button, self.install_button)
        right = card_of((self.details, 1), acts, margin=tokens.GAP, spacing=tokens.STEP)
        both = Beside(left, right, stretch=(6, 5), heights=(_LEAST_LIST, _LEAST_TOLD))
        put(column(self, margin=0, spacing=2 * tokens.STEP), self.notice, (both, 1))

    def refresh(self) -> None:
        """Show what can be changed of the edition; of another edition nothing is changed yet."""
        policy = self.policy
        if policy.id == self._edition:
            return
        self._edition = policy.id
        self.changes, self.cases, self.prepared = {}, {}, None
        self.notice.begin(policy.pack)
        self.figures.set_rows(editable_figures(policy.pack))
        self.figures.wrap_rows()
        self._show()

    def change_chosen(self) -> None:
        """Ask for a figure's new value and the article that says so."""
        one: EditableFigure | None = self.figures.current
        if one is not None:
            last = next(reversed(self.changes.values()), None)
            FigureSheet(self.window(), one, self.changes.get(one.path), last, self._changed)

    def _changed(self, path: FigurePath, change: FigureChange | None) -> None:
        if change is None:
            self.changes.pop(path, None)
        else:
            self.changes[path] = change
        self.figures.viewport().update()
        self._outdated()

    def _outdated(self) -> None:
        if self.prepared is not None:
            self.prepared = None
            self._show()

    def check(self) -> None:
        """Make the edition, say what changes, settle its worked cases."""
        policy, counter = self.policy, self.station.counter
        one = self.notice.amendment(self.changes.values(), self.cases.values())
        if isinstance(one, str):
            self._checked(PreparedEdition(text=b"", pack=None, wrong=(one,)))
            return
        self.check_button.setEnabled(False)
        self.station.bugs.doing = "核对补充通知"
        self.station.jobs.device(lambda: prepare(counter, policy, one), self._checked, self._failed, owner=self)

    def _checked(self, prepared: PreparedEdition) -> None:
        self.check_button.setEnabled(True)
        self.prepared = prepared
        self._show()

    def _failed(self, error: BaseException) -> None:
        self.check_button.setEnabled(True)
        self.station.fail(error)

    def work_out_next(self) -> None:
        """Ask what the next worked case comes to that comes out otherwise now."""
        if self.prepared is not None and self.prepared.differing:
            one = self.prepared.differing[0]
            found = (before for before, change in self.cases.items() if change.name == one.case)
            CaseSheet(self.window(), next(found, one.case), one, self._worked_out)  # by its name in the edition before

    def _worked_out(self, change: CaseChange) -> None:
        self.cases[change.case] = change
        self.check()

    def _show(self) -> None:
        one = self.prepared
        ready = one is not None and one.is_ready
        self.export_button.setEnabled(ready)
        self.install_button.setEnabled(ready)
        self.case_button.setEnabled(one is not None and bool(one.differing))
        typed = {change.name for change in self.cases.values()}
        self.details.setHtml(HTML_STYLE + (_ASK if one is None else _page(one, typed)))

    def ask_to_export(self) -> None:
        """Ask where the signed file goes."""
        one = self.prepared
        if one is None or one.pack is None:
            return
        ask_new_file(self, "导出政策包", _file_name(one.pack), "政策包 (*.toml)", self.export)

    def export(self, path: Path) -> None:
        """Sign the edition and write it as a file for other counters."""
        said = f"{path}。别的窗口在“政策 → 安装新版”装上。"
        self._release(path, lambda _: dialogs.tell(self.window(), "已签发并导出", said))

    def ask_to_install(self) -> None:
        """Say what installing does, and ask."""
        one = self.prepared
        if one is None or one.pack is None:
            return
        sentences = (
            f"{one.pack.area_name}的新版 {one.pack.starts} 起施行，改动 {len(one.sentences)} 处，例子都算对。",
            "签发人和本机构的名称会写进文件；装上之后，从施行那天起按新版结算。",
        )
        dialogs.ask(self.window(), "签发并装上？", sentences, ("签发并装上", self.install))

    def install(self) -> None:
        """Sign the edition, keep the file beside the others that were made here, and take it in."""
        one, counter = self.prepared, self.station.counter
        if one is None or one.pack is None:
            return
        path = counter.folder.path / "policies" / _file_name(one.pack)
        self._release(path, lambda signed: self._take_in(path.name, signed))

    def _release(self, path: Path, then: Callable[[bytes], object]) -> None:
        one, counter = self.prepared, self.station.counter
        if one is None:
            return
        self.station.bugs.doing = "签发政策包"
        self.station.jobs.write(lambda: release(counter, one, path), then, owner=self)

    def _take_in(self, name: str, signed: bytes) -> None:
        counter = self.station.counter
        self.station.jobs.write(
            lambda: take_in_packs(counter, from_texts(counter, [(name, signed)])), self._installed, owner=self
        )

    def _installed(self, taken: PacksTaken) -> None:
        if taken.refused:
            dialogs.tell(self.window(), "没有装上", *taken.refused[0].wrong)
        else:
            dialogs.tell(self.window(), "已签发并装上", f"{'、'.join(taken.taken)}，到施行那天自动换用。")


def _file_name(pack: Pack) -> str:
    return f"{pack.area}-{pack.starts}.toml"


_ASK = (
    "<p>按补充通知做新版：</p><p>1. 填好上面的通知。</p>"
    "<p>2. 在左边选要改的数额，按 Enter 写新数、出自哪一条、要旨。</p>"
    "<p>3. 按“核对”：逐句列出改了什么，跑一遍例子；算得不同的例子要人工另算。</p>"
    "<p>4. 签发：导出给别的窗口，或直接装上。</p>"
)


def _page(one: PreparedEdition, typed: set[str]) -> str:
    if one.pack is None:
        return f"<h3>还不能用</h3>{wrong(one.wrong)}"
    parts = [f"<h3>改了什么（{len(one.sentences)} 处）</h3>{numbered(one.sentences)}{wrong(one.wrong)}"]
    if one.differing:
        parts.append("<h3>例子算得不同，请按通知人工另算</h3>")
        parts += [_case(each, was_typed=each.case in typed) for each in one.differing]
    else:
        parts.append(f"<h3>{len(one.pack.case)} 个例子都算对，可以签发</h3>")
    return "".join(parts)


def _case(one: CaseDifference, *, was_typed: bool) -> str:
    name = f"<p><b>{escape(one.case)}</b></p>"
    if one.trouble:
        return f"{name}<p class='attention'>{escape(one.trouble)}</p>"
    if not was_typed:
        return name
    found, by_hand = {**one.found, **one.accumulators_found}, {**one.was, **one.accumulators_was}
    said = "；".join(
        f"{AMOUNT_WORDS.get(key, key)} 人工算 {text}，程序算 {found[key] or '没有'}" for key, text in by_hand.items()
    )
    return f"{name}<p class='attention'>{escape(said)}</p>"
