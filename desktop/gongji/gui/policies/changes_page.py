"""版本对比: what two editions differ in, sentence by sentence."""

from pathlib import Path

from gongji.core.packs.changes import changes
from gongji.core.packs.language import Pack
from gongji.desk.policies.packs import pack_named
from gongji.errors import GongjiError
from gongji.gui.kit import tokens
from gongji.gui.kit.ask_path import ask_file
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.form import choice, fill
from gongji.gui.kit.layout import card, column, label, row
from gongji.gui.kit.models import Column
from gongji.gui.kit.table import TableView
from gongji.gui.policies.policy_page import PolicyPage
from gongji.gui.shell.workspace import Workspace

_COLUMNS = (
    Column(title="", text=lambda one: str(one[0]), width=44, right=True, muted=True),
    Column(title="改了什么", text=lambda one: one[1]),
)


class ChangesPage(PolicyPage):
    """Two editions to choose, or a file not yet in use; the differences below."""

    def __init__(self, station: Workspace) -> None:
        super().__init__(station)
        self._files: dict[str, Pack] = {}
        self.old, self.new = choice({}), choice({})
        self.first_field = self.old
        down = column(self, margin=0, spacing=2 * tokens.STEP)
        top = row(spacing=2 * tokens.STEP)
        top.addWidget(label("从", "label"))
        top.addWidget(self.old, 1)
        top.addWidget(label("到", "label"))
        top.addWidget(self.new, 1)
        top.addWidget(button("打开政策包文件…", self._open))
        down.addLayout(top)
        self.sum = label("", "muted")
        down.addWidget(self.sum)
        frame = card()
        inside = column(frame, margin=1, spacing=0)
        self.table = TableView(_COLUMNS, "两边一样，没有改动。")
        self.table.setWordWrap(True)
        inside.addWidget(self.table, 1)
        down.addWidget(frame, 1)
        self.old.currentIndexChanged.connect(lambda _: self._compare())
        self.new.currentIndexChanged.connect(lambda _: self._compare())

    def refresh(self) -> None:
        """Offer the editions, this area's first, and compare the two newest of it."""
        policy = self.policy
        if policy is None:
            return
        library = self.station.counter.library
        areas = sorted(library.areas, key=lambda area: area != policy.pack.area)
        found = [one for area in areas for one in library.editions(area)]
        options = {one.id: _title(one.pack) for one in found}
        options |= {name: f"文件 {Path(name).name}：{_title(pack)}" for name, pack in self._files.items()}
        mine = [one.id for one in found if one.pack.area == policy.pack.area]
        fill(self.old, options, mine[-2] if len(mine) > 1 else mine[-1])
        fill(self.new, options, list(self._files)[-1] if self._files else mine[-1])
        self._compare()

    def _compare(self) -> None:
        old, new = self._pack(str(self.old.currentData())), self._pack(str(self.new.currentData()))
        if old is None or new is None:
            return
        sentences = [] if old is new else changes(old, new)
        if old is new:
            self.table.say_empty(
                f"{old.area_name}现在只有一版政策。新版下发后，用“打开政策包文件”看它改了什么；也可以和别的市对照。"
            )
        else:
            self.table.say_empty("两边一样，没有改动。")
        self.table.set_rows(list(enumerate(sentences, 1)))
        self.table.wrap_rows()
        self.sum.setText(f"{_title(old)} → {_title(new)}：{len(sentences)} 处不同" if sentences else "")

    def _pack(self, name: str) -> Pack | None:
        if name in self._files:
            return self._files[name]
        area = name.partition("@")[0]
        return next((one.pack for one in self.station.counter.library.editions(area) if one.id == name), None)

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
