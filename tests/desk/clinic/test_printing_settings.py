"""The page 打印 is kept whole, or nothing of it: whatever is refused, and to whom."""

from collections.abc import Callable

import pytest
from msgspec import json, structs

from gongji.desk.clinic.open import open_counter
from gongji.desk.clinic.operators import add_operator
from gongji.desk.clinic.printing_settings import PaperSettings, PrintingSettings, paper_ways, set_printing
from gongji.desk.papers.paper_files import chosen_printer, keeps_files, without_files
from gongji.desk.papers.printers import Printer, printer_named
from gongji.desk.roles import NotAllowedError
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.pack_files.library import Library
from tests.support.clinic import PASSWORD
from tests.support.clock import Clock

OTHER = "王芳的口令 1"
NAME = "tcp://10.0.0.9:9100"
SETUP = Printer(paper="80", right=15, dots=576)
WHOLE = PrintingSettings(
    ways=PaperSettings(paper="A5", checker="赵敏", always_explained=True),
    as_files=True,
    printer=NAME,
    setup=json.encode(SETUP),
)


def rows(session: Session) -> list[tuple[str, str]]:
    return session.store.reader.execute("SELECT name, value FROM setting ORDER BY name").fetchall()


def logged(session: Session) -> int:
    return int(session.store.reader.execute("SELECT count(*) FROM audit").fetchone()[0])


def test_all_of_it_is_kept(session: Session) -> None:
    set_printing(session, WHOLE)
    assert (paper_ways(session), chosen_printer(session), keeps_files(session)) == (WHOLE.ways, NAME, True)
    assert printer_named(session, NAME) == SETUP
    before = logged(session)
    set_printing(session, structs.replace(WHOLE, printer=""))
    assert chosen_printer(session) == ""
    assert logged(session) == before, "only who changes whether there are files is in the log"


@pytest.mark.parametrize(
    "wrong",
    [
        structs.replace(WHOLE, ways=structs.replace(WHOLE.ways, checker="赵\u200b敏")),
        structs.replace(WHOLE, ways=structs.replace(WHOLE.ways, paper="B5")),
        structs.replace(WHOLE, setup=b'{"right": 301}'),
        structs.replace(WHOLE, setup=b'{"form": "none"}'),
        structs.replace(WHOLE, printer="小票机\u200d"),
    ],
)
def test_of_what_is_refused_nothing_is_kept(session: Session, wrong: PrintingSettings) -> None:
    before = rows(session), logged(session)
    with pytest.raises(GongjiError):
        set_printing(session, wrong)
    assert (rows(session), logged(session)) == before


def test_who_may_not_say_whether_there_are_files_changes_nothing_with_it(
    session: Session, library: Library, clock: Clock, opened: Callable[[], Session]
) -> None:
    add_operator(session, PASSWORD, "王芳", OTHER)
    path = session.folder.path
    session.close()
    cashier = open_counter(path, library, clock, "王芳", OTHER)
    without_files(cashier)
    before = rows(cashier)
    with pytest.raises(NotAllowedError):
        set_printing(cashier, WHOLE)
    assert rows(cashier) == before
    set_printing(cashier, structs.replace(WHOLE, as_files=False))
    assert chosen_printer(cashier) == NAME
    cashier.close()
    assert chosen_printer(opened()) == NAME
