"""设置: clinic, operators, printers and paper, gateway, copies, training."""

from functools import cached_property

from gongji.desk.changes import Changed
from gongji.gui.kit import tokens
from gongji.gui.kit.layout import column, put
from gongji.gui.settings.about_page import AboutPage
from gongji.gui.settings.backup_page import CopiesPage
from gongji.gui.settings.clinic_page import ClinicPage
from gongji.gui.settings.gateway_page import GatewayPage, TrainingPage
from gongji.gui.settings.operators_page import OperatorsPage
from gongji.gui.settings.plausibility_page import PlausibilityPage
from gongji.gui.settings.printing_page import PrintingPage
from gongji.gui.shell.pages import Pages
from gongji.gui.shell.screen import Screen, ScreenKey
from gongji.gui.shell.workspace import Workspace


class SettingsScreen(Screen):
    """A page for each, created when first shown."""

    watches = Changed.NOTHING

    def __init__(self, station: Workspace) -> None:
        super().__init__(station)
        self.pages = Pages((
            ("机构", lambda: self.clinic), ("操作员", lambda: self.operators), ("打印", lambda: self.printing),
            ("网关", lambda: self.gateway), ("备份", lambda: self.copies), ("培训", lambda: self.training),
            ("核对", lambda: self.plausibility), ("关于", lambda: self.about),
        ))  # fmt: skip
        down = put(column(self), self.pages)
        down.setContentsMargins(tokens.EDGE, tokens.EDGE - 2, tokens.EDGE, tokens.GAP)

    @cached_property
    def clinic(self) -> ClinicPage:
        """机构."""
        return ClinicPage(self.station)

    @cached_property
    def operators(self) -> OperatorsPage:
        """操作员."""
        return OperatorsPage(self.station)

    @cached_property
    def printing(self) -> PrintingPage:
        """打印."""
        return PrintingPage(self.station)

    @cached_property
    def gateway(self) -> GatewayPage:
        """网关."""
        return GatewayPage(self.station)

    @cached_property
    def copies(self) -> CopiesPage:
        """备份."""
        return CopiesPage(self.station)

    @cached_property
    def plausibility(self) -> PlausibilityPage:
        """核对."""
        return PlausibilityPage(self.station)

    @cached_property
    def about(self) -> AboutPage:
        """关于."""
        return AboutPage(self.station)

    @cached_property
    def training(self) -> TrainingPage:
        """培训."""
        return TrainingPage(self.station)

    def keys(self) -> tuple[ScreenKey, ...]:
        """Return this screen's keys."""
        return self.pages.keys()

    def enter(self) -> None:
        """Focus the page that is shown."""
        self.pages.current.enter()

    def refresh(self) -> None:
        """Read the page that is shown."""
        self.pages.refresh()
