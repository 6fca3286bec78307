"""版本对比: what two editions differ in, sentence by sentence."""

from pathlib import Path

from gongji.core.engine.policy import Policy
from gongji.core.packs.changes import changes
from gongji.core.packs.language import Pack
from gongji.desk.policies.packs import pack_named
from gongji.errors import GongjiError
from gongji.gui.kit import tokens
from gongji.gui.kit.ask_path import ask_file
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.form import choice, fill
from gongji.gui.kit.layout import column, label, put, row
from gongji.gui.kit.models import Column
from gongji.gui.kit.parts import card_of
from gongji.gui.kit.table import TableView
from gongji.gui.policies.policy_page import PolicyPage
from gongji.gui.shell.workspace import Workspace

_COLUMNS = (
    Column(title="", text=lambda one: str(one[0]), width=44, right=True, muted=True),
    Column(title="改了什么", text=lambda one: one[1]),
)

_SAME = "两边一样，没有改动。"


class ChangesPage(PolicyPage):
    """Two editions to choose, or a file not yet in use; the differences below."""

    def __init__(self, station: Workspace, policy: Policy) -> None:
        super().__init__(station, policy)
        self._files: dict[str, Pack] = {}
        self._packs: dict[str, Pack] = {}
        self.old, self.new = choice({}), choice({})
        self.first_field = self.old
        self.sum = label("", "muted")
        self.table = TableView(_COLUMNS, _SAME)
        self.table.setWordWrap(True)
        top = row(spacing=2 * tokens.STEP)
        put(top, label("从", "label"), (self.old, 1), label("到", "label"), (self.new, 1))
        put(top, button("打开政策包文件…", self._open))
        put(column(self, margin=0, spacing=2 * tokens.STEP), top, self.sum, (card_of(self.table), 1))
        for one in (self.old, self.new):
            one.currentIndexChanged.connect(lambda _: self._compare())

    def refresh(self) -> None:
        """Offer the editions, this area's first, and compare the two newest of it."""
        library, own = self.station.counter.library, self.policy.pack.area
        areas = sorted(library.areas, key=lambda area: area != own)
        found = {one.id: one.pack for area in areas for one in library.editions(area)}
        self._packs = found | self._files
        options = {name: _title(pack) for name, pack in found.items()}
        options |= {name: f"文件 {Path(name).name}：{_title(pack)}" for name, pack in self._files.items()}
        mine = [name for name, pack in found.items() if pack.area == own]
        fill(self.old, options, mine[-2] if len(mine) > 1 else mine[-1])
        fill(self.new, options, list(self._files)[-1] if self._files else mine[-1])
        self._compare()

    def _compare(self) -> None:
        old, new = (self._packs[str(one.currentData())] for one in (self.old, self.new))
        sentences = [] if old is new else changes(old, new)
        only = f"{old.area_name}现在只有一版政策。新版下发后，用“打开政策包文件”看它改了什么；也可以和别的市对照。"
        self.table.say_empty(only if old is new else _SAME)
        self.table.set_rows(list(enumerate(sentences, 1)))
        self.table.wrap_rows()
        self.sum.setText(f"{_title(old)} → {_title(new)}：{len(sentences)} 处不同" if sentences else "")

    def _open(self) -> None:
        ask_file(self, "打开政策包文件", "政策包 (*.toml)", lambda path: self.open_file(str(path)))

    def open_file(self, name: str) -> None:
        """Read a pack's file and compare the newest edition with it; it is only looked at, not put in force."""
        try:
            self._files[name] = pack_named(self.station.counter.library, name)
        except GongjiError as error:
            self.station.fail(error)
            return
        self.refresh()


def _title(pack: Pack) -> str:
    return f"{pack.area_name} {pack.area} · {pack.starts} 起"
