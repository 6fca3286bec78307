"""扫码 where no window is behind a sheet, as at the first start or the login: nothing is typed, nothing pressed.

There is no counter yet to hand a code to; the sheet takes it, or says that it was not used.
"""

from PySide6.QtWidgets import QApplication

from gongji.core.scanned_code import read_scanned
from gongji.gui.kit.dialogs import Dialog
from gongji.gui.shell.scans.scanner import Scanner


def hold_scans(sheet: Dialog) -> None:
    """Keep what a scanner types out of a sheet, and of any sheet above it, for as long as it exists."""

    def scanned(text: str) -> None:
        above = QApplication.activeModalWidget() or sheet
        if not isinstance(above, Dialog):
            QApplication.beep()  # Qt's own, for a file: there is no place in it to say anything
        elif not above.takes_scan(read_scanned(text)):
            above.hold_scan(text)

    Scanner(sheet).scanned.connect(scanned)
