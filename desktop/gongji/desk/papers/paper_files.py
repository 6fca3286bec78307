"""Which printer is chosen, and whether papers are also written as files beside the book.

Apart from the modules that lay papers out, which the window starts without.
"""

from pathlib import Path

from gongji.core.ledger.audit import Act
from gongji.desk.roles import only
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.files import reason
from gongji.store import audit, settings
from gongji.store.engine import Connection
from gongji.store.settlements import printed_files, settlements

FILES_SETTING = "paper_files"
"""Set to "keep" where a clinic wants every paper as a file, too, to nothing where not; absent before the choice."""
_LOOSE = ("quotation-*.pdf", "closing-preview.pdf")


def keeps_files(session: Session) -> bool:
    """Return whether the clinic wants every paper as a file; always so in practice, whose people are invented."""
    return session.clinic.training or settings.get(session.store.reader, FILES_SETTING) == "keep"


def commands_keep_files(session: Session) -> bool:
    """Return whether a command writes files: as the window does, and before the window was first opened."""
    return keeps_files(session) or settings.get(session.store.reader, FILES_SETTING) is None


def settle_files(session: Session) -> None:
    """Let commands write no more files than the window, from when a real clinic first opens it."""
    if not session.clinic.training and settings.get(session.store.reader, FILES_SETTING) is None:
        with session.store.write() as connection:
            settings.put(connection, FILES_SETTING, "")


@only("clinic")
def put_files_wanted(session: Session, connection: Connection, *, wanted: bool) -> None:
    """Set in an open transaction whether papers are written as files; once it is committed, call `without_files`."""
    settings.put(connection, FILES_SETTING, "keep" if wanted else "")
    detail = "单据另存成文件" if wanted else "单据不留文件"
    audit.append(connection, session.now(), session.operator, Act.CLINIC, session.clinic.counter, detail)


def without_files(session: Session) -> int:
    """Write no files of papers from now on and delete those there are, unless the clinic wants them; return how many.

    Only files that the book can restore byte for byte are deleted, and what is no record. Any thread may call it.
    """
    session.keeps_paper_files = keeps_files(session)
    if session.keeps_paper_files:
        return 0
    taken = 0
    for one in _files(session):
        name = one.relative_to(session.folder.receipts).as_posix()
        kept = printed_files.newest(session.store.reader, name)
        if _is_loose(one) or (kept is not None and is_file_of(one, kept)):
            try:
                one.unlink()
            except OSError as error:  # another program has it open
                session.log.warning("a paper's file stays: %s", reason(error))
                continue
            taken += 1
    return taken


def without_files_of(session: Session, person_id: str) -> None:
    """Delete the files of a person's papers, and every file that is no record, of whichever person.

    Raises `GongjiError` where one cannot be deleted, as where another program shows it.
    """
    numbers = settlements.numbers_of(session.store.reader, person_id)
    for one in _files(session):
        if _is_loose(one) or any(one.stem == no or one.stem.startswith(f"{no}-") for no in numbers):
            try:
                one.unlink()
            except OSError as error:
                raise GongjiError(
                    f"单据文件 {one.name} 删不掉（{reason(error)}）", "请关闭正在显示它的程序，再办一次"
                ) from error


def _files(session: Session) -> list[Path]:
    return sorted(session.folder.receipts.rglob("*.pdf"))


def _is_loose(path: Path) -> bool:
    """Return whether a paper's file is no record."""
    return any(path.match(pattern) for pattern in _LOOSE)


def is_file_of(path: Path, sha256: str) -> bool:
    """Return whether a file exists with these bytes; an unreadable one counts as missing."""
    try:
        return printed_files.fingerprint(path.read_bytes()) == sha256
    except OSError:
        return False


_SETTING = "printer"


def chosen_printer(session: Session) -> str:
    """Return the printer's name in the system; empty where none is chosen."""
    return settings.get(session.store.reader, _SETTING) or ""


def choose_printer(session: Session, name: str) -> None:
    """Choose the printer, empty for none."""
    with session.store.write() as connection:
        put_chosen_printer(connection, name)


def put_chosen_printer(connection: Connection, name: str) -> None:
    """Choose the printer in an open transaction, empty for none."""
    settings.put(connection, _SETTING, name)
