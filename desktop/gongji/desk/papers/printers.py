"""打印机设置: each printer's paper and offset, and the data sent to it; pages as images.

A receipt is stored on the clinic's own paper under its settlement's number; for a printer with another paper or
pre-printed forms the same frozen content is laid out again, and stored beside it.
"""

from functools import partial
from pathlib import Path
from typing import Annotated, Literal

from msgspec import DecodeError, Meta, Struct, ValidationError, json, structs

from gongji.core import strict_records
from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.core.problems import quoted
from gongji.desk.papers import archive
from gongji.desk.papers.archive import PaperSteps
from gongji.desk.papers.bills import roll_state, take_bills
from gongji.desk.papers.paper_files import chosen_printer
from gongji.desk.papers.receipts import content_of, paper_of, place_of, receipt_steps, reprint_steps
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.files import path_of, resource_folder
from gongji.printing.escpos import drawer_pulse, raster_of
from gongji.printing.layout.pdf import AS_IT_IS, PrintOffset
from gongji.printing.paper_sizes import PAPERS
from gongji.printing.preprinted import forms_needed, read_form, render_form
from gongji.printing.read_pdf import images_of
from gongji.printing.receipt.render import DEFAULT_PAPER, render
from gongji.printing.test_page import ruler_page
from gongji.store import settings
from gongji.store.engine import Connection


class PageImage(Struct, frozen=True, kw_only=True):
    """A page in shades of grey, row by row."""

    width: int
    height: int
    grey: bytes


def page_images(pdf: bytes, dots_per_inch: int) -> list[PageImage]:
    """Return the pages of a PDF as images."""
    found = []
    for one in images_of(pdf, dots_per_inch):
        grey = one.convert("L")
        found.append(PageImage(width=grey.width, height=grey.height, grey=grey.tobytes()))
    return found


Shift = Annotated[int, Meta(ge=-300, le=300)]
_PREFIX = "printer:"
Scale = Annotated[int, Meta(ge=950, le=1050)]


class Printer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A printer's setup.

    `paper` is one of `paper_sizes.PAPERS`, or with `form` the file of a pre-printed form. Offsets to the right and
    down are in tenths of a mm, scales in thousandths. `dots` is a receipt printer's width in dots; 0 prints as PDF.
    `drawer` opens the cash drawer connected to it whenever a receipt moves cash.
    """

    paper: str = DEFAULT_PAPER
    form: str = ""
    right: Shift = 0
    down: Shift = 0
    scale_x: Scale = 1000
    scale_y: Scale = 1000
    show: Literal["all", "data", "frame"] = "all"
    dots: Annotated[int, Meta(ge=0, le=1024)] = 0
    drawer: bool = False

    @property
    def fit(self) -> PrintOffset:
        """The offset and scale for its pages."""
        return PrintOffset(self.right / 10, self.down / 10, self.scale_x / 1000, self.scale_y / 1000, self.show)


def printer_named(session: Session, name: str) -> Printer:
    """Return a printer's setup; the default prints the clinic's paper unchanged."""
    kept = settings.get(session.store.reader, _setting(name))
    return Printer(paper=paper_of(session)) if kept is None else json.decode(kept, type=Printer)


def printers_set_up(session: Session) -> list[str]:
    """Return the names of the printers with a setup."""
    return [name for name in settings.beginning_with(session.store.reader, _PREFIX) if name]


def paper_for_slips(session: Session) -> str:
    """Return the paper for slips: the chosen printer's, or the clinic's where that has forms."""
    name = chosen_printer(session)
    one = printer_named(session, name)
    return paper_of(session) if one.form or not name else one.paper


def set_up(session: Session, name: str, given: bytes) -> Printer:
    """Store a printer's setup, given as JSON. Raises `GongjiError` that says what is wrong with it."""
    one = checked_setup(session, name, given)
    with session.store.write() as connection:
        put_setup(connection, name, one)
    return one


def checked_setup(session: Session, name: str, given: bytes) -> Printer:
    """Return a printer's setup, given as JSON. Raises `GongjiError` that says what is wrong with it or its name."""
    if not name.isprintable():
        raise GongjiError(f"打印机“{quoted(name)}”的名称里有看不见的字符", "请从列表里选，或重新填写")
    try:
        one = json.decode(given, type=Printer)
    except (DecodeError, ValidationError) as error:
        advice = "偏移以 0.1 毫米计，正负不超过 300；缩放以千分之一计，950 至 1050"
        raise GongjiError(f"打印机 {name} 的设置不对（{error}）", advice) from error
    if one.paper not in PAPERS:
        raise GongjiError(f"没有纸张 {one.paper}", f"可用 {'、'.join(PAPERS)}")
    if one.form:
        read_form(form_path(session, one.form))
    return one


def put_setup(connection: Connection, name: str, one: Printer) -> None:
    """Store a checked setup in an open transaction."""
    settings.put(connection, _setting(name), json.encode(one).decode())


def form_path(session: Session, name: str) -> Path:
    """Return a form's file: the clinic's own in its data folder, else one shipped with the program."""
    file = path_of(f"{Path(name).name.removesuffix('.toml')}.toml", "预印表格").name
    own = session.folder.path / "forms" / file
    return own if own.is_file() else resource_folder() / "forms" / file


def layout_steps(session: Session, stored: StoredSettlement, name: str, *, anew: bool = False) -> PaperSteps[bytes]:
    """Make the PDF of a settlement's or void's receipt for a printer's paper, and store it.

    On pre-printed forms it takes the next numbers of the roll in use, and keeps them; `anew` takes further ones.

    Raises `GongjiError`; the receipt on the clinic's paper is made first where it does not exist yet.
    """
    one = printer_named(session, name)
    original = yield from receipt_steps(session, stored)
    receipt, kept_on = content_of(session, stored)
    if one.form:
        path = form_path(session, one.form)
        form = read_form(path)
        numbers = yield partial(take_bills, session, stored.serial, forms_needed(receipt, form), anew=anew)
        roll = roll_state(session.store.reader)
        receipt = structs.replace(receipt, bills=numbers, bill_code="" if roll is None or not numbers else roll.code)
        pdf, layout = render_form(receipt, form, one.fit), path.stem + "".join(f"-{number}" for number in numbers[:1])
    elif one.fit == AS_IT_IS and one.paper == kept_on:
        return archive.bytes_of(session, original)
    else:
        pdf, layout = render(receipt, one.paper, one.fit), one.paper
    place = place_of(stored).with_name(f"{stored.no}-{layout}.pdf")
    yield from archive.filing_steps(session, place, stored.serial, stored.at, pdf)
    return pdf


def job_steps(session: Session, stored: StoredSettlement, name: str) -> PaperSteps[bytes]:
    """Make the data sent to a printer for a settlement or void: a PDF, or a raster for a receipt printer.

    Raises `GongjiError`.
    """
    one = printer_named(session, name)
    pdf = yield from layout_steps(session, stored, name)
    sent = as_sent(session, pdf, name)
    moves_cash = any(pay.means == "cash" and pay.amount_fen for pay in stored.payments)
    return drawer_pulse() + sent if one.dots and one.drawer and moves_cash else sent


def as_sent(session: Session, pdf: bytes, name: str) -> bytes:
    """Return the data sent to a printer for a PDF. Raises `TooWideError` where a receipt printer is too narrow."""
    one = printer_named(session, name)
    return raster_of(pdf, one.dots) if one.dots else pdf


def reprint_on_steps(session: Session, stored: StoredSettlement, name: str) -> PaperSteps[Path]:
    """补打: make the same receipt for a printer's paper, marked and counted. Raises `GongjiError`."""
    pdf = (yield from layout_steps(session, stored, name, anew=True)) if name else None
    return (yield from reprint_steps(session, stored, pdf))


def ruler_paper(session: Session, name: str) -> bytes:
    """Return a printer's test page as PDF."""
    one = printer_named(session, name)
    return ruler_page(one.paper, one.fit)


def first_test_page() -> bytes:
    """Return the test page as PDF for a printer without a setup, before there is a book."""
    return ruler_page(DEFAULT_PAPER, AS_IT_IS)


def ruler_job(session: Session, name: str) -> bytes:
    """Return the data sent to a printer for its test page."""
    return as_sent(session, ruler_paper(session, name), name)


def _setting(name: str) -> str:
    return _PREFIX + name


strict_records.prepare(Printer)
