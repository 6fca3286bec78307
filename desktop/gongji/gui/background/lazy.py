"""Modules that the window opens without: loaded when first asked for, or in the quiet moment after the start."""

from functools import cache
from importlib import import_module
from types import ModuleType


@cache
def paperwork() -> ModuleType:
    """Return what makes papers."""
    return import_module("gongji.gui.printing.paperwork")


@cache
def printing() -> ModuleType:
    """Return what sends papers to printers."""
    return import_module("gongji.gui.printing.send_paper")


@cache
def sending() -> ModuleType:
    """Return what sends records: it brings the wire with it."""
    return import_module("gongji.desk.upload.payer_line")


@cache
def asking_entitlement() -> ModuleType:
    """Return what asks a platform who is entitled: it brings the wire with it."""
    return import_module("gongji.desk.upload.ask_entitlement")


@cache
def differences_sheet() -> ModuleType:
    """Return what shows what needs a person, and what may be decided about it."""
    return import_module("gongji.gui.upload.differences_sheet")


@cache
def checking_sheet() -> ModuleType:
    """Return what says whether a paper is genuine."""
    return import_module("gongji.gui.records.verify_receipt_sheet")


@cache
def preview() -> ModuleType:
    """Return what shows a paper before it is printed."""
    return import_module("gongji.gui.printing.preview")


@cache
def refund_list() -> ModuleType:
    """Return what asks which settlement is refunded, and how much of it."""
    return import_module("gongji.gui.counter.sheets.refund_picker")


@cache
def sheets() -> ModuleType:
    """Return the sheets above the counter."""
    return import_module("gongji.gui.counter.sheets")


@cache
def audit_sheet() -> ModuleType:
    """Return what holds a copy of a book against anchors."""
    return import_module("gongji.gui.audit.audit_sheet")


@cache
def support_sheet() -> ModuleType:
    """Return what shows a support bundle and saves it."""
    return import_module("gongji.gui.settings.support_sheet")


@cache
def support_bundle() -> ModuleType:
    """Return what collects a support bundle."""
    return import_module("gongji.desk.support_bundle")


@cache
def system_lock() -> ModuleType:
    """Return what tells that the system locks its screen."""
    return import_module("gongji.gui.shell.system_lock")


@cache
def manual() -> ModuleType:
    """Return what opens the manual at a page."""
    return import_module("gongji.gui.manual.open_manual")
