"""关于: which version this is and the next one, whom to call and what to hand them, the licences of its parts."""

from html import escape
from importlib.metadata import PackageNotFoundError, metadata

from gongji import __version__
from gongji.desk.clinic.settings import set_support, support
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.form import HTML_STYLE, browser, fields, text
from gongji.gui.kit.layout import label
from gongji.gui.settings.settings_page import SettingsPage
from gongji.gui.settings.support_sheet import SupportSheet
from gongji.gui.settings.update_sheet import UpdateSheet
from gongji.gui.shell.workspace import Workspace

_PARTS = (
    "PySide6-Essentials", "msgspec", "sqlcipher3", "sqlite-utils", "reportlab", "pypdfium2", "pypinyin", "httpx",
    "cryptography", "argon2-cffi", "filelock", "platformdirs", "openpyxl", "rich",
)  # fmt: skip
"""The libraries that stand for most of what is not our own; the installed program brings the licence of each along."""
_HEIGHT = 260


class AboutPage(SettingsPage):
    """Version, support, licences."""

    def __init__(self, station: Workspace) -> None:
        """Show what never changes."""
        super().__init__(station, f"共济结算台 {__version__}")
        clinic = station.counter.clinic
        where = f"{clinic.institution['id']} · {clinic.counter} 台 · {station.counter.folder.path}"
        self.body.addWidget(label(where, "muted", wrap=True))
        self.who = text("", "例如：县医保中心信息科 张工 0874-1234567")
        self.body.addLayout(fields((("出了问题找谁", self.who),)))
        self.body.addWidget(self.said)
        self.update_program = button("从 U 盘更新…", self._update)
        self.help_me = button("支持包…", self._support)
        self.add_acts(button("保存", self.save, "main"), self.update_program, self.help_me)
        licences = browser(HTML_STYLE + _licences())
        licences.setFixedHeight(_HEIGHT)
        self.body.addWidget(licences)

    def refresh(self) -> None:
        """Show whom to call."""
        self.who.setText(support(self.station.counter))

    def enter(self) -> None:
        """Begin with whom to call."""
        self.who.setFocus()

    def save(self) -> None:
        """Keep whom to call."""
        counter, who = self.station.counter, self.who.text().strip()
        self.keep(lambda: set_support(counter, who), "已保存；出错的窗口和这里都会写着。")

    def _update(self) -> None:
        UpdateSheet(self.window(), self.station)

    def _support(self) -> None:
        SupportSheet(self.window(), self.station)


def _licences() -> str:
    """Return the libraries with their versions and licences, as they say of themselves."""
    rows = []
    for name in _PARTS:
        try:
            told = metadata(name)
        except PackageNotFoundError:
            continue  # not part of this build
        kept = {key: told[key] for key in ("Version", "License-Expression", "License") if key in told}
        licence = kept.get("License-Expression") or kept.get("License") or "见该软件自带的许可文件"
        rows.append(
            f"<tr><td>{escape(name)} {escape(kept.get('Version', ''))}</td>"
            f"<td class='muted'>{escape(licence.splitlines()[0])}</td></tr>"
        )
    font = "<tr><td>Noto Sans SC</td><td class='muted'>SIL Open Font License 1.1</td></tr>"
    return f"<h3>所用的软件和许可</h3><table width='100%'>{''.join(rows)}{font}</table>"
