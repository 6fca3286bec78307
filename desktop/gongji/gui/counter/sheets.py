"""The sheets above the counter, in one place: the window opens without them, and they are loaded just after."""

from gongji.gui.counter.accounts_sheet import AccountsSheet
from gongji.gui.counter.held_sheet import HeldSheet
from gongji.gui.counter.help_sheet import HelpSheet
from gongji.gui.counter.line_sheet import LineSheet
from gongji.gui.counter.person_sheet import PersonSheet
from gongji.gui.counter.reckoning import ReckoningSheet
from gongji.gui.counter.told_sheet import ToldSheet
from gongji.gui.counter.trying_sheet import TryingSheet
from gongji.gui.counter.visit_sheet import VisitSheet

__all__ = [
    "AccountsSheet",
    "HeldSheet",
    "HelpSheet",
    "LineSheet",
    "PersonSheet",
    "ReckoningSheet",
    "ToldSheet",
    "TryingSheet",
    "VisitSheet",
]
