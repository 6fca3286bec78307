"""Every page of every kind of paper as a picture, to be looked at: python -m tests.printing.album FOLDER."""

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from gongji.core.ledger.drawer import Drawer
from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.desk.closing.report_papers import report_steps
from gongji.desk.closing.shifts import close_shift
from gongji.desk.closing.statistics import Period, statistics_of
from gongji.desk.papers.archive import made
from gongji.desk.papers.receipts import paper_of, receipt_for
from gongji.desk.papers.slips import difference_steps
from gongji.desk.session import Session
from gongji.desk.settlements.void import void
from gongji.files import resource_folder
from gongji.pack_files.library import Library
from gongji.printing.layout.pdf import PrintOffset
from gongji.printing.paper_sizes import PAPERS
from gongji.printing.preprinted import read_form, render_form
from gongji.printing.read_pdf import images_of
from gongji.printing.receipt.render import render
from gongji.printing.test_page import ruler_page
from gongji.store import settings
from tests.support.making import counter_in, hard_visits, settled
from tests.support.printed import print_claim, print_receipt, print_reckoning, print_statement, reprint

_DPI = 110
_ROLL_DPI = 203.2


def papers_of(session: Session) -> Iterator[tuple[str, bytes]]:
    """Every paper there is, by a name for its file."""
    done = {name: settled(session, one) for name, one in hard_visits().items()}
    done["void"] = void(session, done["two benefits"].no, "药品退回，患者改在县医院就诊").stored
    form = read_form(resource_folder() / "forms" / "sample-190x102.toml")
    for name, stored in done.items():
        receipt = receipt_for(session, stored)
        for paper in PAPERS:
            yield f"{paper}-{name}", render(receipt, paper)
        yield f"form-{name}", render_form(receipt, form)
    yield (
        "form-data-only",
        render_form(receipt_for(session, done["five payers"]), form, PrintOffset(right=2, show="data")),
    )
    for paper in PAPERS:
        yield f"{paper}-test-page", ruler_page(paper)
        with session.store.write() as connection:
            settings.put(connection, "receipt_paper", paper)
        yield from ((f"{paper}-{name}", path.read_bytes()) for name, path in _slips(session, done))
    period = Period(2026, 11)
    for chosen in (period, Period(2026)):
        found = statistics_of(session, chosen)
        yield f"statement-{chosen.year}-{chosen.month}", print_statement(session, found, session.now()).read_bytes()


def _slips(session: Session, done: dict[str, StoredSettlement]) -> Iterator[tuple[str, Path]]:
    for name in ("two benefits", "five payers", "zero"):
        yield f"reckoning {name}", print_reckoning(session, done[name])
    yield "claim", print_claim(session, done["paid in full"])
    five = done["five payers"]
    yield "difference", made(difference_steps(session, five, {"fund_fen": 58500, "cash_fen": 7860}, "01C000001"))
    yield "reprint", reprint(session, five, render(receipt_for(session, five), paper_of(session)))
    yield "receipt", print_receipt(session, five)
    drawer = Drawer(float_fen=20000, pieces={10000: 3, 5000: 1, 2000: 2, 100: 7, 50: 1, 10: 3})
    closing, report = close_shift(session, None, drawer)
    yield "shift", made(report_steps(session, report, closing.at, "shift"))


def main(folder: Path) -> None:
    """Write the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    library = Library(resource_folder() / "policies")
    with TemporaryDirectory() as data:
        counter = counter_in(Path(data, "data"), library, training="--training" in sys.argv)
        for name, pdf in papers_of(counter):
            dpi = _ROLL_DPI if name.startswith(("80", "58")) else _DPI
            for place, image in enumerate(images_of(pdf, dpi), 1):
                image.save(folder / f"{name.replace(' ', '_')}-{place}.png")
        counter.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
