"""Modules that the window starts without: imported on first use, or by the preloader after the start."""

from collections.abc import Callable
from functools import cache, partial
from importlib import import_module
from types import ModuleType


def _lazy(name: str) -> Callable[[], ModuleType]:
    """Return a function that imports a module of the program and returns it."""
    return cache(partial(import_module, f"gongji.{name}"))


settling = _lazy("desk.settlements.settle")
"""Settles a visit for good."""
paperwork = _lazy("gui.printing.paperwork")
"""Makes papers."""
printing = _lazy("gui.printing.send_paper")
"""Sends papers to printers."""
preview = _lazy("gui.printing.preview")
"""The preview of a paper."""
sending = _lazy("desk.upload.scripts.payer_line")
"""Sends records, with the network code."""
asking_entitlement = _lazy("desk.upload.scripts.ask_entitlement")
"""Asks a platform who is entitled, with the network code."""
differences_sheet = _lazy("gui.upload.differences_sheet")
"""The sheet for records that need a decision."""
copies = _lazy("desk.clinic.backup.backup")
"""Makes copies of the book."""
checking_sheet = _lazy("gui.records.verify_receipt_sheet")
"""The sheet that verifies receipts."""
sheets = _lazy("gui.counter.sheets")
"""The sheets above the counter."""
refund_list = _lazy("gui.counter.sheets.refund_picker")
"""The sheet that asks which settlement is refunded."""
audit_sheet = _lazy("gui.settings.audit_sheet")
"""The sheet that reviews a copy of a book."""
support_sheet = _lazy("gui.settings.support_sheet")
"""The sheet that shows and saves a support bundle."""
support_bundle = _lazy("desk.support_bundle")
"""Collects a support bundle."""
system_lock = _lazy("gui.shell.system_lock")
"""Notices the system's screen lock."""
manual = _lazy("gui.manual.open_manual")
"""Opens the manual at a page."""
