"""打印机设置: which paper a printer has, how far it is off, and what it is to be sent for a settlement.

What is kept under a settlement's number is its receipt on the clinic's own paper; a printer with another paper, or with
pre-printed forms, is sent the same frozen content laid out for it.
"""

from pathlib import Path
from typing import Annotated, Literal

from msgspec import DecodeError, Meta, Struct, ValidationError, json

from gongji.core import shape
from gongji.core.book.receipt_records import Receipt
from gongji.core.book.settled import Stored
from gongji.desk.counter import Counter
from gongji.desk.papers import print_receipt
from gongji.errors import GongjiError
from gongji.files import resource_folder
from gongji.printing.forms import read_form, render_form
from gongji.printing.papers import PAPERS
from gongji.printing.pdf import DEFAULT_PAPER, render
from gongji.printing.ruler import ruler_page
from gongji.printing.thermal import raster_of
from gongji.printing.writing import Fit
from gongji.store import papers, settings

Shift = Annotated[int, Meta(ge=-300, le=300)]
Scale = Annotated[int, Meta(ge=950, le=1050)]


class Printer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a printer is set up.

    `paper` is one of `papers.PAPERS`, or with `form` the file of a pre-printed form. Shifts to the right and down are
    in tenths of a mm, scales in thousandths. `dots` is how many dots a receipt printer has across; 0 prints as PDF.
    """

    paper: str = DEFAULT_PAPER
    form: str = ""
    right: Shift = 0
    down: Shift = 0
    scale_x: Scale = 1000
    scale_y: Scale = 1000
    show: Literal["all", "data", "frame"] = "all"
    dots: Annotated[int, Meta(ge=0, le=1024)] = 0

    @property
    def fit(self) -> Fit:
        """How pages are fitted to it."""
        return Fit(self.right / 10, self.down / 10, self.scale_x / 1000, self.scale_y / 1000, self.show)


def printer_named(counter: Counter, name: str) -> Printer:
    """Return a printer's setup; one nobody has set up prints the clinic's paper as it is."""
    kept = settings.get(counter.store.reader, _setting(name))
    return Printer() if kept is None else json.decode(kept, type=Printer)


def set_up(counter: Counter, name: str, given: bytes) -> Printer:
    """Keep a printer's setup, given as JSON; `GongjiError` says what is wrong with it."""
    try:
        one = json.decode(given, type=Printer)
    except (DecodeError, ValidationError) as error:
        advice = "偏移以 0.1 毫米计，正负不超过 300；缩放以千分之一计，950 至 1050"
        raise GongjiError(f"打印机 {name} 的设置不对（{error}）", advice) from error
    if one.paper not in PAPERS:
        raise GongjiError(f"没有纸张 {one.paper}", f"可用 {'、'.join(PAPERS)}")
    if one.form:
        read_form(form_path(counter, one.form))
    with counter.store.write() as connection:
        settings.put(connection, _setting(name), json.encode(one).decode())
    return one


def form_path(counter: Counter, name: str) -> Path:
    """Return a form's file: the clinic's own in its data folder, else one that comes with the program."""
    file = f"{Path(name).stem}.toml"
    own = counter.folder.path / "forms" / file
    return own if own.is_file() else resource_folder() / "forms" / file


def job(counter: Counter, stored: Stored, name: str) -> bytes:
    """Return what a printer is sent for a settlement or void: a PDF, or a raster for a receipt printer.

    Raises `GongjiError`; the paper kept under the settlement's number is made first where it is not there yet.
    """
    one = printer_named(counter, name)
    print_receipt(counter, stored)
    kept = papers.newest(counter.store.reader, stored.serial)
    assert kept is not None
    receipt = json.decode(kept.content, type=Receipt)
    if one.form:
        pdf = render_form(receipt, read_form(form_path(counter, one.form)), one.fit)
    else:
        pdf = render(receipt, one.paper, one.fit)
    return raster_of(pdf, one.dots) if one.dots else pdf


def ruler_job(counter: Counter, name: str) -> bytes:
    """Return what a printer is sent for its test page."""
    one = printer_named(counter, name)
    pdf = ruler_page(one.paper, one.fit)
    return raster_of(pdf, one.dots) if one.dots else pdf


def _setting(name: str) -> str:
    return f"printer:{name}"


shape.prepare(Printer)
