"""Modules that the window starts without: imported on first use, or by the preloader after the start."""

from functools import cache
from importlib import import_module
from types import ModuleType


@cache
def paperwork() -> ModuleType:
    """Return the module that makes papers."""
    return import_module("gongji.gui.printing.paperwork")


@cache
def printing() -> ModuleType:
    """Return the module that sends papers to printers."""
    return import_module("gongji.gui.printing.send_paper")


@cache
def sending() -> ModuleType:
    """Return the module that sends records, with the network code."""
    return import_module("gongji.desk.upload.payer_line")


@cache
def asking_entitlement() -> ModuleType:
    """Return the module that asks a platform who is entitled, with the network code."""
    return import_module("gongji.desk.upload.ask_entitlement")


@cache
def differences_sheet() -> ModuleType:
    """Return the module of the sheet for records that need a decision."""
    return import_module("gongji.gui.upload.differences_sheet")


@cache
def checking_sheet() -> ModuleType:
    """Return the module of the sheet that verifies receipts."""
    return import_module("gongji.gui.records.verify_receipt_sheet")


@cache
def preview() -> ModuleType:
    """Return the module of the paper preview."""
    return import_module("gongji.gui.printing.preview")


@cache
def refund_list() -> ModuleType:
    """Return the module of the sheet that asks which settlement is refunded."""
    return import_module("gongji.gui.counter.sheets.refund_picker")


@cache
def sheets() -> ModuleType:
    """Return the sheets above the counter."""
    return import_module("gongji.gui.counter.sheets")


@cache
def audit_sheet() -> ModuleType:
    """Return the module of the sheet that reviews a copy of a book."""
    return import_module("gongji.gui.audit.audit_sheet")


@cache
def support_sheet() -> ModuleType:
    """Return the module of the sheet that shows and saves a support bundle."""
    return import_module("gongji.gui.settings.support_sheet")


@cache
def support_bundle() -> ModuleType:
    """Return the module that collects a support bundle."""
    return import_module("gongji.desk.support_bundle")


@cache
def system_lock() -> ModuleType:
    """Return the module that notices the system's screen lock."""
    return import_module("gongji.gui.shell.system_lock")


@cache
def manual() -> ModuleType:
    """Return the module that opens the manual at a page."""
    return import_module("gongji.gui.manual.open_manual")
