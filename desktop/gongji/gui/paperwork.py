"""What makes papers, in one place: it brings a library with it that takes long to load, so the window opens without it.

Everything here is called from the writer's or the device's thread, the first time soon after the window is open.
"""

from pathlib import Path

from gongji.core.book.settled import Stored
from gongji.desk.counter import Counter
from gongji.desk.papers import print_receipt, reprint
from gongji.desk.printers import job
from gongji.desk.slips import print_claim, print_reckoning


def make(counter: Counter, stored: Stored, *, in_full: bool) -> Path:
    """Make a settlement's paper, with the notice for a claim where the patient paid in full."""
    path = print_receipt(counter, stored)
    if in_full:
        print_claim(counter, stored)
    return path


def again(counter: Counter, stored: Stored) -> Path:
    """补打: return the same paper, marked and counted."""
    return reprint(counter, stored)


def explain(counter: Counter, stored: Stored) -> Path:
    """Return the reckoning of a settlement on paper."""
    return print_reckoning(counter, stored)


def for_printer(counter: Counter, stored: Stored, name: str) -> bytes:
    """Return what a printer is sent for a settlement."""
    return job(counter, stored, name)
