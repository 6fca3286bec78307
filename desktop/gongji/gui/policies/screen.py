"""政策: the packs, every figure with its article, open parameters, editions compared, credits, capitation, 试算."""

from functools import partial
from pathlib import Path

from gongji.core.engine.policy import Policy
from gongji.desk.changes import Changed
from gongji.desk.policies.documents import Attached, attach_document
from gongji.gui.kit import dialogs
from gongji.gui.kit.ask_path import ask_file
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.form import choice, fill
from gongji.gui.kit.layout import label, put, row
from gongji.gui.kit.parts import on_screen
from gongji.gui.policies.amend_page import AmendPage
from gongji.gui.policies.articles_page import ArticlesPage
from gongji.gui.policies.capitation_page import CapitationPage
from gongji.gui.policies.changes_page import ChangesPage
from gongji.gui.policies.credit_page import CreditPage
from gongji.gui.policies.impact_page import ImpactPage
from gongji.gui.policies.install_page import InstallPage
from gongji.gui.policies.parameters_page import ParametersPage
from gongji.gui.policies.policy_page import PolicyPage
from gongji.gui.policies.what_if_page import TryingPage
from gongji.gui.shell.pages import Pages
from gongji.gui.shell.screen import Screen, ScreenKey
from gongji.gui.shell.workspace import Workspace
from gongji.pack_files.library import spans

_PAGES: tuple[tuple[str, type[PolicyPage]], ...] = (
    ("条文与数额", ArticlesPage),
    ("开放参数", ParametersPage),
    ("版本对比", ChangesPage),
    ("账户计入", CreditPage),
    ("定额包干", CapitationPage),
    ("试算", TryingPage),
    ("影响测算", ImpactPage),
    ("补充通知", AmendPage),
    ("安装新版", InstallPage),
)


class PoliciesScreen(Screen):
    """Which edition above, pages about it below."""

    watches = Changed.SETTINGS

    def __init__(self, station: Workspace) -> None:
        super().__init__(station)
        self._editions: dict[str, Policy] = {}
        self.edition = choice({})
        self._read_editions()
        self.edition.setMinimumWidth(320)
        self.note = label("", "muted")
        self.pages = Pages([(name, partial(self._make, kind)) for name, kind in _PAGES])
        attach = button("附上原文…  F11", self.ask_to_attach)
        on_screen(self, put(row(), label("政策", "label"), self.edition, (self.note, 1), attach), (self.pages, 1))
        self.edition.currentIndexChanged.connect(lambda _: self.refresh())

    def _read_editions(self) -> None:
        """Offer every edition at hand; what was chosen stays so, the clinic's own at first."""
        library = self.station.counter.library
        found = {one.id: one for area in library.areas for one in library.editions(area)}
        if found.keys() == self._editions.keys():
            self._editions = found
            return
        self._editions = found
        options = {name: f"{one.pack.area_name} {one.pack.area} · {spans([one])}" for name, one in found.items()}
        fill(self.edition, options, self.edition.currentData() or self._mine())

    def _mine(self) -> str:
        """Return the edition of the clinic's area in force today, else its newest; no name where it has none."""
        area, today = self.station.counter.clinic.area, self.station.today
        found = [one for one in self._editions.values() if one.pack.area == area]
        return next((one.id for one in found if one.in_force(today)), found[-1].id if found else "")

    @property
    def policy(self) -> Policy:
        """The edition that is shown."""
        return self._editions[str(self.edition.currentData())]

    def _make(self, kind: type[PolicyPage]) -> PolicyPage:
        return kind(self.station, self.policy)

    def keys(self) -> tuple[ScreenKey, ...]:
        """Return this screen's keys."""
        return (
            *self.pages.keys(),
            ScreenKey("F11", "附上原文", self.ask_to_attach),
            ScreenKey("F12", "换一版", self.edition.setFocus),
        )

    def enter(self) -> None:
        """Go on in the page that is shown."""
        self.pages.current.enter()

    def refresh(self) -> None:
        """Show the chosen edition."""
        self._read_editions()
        policy = self.policy
        in_force = policy.in_force(self.station.today)
        own = policy.pack.area == self.station.counter.clinic.area
        self.note.setText(
            ("现行有效" if in_force else "今天不在有效期内") + (" · 本机构所在地" if own else " · 外地参保")
        )
        for page in self.pages.made:
            assert isinstance(page, PolicyPage)
            page.policy = policy
        self.pages.refresh()

    def ask_to_attach(self) -> None:
        """Ask for a document's own text."""
        ask_file(self, "选择文件原文（纯文本）", "文本 (*.txt *.md)", self.attach)

    def attach(self, path: Path) -> None:
        """Keep a document's text for the editions that rest on it."""
        area, counter = self.policy.pack.area, self.station.counter
        self.station.jobs.device(
            lambda: attach_document(counter.library, area, path, counter.folder.path), self._attached, owner=self
        )

    def _attached(self, found: list[Attached]) -> None:
        self.refresh()
        sentences = [f"《{one.title}》{one.articles} 条，已附到 {one.policy}。" for one in found]
        dialogs.tell(self.window(), "已附上原文", *sentences)
