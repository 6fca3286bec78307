"""设置: clinic, operators, printers and paper, gateway, copies, training."""

from gongji.gui import tokens
from gongji.gui.jobs import Changed
from gongji.gui.screens.base import Key, Screen
from gongji.gui.settings.clinic_page import ClinicPage
from gongji.gui.settings.copies_page import CopiesPage
from gongji.gui.settings.operators_page import OperatorsPage
from gongji.gui.settings.other_pages import GatewayPage, TrainingPage
from gongji.gui.settings.printing_page import PrintingPage
from gongji.gui.station import Station
from gongji.gui.widgets.basics import column
from gongji.gui.widgets.pages import Pages


class SettingsScreen(Screen):
    """A page for each."""

    watches = Changed.NOTHING

    def __init__(self, station: Station) -> None:
        """Begin with the clinic."""
        super().__init__(station)
        self.clinic, self.operators, self.printing = ClinicPage(station), OperatorsPage(station), PrintingPage(station)
        self.gateway, self.copies, self.training = GatewayPage(station), CopiesPage(station), TrainingPage(station)
        self.pages = Pages((
            ("机构", self.clinic), ("操作员", self.operators), ("打印", self.printing), ("网关", self.gateway),
            ("备份", self.copies), ("培训", self.training),
        ))  # fmt: skip
        down = column(self, spacing=2 * tokens.STEP)
        down.setContentsMargins(tokens.EDGE, tokens.EDGE - 2, tokens.EDGE, tokens.GAP)
        down.addWidget(self.pages, 1)

    def keys(self) -> tuple[Key, ...]:
        """Return this screen's keys."""
        return self.pages.keys()

    def enter(self) -> None:
        """Go on in the page that is shown."""
        self.pages.current.enter()

    def refresh(self) -> None:
        """Read the page that is shown."""
        self.pages.refresh()
