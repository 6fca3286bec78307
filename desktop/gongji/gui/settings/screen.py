"""设置: clinic, operators, printers and paper, gateway, copies, training."""

from functools import partial

from gongji.gui.kit.parts import on_screen
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

_PAGES = (
    ("机构", ClinicPage), ("操作员", OperatorsPage), ("打印", PrintingPage), ("网关", GatewayPage),
    ("备份", CopiesPage), ("培训", TrainingPage), ("核对", PlausibilityPage), ("关于", AboutPage),
)  # fmt: skip


class SettingsScreen(Screen):
    """A page for each, created when first shown."""

    def __init__(self, station: Workspace) -> None:
        super().__init__(station)
        self.pages = Pages([(name, partial(kind, station)) for name, kind in _PAGES])
        on_screen(self, self.pages)

    def keys(self) -> tuple[ScreenKey, ...]:
        """Return this screen's keys."""
        return self.pages.keys()

    def enter(self) -> None:
        """Focus the page that is shown."""
        self.pages.current.enter()

    def refresh(self) -> None:
        """Read the page that is shown."""
        self.pages.refresh()
