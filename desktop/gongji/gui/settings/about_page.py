"""关于: the version and updates, the person to call and the support bundle, the licences of its parts."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QUrl

from gongji import __version__
from gongji.desk.clinic.bundled_works import Work, licence_text, works
from gongji.desk.clinic.settings import set_support, support
from gongji.desk.support_bundle import support_bundle
from gongji.errors import GongjiError
from gongji.files import licences_folder
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.form import HTML_STYLE, browser, fields, text
from gongji.gui.kit.layout import label, put
from gongji.gui.settings.settings_page import SettingsPage
from gongji.gui.settings.support_sheet import SupportSheet
from gongji.gui.settings.update_sheet import UpdateSheet
from gongji.gui.shell.workspace import Workspace

_BACK = "list"
_HEIGHT = 260


class AboutPage(SettingsPage):
    """Version, support, licences."""

    def __init__(self, station: Workspace) -> None:
        super().__init__(station, f"共济结算台 {__version__}")
        clinic = station.counter.clinic
        where = f"{clinic.institution['id']} · {clinic.counter} 台 · {station.counter.folder.path}"
        self.body.addWidget(label(where, "muted", wrap=True))
        self.who = text("", "例如：县医保中心信息科 张工 0874-1234567")
        self.first_field = self.who
        put(self.body, fields((("出了问题找谁", self.who),)), self.said)
        self.update_program = button("从 U 盘更新…", self._update)
        self.help_me = button("支持包…", self._support)
        self.add_acts(button("保存", self.save, "main"), self.update_program, self.help_me)
        self._folder = licences_folder()
        self._works = works(self._folder)
        self.licences = browser(HTML_STYLE + _list(self._works))
        self.licences.setFixedHeight(_HEIGHT)
        self.licences.anchorClicked.connect(self.show_licence)
        self.body.addWidget(self.licences)

    def refresh(self) -> None:
        """Show the person to call."""
        self.who.setText(support(self.station.counter))

    def save(self) -> None:
        """Store the person to call."""
        counter, who = self.station.counter, self.who.text().strip()
        self.keep(lambda: set_support(counter, who), "已保存；出错的窗口和这里都会写着。")

    def show_licence(self, asked: QUrl) -> None:
        """Show one licence in full in place of the list, or the list again."""
        work = next((one for one in self._works if one.folder == asked.toString()), None)
        if work is None or self._folder is None:
            self.licences.setHtml(HTML_STYLE + _list(self._works))
            return
        try:
            full = licence_text(self._folder, work)
        except GongjiError as error:
            full = str(error)
        head = f"<h3>{escape(work.name)} {escape(work.version)}</h3><p><a href='{_BACK}'>返回列表</a></p>"
        self.licences.setHtml(f"{HTML_STYLE}{head}<pre style='white-space: pre-wrap'>{escape(full)}</pre>")

    def _update(self) -> None:
        UpdateSheet(self.window(), self.station)

    def _support(self) -> None:
        counter = self.station.counter
        at = counter.stamp()
        SupportSheet(
            self.window(),
            self.station.jobs,
            at,
            lambda: support_bundle(counter.folder.path, at, counter.shipped, counter.store),
        )


def _list(works: Sequence[Work]) -> str:
    """Return the works with their versions and licences, each a link where its licence's text is there."""
    rows = [
        f"<tr><td>{_linked(one)} {escape(one.version)}</td><td class='muted'>{escape(one.licence)}</td></tr>"
        for one in works
    ]
    return f"<h3>所用的软件和许可</h3><table width='100%'>{''.join(rows)}</table>"


def _linked(work: Work) -> str:
    name = escape(work.name)
    return f"<a href='{escape(work.folder)}'>{name}</a>" if work.folder else name
