"""资料: people, family accounts, catalogue and the payer's figures: importing with a preview, and lists."""

from functools import cached_property

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


class DataScreen(Screen):
    """Import first, then the lists, each page created when first shown."""

    watches = Changed.PEOPLE | Changed.CATALOGUE | Changed.SETTLEMENTS | Changed.SETTINGS

    def __init__(self, station: Workspace) -> None:
        super().__init__(station)
        self.pages = Pages((
            ("导入", lambda: self.importing), ("人员", lambda: self.people),
            ("目录", lambda: self.items), ("医师", lambda: self.doctors),
        ))  # fmt: skip
        self.known = label("", "muted")
        on_screen(self, self.known, (self.pages, 1))

    @cached_property
    def importing(self) -> ImportPage:
        """导入."""
        return ImportPage(self.station)

    @cached_property
    def people(self) -> PeoplePage:
        """人员."""
        return PeoplePage(self.station)

    @cached_property
    def items(self) -> ItemsPage:
        """目录."""
        return ItemsPage(self.station)

    @cached_property
    def doctors(self) -> DoctorsPage:
        """医师."""
        return DoctorsPage(self.station)

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
        self.importing.ask_for_file()
