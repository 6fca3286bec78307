"""The sheets above the counter, in one place: the window opens without them, and they are loaded just after."""

from gongji.gui.counter.sheets.accounts_sheet import AccountsSheet, YearFiguresSheet
from gongji.gui.counter.sheets.compare_sheet import TryingSheet
from gongji.gui.counter.sheets.line_sheet import LineSheet
from gongji.gui.counter.sheets.person_sheet import Newcomer, PersonSheet
from gongji.gui.counter.sheets.visit_sheet import VisitSheet
from gongji.gui.records.reckoning_sheet import ReckoningSheet

__all__ = [
    "AccountsSheet",
    "LineSheet",
    "Newcomer",
    "PersonSheet",
    "ReckoningSheet",
    "TryingSheet",
    "VisitSheet",
    "YearFiguresSheet",
]
