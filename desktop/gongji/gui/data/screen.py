"""资料: people, family accounts, catalogue and the payer's figures: importing with a preview, and lists."""

from functools import partial

from gongji.desk.changes import Changed
from gongji.desk.imports.import_table import known_counts
from gongji.gui.data.by_hand_pages import ByHandPage, DoctorsPage
from gongji.gui.data.import_page import ImportPage
from gongji.gui.data.items_page import ItemsPage
from gongji.gui.data.people_page import PeoplePage
from gongji.gui.kit.layout import label
from gongji.gui.kit.parts import on_screen
from gongji.gui.shell.pages import Pages
from gongji.gui.shell.screen import Screen, ScreenKey
from gongji.gui.shell.workspace import Workspace

_PAGES = (("导入", ImportPage), ("人员", PeoplePage), ("目录", ItemsPage), ("医师", DoctorsPage))


class DataScreen(Screen):
    """Import first, then the lists, each page created when first shown."""

    watches = Changed.PEOPLE | Changed.CATALOGUE | Changed.SETTLEMENTS | Changed.SETTINGS

    def __init__(self, station: Workspace) -> None:
        super().__init__(station)
        self.pages = Pages([(name, partial(kind, station)) for name, kind in _PAGES])
        self.known = label("", "muted")
        on_screen(self, self.known, (self.pages, 1))

    def keys(self) -> tuple[ScreenKey, ...]:
        """Return this screen's keys."""
        return (
            *self.pages.keys(),
            ScreenKey("F7", "新增", self._add),
            ScreenKey("F8", "修改", self._change),
            ScreenKey("F9", "选择文件", self._choose_file),
        )

    def enter(self) -> None:
        """Focus the page that is shown."""
        self.pages.current.enter()

    def refresh(self) -> None:
        """Count, and read the page that is shown again."""
        one = known_counts(self.station.counter)
        told = "还没有导入" if one.told_until is None else f"截至 {one.told_until[:16]}"
        self.known.setText(
            f"人员 {one.people:,} 人 · 共济关系 {one.links:,} 条 · 目录 {one.items:,} 项 · 年度累计与余额 {told}"
        )
        self.pages.refresh()

    def _add(self) -> None:
        page = self.pages.current
        if isinstance(page, ByHandPage):
            page.add()

    def _change(self) -> None:
        page = self.pages.current
        if isinstance(page, ByHandPage):
            page.change()

    def _choose_file(self) -> None:
        self.pages.turn_to(0)
        page = self.pages.current
        assert isinstance(page, ImportPage)
        page.ask_for_file()
