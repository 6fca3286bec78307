"""设置 → 打印: the papers, the printer and its setup, all checked and then stored in one transaction, or none."""

from msgspec import Struct

from gongji.core.identifiers import typed_name
from gongji.core.problems import quoted
from gongji.desk.papers.paper_files import keeps_files, put_chosen_printer, put_files_wanted, without_files
from gongji.desk.papers.printers import checked_setup, put_setup
from gongji.desk.papers.receipts import CHECKER_SETTING, PAPER_SETTING
from gongji.desk.papers.slips import ALWAYS_SETTING
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.printing.paper_sizes import PAPERS
from gongji.printing.receipt.render import DEFAULT_PAPER
from gongji.store import settings
from gongji.store.engine import Connection


class PaperSettings(Struct, frozen=True, kw_only=True):
    """How papers are made: the paper size, who checked, whether a reckoning slip is printed with every receipt."""

    paper: str
    checker: str
    always_explained: bool


class PrintingSettings(Struct, frozen=True, kw_only=True):
    """What the page asks for: the papers, whether they are files as well, the chosen printer and its setup as JSON."""

    ways: PaperSettings
    as_files: bool
    printer: str
    setup: bytes


def paper_names() -> dict[str, str]:
    """Return the paper sizes, with their names."""
    return {one.name: one.title for one in PAPERS.values()}


def roll_dots(paper: str) -> int:
    """Return how many dots across a receipt printer's roll has; 0 for a sheet."""
    return PAPERS[paper].dots


def paper_ways(session: Session) -> PaperSettings:
    """Return how papers are made."""
    connection = session.store.reader
    return PaperSettings(
        paper=settings.get(connection, PAPER_SETTING) or DEFAULT_PAPER,
        checker=settings.get(connection, CHECKER_SETTING) or "",
        always_explained=settings.get(connection, ALWAYS_SETTING) == "always",
    )


def set_paper_ways(session: Session, ways: PaperSettings) -> None:
    """Set how papers are made from now on; printed ones stay as they are.

    Raises `GongjiError` for an unknown paper size, and for an unreadable name.
    """
    checker = _checked(ways)
    with session.store.write() as connection:
        _put(connection, ways, checker)


def set_printing(session: Session, one: PrintingSettings) -> None:
    """Store the whole page. Raises `GongjiError` that says what is wrong, and then nothing was stored."""
    setup, checker = checked_setup(session, one.printer, one.setup), _checked(one.ways)
    changes_files = one.as_files != keeps_files(session)
    with session.store.write() as connection:
        if changes_files:
            put_files_wanted(session, connection, wanted=one.as_files)
        put_setup(connection, one.printer, setup)
        _put(connection, one.ways, checker)
        put_chosen_printer(connection, one.printer)
    if changes_files:
        without_files(session)


def _checked(ways: PaperSettings) -> str:
    """Return the checker's name as it is stored. Raises as `set_paper_ways` does."""
    if ways.paper not in PAPERS:
        raise GongjiError(f"没有纸张 {quoted(ways.paper)}", f"可用 {'、'.join(PAPERS)}")
    try:
        return typed_name(ways.checker)
    except ValueError as error:
        raise GongjiError(f"复核人不对（姓名{error}）", "请改正后再保存") from error


def _put(connection: Connection, ways: PaperSettings, checker: str) -> None:
    settings.put(connection, PAPER_SETTING, ways.paper)
    settings.put(connection, CHECKER_SETTING, checker)
    settings.put(connection, ALWAYS_SETTING, "always" if ways.always_explained else "")
