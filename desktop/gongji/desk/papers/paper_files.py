"""What leaves the program as paper: which printer, and whether papers lie on the disk as files beside the book.

Known without what lays papers out, which a window opens without.
"""

from pathlib import Path

from gongji.core.ledger.audit import Act
from gongji.desk.roles import only
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.files import reason
from gongji.store import audit, printed_files, settings, settlements

FILES_SETTING = "paper_files"
"""Set to "keep" where a clinic wants every paper as a file, too, to nothing where it does not; absent before either."""
_LOOSE = ("quotation-*.pdf", "closing-preview.pdf")


def keeps_files(session: Session) -> bool:
    """Return whether the clinic wants every paper as a file; practice, whose people are invented, has them always."""
    return session.clinic.training or settings.get(session.store.reader, FILES_SETTING) == "keep"


def commands_keep_files(session: Session) -> bool:
    """Return whether a command leaves files: as the window does, and where nobody has opened the window yet."""
    return keeps_files(session) or settings.get(session.store.reader, FILES_SETTING) is None


def settle_files(session: Session) -> None:
    """Have commands leave no more files than the window, from when a real clinic first opens it."""
    if not session.clinic.training and settings.get(session.store.reader, FILES_SETTING) is None:
        with session.store.write() as connection:
            settings.put(connection, FILES_SETTING, "")


@only("clinic")
def keep_files(session: Session, *, wanted: bool) -> int:
    """Keep papers as files from now on, or no longer; return how many files were taken away."""
    with session.store.write() as connection:
        settings.put(connection, FILES_SETTING, "keep" if wanted else "")
        detail = "单据另存成文件" if wanted else "单据不留文件"
        audit.append(connection, session.now(), session.operator, Act.CLINIC, session.clinic.counter, detail)
    return without_files(session)


def without_files(session: Session) -> int:
    """Leave no file of a paper from here on, unless the clinic wants them; return how many of before were taken away.

    Only what the book gives back byte for byte is taken away, and what is no record. Any thread may.
    """
    session.keeps_paper_files = keeps_files(session)
    if session.keeps_paper_files:
        return 0
    folder, connection = session.folder.receipts, session.store.reader
    taken = 0
    for one in sorted(folder.rglob("*.pdf")) if folder.is_dir() else ():
        kept = printed_files.newest(connection, one.relative_to(folder).as_posix())
        is_loose = any(one.match(pattern) for pattern in _LOOSE)
        if is_loose or (kept is not None and is_file_of(one, kept)):
            try:
                one.unlink()
            except OSError as error:  # another program shows it
                session.log.warning("a paper's file stays: %s", reason(error))
                continue
            taken += 1
    return taken


def without_files_of(session: Session, person_id: str) -> None:
    """Take away every file of a paper of a person's settlements, and every file that is no record, whoever it is about.

    `GongjiError` where one cannot be, as where another program shows it.
    """
    folder = session.folder.receipts
    numbers = settlements.numbers_of(session.store.reader, person_id)
    for one in sorted(folder.rglob("*.pdf")) if folder.is_dir() else ():
        is_theirs = any(one.stem == no or one.stem.startswith(f"{no}-") for no in numbers)
        if is_theirs or any(one.match(pattern) for pattern in _LOOSE):
            try:
                one.unlink()
            except OSError as error:
                raise GongjiError(
                    f"单据文件 {one.name} 删不掉（{reason(error)}）", "请关闭正在显示它的程序，再办一次"
                ) from error


def is_file_of(path: Path, sha256: str) -> bool:
    """Return whether a file is there with these bytes; one that cannot be read counts as lost."""
    try:
        return printed_files.fingerprint(path.read_bytes()) == sha256
    except OSError:
        return False


_SETTING = "printer"


def chosen_printer(session: Session) -> str:
    """Return the printer's name as the system knows it; empty where papers stay files."""
    return settings.get(session.store.reader, _SETTING) or ""


def choose_printer(session: Session, name: str) -> None:
    """Print on this one from now on; nothing for none."""
    with session.store.write() as connection:
        settings.put(connection, _SETTING, name)
