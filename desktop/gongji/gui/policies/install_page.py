"""安装新版: packs from a file, a stick or the platform: what each changes in words, and a yes before it counts."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from gongji.core.engine.policy import Policy
from gongji.desk.policies.install_packs import (
    DownloadedPacks,
    FetchedPacks,
    PackFound,
    PacksTaken,
    examine_packs,
    fetching_packs,
    from_texts,
    only,
    read_files,
    try_packs,
)
from gongji.gui.kit import dialogs, tokens
from gongji.gui.kit.ask_path import ask_files, ask_folder
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.form import HTML_STYLE, browser
from gongji.gui.kit.layout import column, label, put, row
from gongji.gui.kit.models import Column
from gongji.gui.kit.parts import card_of
from gongji.gui.kit.table import TableView, two_lines
from gongji.gui.policies.install_sheet import InstallSheet, MakersSheet
from gongji.gui.policies.policy_page import PolicyPage, numbered, wrong
from gongji.gui.shell.script_task import ScriptTask
from gongji.gui.shell.workspace import Workspace

_ASK = "选一个文件或U盘上的文件夹，或从平台下载：每个政策包先在这里核对、跑完例子、说明改了什么，答应之后才装上。"
_STATES = {"new": "可以装上", "there": "已经装好", "wrong": "不能用"}
_COLOURS = {"new": tokens.ACCENT, "there": tokens.MUTED, "wrong": tokens.ATTENTION}


def _state(one: PackFound) -> str:
    return "wrong" if one.pack is None else "there" if one.is_there else "new"


def _name(one: PackFound, between: str = " ") -> str:
    return one.place if one.pack is None else f"{one.pack.area_name}{between}{one.pack.area}"


def _span(one: PackFound, between: str = " ") -> str:
    if one.pack is None:
        return ""
    return f"{one.pack.starts} 起" if one.pack.ends is None else f"{one.pack.starts}{between}至 {one.pack.ends}"


_COLUMNS = (
    Column(title="政策包", text=lambda one: _name(one, "\n")),
    Column(title="有效期", text=lambda one: _span(one, "\n"), width=130),
    Column(title="", text=lambda one: _STATES[_state(one)], width=80, colour=lambda one: _COLOURS[_state(one)]),
)


class InstallPage(PolicyPage):
    """What was found at the left, what it changes at the right."""

    def __init__(self, station: Workspace, policy: Policy) -> None:
        super().__init__(station, policy)
        self._fetched: FetchedPacks | None = None
        self.open_button = self.first_field = button("从文件…", self.ask_for_files, "main")
        self.stick_button = button("从U盘或文件夹…", self.ask_for_folder)
        self.platform_button = button("从平台下载", self.fetch)
        self.makers_button = button("认可的制作人…", lambda: MakersSheet(station))
        ways = (self.open_button, self.stick_button, self.platform_button, self.makers_button)
        self.note = label("", "muted")
        self.install_button = button("装上这一版", self.ask_to_install, "main")
        self._buttons = (*ways, self.install_button)
        self.table = TableView(_COLUMNS, _ASK)
        two_lines(self.table)  # names are read whole on a narrow screen too
        self.details = browser()
        top = put(row(spacing=2 * tokens.STEP), *ways, (self.note, 1), self.install_button)
        both = put(row(), (card_of(self.table), 5), (card_of(self.details, margin=tokens.EDGE), 6))
        put(column(self, margin=0, spacing=2 * tokens.STEP), top, (both, 1))
        self.table.chosen.connect(lambda _: self._show_chosen())
        self.table.opened.connect(lambda _: self.ask_to_install())
        self._show_chosen()

    def ask_for_files(self) -> None:
        """Ask for files of packs."""
        ask_files(self, "选择政策包文件", "政策包 (*.toml)", self.open_paths)

    def ask_for_folder(self) -> None:
        """Ask for a stick, or a folder on it."""
        ask_folder(self, "选择U盘或文件夹", lambda path: self.open_paths([path]))

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Look at packs in files and folders."""
        counter = self.station.counter
        self._busy("正在核对……")
        self.station.jobs.network(
            lambda: read_files(paths), lambda texts: self._examine(from_texts(counter, texts)), self._failed, owner=self
        )

    def fetch(self) -> None:
        """Ask the platform for packs newer than those taken in before."""
        self._busy("正在从平台下载……")
        self.station.bugs.doing = "下载政策包"
        task = ScriptTask(self.station, lambda payer_line: payer_line.talk(fetching_packs), self)
        task.ended.connect(self._try)
        task.failed.connect(self._failed)

    def _try(self, downloaded: DownloadedPacks) -> None:
        self.station.jobs.network(lambda: try_packs(downloaded), self._examine, self._failed, owner=self)

    def _busy(self, words: str) -> None:
        self.note.setText(words)
        for one in self._buttons:
            one.setEnabled(not words)

    def _failed(self, error: BaseException) -> None:
        self._busy("")
        self._show_chosen()
        self.station.fail(error)

    def _examine(self, fetched: FetchedPacks) -> None:
        """Check what was found beside the settling, on the thread that writes: it reads what was taken in before."""
        self._fetched = fetched
        counter = self.station.counter
        self.station.jobs.write(lambda: examine_packs(counter, fetched), self._show, self._failed, owner=self)

    def _show(self, found: list[PackFound]) -> None:
        self._busy("")
        self.table.say_empty("没有找到政策包：平台没有更新的，或文件夹里没有 .toml 文件。")
        self.table.set_rows(found, key=lambda one: one.place)
        self._show_chosen()

    def _show_chosen(self) -> None:
        one: PackFound | None = self.table.current
        self.details.setHtml("" if one is None else HTML_STYLE + _page(one))
        self.install_button.setEnabled(one is not None and _state(one) == "new")

    def ask_to_install(self) -> None:
        """Say what installing does, and ask."""
        one: PackFound | None = self.table.current
        fetched = self._fetched
        if one is None or one.pack is None or one.is_there or fetched is None:
            return
        today = self.station.today
        when = (
            f"{one.pack.starts} 起施行，今天先装好，到那天自动换用。"
            if one.pack.starts > today
            else f"{one.pack.starts} 起施行：从下一笔结算起就按它，已结算的不变。"
        )
        sentences = [f"{_name(one)}，{when}", f"改动 {len(one.sentences)} 处，{one.cases} 个例子都算对。"]
        if one.maker is None:
            sentences.append("文件没有签名：请确认它来自经办机构，或与经办机构核对过。")
        elif one.maker.is_known:
            sentences.append(f"{one.maker.in_words}。")
        else:
            sentences.append(
                f"文件里自称“{one.maker.who}”，这几个字谁都能写：请打电话向制作单位核对指纹 {one.maker.fingerprint}。"
            )
        InstallSheet(self.station, one, only(fetched, {one.place}), tuple(sentences), self._installed)

    def _installed(self, taken: PacksTaken) -> None:
        if taken.refused:
            dialogs.tell(self.window(), "没有装上", *taken.refused[0].wrong)
        else:
            self.note.setText(f"已装上 {'、'.join(taken.taken)}")
        if self._fetched is not None:
            self._examine(self._fetched)


def _page(one: PackFound) -> str:
    """Return what a person has to know about a pack before saying yes."""
    if one.pack is None:
        return f"<h2>{escape(one.place)}</h2><p>这个文件不能用，什么也没有改动：</p>{wrong(one.wrong)}"
    maker = "没有签名" if one.maker is None else one.maker.in_words
    parts = [
        f"<h2>{escape(_name(one))} · {escape(_span(one))}</h2>",
        f"<p class='muted'>文件 {escape(one.place)} · 核对于 {one.pack.verified_on} · {one.cases} 个例子都算对</p>",
        f"<p class='muted'>制作：{escape(maker)}</p>",
    ]
    if one.to_accept:
        parts.append("<p class='attention'>签名的人本机构还没有认可：请打电话向制作单位核对指纹，一致的才装。</p>")
    if one.before is None:
        parts.append("<p>本机还没有这个统筹区的政策，没有可以对照的。</p>")
    else:
        parts.append(f"<h3>与 {escape(one.before.id)} 相比，{len(one.sentences)} 处不同</h3>{numbered(one.sentences)}")
    return "".join(parts)
