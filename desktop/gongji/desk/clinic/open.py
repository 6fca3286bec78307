"""Opening a data folder: unlock, one program at a time, bring up to date, compare with the witness."""

import datetime
import platform
from contextlib import ExitStack, closing
from pathlib import Path

from msgspec import structs

from gongji import __version__
from gongji.core.ledger.audit import Act
from gongji.core.operator_names import operator_name
from gongji.desk.clinic import locks
from gongji.desk.clinic.backup.relocate import Whereabouts, check_answer, settle_in
from gongji.desk.clinic.backup.restored_doubts import ORIGIN, ask_first, new_origin
from gongji.desk.clinic.backup.restored_witness import begin_witness_anew, is_to_begin_anew
from gongji.desk.clinic.begin import TRAINING_OPERATOR
from gongji.desk.clinic.operators import check_password, finish_removals
from gongji.desk.clinic.upgrade import changed_by_others, check_pages, is_another_program, tell_program
from gongji.desk.roles import Role, role_named
from gongji.desk.session import Clock, Session
from gongji.desk.witnessing import MARKED, WITNESS_KEY, Compared, ShortBookError, Witnessing, compare, witness_key
from gongji.errors import GongjiError
from gongji.pack_files.library import Library
from gongji.store import audit, concerns, engine, settings
from gongji.store.book_file import keyed_connection, keys
from gongji.store.book_file.db import Store
from gongji.store.book_file.folder import WAIT_SECONDS, Folder, WrongPasswordError
from gongji.store.errors import StoreError
from gongji.store.people import enrolments
from gongji.store.settlements import settlements


def open_counter(  # noqa: PLR0913  # all but three may be left to their defaults
    path: Path,
    library: Library,
    clock: Clock,
    operator: str | None = None,
    password: str | None = None,
    wait_seconds: float = WAIT_SECONDS,
    *,
    check_later: bool = False,
    whereabouts: Whereabouts = Whereabouts(),  # noqa: B008  # frozen
) -> Session:
    """Open a data folder to work in it. Raises `GongjiError` where that is not possible.

    The only check of who may work here: a key that the operator's password unwraps. Another program in it is
    waited for. A folder that is refused is left unchanged. With `check_later` the caller makes sure
    that `check_pages` is done before anything is written: it reads the whole book.
    """
    folder = Folder(path, wait_seconds)
    card = folder.card()
    if not (card.training or library.is_as_shipped):
        raise GongjiError(
            "本院自己的数据不能另加政策包文件夹（命令行：--policies）",
            "请到“政策”的“安装新版”页，那里（命令行：gongji policy install）要两个人，并会记入日志",
        )
    found, failures = _unlocked(folder, operator, password, clock())
    folder.lock()
    with ExitStack() as if_refused:
        if_refused.callback(folder.unlock)
        folder.make_private()
        folder.clear()
        key = _fitting(folder, found)
        store, compared = _opened(folder, key, clock(), whereabouts, check_later=check_later)
        if_refused.callback(store.close)
        counter = Session(folder, store, library, TRAINING_OPERATOR if card.training else str(operator), clock)
        if operator is not None and password is not None and not card.training:
            _refuse_who_left(counter, operator)
            _keep_keys_in_order(folder, key, operator, password)
        _witnessed(counter, compared, failures)
        settle_in(counter, whereabouts)
        tell_program(counter)
        if not card.training:
            finish_removals(counter)
        counter.store.hand_over()
        if_refused.pop_all()
    counter.log.info(
        "opened, %s data: gongji %s, Python %s, SQLite %s, %s",
        "training" if card.training else "working",
        __version__,
        platform.python_version(),
        ".".join(map(str, engine.VERSION)),
        f"{platform.system()} {platform.release()} {platform.machine()}",  # platform() starts a program to ask
    )
    return counter


def _unlocked(
    folder: Folder, operator: str | None, password: str | None, now: datetime.datetime
) -> tuple[list[bytes], int]:
    """Return the keys a password unwraps and the count of wrong ones before. Raises `GongjiError` while locked out."""
    if folder.card().training or operator is None:
        return folder.keys_for(operator, password), 0
    locks.refuse_while_locked(folder.path, operator, now)
    try:
        found = folder.keys_for(operator, password)
    except WrongPasswordError:
        locks.failed(folder.path, operator, now)
        raise
    return found, locks.passed(folder.path, operator)


def _fitting(folder: Folder, found: list[bytes]) -> bytes:
    """Return which of several keys opens the book: there are two during a change of keys."""
    for key in found[:-1]:
        try:
            keyed_connection.connect(folder.book, key, read_only=True).close()
        except StoreError:
            continue
        return key
    return found[-1]


def _refuse_who_left(session: Session, operator: str) -> None:
    """Raise `WrongPasswordError` for a removed operator: the key file may not be updated yet."""
    if role_named(session, operator) is Role.NONE:
        raise WrongPasswordError


def _keep_keys_in_order(folder: Folder, key: bytes, operator: str, password: str) -> None:
    """Finish an interrupted change of keys, and renew a wrapping of an older program."""
    if folder.is_being_rekeyed:
        folder.settle_key(key, operator, password)
    if folder.is_of_old(operator):
        folder.admit(key, operator, password)


def _opened(
    folder: Folder, key: bytes, now: datetime.datetime, said: Whereabouts, *, check_later: bool
) -> tuple[Store, Compared]:
    compared = _compare(folder, key)
    store = Store(folder.book, key)
    try:
        _check_card(folder, store)
        check_answer(store.reader, folder.path, said)
        needs_writing = store.needs_migration or compared.concerns or compared.went_back or not compared.has_mark
        if needs_writing or is_another_program(store.reader) or not check_later:
            check_pages(store)
        if store.needs_migration:
            changed = changed_by_others(store)
            store.migrate(folder.copies / f"before-migration-{now:%Y%m%d%H%M%S}.db")
            compared = structs.replace(compared, concerns=(*compared.concerns, *changed))
    except BaseException:
        store.close()
        raise
    return store, compared


def _check_card(folder: Folder, store: Store) -> None:
    """Raise `GongjiError` where the folder calls a clinic's own book training, or the other way round."""
    if folder.card().training != (settings.get(store.reader, "training") == "1"):
        raise GongjiError(
            "folder.json 与数据文件不符：一个说是培训，一个说是正式",
            "请不要使用这个文件夹，联系维护人员从备份恢复 folder.json",
        )


def _witnessed(session: Session, compared: Compared, failures: int) -> None:
    """Record what the witness showed when the book was opened, and have everything witnessed from now on."""
    key = witness_key(session.store.reader)
    witnessing = Witnessing(session.folder, key or keys.new_key(), compared.witnessed)
    at = session.newest(session.stamp())
    if key is None or compared.concerns or compared.went_back or failures >= locks.TOLD:
        with session.store.write() as connection:
            if key is None:
                settings.put(connection, WITNESS_KEY, witnessing.key.hex())
                settings.put(connection, ORIGIN, new_origin())
                for name in session.folder.operators():  # an older program's: everybody could do everything
                    enrolments.put(connection, name, "manager", session.operator, "", at)
            if concerns.put(connection, compared.concerns, at):
                for one in compared.concerns:
                    audit.append(connection, at, session.operator, Act.CONCERN, one.subject, one.text)
            if failures >= locks.TOLD:
                detail = f"登录前连续输错口令 {failures} 次"
                audit.append(connection, at, session.operator, Act.LOCKED, session.operator, detail)
            if compared.went_back:
                ask_first(session, connection, at, compared.reserved)
    if not compared.has_mark and witnessing.begin(session.store.writer):
        with session.store.write() as connection:
            settings.put(connection, MARKED, "1")
        witnessing.begin(session.store.writer)
    elif compared.went_back:
        witnessing.begin(session.store.writer)
    session.witness_with(witnessing)
    session.testify()  # a line lost in a power cut; where it cannot be written the next settlement reports it


def _compare(folder: Folder, key: bytes) -> Compared:
    """Compare the book with its witness; one that lost settlements is refused, and its log stays as evidence."""
    if not folder.witness.exists() and not folder.mark.exists() and not folder.book.exists():
        return Compared()
    store = Store(folder.book, key, read_only=True)
    try:
        if is_to_begin_anew(store.reader):
            store.close()
            begin_witness_anew(folder, key)
            store = Store(folder.book, key, read_only=True)
        compared = compare(folder, store.reader)
        if compared.lost is not None:
            raise ShortBookError(compared.lost, settlements.last_no(store.reader))
        return compared
    finally:
        store.close()


def open_to_read(
    path: Path,
    operator: str | None = None,
    password: str | None = None,
    clock: Clock | None = None,
    *,
    of_any_age: bool = False,
) -> tuple[Folder, Store]:
    """Open a data folder read-only: no lock is taken and nothing of the book changes.

    With a clock wrong passwords are counted, and waited for. An older program's book is refused, since its tables
    differ, unless it may be `of_any_age`. Raises `GongjiError` where it cannot be opened.
    """
    folder = Folder(path)
    folder.card()
    if clock is None:
        found = folder.keys_for(operator, password)
    else:
        found, _ = _unlocked(folder, operator, password, clock())
    return folder, _readable(folder, found, of_any_age=of_any_age)


def _readable(folder: Folder, found: list[bytes], *, of_any_age: bool = False) -> Store:
    """Return the book opened read-only. Raises `GongjiError` for an older program's, unless it may be `of_any_age`."""
    store = Store(folder.book, _fitting(folder, found), read_only=True)
    if store.needs_migration and not of_any_age:
        store.close()
        raise GongjiError("数据文件还是旧版本的，要先升级才能查看", "请先打开结算台，它会留下副本并自动升级")
    return store


def open_to_read_with(path: Path, secret: str | None, operator: str | None, password: str | None) -> Store:
    """Open a copy or a data folder read-only, with a paper key if one is given, else a password.

    Raises `GongjiError` where it cannot be opened.
    """
    if secret is None:
        return open_to_read(path, operator, password)[1]
    folder = Folder(path)
    folder.card()
    return _readable(folder, folder.paper_keys(secret, reads_only=True))


def recover(path: Path, secret: str, name: str, password: str, library: Library, clock: Clock) -> None:
    """Let somebody in as a manager with the recovery key, when no operator can open the book.

    Raises `GongjiError` where the key, the name or the password cannot be used.
    """
    folder = Folder(path)
    folder.card()
    try:
        name = operator_name(name)
    except ValueError as error:
        raise GongjiError(str(error), "请改正姓名") from error
    check_password(password, name)
    found = folder.paper_keys(secret, reads_only=False)
    folder.lock()
    try:
        key = _fitting(folder, found)
        with closing(Store(folder.book, key)) as store:
            counter = Session(folder, store, library, name, clock)
            at = counter.newest(counter.stamp())
            with store.write() as connection:
                audit.append(connection, at, name, Act.RECOVERY, name, f"用恢复钥匙打开，{name} 重设口令，为管理员")
                enrolments.put(connection, name, "manager", name, "", at)
        folder.admit(key, name, password)
    finally:
        folder.unlock()


def is_data_folder(path: Path) -> bool:
    """Return whether a folder holds data, or traces of it: then nothing new is ever created in it.

    Raises `GongjiError` where nobody may look.
    """
    folder = Folder(path)
    return folder.exists or folder.has_card


def is_training(path: Path) -> bool:
    """Return whether a data folder is for training and needs no password. Raises `GongjiError` when it is none."""
    return Folder(path).card().training
